"""Where an answer comes from: the sums of the rollup, or the rows themselves.

The sums are read when they hold every cohort and are at most one helping of events behind; what is
told is then true as of the oldest event that is missing. Else the rows are counted.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select

from analytics.filters import Filters
from analytics.once import once
from services.catalogue.records import cohort, training_class
from services.kernel.straight import read
from services.kernel.work import Look
from services.registration.records import registration, registration_event
from services.tally.records import watermark
from services.words import mark

HELPING = 2_000  # events
NOT_KNOWN = mark("Not known for a past day.")
NOT_YET = mark("Past days are still being taken in; this is how things stand now.")


@dataclass(frozen=True, slots=True)
class Source:
    """What one reading of the database finds, asked once for each."""

    sums: bool  # the rollup can be read
    missing_since: datetime | None  # the oldest event that is not in it
    stamp: tuple[Any, ...]  # moves whenever an answer may


def source(connection: Connection) -> Source:
    """Tell where answers come from in this reading."""
    return once(connection, "source", lambda: _ask(connection))


def true_as_of(look: Look) -> datetime:
    """Give the instant answers are true of: what is not taken in yet is in none of them.

    A past day stays as it was, however much of what came later is missing.
    """
    missing = source(look.connection).missing_since
    return min(missing, look.now) if missing else look.now


def told_of(connection: Connection, filters: Filters) -> tuple[Filters, tuple[str, ...]]:
    """Give the selection as far as its past can be told; with a sentence where it cannot yet."""
    if filters.as_of is None or source(connection).sums:
        return filters, ()
    return replace(filters, as_of=None), (NOT_YET,)


def _ask(connection: Connection) -> Source:
    [totals], [classes] = read(connection, _TOTALS, {}), read(connection, _CHANGES, {})
    events, taken = (int(n or 0) for n in totals)
    ready = events - taken <= HELPING and not read(connection, _UNKNOWN, {})
    behind = ready and taken < events
    stamp = (taken, *classes) if ready else (-events, *classes)
    [missing] = read(connection, MISSING, {})[0] if behind else [None]
    return Source(ready, missing, stamp)


_W, _E = watermark.c, registration_event.c
_SEQ, _OF = func.coalesce(_W.seq, 0), _W.cohort_id == cohort.c.id
_TOTALS = select(func.sum(cohort.c.events), func.sum(_SEQ)).join(watermark, _OF, isouter=True)
_CHANGES = select(func.count(), func.sum(training_class.c.version + training_class.c.cap))
_UNKNOWN = (
    select(cohort.c.id)
    .where(
        ~exists().where(_OF, _W.seq > 0), exists().where(registration.c.cohort_id == cohort.c.id)
    )
    .limit(1)
)  # a cohort that has registrations and no watermark
MISSING = (
    select(func.min(_E.at))
    .select_from(cohort)
    .join(watermark, _OF, isouter=True)
    .join(registration_event, and_(_E.cohort_id == cohort.c.id, _E.seq == _SEQ + 1))
)  # when the oldest event happened that was not taken in
