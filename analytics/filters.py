"""What a dashboard looks at: year, course or category, institution, region, months, kind of class.

Everything comes from the address line, so a figure can be sent as a link; what cannot be used
falls back to the default and a note says so.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from services.catalogue.records import annual_plan, course, institution, training_class
from services.kernel.actor import Actor, Role
from services.words import Words, mark

NAMES = ("year", "course", "region", "institution", "kind", "from", "to")
KINDS = ("funded", "self_funded")
IGNORED = mark("One filter could not be used and was left out.")
TURNED = mark("The months were the wrong way round and have been swapped.")
DRAFT = "draft"


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


def choices(connection: Connection) -> Choices:
    """Read what can be chosen."""
    plans = select(annual_plan.c.year).order_by(annual_plan.c.year.desc())
    courses = select(course.c.code, course.c.category, course.c.name_zh, course.c.name_en)
    places = select(
        institution.c.code, institution.c.region, institution.c.short_zh, institution.c.short_en
    ).where(institution.c.commissioned)
    return Choices(
        tuple(connection.scalars(plans)),
        {code: (category, zh, en) for code, category, zh, en in connection.execute(courses)},
        {code: (region, zh, en) for code, region, zh, en in connection.execute(places)},
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
    default = today.year if today.year in known.years or not years else known.years[0]
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
    )
    return found, tuple(dict.fromkeys(notes))


def classes_within(filters: Filters, *years: int) -> ColumnElement[bool]:
    """Say which classes a selection covers; needs `course` and `institution` in the FROM."""
    spans = [training_class.c.starts_on.between(*filters.span(year)) for year in years]
    terms = [training_class.c.state != DRAFT, training_class.c.year.in_(years), or_(*spans)]
    if filters.course:
        terms.append(training_class.c.course == filters.course)
    if filters.category:
        terms.append(course.c.category == filters.category)
    if filters.region:
        terms.append(institution.c.region == filters.region)
    if filters.institution:
        terms.append(training_class.c.institution == filters.institution)
    if filters.kind:
        terms.append(training_class.c.kind == filters.kind)
    return and_(*terms)
