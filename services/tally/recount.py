"""Compare every sum of the rollup with a recount from the registrations themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from services.catalogue.records import cohort, training_class
from services.registration.records import registration
from services.tally.books import KINDS
from services.tally.counts import (
    NAMES,
    add_up,
    by_class,
    by_place,
    last_year,
    moments,
    took,
)
from services.tally.persons import more_than_one, near
from services.tally.records import book, class_tally, entry, several, tally, watermark, week_tally
from services.tally.rows import registrations

Sums = Counter[tuple[Any, ...]]


def caught_up(connection: Connection) -> list[int]:
    """Give the cohorts whose chain is taken in to its end: only these can be compared."""
    statement = (
        select(cohort.c.id)
        .join(watermark, watermark.c.cohort_id == cohort.c.id)
        .where(cohort.c.events == watermark.c.seq)
        .order_by(cohort.c.id)
    )
    return list(connection.scalars(statement))


def compare(connection: Connection, cohort_id: int) -> tuple[int, list[str]]:
    """Compare one cohort; return how many sums were looked at and the unequal ones in words."""
    kept, counted = _kept(connection, cohort_id), _counted(connection, cohort_id)
    if not set(_line(connection, cohort_id)) <= set(caught_up(connection)):
        for sums in (kept, counted):  # a year that is behind may hide a person's other one
            del sums["cohort", cohort_id, "several"]
    names = kept.keys() | counted.keys()
    return len(names), list(_unequal(kept, counted))


def _unequal(kept: Sums, counted: Sums) -> Iterator[str]:
    for name in sorted(kept.keys() | counted.keys(), key=str):
        if kept[name] != counted[name]:
            told = " ".join(str(part) for part in name if part != "")
            yield f"{told}: {kept[name]} kept, {counted[name]} counted"


def _kept(connection: Connection, cohort_id: int) -> Sums:
    found: Sums = Counter()
    mine = select(training_class.c.id).where(training_class.c.cohort_id == cohort_id)
    for row in connection.execute(
        select(tally).where(tally.c.cohort_id == cohort_id, tally.c.n != 0)
    ):
        found["cohort", cohort_id, row.place, row.kind, row.key, row.failing] = row.n
    for row in connection.execute(select(class_tally).where(class_tally.c.class_id.in_(mine))):
        _add_class(found, row)
    for row in connection.execute(select(week_tally).where(week_tally.c.class_id.in_(mine))):
        found["class", row.class_id, "week", row.week] = row.n
    for row in connection.execute(select(entry).where(entry.c.class_id.in_(mine))):
        found["class", row.class_id, row.kind, row.key] = row.n
    those = several.c.cohort_id == cohort_id
    n = connection.scalar(select(func.count()).select_from(several).where(those))
    found["cohort", cohort_id, "several"] = n or 0
    return found


def _add_class(found: Sums, row: Any) -> None:
    for name in NAMES:
        if n := row._mapping[name]:
            found["class", row.class_id, name] = n


def _counted(connection: Connection, cohort_id: int) -> Sums:
    found: Sums = Counter()
    before = last_year(connection)
    r = registrations([cohort_id], None)
    both = registrations([cohort_id, before.get(cohort_id, cohort_id)], None)
    units = add_up(connection.execute(by_place(both)), connection.execute(took(r)), before)
    for key, n in units.items():
        if key[0] == cohort_id:
            found["cohort", *key] = n
    mine = registration.c.cohort_id.in_(_line(connection, cohort_id))
    x = registration.c
    every = select(x.cohort_id, x.person_id, x.id.label("registration_id"), x.class_id).where(mine)
    found["cohort", cohort_id, "several"] = sum(
        row[0] == cohort_id for row in more_than_one(connection.execute(every), before)
    )
    due = moments(training_class, training_class.c.cohort_id == cohort_id)
    for counts in connection.execute(by_class(r, due)):
        _add_class(found, counts)
    week = ((r.c.registered_day - 1) // 7).label("week")
    weeks = select(r.c.class_id, week, func.count()).group_by(r.c.class_id, week)
    for class_id, number, n in connection.execute(weeks):
        found["class", class_id, "week", number] = n
    closed = _closed(cohort_id).subquery("closed")
    now = datetime.max.replace(year=2100, tzinfo=UTC)  # nothing in a closed book waits
    for kind, counted in KINDS.items():
        for row in connection.execute(counted(closed, registration, now)):
            found["class", row.class_id, kind, row.key] = row.n
    return found


def _line(connection: Connection, cohort_id: int) -> tuple[int, ...]:
    before = last_year(connection)
    return near(cohort_id, before, {then: this for this, then in before.items()})


def _closed(cohort_id: int) -> Select[Any]:
    mine = and_(training_class.c.id == book.c.class_id, training_class.c.cohort_id == cohort_id)
    return select(book.c.class_id.label("id")).join(training_class, mine)
