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


def told_of(connection: Connection, filters: Filters) -> tuple[Filters, tuple[str, ...]]:
    """Give the selection as far as its past can be told; with a sentence where it cannot yet."""
    if filters.as_of is None or source(connection).sums:
        return filters, ()
    return replace(filters, as_of=None), (NOT_YET,)


def _ask(connection: Connection) -> Source:
    seq = func.coalesce(watermark.c.seq, 0)
    of = watermark.c.cohort_id == cohort.c.id
    totals = select(func.sum(cohort.c.events), func.sum(seq)).join(watermark, of, isouter=True)
    events, taken = (int(n or 0) for n in connection.execute(totals).one())
    changes = select(func.count(), func.sum(training_class.c.version + training_class.c.cap))
    classes = tuple(connection.execute(changes).one())
    ready = events - taken <= HELPING and not connection.scalar(_unknown())
    behind = ready and taken < events
    stamp = (taken, *classes) if ready else (-events, *classes)
    return Source(ready, connection.scalar(_missing()) if behind else None, stamp)


def _unknown() -> Any:
    """Ask whether a cohort has registrations and no watermark."""
    mine = exists().where(registration.c.cohort_id == cohort.c.id)
    known = exists().where(watermark.c.cohort_id == cohort.c.id, watermark.c.seq > 0)
    return select(exists(select(cohort.c.id).where(~known, mine)))


def _missing() -> Any:
    e, w = registration_event.c, watermark.c
    following = and_(e.cohort_id == cohort.c.id, e.seq == func.coalesce(w.seq, 0) + 1)
    return (
        select(func.min(e.at))
        .select_from(cohort)
        .join(watermark, w.cohort_id == cohort.c.id, isouter=True)
        .join(registration_event, following)
    )
