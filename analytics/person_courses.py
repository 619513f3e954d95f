"""Persons and courses by everything that is said of them, from the sums or counted anew.

The sums answer for all classes and for an institution; they answer for a past day too in years that
had come to their end by then. Else the persons of the selection are counted, once for all that a
reading asks about them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    func,
    literal,
    select,
    true,
)

from analytics.counted_persons import PLAIN, everything, within
from analytics.filters import Filters, classes, classes_within, registrations, scope
from analytics.once import once
from analytics.source import source
from services.catalogue.records import cohort, course
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


class Asked(NamedTuple):
    """A kind of sums as `tally` names it; until: up to this key, added up and told by it."""

    kind: str
    until: int | None = None

    def read(self, n: ColumnElement[int]) -> Select[Any]:
        """Read the sums of each cohort: key, failing rules, n."""
        t, added = tally.c, self.until is not None
        how = (literal(self.until), literal("", String)) if added else (t.key, t.failing)
        terms = (t.kind == self.kind, t.n > 0, t.key <= self.until if added else true())
        return select(t.cohort_id, *how, n).where(*terms)


Known = dict[tuple[Filters, tuple[int, ...], bool], list[Sum]]
_KNOWN: WeakKeyDictionary[Connection, Known] = WeakKeyDictionary()


def count(connection: Connection, filters: Filters, *years: int) -> tuple[Count, ...]:
    """Count the persons of a selection; each once a course, however many registrations."""
    known: dict[int, Unit] = {}
    return tuple(
        Count(s.year, s.course, s.category,
              known.get(s.key) or known.setdefault(s.key, unpack(s.key)), s.failing, s.n)
        for s in _sums(connection, filters, Asked("unit"), *years)
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
    for row in _kept_by_class(connection, filters, Asked("took"), (year,)) if sums else ():
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
    for row in _sums(connection, filters, Asked("since", until=day), year):
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
        _kept(connection, filters, Asked("carried"), this)
        if kept
        else _counted(connection, filters, Asked("carried"), (this, last))
    )
    return sum(row.n for row in rows)


def _sums(connection: Connection, filters: Filters, asked: Asked, *years: int) -> Iterator[Sum]:
    kept = [year for year in years if _kept_for(connection, filters, year)]
    for year in kept:
        yield from _kept(connection, filters, asked, year)
    if rest := tuple(year for year in years if year not in kept):
        yield from _counted(connection, filters, asked, rest, years)


def _kept_for(connection: Connection, filters: Filters, year: int) -> bool:
    """Tell whether the sums of a plan year answer a selection: of a past day, if it was over."""
    if filters.place is None or not source(connection).sums:
        return False
    if filters.day is None:
        return True
    return connection.scalar(of_years((year,), day=filters.day).limit(1)) is None


def _kept(connection: Connection, filters: Filters, asked: Asked, year: int) -> list[Sum]:
    t = tally.c
    statement = (
        asked.read(t.n if asked.until is None else func.sum(t.n))
        .join(cohort, cohort.c.id == t.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*within(filters, [year]), t.place == filters.place)
    )
    if asked.until is not None:
        statement = statement.group_by(t.cohort_id)
    return once(connection, (filters, asked, year), lambda: _read(connection, asked, statement))


def _read(connection: Connection, asked: Asked, statement: Select[Any]) -> list[Sum]:
    of = once(connection, "cohorts", lambda: _cohorts(connection))
    found = connection.execute(statement).all()
    return [Sum(*of[cohort_id], asked.kind, key, f, int(n)) for cohort_id, key, f, n in found]


def _cohorts(connection: Connection) -> dict[int, tuple[int, str, str]]:
    """Give plan year, course and category of every cohort."""
    c = cohort.c
    found = select(c.id, c.year, c.course, course.c.category).join(
        course, course.c.code == c.course
    )
    return {key: (year, code, category) for key, year, code, category in connection.execute(found)}


def _counted(
    connection: Connection,
    filters: Filters,
    asked: Asked,
    years: tuple[int, ...],
    soon: tuple[int, ...] = (),
) -> Iterator[Sum]:
    """Count all that is asked about persons of plan years in one statement, once a reading.

    soon: all the years that are asked about, counted along.
    """
    known, fair_ = _KNOWN.setdefault(connection, {}), asked.kind == "fair"
    if asked.kind != "carried" and source(connection).sums:  # whoever is carried over has several
        yield from _kept_by_class(connection, filters, asked, years)
    counted = next(
        (key for key in known if key[::2] == (filters, fair_) and set(years) <= set(key[1])),
        (filters, soon or years, fair_),
    )
    if counted not in known:
        statement = everything(connection, filters, counted[1], ("fair",) if fair_ else PLAIN)
        known[counted] = list(map(Sum._make, connection.execute(statement).all()))
    for row in known[counted]:
        if (
            row.kind == asked.kind
            and row.year in years
            and (asked.until is None or row.key <= asked.until)
        ):
            yield row


def _kept_by_class(
    connection: Connection, filters: Filters, asked: Asked, years: tuple[int, ...]
) -> list[Sum]:
    """Add up the sums of the classes of a selection; of a past day, of those that stood still."""
    of, t = classes(filters), tally.c
    mine = and_(t.cohort_id == of.c.cohort_id, t.place == of_class(of.c.id))
    statement = (
        asked.read(func.sum(t.n))
        .join_from(of, tally, mine)
        .where(classes_within(filters, *years, of=of))
        .group_by(t.cohort_id, *(() if asked.until is not None else (t.key, t.failing)))
    )
    if filters.day is not None:
        statement = statement.where(of.c.id.in_(booked_by(filters.day)))
    key = (filters, asked, years)
    return once(connection, key, lambda: _read(connection, asked, statement))
