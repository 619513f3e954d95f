"""Persons and courses by everything that is said of them, from the sums or counted anew."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from analytics.filters import Filters, scope
from analytics.source import rows_of, sums_at
from services.catalogue.records import cohort, course
from services.tally.records import tally
from services.tally.units import Unit, code, failing, persons, unpack


class Count(NamedTuple):
    """How many persons and courses have one fate in one course of a plan year."""

    year: int
    course: str
    category: str
    unit: Unit
    failing: str
    n: int


def count(connection: Connection, filters: Filters, *years: int) -> tuple[Count, ...]:
    """Count the persons of a selection; each once a course, however many registrations."""
    place = sums_at(connection, filters)
    rows = (
        _kept(connection, filters, place, years)
        if place is not None
        else _counted(connection, filters, years)
    )
    known: dict[int, Unit] = {}
    return tuple(
        Count(year, of, category, known.get(packed) or known.setdefault(packed, unpack(packed)),
              fails, n)
        for year, of, category, packed, fails, n in rows
    )  # fmt: skip


def _within(filters: Filters, years: Iterable[int]) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = [cohort.c.year.in_(years)]
    if filters.course:
        terms.append(cohort.c.course == filters.course)
    if filters.category:
        terms.append(course.c.category == filters.category)
    return terms


def _kept(
    connection: Connection, filters: Filters, place: str, years: Iterable[int]
) -> Iterator[tuple[int, str, str, int, str, int]]:
    statement = (
        select(
            cohort.c.year, cohort.c.course, course.c.category, tally.c.key, tally.c.failing,
            tally.c.n,
        )
        .join(cohort, cohort.c.id == tally.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*_within(filters, years), tally.c.place == place, tally.c.kind == "unit")
        .where(tally.c.n > 0)
    )  # fmt: skip
    yield from (tuple(row) for row in connection.execute(statement))


def _counted(
    connection: Connection, filters: Filters, years: tuple[int, ...]
) -> Iterator[tuple[int, str, str, int, str, int]]:
    r = rows_of(connection, filters, *years)
    inside = r.c.class_id.in_(scope(filters, *years))
    who = persons(r, inside).subquery("who")
    packed, fails = code(who).label("code"), failing(who).label("failing")
    keys = (cohort.c.year, cohort.c.course, course.c.category, packed, fails)
    statement = (
        select(*keys, func.count())
        .join_from(who, cohort, cohort.c.id == who.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*_within(filters, years), who.c.last.is_not(None))
        .group_by(*keys)
    )
    yield from (tuple(row) for row in connection.execute(statement))


def days(connection: Connection, filters: Filters, kind: str, year: int) -> dict[int, int]:
    """Count persons by a day: 'since' when they first registered, 'waits' since they wait.

    'took': registrations by the days until a seat came, of who waited for it.
    """
    place = sums_at(connection, filters)
    statement = (
        _kept_days(filters, kind, year, place)
        if place is not None
        else _counted_days(connection, filters, kind, year)
    )
    return {int(day): int(n) for day, n in connection.execute(statement)}


def _kept_days(filters: Filters, kind: str, year: int, place: str) -> Select[Any]:
    return (
        select(tally.c.key, func.sum(tally.c.n))
        .join(cohort, cohort.c.id == tally.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*_within(filters, [year]), tally.c.place == place, tally.c.kind == kind)
        .where(tally.c.n > 0)
        .group_by(tally.c.key)
    )


def _counted_days(connection: Connection, filters: Filters, kind: str, year: int) -> Select[Any]:
    r = rows_of(connection, filters, year)
    inside = r.c.class_id.in_(scope(filters, year))
    if kind == "took":
        took = select(r.c.took, func.count()).where(inside, r.c.took.is_not(None))
        return took.group_by(r.c.took)
    who = persons(r, inside).subquery("who")
    day = {"since": who.c.since, "waits": who.c.waits}[kind]
    ours = who.c.member == 1 if kind == "since" else who.c.seated == 0
    return select(day, func.count()).where(ours, day.is_not(None)).group_by(day)


def early(connection: Connection, filters: Filters, year: int, day: int) -> dict[str, int]:
    """Count by course who had registered by a day."""
    place = sums_at(connection, filters)
    if place is not None:
        statement = (
            select(cohort.c.course, func.sum(tally.c.n))
            .join(cohort, cohort.c.id == tally.c.cohort_id)
            .join(course, course.c.code == cohort.c.course)
            .where(*_within(filters, [year]), tally.c.place == place)
            .where(tally.c.kind == "since", tally.c.key <= day)
            .group_by(cohort.c.course)
        )
    else:
        r = rows_of(connection, filters, year)
        who = persons(r, r.c.class_id.in_(scope(filters, year))).subquery("who")
        statement = (
            select(cohort.c.course, func.count())
            .join_from(who, cohort, cohort.c.id == who.c.cohort_id)
            .where(who.c.member == 1, who.c.since <= day)
            .group_by(cohort.c.course)
        )
    return {of: int(n) for of, n in connection.execute(statement)}


def carried(connection: Connection, filters: Filters) -> int | None:
    """Give how many were left without a seat last year and are here again, where it is kept."""
    place = sums_at(connection, filters)
    if place is None:
        return None
    statement = (
        select(func.coalesce(func.sum(tally.c.n), 0))
        .join(cohort, cohort.c.id == tally.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*_within(filters, [filters.year]), tally.c.place == place)
        .where(tally.c.kind == "carried")
    )
    return int(connection.execute(statement).scalar_one())
