"""Tables of the cellar: heartbeats of the processes that run by themselves."""

from sqlalchemy import Column, String, Table

from services.kernel.db import Instant, metadata

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
)
