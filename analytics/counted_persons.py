"""Persons counted from their registrations: whoever the kept sums cannot tell."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)

from analytics.filters import Filters, registrations, scope
from services.catalogue.records import cohort, course
from services.kernel.db import among
from services.tally.counts import LEFT_OVER
from services.tally.noted import noted
from services.tally.records import several, standing
from services.tally.rows import of_years
from services.tally.units import code, failing, fair, persons, waiting


class Asked(NamedTuple):
    """A kind of sums as `tally` names it; until: up to this key, added up and told by it."""

    kind: str
    until: int | None = None


PLAIN = Asked("unit"), Asked("waits")  # what is counted along with each other


def within(filters: Filters, years: Iterable[int]) -> list[ColumnElement[bool]]:
    """Say which cohorts of plan years a selection covers; needs `cohort` and `course`."""
    terms: list[ColumnElement[bool]] = [among(cohort.c.year, years)]
    if filters.course:
        terms.append(cohort.c.course == filters.course)
    if filters.category:
        terms.append(course.c.category == filters.category)
    return terms


@lru_cache(256)
def everything(
    filters: Filters, years: tuple[int, ...], asked: tuple[Asked, ...], *, summed: bool
) -> CompoundSelect[Any]:
    """Count by cohort: kind, key and failing rules as `tally` has them.

    summed: where sums of classes are kept, only those whom these cannot tell: who has several, and
    of a past day who was in a class that was still on its way.
    """
    wanted = dict.fromkeys(name for each in asked for name in _WANTED[each.kind])
    who = union_all(*(_facts(p, wanted) for p in _persons(filters, years, summed))).cte("who")
    return union_all(*(_by_cohort(who, each) for each in asked))


_WANTED = {  # of persons, by what is asked
    "unit": ("code", "failing", "last"),
    "waits": ("waits",),
    "since": ("since",),
    "carried": ("member", "code"),
    "fair": ("fair",),
}
_MADE_OF = {  # of the facts of `persons`
    "code": ("member", "qualified", "pending", "seated", "kept", "wants", "still", "step", "last"),
    "failing": ("last",),
    "since": ("member", "since"),
    "waits": ("seated", "kept", "waits"),
    "fair": ("traits", "got", "queues"),
}


def _facts(p: Select[Any], wanted: Iterable[str]) -> Select[Any]:
    """Give what is wanted of persons; the facts it is not made of are not put together."""
    names = {
        "cohort_id",
        "person_id",
        *(of for name in wanted for of in _MADE_OF.get(name, (name,))),
    }
    facts = p.with_only_columns(*(c for c in p.selected_columns if c.key in names)).subquery(
        "facts"
    )
    f = facts.c
    columns: dict[str, Callable[[], ColumnElement[Any]]] = {
        "member": lambda: f.member,
        "code": lambda: code(facts),
        "failing": lambda: failing(facts),
        "last": lambda: f.last,
        "since": lambda: case((f.member == 1, f.since)),
        "waits": lambda: waiting(facts),
        "fair": lambda: fair(facts),
    }
    return select(f.cohort_id, f.person_id, *(columns[name]().label(name) for name in wanted))


def _by_cohort(who: CTE, asked: Asked) -> Select[Any]:
    """Add persons up; one who is carried over is of this year and of last."""
    w, kind = who.c, asked.kind
    key: ColumnElement[Any] = literal(asked.until or 0)
    fails: ColumnElement[str] = literal("", String)
    rows: FromClause = who
    by: list[ColumnElement[Any]] = [w.cohort_id]
    if kind == "carried":
        then, before = cohort.alias("then"), who.alias("before").c
        last = and_(then.c.course == cohort.c.course, then.c.year == cohort.c.year - 1)
        rows = who.join(cohort, cohort.c.id == w.cohort_id).join(then, last)
        left = select(_pair(before.cohort_id, before.person_id))
        left = left.where(before.code.op("&")(LEFT_OVER) == LEFT_OVER)
        terms = [w.member == 1, _among(_pair(then.c.id, w.person_id), left) == 1]
    elif kind == "unit":
        key, fails = w.code, w.failing
        terms = [w.last.is_not(None)]
        by += [key, fails]
    elif asked.until is not None:
        terms = [w[kind] <= asked.until]
    else:
        key = w[kind]
        terms = [key.is_not(None)]
        by.append(key)
    counted = (literal(kind, String), key.label("key"), fails.label("failing"), func.count())
    return select(w.cohort_id, *counted).select_from(rows).where(*terms).group_by(*by)


def _persons(filters: Filters, years: tuple[int, ...], summed: bool) -> list[Select[Any]]:
    chosen = scope(filters, *years).cte("chosen")
    if not summed:
        r = registrations(filters, *years, judged=True)
        rows = select(r, _within(r.c.class_id, chosen)).cte()
        return [persons(rows, rows.c.inside == 1)]
    if filters.day is not None:
        return _then(filters, years, chosen, filters.day)
    all_ = several.join(chosen, chosen.c.id == several.c.class_id, isouter=True)
    cohorts = several.c.cohort_id.in_(of_years(years, filters.course))
    return [noted(chosen.c.id.is_not(None)).select_from(all_).where(cohorts)]


def _then(filters: Filters, years: tuple[int, ...], chosen: CTE, day: int) -> list[Select[Any]]:
    """Give the facts of those whom the sums of classes cannot tell, as they stood on a past day."""
    r, s, more = registrations(filters, *years, booked=False), standing.c, several.c
    ours = (
        select(more.cohort_id, more.person_id)
        .join_from(chosen, several, more.class_id == chosen.c.id)
        .distinct()
        .subquery("ours")
    )
    names = [s.registration_id.label("id") if c.name == "id" else s[c.name] for c in r.c]
    theirs = and_(s.cohort_id == ours.c.cohort_id, s.person_id == ours.c.person_id)
    held = s.from_day <= day, s.until_day > day
    inside = _within(s.class_id, chosen)
    all_ = select(*names, inside).join_from(ours, standing, theirs).where(*held).subquery("r")
    same = more.cohort_id == r.c.cohort_id, more.person_id == r.c.person_id
    single = ~exists().where(*same, more.registration_id == r.c.id)
    one = select(r).join(chosen, chosen.c.id == r.c.class_id).where(single).subquery("one")
    return [persons(all_, all_.c.inside == 1), persons(one, true(), alone=True)]


def _within(class_id: ColumnElement[int], chosen: CTE) -> ColumnElement[int]:
    """Tell whether a class is of the selection."""
    return _among(class_id, select(chosen.c.id)).label("inside")


def _among(value: ColumnElement[int], found: Select[Any]) -> ColumnElement[int]:
    """Look a value up among those found; a join might scan them anew for each row."""
    return case((value.in_(found), 1), else_=0)


def _pair(cohort_id: ColumnElement[int], person_id: ColumnElement[int]) -> ColumnElement[int]:
    return cast(cohort_id, BigInteger) * literal(2**32, BigInteger) + person_id
