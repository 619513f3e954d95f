"""Compare every sum of the rollup with a recount from the registrations themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, true

from services.catalogue.records import cohort, training_class
from services.registration.records import registration
from services.tally.counts import (
    NAMES,
    add_up,
    by_class,
    by_place,
    last_year,
    moments,
    took,
)
from services.tally.kinds import KINDS
from services.tally.noted import noted
from services.tally.persons import more_than_one, near
from services.tally.places import lying
from services.tally.records import (
    book,
    class_tally,
    entry,
    several,
    shelf,
    tally,
    watermark,
    week_tally,
)
from services.tally.rows import registrations
from services.tally.units import code, failing, fair, persons

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
    for row in connection.execute(
        select(shelf).where(shelf.c.cohort_id == cohort_id, shelf.c.n != 0)
    ):
        found["cohort", cohort_id, row.place, row.kind, row.key] = row.n
    of = noted(true(), several.c.class_id, alone=True).where(several.c.cohort_id == cohort_id)
    found["cohort", cohort_id, "several"] = _add_several(found, connection, of)
    return found


def _add_several(found: Sums, connection: Connection, one_by_one: Select[Any]) -> int:
    """Add registrations of who has several, by class and by what they count as."""
    facts, n = one_by_one.subquery("facts"), 0
    f = facts.c
    told = code(facts), failing(facts), f.seated, f.wants, f.since, f.waits, fair(facts)
    for class_id, *said in connection.execute(select(f.class_id, *told)):
        found["class", class_id, "several", *said] += 1
        n += 1
    return n


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
    here = select(several.c.registration_id).where(several.c.cohort_id == cohort_id)
    noted_ones = select(r).where(r.c.id.in_(here)).subquery("noted_ones")
    one_by_one = persons(noted_ones, true(), noted_ones.c.class_id, alone=True)
    _add_several(found, connection, one_by_one)
    due = moments(training_class, training_class.c.cohort_id == cohort_id)
    for counts in connection.execute(by_class(r, due)):
        _add_class(found, counts)
    week = ((r.c.registered_day - 1) // 7).label("week")
    weeks = select(r.c.class_id, week, func.count()).group_by(r.c.class_id, week)
    for class_id, number, n in connection.execute(weeks):
        found["class", class_id, "week", number] = n
    _add_books(found, connection, cohort_id)
    return found


def _line(connection: Connection, cohort_id: int) -> tuple[int, ...]:
    before = last_year(connection)
    return near(cohort_id, before, {then: this for this, then in before.items()})


def _add_books(found: Sums, connection: Connection, cohort_id: int) -> None:
    """Add what closed books must hold, by class and by place."""
    c, at = training_class.c, lying()
    mine = and_(c.id == book.c.class_id, c.cohort_id == cohort_id)
    closed = select(training_class).join(book, mine).subquery("closed")
    lies = select(*at.c).join(closed, closed.c.id == at.c.class_id)
    places = {row.class_id: row[1:] for row in connection.execute(lies)}
    now = datetime.max.replace(year=2100, tzinfo=UTC)  # nothing in a closed book waits
    for kind, counted in KINDS.items():
        for row in connection.execute(counted(closed, registration, now)):
            found["class", row.class_id, kind, row.key] = row.n
            for place in places[row.class_id]:
                found["cohort", cohort_id, place, kind, row.key] += row.n
