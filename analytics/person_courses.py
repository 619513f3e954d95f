"""Persons and courses by everything that is said of them, from the sums or counted anew.

The sums answer for all classes, an institution, a region or a kind; of a past day, in years that
had come to their end by then. Else the persons of the selection are counted, once for all that a
reading asks about them.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    func,
    literal,
    select,
)

from analytics.counted_persons import PLAIN, Asked, everything, within
from analytics.filters import Filters, classes, classes_within, registrations, scope
from analytics.once import once
from analytics.source import source
from services.catalogue.records import cohort, course
from services.kernel.straight import read
from services.tally.places import of_class
from services.tally.records import tally
from services.tally.rows import booked_by, on_the_way
from services.tally.units import Unit, unpack


class Count(NamedTuple):
    """How many persons and courses have one fate in one course of a plan year."""

    year: int
    course: str
    category: str
    unit: Unit
    failing: str
    n: int


class Sum(NamedTuple):
    """One sum of a course and plan year, as `tally` keeps them."""

    year: int
    course: str
    category: str
    kind: str
    key: int
    failing: str
    n: int


Known = dict[tuple[Filters, tuple[int, ...], tuple[Asked, ...]], list[Sum]]
_KNOWN: WeakKeyDictionary[Connection, Known] = WeakKeyDictionary()
CARRIED = Asked("carried")


def registered_by(day: int) -> Asked:
    """Ask who had registered by a day."""
    return Asked("since", until=day)


def count(
    connection: Connection, filters: Filters, *years: int, along: tuple[Asked, ...] = ()
) -> tuple[Count, ...]:
    """Count the persons of a selection; each once a course, however many registrations.

    along: what will be asked of the same persons too.
    """
    known: dict[int, Unit] = {}
    return tuple(
        Count(s.year, s.course, s.category,
              known.get(s.key) or known.setdefault(s.key, unpack(s.key)), s.failing, s.n)
        for s in _sums(connection, filters, Asked("unit"), *years, along=along)
    )  # fmt: skip


def days(connection: Connection, filters: Filters, kind: str, year: int) -> dict[int, int]:
    """Count persons by a day: 'since' when they first registered, 'waits' since they wait."""
    found: Counter[int] = Counter()
    for row in _sums(connection, filters, Asked(kind), year):
        found[row.key] += row.n
    return dict(found)


def took(connection: Connection, filters: Filters, year: int) -> dict[int, int]:
    """Count registrations by the days until a seat came, of who waited for it."""
    if _kept_for(connection, filters, year):
        return days(connection, filters, "took", year)
    found: Counter[int] = Counter()
    sums = source(connection).sums
    for row in _kept_by_class(connection, filters, Asked("took"), year) if sums else ():
        found[row.key] += row.n
    if filters.day is not None or not sums:
        for took_, n in read(connection, _took_each(filters, year), {}):
            found[took_] += n
    return dict(found)


@lru_cache(256)
def _took_each(filters: Filters, year: int) -> Select[Any]:
    r = registrations(filters, year, judged=True, booked=False)
    mine = r.c.class_id.in_(scope(filters, year)), r.c.took.is_not(None)
    return select(r.c.took, func.count()).where(*mine).group_by(r.c.took)


def early(connection: Connection, filters: Filters, year: int, day: int) -> dict[str, int]:
    """Count by course who had registered by a day."""
    found: Counter[str] = Counter()
    for row in _sums(connection, filters, registered_by(day), year):
        found[row.course] += row.n
    return dict(found)


def fates(connection: Connection, filters: Filters) -> list[tuple[str, int, int]]:
    """Count qualified persons by course and by their traits with what became of them."""
    sums = _sums(connection, filters, Asked("fair"), filters.year)
    return [(s.course, s.key, s.n) for s in sums]


def carried(connection: Connection, filters: Filters) -> int:
    """Count who was left without a seat last year and is here again."""
    this, last = filters.year, filters.year - 1
    kept = _kept_for(connection, filters, this)
    rows = (
        _kept(connection, filters, CARRIED, this)
        if kept
        else _counted(connection, filters, CARRIED, (this, last))
    )
    return sum(row.n for row in rows)


def _sums(
    connection: Connection,
    filters: Filters,
    asked: Asked,
    *years: int,
    along: tuple[Asked, ...] = (),
) -> Iterator[Sum]:
    kept = [year for year in years if _kept_for(connection, filters, year)]
    for year in kept:
        yield from _kept(connection, filters, asked, year)
    if rest := tuple(year for year in years if year not in kept):
        yield from _counted(connection, filters, asked, rest, years, along)


def _kept_for(connection: Connection, filters: Filters, year: int) -> bool:
    """Tell whether the sums of a plan year answer a selection: of a past day, if it was over."""
    if filters.place is None or not source(connection).sums:
        return False
    if filters.day is None:
        return True

    def over() -> bool:
        return not read(connection, _on_the_way(filters.day, year), {})

    return once(connection, (filters, year), over)


@lru_cache(256)
def _on_the_way(day: int, year: int) -> Select[Any]:
    return on_the_way(day, (year,)).limit(1)


def _kept(connection: Connection, filters: Filters, asked: Asked, year: int) -> list[Sum]:
    def find() -> list[Sum]:
        return _found(connection, asked, _of_place(filters, asked, year))

    return once(connection, (filters, asked, year), find)


@lru_cache(512)
def _of_place(filters: Filters, asked: Asked, year: int) -> Select[Any]:
    joined = tally.join(cohort, cohort.c.id == tally.c.cohort_id)
    joined = joined.join(course, course.c.code == cohort.c.course)
    mine = (*within(filters, [year]), tally.c.place == filters.place)
    return _summed(asked, joined, one=True).where(*mine)


def _summed(asked: Asked, rows: FromClause, *, one: bool = False) -> Select[Any]:
    """Add the sums of each cohort up by key and failing rules, or up to a key.

    one: each is a single row, there is nothing to add up unless up to a key.
    """
    t, by = tally.c, [tally.c.key, tally.c.failing]
    read: list[ColumnElement[Any]] = [*by]
    terms = [t.kind == asked.kind, t.n > 0]
    if asked.until is not None:
        read, by, one = [literal(asked.until), literal("", String)], [], False
        terms.append(t.key <= asked.until)
    found = select(t.cohort_id, *read, t.n if one else func.sum(t.n)).select_from(rows)
    return found.where(*terms) if one else found.where(*terms).group_by(t.cohort_id, *by)


def _found(connection: Connection, asked: Asked, statement: Select[Any]) -> list[Sum]:
    of, found = _cohorts(connection), read(connection, statement, {})
    return [Sum(*of[cohort_id], asked.kind, key, f, int(n)) for cohort_id, key, f, n in found]


_COHORTS = select(cohort.c.id, cohort.c.year, cohort.c.course, course.c.category).join(
    course, course.c.code == cohort.c.course
)


def _cohorts(connection: Connection) -> dict[int, tuple[int, str, str]]:
    """Give plan year, course and category of every cohort."""

    def find() -> dict[int, tuple[int, str, str]]:
        found = read(connection, _COHORTS, {})
        return {key: (year, code, kind) for key, year, code, kind in found}

    return once(connection, "cohorts", find)


def _counted(
    connection: Connection,
    filters: Filters,
    asked: Asked,
    years: tuple[int, ...],
    soon: tuple[int, ...] = (),
    along: tuple[Asked, ...] = (),
) -> Iterator[Sum]:
    """Count all that is asked about persons of plan years in one statement, once a reading.

    soon: all the years that are asked about, counted along.
    """
    known = _KNOWN.setdefault(connection, {})
    if asked.kind != "carried" and source(connection).sums:  # whoever is carried over has several
        for year in years:
            yield from _kept_by_class(connection, filters, asked, year)
    answers = (
        rows
        for (of, over, kinds), rows in known.items()
        if of == filters and asked in kinds and set(years) <= set(over)
    )
    rows = next(answers, None)
    if rows is None:
        kinds = (*PLAIN, *along) if asked in PLAIN else (asked,)
        summed = source(connection).sums
        statement = everything(filters, soon or years, kinds, summed=summed)
        of, found = _cohorts(connection), read(connection, statement, {})
        rows = [Sum(*of[cohort_id], *sums) for cohort_id, *sums in found]
        known[filters, soon or years, kinds] = rows
    yield from (row for row in rows if row.kind == asked.kind and row.year in years)


def _kept_by_class(connection: Connection, filters: Filters, asked: Asked, year: int) -> list[Sum]:
    """Add up the sums of the classes of a selection; of a past day, of those that stood still."""

    def find() -> list[Sum]:
        return _found(connection, asked, _of_classes(filters, asked, year))

    return once(connection, ("by class", filters, asked, year), find)


@lru_cache(512)
def _of_classes(filters: Filters, asked: Asked, year: int) -> Select[Any]:
    of = classes(filters)
    mine = and_(tally.c.cohort_id == of.c.cohort_id, tally.c.place == of_class(of.c.id))
    kept = _summed(asked, of.join(tally, mine)).where(classes_within(filters, year, of=of))
    if filters.day is not None:
        kept = kept.where(of.c.id.in_(booked_by(filters.day)))
    return kept
