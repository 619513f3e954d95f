"""Tables of the cellar: heartbeats of what runs by itself, what the nightly examination found."""

from sqlalchemy import Column, Integer, String, Table

from services.kernel.db import Instant, metadata

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
)

examination = Table(
    "examination",  # the last look at each invariant
    metadata,
    Column("number", Integer, primary_key=True),  # of the invariant, rules.md 9
    Column("at", Instant, nullable=False),
    Column("looked_at", Integer, nullable=False),
    Column("faults", Integer, nullable=False),  # named ones; `portal doctor` names them
)
