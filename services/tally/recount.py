"""Compare every sum of the rollup with a recount from the registrations themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
)

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
from services.tally.kinds import KINDS, at
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
Of = dict[str, Any]
NEVER = datetime.max.replace(year=2100, tzinfo=UTC)  # nothing in a closed book waits


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
    found, asked, of = Sums(), _read(), {"cohort_id": cohort_id}
    for row in connection.execute(asked.sums, of):
        found["cohort", cohort_id, row.place, row.kind, row.key, row.failing] = row.n
    for row in connection.execute(asked.classes, of):
        _add_class(found, row)
    for row in connection.execute(asked.weeks, of):
        found["class", row.class_id, "week", row.week] = row.n
    for row in connection.execute(asked.entries, of):
        found["class", row.class_id, row.kind, row.key] = row.n
    for row in connection.execute(asked.shelves, of):
        found["cohort", cohort_id, row.place, row.kind, row.key] = row.n
    found["cohort", cohort_id, "several"] = _add_several(found, connection, asked.several, of)
    return found


def _add_several(found: Sums, connection: Connection, asked: Select[Any], of: Of) -> int:
    """Add registrations of who has several, by class and by what they count as."""
    n = 0
    for class_id, *said in connection.execute(asked, of):
        found["class", class_id, "several", *said] += 1
        n += 1
    return n


def _add_class(found: Sums, row: Any) -> None:
    for name in NAMES:
        if n := row._mapping[name]:
            found["class", row.class_id, name] = n


def _counted(connection: Connection, cohort_id: int) -> Sums:
    found, asked, before = Sums(), _count(), last_year(connection)
    of: Of = {"cohort_id": cohort_id, "one": [cohort_id]}
    of["both"] = [cohort_id, before.get(cohort_id, cohort_id)]
    of["line"] = list(_line(connection, cohort_id))
    by_place_, took_ = connection.execute(asked.units, of), connection.execute(asked.took, of)
    for key, n in add_up(by_place_, took_, before).items():
        if key[0] == cohort_id:
            found["cohort", *key] = n
    found["cohort", cohort_id, "several"] = sum(
        row[0] == cohort_id for row in more_than_one(connection.execute(asked.every, of), before)
    )
    _add_several(found, connection, asked.several, of)
    for counts in connection.execute(asked.classes, of):
        _add_class(found, counts)
    for class_id, number, n in connection.execute(asked.weeks, of):
        found["class", class_id, "week", number] = n
    places = {row.class_id: row[1:] for row in connection.execute(asked.lies, of)}
    for kind, entries in asked.entries.items():
        for row in connection.execute(entries, {**of, **at(NEVER)}):
            found["class", row.class_id, kind, row.key] = row.n
            for place in places[row.class_id]:
                found["cohort", cohort_id, place, kind, row.key] += row.n
    return found


def _line(connection: Connection, cohort_id: int) -> tuple[int, ...]:
    before = last_year(connection)
    return near(cohort_id, before, {then: this for this, then in before.items()})


# The questions about any cohort: putting them together takes longer than asking them.
_OF: BindParameter[int] = bindparam("cohort_id")


class _Read(NamedTuple):
    """What reads the kept sums."""

    sums: Select[Any]
    classes: Select[Any]
    weeks: Select[Any]
    entries: Select[Any]
    shelves: Select[Any]
    several: Select[Any]


@cache
def _read() -> _Read:
    mine = select(training_class.c.id).where(training_class.c.cohort_id == _OF)
    noted_ones = noted(true(), several.c.class_id, alone=True).where(several.c.cohort_id == _OF)
    return _Read(
        select(tally).where(tally.c.cohort_id == _OF, tally.c.n != 0),
        select(class_tally).where(class_tally.c.class_id.in_(mine)),
        select(week_tally).where(week_tally.c.class_id.in_(mine)),
        select(entry).where(entry.c.class_id.in_(mine)),
        select(shelf).where(shelf.c.cohort_id == _OF, shelf.c.n != 0),
        _one_by_one(noted_ones),
    )


class _Count(NamedTuple):
    """What counts them anew."""

    units: Select[Any]
    took: Select[Any]
    every: Select[Any]
    several: Select[Any]
    classes: Select[Any]
    weeks: Select[Any]
    lies: Select[Any]
    entries: dict[str, Select[Any] | CompoundSelect[Any]]


@cache
def _count() -> _Count:
    r, x = registrations(_among("one"), None), registration.c
    every = select(x.cohort_id, x.person_id, x.id.label("registration_id"), x.class_id)
    here = select(several.c.registration_id).where(several.c.cohort_id == _OF)
    those = select(r).where(r.c.id.in_(here)).subquery("those")
    due = moments(training_class, training_class.c.cohort_id == _OF)
    week = ((r.c.registered_day - 1) // 7).label("week")
    mine = and_(training_class.c.id == book.c.class_id, training_class.c.cohort_id == _OF)
    closed, at = select(training_class).join(book, mine).subquery("closed"), lying()
    return _Count(
        by_place(registrations(_among("both"), None)),
        took(r),
        every.where(x.cohort_id.in_(_among("line"))),
        _one_by_one(persons(those, true(), those.c.class_id, alone=True)),
        by_class(r, due),
        select(r.c.class_id, week, func.count()).group_by(r.c.class_id, week),
        select(*at.c).join(closed, closed.c.id == at.c.class_id),
        {kind: counted(closed, registration) for kind, counted in KINDS.items()},
    )


def _among(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _one_by_one(persons: Select[Any]) -> Select[Any]:
    facts = persons.subquery("facts")
    f = facts.c
    told = code(facts), failing(facts), f.seated, f.kept, f.wants, f.since, f.waits, fair(facts)
    return select(f.class_id, *told)
