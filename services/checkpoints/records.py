"""Tables of the checkpoints: each with its root and signature, and the heads that had moved."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from services.kernel.db import Instant, metadata

checkpoint = Table(
    "checkpoint",  # append-only
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without holes
    Column("made_at", Instant, nullable=False),
    Column("previous", String(64), nullable=False),  # root of the one before; empty for the first
    Column("root", String(64), nullable=False),  # SHA-256, as check_checkpoints computes it
    Column("cohorts", Integer, nullable=False),  # how many chains it covers
    Column("events", Integer, nullable=False),  # how many events they have together
    Column("public_key", String(64), nullable=False),  # Ed25519; whose key signed the root
    Column("signature", String(128), nullable=False),
    Index("ix_checkpoint_made_at", "made_at"),
)

checkpoint_head = Table(
    "checkpoint_head",  # append-only; only chains that moved: the rest is as it was before
    metadata,
    Column("cohort_id", Integer, primary_key=True, autoincrement=False),  # no foreign key: no lock
    Column("number", ForeignKey("checkpoint.number"), primary_key=True),
    Column("events", Integer, nullable=False),
    Column("salt", String(32), nullable=False),  # random, never published
    Column("head", String(64), nullable=False),  # SHA-256 of salt and the chain's head
    sqlite_with_rowid=False,
)
