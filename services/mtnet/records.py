"""Tables of the embedded MTNet: the records it answers from and what was handed to it."""

from sqlalchemy import JSON, Column, Integer, String, Table

from services.kernel.db import Instant, metadata

mtnet_record = Table(
    "mtnet_record",
    metadata,
    Column("id_index", String(64), primary_key=True),  # never the number itself
    Column("record", JSON, nullable=False),
    Column("as_of", Instant, nullable=False),
)

mtnet_handover = Table(
    "mtnet_handover",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # roster | results
    Column("class_id", Integer, nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
)
