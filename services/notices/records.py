"""Tables of the outbox, which is the person's inbox too, and the tasks for staff it may end in."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from services.kernel.db import Instant, metadata

kind_column: Column[str] = Column("kind", String(20), nullable=False)
notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),  # registration:kind:occurrence
    kind_column,
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("asks", Boolean, nullable=False, default=False),  # delivering it: the request arrived
    Column("facts", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("mail", String(8), nullable=False, default="due"),  # due|sent|dead|none|counted
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", Instant, nullable=False),
    Column("lease", String(32)),  # token of the mailer that holds it
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    Column("error", Text),
    UniqueConstraint("key"),
    Index("ix_notice_inbox", "person_id", "made_at"),
    Index("ix_notice_due", "mail", "next_try_at"),
    Index(
        "ix_notice_skipped",
        "registration_id",
        sqlite_where=kind_column == literal_column("'skipped'"),
        postgresql_where=kind_column == literal_column("'skipped'"),
    ),
)

text_message = Table(
    "text_message",  # of a notice that waits for an answer: the second way to a person
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", ForeignKey("notice.id"), nullable=False, unique=True),
    Column("state", String(8), nullable=False, default="due"),  # due|sent|dead
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", Instant, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    Column("gateway_id", String(40)),  # what the gateway calls it, for questions to its owner
    Column("error", Text),
    Index("ix_text_message_due", "state", "next_try_at"),
)

staff_task = Table(
    "staff_task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),  # unreached | too_small | public_value
    Column("institution", ForeignKey("institution.code")),  # None: a task of MPB's planners
    Column("class_id", ForeignKey("training_class.id")),
    Column("window_id", ForeignKey("plan_window.id")),
    Column("registration_id", ForeignKey("registration.id")),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_staff_task_desk", "institution", "closed_at"),
    Index("ix_staff_task_registration", "registration_id"),
)
