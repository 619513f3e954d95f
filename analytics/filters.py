"""What a dashboard looks at: year, course or category, institution, region, months, kind of class.

Everything comes from the address line, so a figure can be sent as a link; what cannot be used
falls back to the default and a note says so.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    exists,
    or_,
    select,
    true,
)

from services.catalogue.records import annual_plan, course, institution, training_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.kernel.db import among
from services.kernel.straight import read
from services.kernel.work import Look
from services.tally import places, rows
from services.words import Words, mark

NAMES = ("year", "course", "region", "institution", "kind", "from", "to", "asof")
KINDS = ("funded", "self_funded")
IGNORED = mark("One filter could not be used and was left out.")
TURNED = mark("The months were the wrong way round and have been swapped.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, in the order of the lists."""

    years: tuple[int, ...]  # newest first
    courses: Mapping[str, tuple[str, str, str]]  # code -> category, Chinese name, English name
    institutions: Mapping[str, tuple[str, str, str]]  # code -> region, short Chinese, short English

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of the courses, in the order of the catalogue."""
        return tuple(dict.fromkeys(category for category, _, _ in self.courses.values()))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions in which classes are held."""
        return tuple(sorted({region for region, _, _ in self.institutions.values()}))


@dataclass(frozen=True, slots=True)
class Filters:
    """One selection; `own` is the institution an officer is locked to."""

    year: int
    category: str | None = None
    course: str | None = None
    region: str | None = None
    institution: str | None = None
    kind: str | None = None
    first_month: int = 1
    last_month: int = 12
    as_of: date | None = None  # a past day, seen as at its end; None: as things stand

    @property
    def day(self) -> int | None:
        """Give the past day as the rollup numbers days."""
        return self.as_of.toordinal() if self.as_of else None

    @property
    def end(self) -> datetime | None:
        """Give the last instant of the past day."""
        if self.as_of is None:
            return None
        return taipei(self.as_of + timedelta(days=1)) - timedelta(microseconds=1)

    @property
    def place(self) -> str | None:
        """Give the place whose sums answer this selection; None where no sums are kept for it."""
        region = self.region and places.in_region(self.region)
        kind = self.kind and places.of_kind(self.kind)
        chosen = [name for name in (self.institution, region, kind) if name]
        if len(chosen) > 1 or (self.first_month, self.last_month) != (1, 12):
            return None
        return chosen[0] if chosen else places.ALL

    def query(self) -> dict[str, str]:
        """Write the selection as the shortest query, defaults left out."""
        values = {
            "year": str(self.year),
            "course": self.course or self.category,
            "region": self.region,
            "institution": self.institution,
            "kind": self.kind,
            "from": str(self.first_month) if self.first_month > 1 else None,
            "to": str(self.last_month) if self.last_month < 12 else None,
            "asof": self.as_of.isoformat() if self.as_of else None,
        }
        return {name: value for name, value in values.items() if value}

    def span(self, year: int) -> tuple[date, date]:
        """Give the first and last day of the chosen months in a year."""
        last = monthrange(year, self.last_month)[1]
        return date(year, self.first_month, 1), date(year, self.last_month, last)

    def period(self, words: Words) -> str:
        """Name the months: 115年, 115年3月, 115年3月至5月 / March to May 2026."""
        if (self.first_month, self.last_month) == (1, 12):
            return words.year(self.year)
        first = words.month(self.year, self.first_month)
        if self.first_month == self.last_month:
            return first
        last = words.month(self.year, self.last_month)
        year = words.year(self.year)
        if words.zh:
            return words("{first} to {last}", first=first, last=last.removeprefix(year))
        return words("{first} to {last}", first=first.removesuffix(year).strip(), last=last)

    def locked_to(self, actor: Actor) -> "Filters":
        """Lock an institution's officer to the own classes, whatever was asked for."""
        if actor.role is Role.INSTITUTION:
            return replace(self, institution=actor.institution or "-", region=None)
        return self


_PLANS = select(annual_plan.c.year).order_by(annual_plan.c.year.desc())
_COURSES = select(course.c.code, course.c.category, course.c.name_zh, course.c.name_en)
_HELD = training_class.c.institution == institution.c.code
_HELD_AT = select(
    institution.c.code, institution.c.region, institution.c.short_zh, institution.c.short_en
).where(or_(institution.c.commissioned, exists().where(_HELD)))  # a former one too: it has a past


def choices(connection: Connection) -> Choices:
    """Read what can be chosen."""
    plans, courses, held_at = (read(connection, of, {}) for of in (_PLANS, _COURSES, _HELD_AT))
    return Choices(
        tuple(year for (year,) in plans),
        {code: (category, zh, en) for code, category, zh, en in courses},
        {code: (region, zh, en) for code, region, zh, en in held_at},
    )


def parse(query: Mapping[str, str], known: Choices, today: date) -> tuple[Filters, tuple[str, ...]]:
    """Read a selection from the query; return it with the sentences about what was not usable."""
    notes: list[str] = []

    def pick(name: str, allowed: object) -> str | None:
        value = query.get(name, "")
        if value and value not in allowed:  # type: ignore[operator]
            notes.append(IGNORED)
            return None
        return value or None

    years = [str(year) for year in known.years]
    as_of = _past_day(query.get("asof", ""), today, notes)
    this = (as_of or today).year
    default = this if this in known.years or not years else known.years[0]
    what = pick("course", {*known.courses, *known.categories})
    months = [str(month) for month in range(1, 13)]
    first, last = int(pick("from", months) or 1), int(pick("to", months) or 12)
    if first > last:
        notes.append(TURNED)
        first, last = last, first
    found = Filters(
        year=int(pick("year", years) or default),
        category=what if what not in known.courses else None,
        course=what if what in known.courses else None,
        region=pick("region", known.regions),
        institution=pick("institution", known.institutions),
        kind=pick("kind", KINDS),
        first_month=first,
        last_month=last,
        as_of=as_of,
    )
    return found, tuple(dict.fromkeys(notes))


def _past_day(text: str, today: date, notes: list[str]) -> date | None:
    """Read a past day; today is as things stand."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        day = date.max
    if day > today:
        notes.append(IGNORED)
    return day if day < today else None


def seen_from(look: Look, filters: Filters) -> Look:
    """Give the reading its moment: now, or the end of the past day that is asked about."""
    return look if filters.end is None else replace(look, now=filters.end)


def by_then(instant: ColumnElement[Any], filters: Filters) -> ColumnElement[bool]:
    """Say what had happened by the selection's moment."""
    return true() if filters.end is None else instant <= filters.end


def classes(filters: Filters, *held_in: int) -> FromClause:
    """Give the training classes at the selection's moment; held seats for the years named."""
    return _classes(filters.day, held_in)


@lru_cache(64)  # every question of a selection begins with them
def _classes(day: int | None, held_in: tuple[int, ...]) -> FromClause:
    return rows.classes(day, held_in)


def registrations(
    filters: Filters, *years: int, judged: bool = False, booked: bool = True
) -> FromClause:
    """Give the registrations of plan years at the selection's moment."""
    if filters.day is not None and not booked:
        return rows.on_their_way(filters.day, years, filters.course)
    return rows.registrations(rows.of_years(years, filters.course), filters.day, judged=judged)


def scope(filters: Filters, *years: int) -> Select[tuple[int]]:
    """Give the ids of the classes of a selection."""
    c = classes(filters)
    return select(c.c.id).where(classes_within(filters, *years, of=c))


def classes_within(
    filters: Filters, *years: int, of: FromClause = training_class
) -> ColumnElement[bool]:
    """Say which classes a selection covers."""
    spans = [of.c.starts_on.between(*filters.span(year)) for year in years]
    terms = [of.c.state != rows.DRAFT, among(of.c.year, years), or_(*spans)]
    if filters.course:
        terms.append(of.c.course == filters.course)
    if filters.category:
        terms.append(of.c.course.in_(_codes(course, category=filters.category)))
    if filters.region:
        terms.append(of.c.institution.in_(_codes(institution, region=filters.region)))
    if filters.institution:
        terms.append(of.c.institution == filters.institution)
    if filters.kind:
        terms.append(of.c.kind == filters.kind)
    return and_(*terms)


def _codes(of: Table, **alike: str) -> Select[tuple[str]]:
    return select(of.c.code).filter_by(**alike)
