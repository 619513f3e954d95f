"""Find training classes: one question for search, calendar and home; filters and pages in SQL."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from services.catalogue.records import course, institution, training_class
from services.kernel.actor import Role
from services.kernel.work import Look
from services.registration.lifecycle import OPEN
from services.registration.offers import Offer, offers
from services.registration.records import registration
from services.registration.wanted import Possible, Wanted, conditions, public

PER_PAGE = 20
REGIONS = ("north", "central", "south", "east")
_IS = training_class.c
_DROPPED = ("month", "possible", "label", "region", "institution", "course", "text")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what was found, by first day, and how much there is in all."""

    offers: tuple[Offer, ...]
    total: int
    page: int
    last: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest thing that exists where nothing was found."""

    wanted: Wanted
    dropped: str  # the one condition let go of; "" means all of them
    total: int
    on: date  # the first day of these classes


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its two names, for choices."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be looked for."""

    courses: tuple[Named, ...]
    institutions: tuple[Named, ...]
    regions: tuple[str, ...]
    labels: tuple[str, ...]
    months: tuple[date, ...]


def listing(look: Look, wanted: Wanted, *, page: int = 1, per_page: int = PER_PAGE) -> Listing:
    """Find classes by first day; a page past the end gives the last one.

    Where everything is asked for, of whatever time, the latest come first.
    """
    where = conditions(look, wanted)
    total = _count(look, where)
    last = max(1, -(-total // per_page))
    page = min(max(1, page), last)
    if not total:
        return Listing((), 0, page, last)
    backwards = wanted.possible is Possible.ALL and wanted.since is None
    days = (_IS.starts_on.desc(), _IS.code) if backwards else (_IS.starts_on, _IS.code)
    order = select(_IS.id).where(*where).order_by(*days)
    ids = [row.id for row in look.all(order.limit(per_page).offset((page - 1) * per_page))]
    cards = {card.id: card for card in offers(look, _IS.id.in_(ids))}
    return Listing(tuple(cards[class_id] for class_id in ids), total, page, last)


def nearest(look: Look, wanted: Wanted) -> Nearest | None:
    """Let go of one condition at a time, at last of all, until something is found."""
    for name in (*_DROPPED, ""):
        less = _without(wanted, name)
        if less == wanted:
            continue
        on = _first_day(look, less, wanted.since)
        if on is None:
            continue
        if name == "month":
            less = less.in_month(on)
        return Nearest(less, name, _count(look, conditions(look, less)), on)
    return None


def choices(look: Look, since: date) -> Choices:
    """Give what public classes can be narrowed to; labels and months only from a day on."""
    where = public(look), _IS.starts_on >= since
    year, month = func.extract("year", _IS.starts_on), func.extract("month", _IS.starts_on)
    begun = look.all(select(year, month).where(*where).group_by(year, month))
    lists = look.all(select(_IS.labels).where(*where))
    taught, places = _codes(look, _IS.course), _codes(look, _IS.institution)
    named = (institution.c.code, institution.c.name_zh, institution.c.name_en)
    there = look.all(
        select(*named, institution.c.region).where(institution.c.code.in_(places)).order_by("code")
    )
    courses = look.all(
        select(course.c.code, course.c.name_zh, course.c.name_en)
        .where(course.c.code.in_(taught))
        .order_by(course.c.code)
    )
    regions = {row.region for row in there}
    return Choices(
        courses=tuple(Named(*row) for row in courses),
        institutions=tuple(Named(*row[:3]) for row in there),
        regions=tuple(region for region in REGIONS if region in regions),
        labels=tuple(sorted({label for row in lists for label in row.labels or ()})),
        months=tuple(sorted(date(int(y), int(m), 1) for y, m in begun)),
    )


def sought(look: Look, *, most: int = 5) -> list[Named]:
    """Give the courses with the most numbers given in the latest year that has public classes."""
    year = look.scalar(select(func.max(_IS.year)).where(public(look)))
    rows = look.all(
        select(course.c.code, course.c.name_zh, course.c.name_en)
        .join(training_class, _IS.course == course.c.code)
        .where(public(look), _IS.year == year)
        .group_by(course.c.code, course.c.name_zh, course.c.name_en)
        .order_by(func.sum(_IS.numbers_given).desc(), course.c.code)
        .limit(most)
    )
    return [Named(*row) for row in rows]


def span(look: Look) -> tuple[date, date] | None:
    """Give the first days of the earliest and the latest public class."""
    first, last = look.all(
        select(func.min(_IS.starts_on), func.max(_IS.starts_on)).where(public(look))
    )[0]
    return (first, last) if first else None


def neighbours(look: Look, wanted: Wanted, day: date) -> tuple[date | None, date | None]:
    """Give the days before and after one on which wanted classes begin."""
    where = conditions(look, wanted)
    before = look.scalar(select(func.max(_IS.starts_on)).where(*where, _IS.starts_on < day))
    after = look.scalar(select(func.min(_IS.starts_on)).where(*where, _IS.starts_on > day))
    return before, after


def own_registrations(look: Look) -> dict[int, int]:
    """Give the actor's open registrations by class; nobody else's, and none without a person."""
    if look.actor.role is not Role.SEAFARER:
        return {}
    rows = look.all(
        select(registration.c.class_id, registration.c.id).where(
            registration.c.person_id == look.actor.person_id,
            registration.c.status.in_([status.value for status in OPEN]),
        )
    )
    return {row.class_id: row.id for row in rows}


def _codes(look: Look, column: ColumnElement[str]) -> Any:
    return select(column).where(public(look)).distinct()


def _count(look: Look, where: list[ColumnElement[bool]]) -> int:
    return int(look.scalar(select(func.count()).select_from(training_class).where(*where)))


def _without(wanted: Wanted, name: str) -> Wanted:
    if not name:
        return Wanted()
    if name == "month":
        return replace(wanted, since=None, until=None)
    less: dict[str, Any] = {name: Possible.AHEAD if name == "possible" else ""}
    return replace(wanted, **less)


def _first_day(look: Look, wanted: Wanted, after: date | None) -> date | None:
    """Give the first day found, at or after the one asked for; else the last one before it."""
    where = conditions(look, wanted)
    first, last = look.all(select(func.min(_IS.starts_on), func.max(_IS.starts_on)).where(*where))[
        0
    ]
    if first is None or after is None or wanted.since is not None:
        return first
    return (
        look.scalar(select(func.min(_IS.starts_on)).where(*where, _IS.starts_on >= after)) or last
    )
