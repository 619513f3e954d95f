"""Persons and courses by everything that is said of them, from the sums or counted anew.

The sums answer for all classes and for an institution; they answer for a past day too in years that
had come to their end by then. Else the persons of the selection are counted, once for all that a
reading asks about them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Connection,
    and_,
    func,
    select,
)

from analytics.counted_persons import PLAIN, everything, within
from analytics.filters import Filters, registrations, scope
from analytics.source import source
from services.catalogue.records import cohort, course, training_class
from services.tally.counts import of_class
from services.tally.records import tally
from services.tally.rows import booked_by, of_years
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


Known = dict[tuple[Filters, tuple[int, ...], bool | str], list[Sum]]
_KNOWN: WeakKeyDictionary[Connection, Known] = WeakKeyDictionary()


def count(connection: Connection, filters: Filters, *years: int) -> tuple[Count, ...]:
    """Count the persons of a selection; each once a course, however many registrations."""
    known: dict[int, Unit] = {}
    return tuple(
        Count(s.year, s.course, s.category,
              known.get(s.key) or known.setdefault(s.key, unpack(s.key)), s.failing, s.n)
        for s in _sums(connection, filters, "unit", *years)
    )  # fmt: skip


def days(connection: Connection, filters: Filters, kind: str, year: int) -> dict[int, int]:
    """Count persons by a day: 'since' when they first registered, 'waits' since they wait."""
    found: Counter[int] = Counter()
    for row in _sums(connection, filters, kind, year):
        found[row.key] += row.n
    return dict(found)


def took(connection: Connection, filters: Filters, year: int) -> dict[int, int]:
    """Count registrations by the days until a seat came, of who waited for it."""
    if _kept_for(connection, filters, year):
        return days(connection, filters, "took", year)
    found: Counter[int] = Counter()
    sums = source(connection).sums
    for row in _kept_by_class(connection, filters, "took", (year,)) if sums else ():
        found[row.key] += row.n
    if filters.day is not None or not sums:
        r = registrations(filters, year, judged=True, booked=False)
        mine = r.c.class_id.in_(scope(filters, year)), r.c.took.is_not(None)
        statement = select(r.c.took, func.count()).where(*mine).group_by(r.c.took)
        for took_, n in connection.execute(statement):
            found[took_] += n
    return dict(found)


def early(connection: Connection, filters: Filters, year: int, day: int) -> dict[str, int]:
    """Count by course who had registered by a day."""
    found: Counter[str] = Counter()
    for row in _sums(connection, filters, "since", year):
        found[row.course] += row.n if row.key <= day else 0
    return dict(found)


def fates(connection: Connection, filters: Filters) -> list[tuple[str, int, int]]:
    """Count qualified persons by course and by their traits with what became of them."""
    return [(s.course, s.key, s.n) for s in _sums(connection, filters, "fair", filters.year)]


def carried(connection: Connection, filters: Filters) -> int:
    """Count who was left without a seat last year and is here again."""
    this, last = filters.year, filters.year - 1
    kept = _kept_for(connection, filters, this)
    rows = (
        _kept(connection, filters, "carried", this)
        if kept
        else _counted(connection, filters, "carried", (this, last))
    )
    return sum(row.n for row in rows)


def _sums(connection: Connection, filters: Filters, kind: str, *years: int) -> Iterator[Sum]:
    kept = [year for year in years if _kept_for(connection, filters, year)]
    for year in kept:
        yield from _kept(connection, filters, kind, year)
    if rest := tuple(year for year in years if year not in kept):
        yield from _counted(connection, filters, kind, rest, years)


def _kept_for(connection: Connection, filters: Filters, year: int) -> bool:
    """Tell whether the sums of a plan year answer a selection: of a past day, if it was over."""
    if filters.place is None or not source(connection).sums:
        return False
    if filters.day is None:
        return True
    return connection.scalar(of_years((year,), day=filters.day).limit(1)) is None


def _kept(connection: Connection, filters: Filters, kind: str, year: int) -> Iterator[Sum]:
    t = tally.c
    statement = (
        select(cohort.c.year, cohort.c.course, course.c.category, t.kind, t.key, t.failing, t.n)
        .join(cohort, cohort.c.id == t.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*within(filters, [year]), t.place == filters.place, t.kind == kind, t.n > 0)
    )
    yield from (Sum(*row) for row in connection.execute(statement))


def _counted(
    connection: Connection,
    filters: Filters,
    kind: str,
    years: tuple[int, ...],
    soon: tuple[int, ...] = (),
) -> Iterator[Sum]:
    """Count all that is asked about persons of plan years in one statement, once a reading.

    soon: all the years that are asked about, counted along.
    """
    known, fair_ = _KNOWN.setdefault(connection, {}), kind == "fair"
    if kind != "carried" and source(connection).sums:  # whoever is carried over has several
        of_classes = filters, years, kind
        if of_classes not in known:
            known[of_classes] = _kept_by_class(connection, filters, kind, years)
        yield from known[of_classes]
    asked = next(
        (key for key in known if key[::2] == (filters, fair_) and set(years) <= set(key[1])),
        (filters, soon or years, fair_),
    )
    if asked not in known:
        statement = everything(connection, filters, asked[1], ("fair",) if fair_ else PLAIN)
        known[asked] = [Sum(*row) for row in connection.execute(statement)]
    yield from (s for s in known[asked] if s.kind == kind and s.year in years)


def _kept_by_class(
    connection: Connection, filters: Filters, kind: str, years: tuple[int, ...]
) -> list[Sum]:
    """Add up the sums of the classes of a selection; of a past day, of those that stood still."""
    chosen, t = scope(filters, *years).subquery("chosen"), tally.c
    still = [] if filters.day is None else [training_class.c.id.in_(booked_by(filters.day))]
    by = (cohort.c.year, cohort.c.course, course.c.category, t.kind, t.key, t.failing)
    statement = (
        select(*by, func.sum(t.n))
        .join_from(chosen, training_class, training_class.c.id == chosen.c.id)
        .join(
            tally,
            and_(
                t.cohort_id == training_class.c.cohort_id,
                t.place == of_class(training_class.c.id),
                t.kind == kind,
            ),
        )
        .join(cohort, cohort.c.id == t.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(t.n > 0, *still)
        .group_by(*by)
    )
    return [Sum(*row[:6], int(row[6])) for row in connection.execute(statement)]
