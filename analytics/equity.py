"""Do seats go evenly? Qualified persons by region, rank, age, sex and way of registering.

Seats are compared with what the group's courses give everybody (indirect standardisation), so
that a group is not blamed for wanting crowded courses. Groups of fewer than five are not spoken of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from analytics import labels
from analytics.charts import Figure, Part, stacked
from analytics.disclosure import small_groups
from analytics.filters import Filters, registrations, scope
from analytics.limits import Z999
from analytics.sheet import Column, Sheet
from services.catalogue.load import vocab
from services.catalogue.records import cohort
from services.identity.records import person
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration
from services.words import Words, mark

PARTS = (
    Part("seated", mark("Got a seat"), "confirmed"),
    Part("waiting", mark("Still waiting"), "waiting"),
    Part("without", mark("Left without a seat"), "closed"),
)
UNKNOWN = "-"
AGES = (25, 35, 45, 55)
NAMES: Mapping[str, Mapping[str, str]] = {
    "region": labels.REGIONS,
    "rank": {
        "management": mark("Management level"),
        "operational": mark("Operational level"),
        "support": mark("Ratings"),
        "trainee": mark("Cadets, trainees"),
    },
    "sex": {"F": mark("Women"), "M": mark("Men")},
    "channel": {"online": mark("Online"), "staff": mark("By staff, on behalf")},
    "age": {
        "25": mark("under 25"),
        "35": mark("25 to 34"),
        "45": mark("35 to 44"),
        "55": mark("45 to 54"),
        "99": mark("55 and over"),
    },
}
TITLES: Mapping[str, str] = {
    "region": mark("region"),
    "rank": mark("rank"),
    "age": mark("age"),
    "sex": mark("sex"),
    "channel": mark("way of registering"),
}
TRAITS = tuple(NAMES)  # in the order of the page
Row = tuple[str, str, str, str, str, str, int, int, int]  # course, five traits, PARTS


@dataclass(frozen=True, slots=True)
class Group:
    """One group of qualified persons and courses."""

    key: str
    counts: tuple[int, int, int]  # in the order of PARTS
    expected: float  # seated, had it the rate of each of its courses
    variance: float

    @property
    def size(self) -> int:
        return sum(self.counts)

    @property
    def rate(self) -> float:
        return self.counts[0] / self.size

    @property
    def far(self) -> int:
        """Tell whether more (1) or fewer (-1) got a seat than chance explains."""
        off = self.counts[0] - self.expected
        if abs(off) <= Z999 * sqrt(self.variance):
            return 0
        return 1 if off > 0 else -1


@dataclass(frozen=True, slots=True)
class Equity:
    """Every trait's groups, without those too small, all of them for the public table; persons."""

    groups: Mapping[str, tuple[Group, ...]]
    every: Mapping[str, tuple[Group, ...]]
    too_small: Mapping[str, tuple[str, ...]]
    size: int
    rate: float | None


def extract(connection: Connection, filters: Filters) -> tuple[Row, ...]:
    """Count qualified person-courses by course, traits and what became of them."""
    of, p = registrations(filters, filters.year), person.c
    r = of.c
    waits = or_(
        r.status.in_((Status.WAITLISTED.value, Status.OFFERED.value)),
        and_(r.status == Status.IN_REVIEW.value, r.seat == Seat.NONE.value),
    )
    each = (
        select(
            r.cohort_id,
            r.person_id,
            _any(r.seated).label("seated"),
            _any(waits).label("waits"),
            _any(registration.c.on_behalf).label("staff"),
        )
        .join_from(of, registration, registration.c.id == r.id)
        .where(
            r.class_id.in_(scope(filters, filters.year)),
            r.verdict == "eligible",
            ~r.slip,
        )
        .group_by(r.cohort_id, r.person_id)
        .subquery()
    )
    traits = (
        func.coalesce(p.region, literal(UNKNOWN)),
        _level(),
        func.coalesce(p.sex, literal(UNKNOWN)),
        case((each.c.staff == 1, "staff"), else_="online"),
        _age(filters.year),
    )
    keys = [trait.label(name) for name, trait in zip(TRAITS, traits, strict=True)]
    parts = (
        func.sum(each.c.seated),
        func.sum(case((and_(each.c.seated == 0, each.c.waits == 1), 1), else_=0)),
        func.sum(case((and_(each.c.seated == 0, each.c.waits == 0), 1), else_=0)),
    )
    statement = (
        select(cohort.c.course, *keys, *parts)
        .select_from(each)
        .join(cohort, cohort.c.id == each.c.cohort_id)
        .join(person, p.id == each.c.person_id)
        .group_by(cohort.c.course, *keys)
    )
    return tuple(tuple(row) for row in connection.execute(statement))


def _any(term: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((term, 1), else_=0))


def _level() -> ColumnElement[str]:
    levels: dict[str, list[str]] = defaultdict(list)
    for rank in vocab()["ranks"]:
        levels[rank["level"]].append(rank["code"])
    known = [(person.c.rank.in_(codes), level) for level, codes in levels.items()]
    return case(*known, else_=UNKNOWN)


def _age(year: int) -> ColumnElement[str]:
    """Band the age on the first day of the plan year."""
    born = person.c.birth_date
    bands = [(born > date(year - age, 1, 1), str(age)) for age in AGES]
    return case((born.is_(None), UNKNOWN), *bands, else_="99")


def measure(rows: Iterable[Row]) -> Equity:
    """Add the rows up by each trait, beside what the courses would give."""
    found = list(rows)
    courses: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for course, *_, seated, waiting, without in found:
        courses[course][0] += seated
        courses[course][1] += seated + waiting + without
    rates = {course: seated / of for course, (seated, of) in courses.items() if of}
    size = sum(of for _, of in courses.values())
    groups, whole, small = {}, {}, {}
    for n, trait in enumerate(TRAITS, start=1):
        every = _groups(trait, n, found, rates)
        whole[trait] = tuple(every)
        mask = small_groups([g.size for g in every])
        groups[trait] = tuple(g for g, out in zip(every, mask, strict=True) if not out)
        small[trait] = tuple(g.key for g, out in zip(every, mask, strict=True) if out)
    rate = sum(seated for seated, _ in courses.values()) / size if size else None
    return Equity(groups, whole, small, size, rate)


def _groups(trait: str, n: int, rows: Sequence[Row], rates: Mapping[str, float]) -> list[Group]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    chance: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        key, parts = str(row[n]), row[6:9]
        rate, of = rates.get(row[0], 0.0), sum(parts)
        counts[key] = [a + b for a, b in zip(counts[key], parts, strict=True)]
        chance[key][0] += of * rate
        chance[key][1] += of * rate * (1 - rate)
    made = [Group(key, (a, b, c), *chance[key]) for key, (a, b, c) in counts.items() if a + b + c]
    if trait == "age":
        return sorted(made, key=lambda g: (g.key == UNKNOWN, g.key))
    return sorted(made, key=lambda g: (-g.rate, g.key))


def named(trait: str, key: str, words: Words) -> str:
    """Name a group of a trait."""
    return words(NAMES[trait].get(key, mark("not known")))


@dataclass(frozen=True, slots=True)
class TraitEyes:
    """The eyes of one trait."""

    trait: str

    def name(self, key: str, words: Words) -> str:
        """Name a group."""
        return named(self.trait, key, words)

    def finding(self, found: Equity, words: Words) -> str:
        """Say whether a group gets fewer seats than its courses explain."""
        groups, trait = found.groups[self.trait], words(TITLES[self.trait])
        if len(groups) < 2:
            return words("Too few persons to compare by {trait}", trait=trait)
        fewer = [self.name(g.key, words) for g in groups if g.far < 0]
        if fewer:
            return words("Fewer seats than chance explains: {names}",
                         names=labels.listed(words, fewer))  # fmt: skip
        more = [self.name(g.key, words) for g in groups if g.far > 0]
        if more:
            return words("More seats than chance explains: {names}",
                         names=labels.listed(words, more))  # fmt: skip
        return words("By {trait}, seats differ no more than chance", trait=trait)

    def subtitle(self, found: Equity, words: Words, period: str) -> str:
        """Say what is measured, of when, of how many, and who is left out."""
        said = words(
            "What became of qualified persons and courses, %; classes of {period}, {n}",
            period=period, n=words.number(sum(g.size for g in found.groups[self.trait])),
        )  # fmt: skip
        small = len(found.too_small[self.trait])
        if not small:
            return said
        gap = "" if words.zh else " "
        left = words.many("{n} small group is not shown.", "{n} small groups are not shown.", small)
        return said + ("。" if words.zh else ".") + gap + left

    def figure(self, found: Equity, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw one full bar per group; ▼ and ▲ mark what chance does not explain."""
        signs = {-1: "▼ ", 0: "", 1: "▲ "}
        groups = found.groups[self.trait]
        names = [f"{signs[g.far]}{self.name(g.key, words)}" for g in groups]
        counts = [g.counts for g in groups]
        return stacked(names, PARTS, counts, words, theme, narrow=narrow)

    def sheet(self, found: Equity, words: Words) -> Sheet:
        """Give the groups as a table, with what their courses would give."""
        columns = [Column(words("Group"))]
        columns += [Column(words(part.name), "number") for part in PARTS]
        columns += [
            Column(words("Share that got a seat"), "percent"),
            Column(words("Expected from their courses"), "percent"),
        ]
        rows = [
            (self.name(g.key, words), *g.counts, g.rate, g.expected / g.size)
            for g in found.groups[self.trait]
        ]
        return Sheet.of(columns, rows)
