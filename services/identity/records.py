"""Tables of people, accounts, sessions and log-in attempts."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from services.kernel.db import Instant, metadata

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("id_index", String(64), nullable=False, unique=True),  # keyed HMAC of the national ID
    Column("id_sealed", LargeBinary, nullable=False),  # AES-256-GCM, bound to this row
    Column("name_zh", String(60), nullable=False),
    Column("name_latin", String(80)),
    Column("birth_date", Date),
    Column("sex", String(1)),
    Column(
        "nationality", String(10), nullable=False
    ),  # national | foreigner | open, as the ID tells
    Column("email", String(254)),
    Column("mobile", String(20)),
    Column("region", String(8)),
    Column("rank", String(24)),
    Column("locale", String(12), nullable=False, default="zh-Hant-TW"),
    Column("created_at", Instant, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("person_id", ForeignKey("person.id"), unique=True),
    Column("institution", ForeignKey("institution.code")),
    Column("login_index", String(64), nullable=False, unique=True),
    Column("password_hash", String(128), nullable=False),
    Column("temporary_until", Instant),  # one made by an administrator: it only opens the change
    Column("name", String(60), nullable=False),
    Column("locale", String(12)),
    Column("disabled_at", Instant),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("(role = 'seafarer') = (person_id IS NOT NULL)", name="seafarer_is_a_person"),
    CheckConstraint("(role = 'institution') = (institution IS NOT NULL)", name="officer_belongs"),
)

old_password = Table(
    "old_password",  # what may not be taken again
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("password_hash", String(128), nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("key", String(80), primary_key=True),  # id:<index> | address:<hash>
    Column("window", Integer, primary_key=True),  # minutes since the epoch
    Column("n", Integer, nullable=False),
    Index("ix_login_attempt_window", "window"),
)

account_change = Table(
    "account_change",  # what was done with staff accounts, and by whom
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),  # added|locked|unlocked|password|own password
    Column("at", Instant, nullable=False),
    Column("by_account", ForeignKey("account.id")),  # None: the command line
)
