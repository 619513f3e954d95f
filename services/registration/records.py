"""Tables of the queue: registrations, their event chain, requests, reviews, drafts, the roll."""

import secrets
from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
    text,
)

from services.kernel.db import Instant, metadata
from services.registration.lifecycle import HELD, OPEN, TRAITS, Seat, Track

status_column: Column[str] = Column("status", String(12), nullable=False)
seat_column: Column[str] = Column("seat", String(12), nullable=False, default=Seat.NONE.value)
reason_column: Column[str | None] = Column("reason", String(24))
ticket_column: Column[int | None] = Column(  # taken while the window of its draw was open
    "ticket_id", Integer, ForeignKey("draw_ticket.id")
)
due_column: Column[bool] = Column(  # MTNet was silent
    "rescreen_due", Boolean, nullable=False, default=False
)
skip_column: Column[str | None] = Column("skip_reason", String(24))  # passed over, the place kept
track_column: Column[str] = Column("track", String(12), nullable=False)
_OPEN = [status.value for status in OPEN]
_HELD = [seat.value for seat in HELD]


def _pairs() -> ColumnElement[bool]:
    """Allow exactly the (status, seat) pairs of the lifecycle table."""
    return or_(
        *(
            and_(
                status_column == status.value, seat_column.in_(sorted(s.value for s in trait.seats))
            )
            for status, trait in TRAITS.items()
        )
    )


def new_salt() -> str:
    """Give 128 random bits: nobody can try out whose line of a public queue is whose."""
    return secrets.token_hex(16)


registration = Table(
    "registration",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("training_class.id"), nullable=False),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("number", Integer, nullable=False),  # taken once, never reused, even after cancelling
    Column("rank", Integer, nullable=False),  # the order of service; the number under first come
    ticket_column,
    Column("preference", Integer, nullable=False, default=1),
    track_column,
    status_column,
    seat_column,
    reason_column,
    Column("verdict", String(12), nullable=False),  # eligible | ineligible | review
    Column("screened_at", Instant, nullable=False),
    due_column,
    skip_column,
    Column("overridden_at", Instant),  # two planners decided: served before every rank
    Column("claimed_at", Instant),  # wants the self-funded seat that was offered
    Column("claimed_seq", Integer),  # events of the cohort before the claim: clocks may tie
    Column("standing_yes_at", Instant),
    Column("on_behalf", Boolean, nullable=False, default=False),
    Column("how_seated", String(12)),  # register|review|backfill|promoted|self_funded|merge|*_own
    Column("registered_at", Instant, nullable=False),
    Column("registered_ym", String(7), nullable=False),  # Taipei month, derived once
    Column("qualified_at", Instant),
    Column("seated_at", Instant),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    Column("moved_at", Instant, nullable=False),  # its latest step
    Column("failing", String(160), nullable=False, default=""),  # kinds of the rules that failed
    # the wide columns stand last: SQLite reads a row from the left and stops where it may
    Column("declared", JSON, nullable=False, default=list),  # papers the applicant says they have
    Column("findings", JSON, nullable=False, default=dict),  # the screening that decided
    Column("salt", String(32), default=new_salt),  # of its line in public; only the person knows it
    CheckConstraint(_pairs(), name="status_holds_seat"),
    CheckConstraint(
        or_(
            and_(status_column.in_(_OPEN), reason_column.is_(None)),
            and_(status_column.not_in(_OPEN), reason_column.is_not(None)),
        ),
        name="closed_has_reason",
    ),
    CheckConstraint(
        or_(seat_column != Seat.FUNDED.value, track_column == Track.FUNDED.value),
        name="funded_seat_on_funded_track",
    ),
    CheckConstraint("number >= 1 AND rank >= 1", name="number"),
    UniqueConstraint("class_id", "number"),
    Index(
        "uq_one_open_registration",
        "class_id",
        "person_id",
        unique=True,
        sqlite_where=status_column.in_(_OPEN),
        postgresql_where=status_column.in_(_OPEN),
    ),
    Index(
        "uq_one_held_seat",
        "cohort_id",
        "person_id",
        unique=True,
        sqlite_where=seat_column.in_(_HELD),
        postgresql_where=seat_column.in_(_HELD),
    ),
    Index(
        "uq_one_preference",
        "cohort_id",
        "person_id",
        "preference",
        unique=True,
        sqlite_where=status_column.in_(_OPEN),
        postgresql_where=status_column.in_(_OPEN),
    ),
    Index("ix_registration_queue", "class_id", "status", "rank"),
    Index("ix_registration_person", "person_id", "status"),
    Index("ix_registration_cohort", "cohort_id", "verdict", "status"),
    Index(
        "ix_registration_rescreen",
        "screened_at",
        sqlite_where=text("rescreen_due = 1"),  # as SQLite is asked
        postgresql_where=due_column,
    ),
    Index(
        "ix_registration_skipped",
        "skip_reason",
        sqlite_where=skip_column.is_not(None),
        postgresql_where=skip_column.is_not(None),
    ),
    Index(
        "ix_registration_ticket",
        "ticket_id",
        sqlite_where=ticket_column.is_not(None),
        postgresql_where=ticket_column.is_not(None),
    ),
)

RARE = ("override", "merge", "reopen", "appeal", "reschedule")


def rare(event: ColumnElement[str]) -> ColumnElement[bool]:
    """Say which steps leave the plain order of service."""
    return event.in_([literal_column(f"'{name}'") for name in RARE])


event_column: Column[str] = Column("event", String(12), nullable=False)
registration_event = Table(
    "registration_event",  # append-only
    metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # 1..n in the cohort, without holes
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    event_column,
    Column("source", String(12)),
    Column("held", String(12), nullable=False),
    Column("target", String(12), nullable=False),
    Column("takes", String(12), nullable=False),
    Column("reason", String(24)),
    Column("role", String(16), nullable=False),
    Column("account_id", Integer),
    Column("at", Instant, nullable=False),
    Column("hash", String(64), nullable=False),  # SHA-256 over the one before and this row
    Index(
        "ix_registration_event_rare",  # everything out of the plain order
        "event",
        sqlite_where=rare(event_column),
        postgresql_where=rare(event_column),
    ),
)

closed_column: Column[datetime | None] = Column("closed_at", Instant)
request = Table(
    "request",  # we asked somebody something and said by when
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("class_id", ForeignKey("training_class.id"), nullable=False),
    Column("kind", String(12), nullable=False),  # confirm | claim
    Column("asked_at", Instant, nullable=False),
    Column("calendar_deadline", Instant, nullable=False),
    Column("freeze_at", Instant, nullable=False),
    Column("window_hours", Integer, nullable=False),
    Column(
        "reached_at", Instant
    ),  # mail accepted, read in the portal, spoken, or 72 h after a task
    Column("reached_by", String(8)),
    Column("deadline", Instant),  # known once the request has reached the person
    Column("reminded_at", Instant),
    closed_column,
    Column("answer", String(12)),  # yes | no | lapsed | void
    CheckConstraint("(reached_at IS NULL) = (deadline IS NULL)", name="deadline_when_reached"),
    Index(
        "uq_one_open_request",
        "registration_id",
        unique=True,
        sqlite_where=closed_column.is_(None),
        postgresql_where=closed_column.is_(None),
    ),
    Index("ix_request_open", "class_id", "closed_at"),
    Index("ix_request_deadline", "closed_at", "deadline"),
)

skip = Table(
    "skip",  # a seat went past somebody who keeps the place; kept so that the order can be proved
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("code", String(32), nullable=False),  # the class that stood in the way
    Column("since_seq", Integer, nullable=False),  # events of the cohort before it was noted ...
    Column("until_seq", Integer),  # ... and when it ended
    Index("ix_skip_cohort", "cohort_id", "until_seq"),
)

case_state_column: Column[str] = Column("state", String(12), nullable=False, default="open")
statement_column: Column[str | None] = Column("statement", Text)
CASE_WAITS = ("open", "supplement")
_NO_APPEAL = and_(case_state_column.in_(CASE_WAITS), statement_column.is_(None))
review_case = Table(
    "review_case",  # one at a time for a person and cohort, valid for all choices
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),  # working days of Taiwan's calendar
    case_state_column,  # open|supplement|approved|rejected|void
    statement_column,  # an appeal: what the person says; MPB decides it, beside any other case
    Column("ask", Text),  # what the officer asks to see
    Column("supplement_due_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Integer),
    Column("reason", String(32)),
    Column("note", Text),
    Column("sighted_on", Date),  # the original was seen
    Index("ix_review_case_desk", "institution", "state", "due_on"),
    Index("ix_review_case_choices", "cohort_id", "person_id"),  # of one person in a course
    Index(
        "uq_one_open_case",
        "cohort_id",
        "person_id",
        unique=True,
        sqlite_where=_NO_APPEAL,
        postgresql_where=_NO_APPEAL,
    ),
)

supplement = Table(
    "supplement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("review_case.id"), nullable=False, index=True),
    Column("stored", String(64), nullable=False, unique=True),  # our own name, outside the web root
    Column("kind", String(8), nullable=False),  # pdf | jpeg | png, by content
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("given_name", String(120), nullable=False),
    Column("added_at", Instant, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("class_id", ForeignKey("training_class.id"), primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

counter_visit = Table(
    "counter_visit",  # whom staff looked up at the counter, for which class; kept
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("training_class.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("account_id", Integer),
    Column("opened_at", Instant, nullable=False),
    Column("declared", JSON, nullable=False, default=list),
    Column("registration_id", ForeignKey("registration.id")),
)

phone_call = Table(
    "phone_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("account_id", Integer),
    Column("outcome", String(12), nullable=False),  # yes|no|spoken|no_answer|wrong_number|told
    Column("note", Text),
)

look_again = Table(
    "look_again",  # a conflict ended: this cohort must be looked at again for this person
    metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("since", Instant, nullable=False),
)

handover = Table(
    "handover",  # what MTNet is to be given; sent by the clock
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("training_class.id"), nullable=False),
    Column("kind", String(8), nullable=False),  # roster | results
    Column("version", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("class_id", "kind", "version"),
)

override_state: Column[str] = Column("state", String(12), nullable=False, default="proposed")
seat_override = Table(
    "seat_override",  # the only way out of the rank order: two planners, reason and note
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_id", ForeignKey("registration.id"), nullable=False, index=True),
    Column("reason", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", ForeignKey("account.id"), nullable=False),
    override_state,  # proposed|approved|refused
    Column("decided_at", Instant),
    Column("decided_by", ForeignKey("account.id")),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_planners"),
    CheckConstraint(
        "(state = 'proposed') = (decided_at IS NULL)"
        " AND (decided_at IS NULL) = (decided_by IS NULL)",
        name="decided",
    ),
    Index(
        "uq_one_open_override",
        "registration_id",
        unique=True,
        sqlite_where=override_state != "refused",
        postgresql_where=override_state != "refused",
    ),
)

overlap_flag = Table(
    "overlap_flag",  # a class was moved or merged into another seat's days: the person chooses
    metadata,
    Column("registration_id", ForeignKey("registration.id"), primary_key=True),
    Column("other_id", ForeignKey("registration.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Index("ix_overlap_flag_other", "other_id"),
)

class_change = Table(
    "class_change",  # what staff did with a class that people had registered for
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("training_class.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),  # cancelled | moved | merged
    Column("at", Instant, nullable=False),
    Column("role", String(16), nullable=False),
    Column("account_id", Integer),
    Column("note", Text, nullable=False),
    Column("was_starts_on", Date, nullable=False),
    Column("was_ends_on", Date, nullable=False),
    Column("into_id", ForeignKey("training_class.id")),
)
