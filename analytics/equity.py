"""Do seats go evenly? Qualified persons by region, rank, age, sex and way of registering.

Seats are compared with what the group's courses give everybody (indirect standardisation), so
that a group is not blamed for wanting crowded courses. Groups of fewer than five are not spoken of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from sqlalchemy import Connection

from analytics import labels
from analytics.charts import Figure, Part
from analytics.disclosure import small_groups
from analytics.filters import Filters
from analytics.intervals import Interval, intervals
from analytics.limits import Z95, Z999
from analytics.person_courses import fates
from analytics.sheet import Column, Name, Sheet
from analytics.sides import sided
from services.tally.traits import BANDS, LEVELS, REGIONS, SEXES, STAFF, UNKNOWN
from services.tally.units import FATES, GOT, QUEUES, WITHOUT
from services.words import Words, mark

PARTS = (
    Part("seated", mark("Got a seat"), "confirmed"),
    Part("waiting", mark("Still waiting"), "waiting"),
    Part("without", mark("Left without a seat"), "closed"),
)
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
    def limits(self) -> tuple[float, float]:
        """Give the 95 % limits of chance around the rate its courses would give."""
        half = Z95 * sqrt(self.variance)
        low, high = (self.expected + sign * half for sign in (-1, 1))
        return max(0.0, low / self.size), min(1.0, high / self.size)

    @property
    def ratio(self) -> tuple[float, float, float] | None:
        """Give the seats got for each one expected, with the 95 % limits of chance around it.

        It holds 1 exactly where the group lies within its limits.
        """
        if not self.expected:
            return None
        got, half = self.counts[0], Z95 * sqrt(self.variance)
        low, high = ((got + sign * half) / self.expected for sign in (-1, 1))
        return got / self.expected, max(0.0, low), high

    @property
    def far(self) -> int:
        """Tell where it lies: 0 within 95 %, 1 within 99.9 %, 2 outside; fewer is negative."""
        off = self.counts[0] - self.expected
        far = sum(abs(off) > z * sqrt(self.variance) for z in (Z95, Z999))
        return far if off > 0 else -far


@dataclass(frozen=True, slots=True)
class Equity:
    """Every trait's groups, without those too small, all of them for the public table; persons."""

    groups: Mapping[str, tuple[Group, ...]]
    every: Mapping[str, tuple[Group, ...]]
    too_small: Mapping[str, tuple[str, ...]]
    size: int
    rate: float | None
    unknown: int  # persons whose region or rank is not known


def extract(connection: Connection, filters: Filters) -> tuple[Row, ...]:
    """Count qualified person-courses by course, traits and what became of them."""
    found: dict[tuple[str, int], list[int]] = {}
    for course, key, n in fates(connection, filters):
        packed, fate = divmod(key, FATES)
        found.setdefault((course, packed), [0, 0, 0])[fate] += n
    return tuple(
        (course, *_read(packed), n[GOT], n[QUEUES], n[WITHOUT])
        for (course, packed), n in sorted(found.items())
    )


@cache
def _read(packed: int) -> tuple[str, str, str, str, str]:
    """Name the traits in the order of the page."""
    traits = packed % STAFF
    region, level, sex, age = traits // 1000, traits // 100 % 10, traits // 10 % 10, traits % 10
    return (
        (UNKNOWN, *REGIONS)[region],
        (UNKNOWN, *LEVELS)[level],
        (UNKNOWN, *SEXES)[sex],
        "staff" if packed >= STAFF else "online",
        BANDS[age],
    )


def measure(rows: Iterable[Row]) -> Equity:
    """Add the rows up by each trait, beside what the courses would give."""
    found = list(rows)
    courses: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for course, *_, seated, waiting, without in found:
        courses[course][0] += seated
        courses[course][1] += seated + waiting + without
    rates = {course: seated / of for course, (seated, of) in courses.items() if of}
    size = sum(of for _, of in courses.values())
    alike = _alike(found, rates)
    groups, whole, small = {}, {}, {}
    for n, trait in enumerate(TRAITS):
        every = _groups(trait, n, alike)
        whole[trait] = tuple(every)
        mask = small_groups([g.size for g in every])
        groups[trait] = tuple(g for g, out in zip(every, mask, strict=True) if not out)
        small[trait] = tuple(g.key for g, out in zip(every, mask, strict=True) if out)
    rate = sum(seated for seated, _ in courses.values()) / size if size else None
    return Equity(groups, whole, small, size, rate, _unknown(found))


def _unknown(rows: Iterable[Row]) -> int:
    return sum(sum(row[6:]) for row in rows if UNKNOWN in row[1:3])


def _alike(
    rows: Iterable[Row], rates: Mapping[str, float]
) -> Mapping[tuple[str, ...], list[float]]:
    """Add persons up who are alike in every trait: PARTS, expected seats, their variance."""
    found: dict[tuple[str, ...], list[float]] = {}
    for course, region, rank, sex, channel, age, seated, waiting, without in rows:
        rate = rates.get(course, 0.0)
        chance = (seated + waiting + without) * rate
        sums = found.setdefault((region, rank, sex, channel, age), [0, 0, 0, 0.0, 0.0])
        sums[0] += seated
        sums[1] += waiting
        sums[2] += without
        sums[3] += chance
        sums[4] += chance * (1 - rate)
    return found


def _groups(trait: str, n: int, alike: Mapping[tuple[str, ...], Sequence[float]]) -> list[Group]:
    counts: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0.0, 0.0])
    for traits, sums in alike.items():
        counts[traits[n]] = [a + b for a, b in zip(counts[traits[n]], sums, strict=True)]
    made = [
        Group(key, (int(a), int(b), int(c)), expected, variance)
        for key, (a, b, c, expected, variance) in counts.items()
        if a + b + c
    ]
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
        """Say whether a group gets fewer or more seats than its courses explain."""
        groups, trait = found.groups[self.trait], words(TITLES[self.trait])
        if len(groups) < 2:
            return words("Too few qualified persons and courses to compare by {trait}", trait=trait)
        if said := sided(words, [(self.name(g.key, words), g.far) for g in groups]):
            return words("By {trait}: {groups}", trait=trait, groups=said)
        return words("By {trait}, seats differ no more than chance", trait=trait)

    def subtitle(self, found: Equity, words: Words, period: str) -> str:
        """Say what is measured, of when, of how many, and who is left out."""
        said = words(
            "What became of qualified persons and courses, %; classes of {period}, {n}",
            period=period, n=words.number(sum(g.size for g in found.groups[self.trait])),
        )  # fmt: skip
        return with_left_out(said, len(found.too_small[self.trait]), words)

    def figure(self, found: Equity, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw each group beside the band its courses explain."""
        groups = compared(found, self.trait, words)
        heading = words(TITLES[self.trait]).capitalize()
        return intervals([(heading, groups)], found.rate or 0.0, words, theme, narrow=narrow)

    def sheet(self, found: Equity, words: Words) -> Sheet:
        """Give the groups as a table, with what their courses would give."""
        first = Column(words(TITLES[self.trait]).capitalize(), "name")
        return Sheet.of([first, *measured(words)], cells(found, self.trait, words))


def with_left_out(said: str, small: int, words: Words) -> str:
    """Add to a sentence how many groups are too small to be spoken of."""
    if not small:
        return said
    left = words.many("{n} small group is not shown.", "{n} small groups are not shown.", small)
    return said + ("。" if words.zh else ". ") + left


def compared(found: Equity, trait: str, words: Words) -> list[Interval]:
    """Give the groups of a trait beside their limits."""
    return [
        Interval(named(trait, g.key, words), g.rate, g.size, *g.limits, g.far)
        for g in found.groups[trait]
    ]


def measured(words: Words) -> list[Column]:
    """Name what is measured of each group."""
    return [
        *(Column(words(part.name), "number") for part in PARTS),
        Column(words("Share that got a seat"), "percent"),
        Column(words("Expected from their courses"), "percent"),
        Column(words("95% limit, lower"), "percent"),
        Column(words("95% limit, upper"), "percent"),
        Column(words("Seats for each expected"), "ratio"),
        Column(words("95% interval from"), "ratio"),
        Column(words("95% interval to"), "ratio"),
    ]


def cells(found: Equity, trait: str, words: Words) -> list[tuple[Any, ...]]:
    """Give a row for each group of a trait: its name and what is measured of it."""
    return [
        (
            Name(named(trait, g.key, words), g.key),
            *g.counts,
            g.rate,
            g.expected / g.size,
            *g.limits,
            *(g.ratio or (None, None, None)),
        )
        for g in found.groups[trait]
    ]
