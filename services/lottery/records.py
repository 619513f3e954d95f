"""Tables of the window lottery: one draw per cohort and window, its tickets, values and log."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from services.kernel.db import Instant, metadata

draw = Table(
    "draw",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False),
    Column("window_id", ForeignKey("plan_window.id"), nullable=False, index=True),
    Column("state", String(12), nullable=False, default="committed"),  # -> revealed -> drawn
    Column("commitment", String(64), nullable=False),  # SHA-256 of the seed, published first
    Column("sealed_seed", LargeBinary, nullable=False),  # opened once, when the window has closed
    Column("committed_at", Instant, nullable=False),
    Column("seed", String(64)),  # public from the closing on
    Column("tickets", Integer),  # frozen at the closing, with the hash of their list
    Column("list_hash", String(64)),
    Column("closed_at", Instant),
    Column("value", String(80)),  # the confirmed public value it was drawn with
    Column("drawn_at", Instant),
    UniqueConstraint("cohort_id", "window_id"),
    CheckConstraint("state IN ('committed', 'revealed', 'drawn')", name="state"),
    CheckConstraint(
        "(state = 'committed') = (seed IS NULL) AND (seed IS NULL) = (closed_at IS NULL) "
        "AND (seed IS NULL) = (list_hash IS NULL) AND (seed IS NULL) = (tickets IS NULL)",
        name="revealed_when_closed",
    ),
    CheckConstraint(
        "(state = 'drawn') = (drawn_at IS NOT NULL) "
        "AND (state <> 'drawn' OR value IS NOT NULL OR tickets = 0)",
        name="drawn_with_a_value",
    ),
)

draw_ticket = Table(
    "draw_ticket",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draw_id", ForeignKey("draw.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("code", String(12), nullable=False),  # random; public, but not whose it is
    Column("rank", Integer),  # None until drawn
    UniqueConstraint("draw_id", "person_id"),
    UniqueConstraint("draw_id", "code"),
    UniqueConstraint("draw_id", "rank"),
    CheckConstraint("rank >= 1", name="rank"),
)

_replaced: Column[datetime | None] = Column("replaced_at", Instant)
draw_value = Table(
    "draw_value",  # what planners read off the named source: one enters it, a second confirms it
    metadata,
    Column("id", Integer, primary_key=True),
    Column("window_id", ForeignKey("plan_window.id"), nullable=False),
    Column("value", String(80), nullable=False),
    Column("entered_by", ForeignKey("account.id"), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("confirmed_by", ForeignKey("account.id")),
    Column("confirmed_at", Instant),
    _replaced,  # taken back before it was confirmed; it stays on record
    CheckConstraint("confirmed_by <> entered_by", name="two_people"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    CheckConstraint("confirmed_by IS NULL OR replaced_at IS NULL", name="confirmed_stands"),
    Index(
        "uq_one_standing_value",
        "window_id",
        unique=True,
        sqlite_where=_replaced.is_(None),
        postgresql_where=_replaced.is_(None),
    ),
)

draw_event = Table(
    "draw_event",  # append-only
    metadata,
    Column("draw_id", ForeignKey("draw.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # 1 committed, 2 closed, 3 drawn
    Column("event", String(12), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("hash", String(64), nullable=False),  # SHA-256 over the one before and this row
)
