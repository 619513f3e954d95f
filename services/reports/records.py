"""Tables of the weekly report: subscriptions, and one row for each letter."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.kernel.db import Instant, metadata

_ended: Column[object] = Column("ended_at", Instant)
report_subscription = Table(
    "report_subscription",
    metadata,
    Column("id", Integer, primary_key=True),  # what the unsubscribe link names
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("since", Instant, nullable=False),
    _ended,
    Index(
        "uq_one_subscription",
        "account_id",
        unique=True,
        sqlite_where=_ended.is_(None),
        postgresql_where=_ended.is_(None),
    ),
)

report_letter = Table(
    "report_letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey("report_subscription.id"), nullable=False),
    Column("week", String(10), nullable=False),  # the Monday it is sent on, Taipei
    Column("mail", String(8), nullable=False, default="due"),  # due | sent | dead
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", Instant, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    Column("error", Text),
    UniqueConstraint("subscription_id", "week"),
    Index("ix_report_letter_due", "mail", "next_try_at"),
)
