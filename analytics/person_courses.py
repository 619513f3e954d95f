"""Persons and courses by everything that is said of them, from the sums or counted anew.

The sums answer for all classes and for an institution; they answer for a past day too in years that
had come to their end by then. Else the persons of the selection are counted, once for all that a
reading asks about them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)

from analytics.filters import Filters, registrations, scope
from analytics.source import source
from services.catalogue.records import cohort, course, training_class
from services.tally.counts import LEFT_OVER, of_class
from services.tally.records import several, standing, tally, watermark
from services.tally.rows import booked_by, live, of_years
from services.tally.units import Unit, code, failing, fair, persons, unpack


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


Known = dict[tuple[Filters, tuple[int, ...], bool], list[Sum]]
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
        yield from _counted(connection, filters, kind, rest)


def _kept_for(connection: Connection, filters: Filters, year: int) -> bool:
    """Tell whether the sums of a plan year answer a selection."""
    if filters.place is None or not source(connection).sums:
        return False
    if filters.day is None:
        return True
    moved = select(func.max(watermark.c.day)).where(watermark.c.cohort_id.in_(of_years([year])))
    return (connection.scalar(moved) or 0) <= filters.day


def _within(filters: Filters, years: Iterable[int]) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = [cohort.c.year.in_(years)]
    if filters.course:
        terms.append(cohort.c.course == filters.course)
    if filters.category:
        terms.append(course.c.category == filters.category)
    return terms


def _kept(connection: Connection, filters: Filters, kind: str, year: int) -> Iterator[Sum]:
    t = tally.c
    statement = (
        select(cohort.c.year, cohort.c.course, course.c.category, t.kind, t.key, t.failing, t.n)
        .join(cohort, cohort.c.id == t.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .where(*_within(filters, [year]), t.place == filters.place, t.kind == kind, t.n > 0)
    )
    yield from (Sum(*row) for row in connection.execute(statement))


def _counted(
    connection: Connection, filters: Filters, kind: str, years: tuple[int, ...]
) -> Iterator[Sum]:
    """Count all that is asked about persons of plan years in one statement, once a reading."""
    if kind != "carried" and source(connection).sums:  # whoever is carried over has several
        yield from _kept_by_class(connection, filters, kind, years)
    known, fair_ = _KNOWN.setdefault(connection, {}), kind == "fair"
    asked = next(
        (key for key in known if key[::2] == (filters, fair_) and set(years) <= set(key[1])),
        (filters, years, fair_),
    )
    if asked not in known:
        statement = _everything(connection, filters, years, ("fair",) if fair_ else PLAIN)
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


def _everything(
    connection: Connection, filters: Filters, years: tuple[int, ...], kinds: Iterable[str]
) -> CompoundSelect[Any]:
    columns: dict[str, tuple[str, ...]] = {"unit": ("member", "code", "failing", "last")}
    wanted = [name for kind in kinds for name in columns.get(kind, (kind,)) if kind != "carried"]
    who = union_all(*(_facts(p, wanted) for p in _persons(connection, filters, years))).cte("who")
    return union_all(*(_by_course(who, filters, years, kind) for kind in kinds))


def _facts(p: Select[Any], wanted: Iterable[str]) -> Select[Any]:
    facts = p.subquery("facts")
    f = facts.c
    columns: dict[str, ColumnElement[Any]] = {
        "member": f.member,
        "code": code(facts),
        "failing": failing(facts),
        "last": f.last,
        "since": case((f.member == 1, f.since)),
        "waits": case((f.seated == 0, f.waits)),
        "fair": fair(facts),
    }
    return select(f.cohort_id, f.person_id, *(columns[name].label(name) for name in wanted))


PLAIN = ("unit", "since", "waits", "carried")


def _by_course(who: CTE, filters: Filters, years: tuple[int, ...], kind: str) -> Select[Any]:
    """Add persons up by course; a person who is carried over is one of this year and of last."""
    w = who.c
    key: ColumnElement[Any] = literal(0)
    fails: ColumnElement[str] = literal("", String)
    terms = _within(filters, years)
    joined: FromClause = who.join(cohort, cohort.c.id == w.cohort_id)
    joined = joined.join(course, course.c.code == cohort.c.course)
    if kind == "carried":
        then, before = cohort.alias("then"), who.alias("before")
        joined = joined.join(
            then, and_(then.c.course == cohort.c.course, then.c.year == cohort.c.year - 1)
        ).join(before, and_(before.c.cohort_id == then.c.id, before.c.person_id == w.person_id))
        terms += [w.member == 1, before.c.code.op("&")(LEFT_OVER) == LEFT_OVER]
    elif kind == "unit":
        key, fails = w.code, w.failing
        terms.append(w.last.is_not(None))
    else:
        key = w[kind]
        terms.append(key.is_not(None))
    by = (cohort.c.year, cohort.c.course, course.c.category)
    return (
        select(*by, literal(kind, String), key.label("key"), fails.label("failing"), func.count())
        .select_from(joined)
        .where(*terms)
        .group_by(*by, *(() if kind == "carried" else (key, fails)))
    )


def _persons(connection: Connection, filters: Filters, years: tuple[int, ...]) -> list[Select[Any]]:
    """Give the facts of everybody in a selection.

    Where sums of classes are kept, only of those whom these cannot tell: who has several, and of a
    past day who was in a class that was still on its way.
    """
    chosen = scope(filters, *years).cte("chosen")
    inside = case((chosen.c.id.is_not(None), 1), else_=0).label("inside")
    r = registrations(filters, *years, judged=True, booked=False)
    if not source(connection).sums:
        every = select(r, inside).join_from(r, chosen, chosen.c.id == r.c.class_id, isouter=True)
        rows = every.cte()
        return [persons(rows, rows.c.inside == 1)]
    ours = (
        select(several.c.cohort_id, several.c.person_id)
        .join_from(chosen, several, several.c.class_id == chosen.c.id)
        .distinct()
        .subquery("ours")
    )
    s, day = standing.c, filters.day
    names = [s.registration_id.label("id") if c.name == "id" else s[c.name] for c in r.c]
    theirs = and_(s.cohort_id == ours.c.cohort_id, s.person_id == ours.c.person_id)
    then = live() if day is None else and_(s.from_day <= day, s.until_day > day)
    found = select(*names, inside).join_from(ours, standing, theirs).where(then)
    all_ = found.join(chosen, chosen.c.id == s.class_id, isouter=True).subquery("r")
    parts = [persons(all_, all_.c.inside == 1)]
    if day is not None:
        more = several.c.cohort_id == r.c.cohort_id, several.c.person_id == r.c.person_id
        single = ~exists().where(*more, several.c.registration_id == r.c.id)
        one = select(r).join(chosen, chosen.c.id == r.c.class_id).where(single).subquery("one")
        parts.append(persons(one, true(), alone=True))
    return parts
