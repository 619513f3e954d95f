"""Tables of the rollup: what each event left behind, day by day, and the sums of it.

Days are Taipei days as ordinal numbers (`date.toordinal`), so that both databases compare them as
plain integers. Everything here can be built anew from the event chains. No foreign keys: checking
them would make taking in wait for the locks of the queue.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
)

from services.kernel.db import Instant, metadata

FOREVER = 9_999_999  # the last day of a state that still holds

standing = Table(
    "standing",  # a registration's state at the end of each day on which it moved
    metadata,
    Column("cohort_id", Integer, primary_key=True),
    Column("person_id", Integer, primary_key=True),
    Column("registration_id", Integer, primary_key=True),
    Column("from_day", Integer, primary_key=True),
    Column("until_day", Integer, nullable=False),  # the first day on which it no longer held
    Column("class_id", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("seat", String(12), nullable=False),
    Column("reason", String(24)),
    Column("verdict", String(12), nullable=False),
    Column("by_person", Boolean, nullable=False),  # a review decided it, not the records
    Column("how_seated", String(12)),
    Column("registered_day", Integer, nullable=False),
    Column("took", Integer),  # whole days until a seat came, of who waited for it
    Column("seated", Boolean, nullable=False),  # ever
    Column("slip", Boolean, nullable=False),  # cancelled within 48 hours by the person
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    Column("failing", String(160), nullable=False),  # rules that failed, or the review's reason
    Column("traits", Integer, nullable=False),  # as known at the first step: tally/traits
    Index("ix_standing_class", "class_id", "until_day").ddl_if(dialect="postgresql"),  # 0039
    sqlite_with_rowid=False,  # rows of one person and course lie together
)

several = Table(
    "several",  # registrations of who has more than one in a course, or one in neighbouring years
    metadata,
    Column("cohort_id", Integer, primary_key=True),
    Column("person_id", Integer, primary_key=True),
    Column("registration_id", Integer, primary_key=True),
    Column("class_id", Integer, nullable=False),
    Column("said", BigInteger, nullable=False),  # what it counts as now: tally/noted
    Column("here", BigInteger, nullable=False),
    Column("step", Integer, nullable=False),
    Column("registered_day", Integer, nullable=False),
    Column("traits", Integer, nullable=False),
    Column("last", String(180), nullable=False),  # its id, last decision and failing rules
    Index("ix_several_class", "class_id"),
    sqlite_with_rowid=False,
)

tally = Table(
    "tally",  # persons and courses by what can be said of them: `n` of cohort, place and kind
    metadata,
    Column("cohort_id", Integer, primary_key=True),
    Column("place", String(16), primary_key=True),  # tally/places
    Column("kind", String(12), primary_key=True),  # unit|since|waits|took|carried|fair
    Column("key", Integer, primary_key=True),
    Column("failing", String(160), primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

class_tally = Table(
    "class_tally",  # registrations of a class by what they came to
    metadata,
    Column("class_id", Integer, primary_key=True, autoincrement=False),
    Column("attended", Integer, nullable=False),
    Column("marked", Integer, nullable=False),
    Column("coming", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("by_register", Integer, nullable=False),
    Column("by_backfill", Integer, nullable=False),
    Column("by_promotion", Integer, nullable=False),
    Column("by_own_cost", Integer, nullable=False),
    Column("at_promotion", Integer, nullable=False),
    Column("at_offer", Integer, nullable=False),
    Column("at_freeze", Integer, nullable=False),
    Column("at_start", Integer, nullable=False),
    Column("registered", Integer, nullable=False),
    Column("by_staff", Integer, nullable=False),
    Column("reviewing", Integer, nullable=False),
    sqlite_with_rowid=False,
)

week_tally = Table(
    "week_tally",  # registrations of a class by the Taipei week in which they came in
    metadata,
    Column("class_id", Integer, primary_key=True),
    Column("week", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

class_day = Table(
    "class_day",  # what a class was planned to be, from a day on
    metadata,
    Column("class_id", Integer, primary_key=True),
    Column("from_day", Integer, primary_key=True),
    Column("until_day", Integer, nullable=False),
    Column("cap", Integer, nullable=False),
    Column("cut_from", Integer),
    Column("min_size", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("schedule", Integer, nullable=False),
    Index("ix_class_day_until", "until_day"),
    sqlite_with_rowid=False,
)

book = Table(
    "book",  # classes whose people have all come to an end: what is counted of them stands still
    metadata,
    Column("class_id", Integer, primary_key=True, autoincrement=False),
    Column("last_day", Integer, nullable=False),  # on which anything of it still moved
    sqlite_with_rowid=False,
)

entry = Table(
    "entry",  # what closed books hold: `n` of a class, what is counted, and how it came out
    metadata,
    Column("class_id", Integer, primary_key=True),
    Column("kind", String(12), primary_key=True),  # tally/kinds
    Column("key", String(24), primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

shelf = Table(
    "shelf",  # the entries of a cohort's closed books added up by place
    metadata,
    Column("cohort_id", Integer, primary_key=True),
    Column("place", String(16), primary_key=True),  # tally/places, no single class
    Column("kind", String(12), primary_key=True),
    Column("key", String(24), primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

watermark = Table(
    "watermark",  # how far each cohort's chain has been taken in
    metadata,
    Column("cohort_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # of the last event taken in
    Column("at", Instant, nullable=False),  # its moment
    Column("taken_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

reconciliation = Table(
    "reconciliation",  # every sum compared with a recount, the latest of each night
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("events", Integer, nullable=False),  # taken in by then
    Column("compared", Integer, nullable=False),  # sums looked at
    Column("differences", Integer, nullable=False),  # of them, those that were not equal
    Column("seconds", Float, nullable=False),
    Column("facts", JSON, nullable=False),  # the first differences by name
)
