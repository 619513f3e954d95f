"""Do institutions differ by more than chance and the courses they give?

No ranking: a rate against its volume, adjusted for the courses, between limits. An institution sees
itself named and the others without names; among fewer than four it could tell who is who, so then
it sees nobody. Nor does it see their own volumes, which the public caps of their classes would
name: three or more of like volume share one, and only their adjusted rate is told, in whole percent
(decision 0043).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analytics.charts import Figure, clickable
from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.labels import listed
from analytics.limits import Point, dispersion, funnel_plot, side
from analytics.sheet import Column, Name, Sheet
from analytics.sides import sided
from services.words import Words, mark

FEWEST = 4  # institutions; among fewer an unnamed one is named by what is left
ALIKE = FEWEST - 1  # unnamed ones that share a volume, at least
Unit = tuple[str, str, str, str, int, int]  # code, Chinese, English, course, count, of
TOO_FEW = mark("Too few institutions give these classes to compare unnamed")
NOTHING = mark("There is nothing to compare in this selection yet")
NOTHING_OF_YOURS = mark("Your institution has nothing to compare in this selection yet")

PLACES = {
    0: mark("within 95%"),
    1: mark("between 95 and 99.9%"),
    2: mark("outside, above"),
    -2: mark("outside, below"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One institution in figures; without names where the reader may not know it."""

    code: str
    short_zh: str
    short_en: str
    count: float
    of: int
    expected: float  # the count, had it the overall rate of each of its courses
    main: bool

    def name(self, words: Words) -> Name:
        """Name it; who may not know which it is learns no code either."""
        known = self.short_zh if words.zh else self.short_en
        return Name(known, self.code) if known else Name(words("Another institution"))

    @property
    def rates(self) -> tuple[float | None, float | None]:
        """Give its rate and that expected from its courses; both would name an unnamed one."""
        return (self.count / self.of, self.expected / self.of) if self.code else (None, None)

    def adjusted(self, overall: float) -> float:
        """Give its rate as if it gave the courses everybody gives."""
        return overall + (self.count - self.expected) / self.of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Institutions by volume, the rate of all, the over-dispersion; `own` if the reader is one."""

    places: tuple[Place, ...]
    overall: float | None
    wider: float
    own: bool
    of: int  # the volume of all

    @property
    def me(self) -> Place | None:
        """The reader's own institution, if it has anything to compare."""
        return next((p for p in self.places if p.main), None) if self.own else None

    @property
    def silence(self) -> str:
        """Say why nothing is compared, as a message id; nothing where something is."""
        if self.overall is None:
            return TOO_FEW if self.own else NOTHING
        return NOTHING_OF_YOURS if self.own and self.me is None else ""

    def far(self, place: Place) -> int:
        """Tell where a place lies among the limits, as `side` does."""
        overall = self.overall or 0.0
        return side(place.adjusted(overall), overall, place.of, self.wider)

    def place(self, place: Place) -> str:
        """Say where a place lies among the limits, as a message id."""
        far = self.far(place)
        return PLACES[far if abs(far) == 2 else abs(far)]

    @property
    def outside(self) -> list[Place]:
        """Those outside the wider limits whom the reader may know."""
        return [p for p in self._known if abs(self.far(p)) == 2]

    @property
    def below(self) -> list[Place]:
        """Those below the limits of 95 % whom the reader may know."""
        return [p for p in self._known if self.far(p) < 0]

    @property
    def _known(self) -> list[Place]:
        return [p for p in self.places if p.short_zh]

    def sides(self, words: Words) -> str:
        """Say who lies low and who high among those whom the reader may know."""
        return sided(words, [(p.name(words), self.far(p)) for p in self._known])


def measure(units: Iterable[Unit], own: str | None, chosen: str | None) -> Comparison:
    """Compare institutions by units that belong to one institution and course."""
    rows = [unit for unit in units if unit[5]]
    by_course = _sums(rows, 3)
    rates = {course: count / of for course, (count, of) in by_course.items()}
    total = sum(of for _, of in by_course.values())
    overall = sum(count for count, _ in by_course.values()) / total if total else None
    mixed = sum(0 < rate < 1 for rate in rates.values())
    wider = dispersion(((x, n, rates[course]) for *_, course, x, n in rows), mixed)
    expected: dict[str, float] = defaultdict(float)
    for code, _, _, course, _, of in rows:
        expected[code] += of * rates[course]
    names = {code: (zh, en) for code, zh, en, *_ in rows}
    known = len(names) >= FEWEST
    places = [
        Place(code, *names[code], count, of, expected[code], code in (own, chosen))
        for code, (count, of) in _sums(rows, 0).items()
        if own is None or known
    ]
    if own is not None:
        mine, others = _parted(places, own)
        places = [*mine, *_unnamed(others, overall or 0.0)]
    places.sort(key=lambda p: (not p.main, -p.of, p.count))
    seen = overall if places else None
    return Comparison(tuple(places), seen, wider, own is not None, total if places else 0)


def _parted(places: Sequence[Place], own: str) -> tuple[list[Place], list[Place]]:
    return [p for p in places if p.code == own], [p for p in places if p.code != own]


def _unnamed(places: Sequence[Place], overall: float) -> Iterator[Place]:
    """Take from places whatever would name them: neighbours in volume get the same, their mean."""
    ordered = sorted(places, key=lambda p: (p.of, p.code))
    groups: dict[int, list[Place]] = defaultdict(list)
    for n, place in enumerate(ordered):
        groups[n * (len(ordered) // ALIKE) // len(ordered)].append(place)
    for alike in groups.values():
        of = round(sum(p.of for p in alike) / len(alike))
        for place in alike:
            rate = round(place.adjusted(overall), 2)
            yield Place("", "", "", rate * of, of, overall * of, main=False)


def _sums(rows: Sequence[Unit], by: int) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        count, of = found.get(str(row[by]), (0, 0))
        found[str(row[by])] = (count + row[4], of + row[5])
    return found


def seats_used(facts: Sequence[ClassFact], year: int, today: object) -> list[Unit]:
    """Give every begun class as people who came of planned seats."""
    return [
        (f.institution, f.short_zh, f.short_en, f.course, min(f.attended, f.planned), f.planned)
        for f in settled(facts, year, today)  # type: ignore[arg-type]
    ]


def stayed_away(facts: Sequence[ClassFact], year: int, today: object) -> list[Unit]:
    """Give every begun class as absent people of those on the roll."""
    return [
        (f.institution, f.short_zh, f.short_en, f.course, f.marked - f.attended, f.marked)
        for f in settled(facts, year, today)  # type: ignore[arg-type]
    ]


def names_of(words: Words, places: Sequence[Place]) -> str:
    """List places by their short names."""
    return listed(words, [p.short_zh if words.zh else p.short_en for p in places])


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The eyes of one comparison: what is counted, of what, in message ids."""

    rate: str
    volume: str
    measured: str  # {period}, {n} institutions, {limits}
    none: str = ""  # what is said where nothing at all was counted

    def finding(self, found: Comparison, words: Words) -> str:
        """Say who lies outside the limits; an institution is told of itself only."""
        rate = words(self.rate)
        if found.silence:
            return words(found.silence)
        if not found.overall and self.none:
            return words(self.none)
        if found.me:
            far = found.far(found.me)
            if far == 1:
                return words("{rate}: you lie high, but not far enough to ask", rate=rate)
            if far == -1:
                return words("{rate}: you lie low, but not far enough to ask", rate=rate)
            if not far:
                return words("{rate}: you lie within what chance explains", rate=rate)
            if far > 0:
                return words("{rate}: you lie above what chance explains", rate=rate)
            return words("{rate}: you lie below what chance explains", rate=rate)
        if places := found.sides(words):
            return words("{rate}: {places}", rate=rate, places=places)
        return words("{rate}: institutions differ no more than chance", rate=rate)

    def subtitle(self, found: Comparison, words: Words, period: str) -> str:
        """Say what is measured and how wide the limits are, and why."""
        limits = words("plain binomial limits")
        if found.wider > 1.1:
            wider = f"{found.wider**0.5:.1f}"
            limits = words("limits {wider} times wider, as seats of one class fill together",
                           wider=wider)  # fmt: skip
        return words(self.measured, period=period, n=len(found.places), limits=limits)

    def figure(self, found: Comparison, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the funnel plot."""
        if not found.overall:
            return {"data": [], "layout": {"height": 300}}
        points = [
            Point(p.short_zh if words.zh else p.short_en, p.of, p.adjusted(found.overall), p.main)
            for p in found.places
        ]
        volume = words(self.volume)
        figure = funnel_plot(
            points, found.overall, found.wider, words, theme, volume=volume, narrow=narrow
        )
        keys = [p.code for p in reversed(found.places)]  # dots are drawn in their own order
        return figure if found.own else clickable(figure, "institution", keys)

    def sheet(self, found: Comparison, words: Words) -> Sheet:
        """Give the institutions as a table, by volume and never by rate."""
        columns = (
            Column(words("Institution"), "name"),
            Column(words(self.rate), "percent"),
            Column(words("Expected from its courses"), "percent"),
            Column(words("Adjusted for courses"), "percent"),
            Column(words(self.volume), "number"),
            Column(words("Among the limits")),
        )
        overall = found.overall or 0.0
        rows = [
            (
                p.name(words),
                *p.rates,
                p.adjusted(overall),
                p.of,
                words(found.place(p)),
            )
            for p in found.places
        ]
        return Sheet.of(columns, rows, nothing=not found.overall)


FILL = Yardstick(
    mark("Fill rate"),
    mark("Planned seats"),
    mark(
        "People who came ÷ planned seats, adjusted for courses; {period}, {n} institutions; "
        "{limits}"
    ),
)
NO_SHOW = Yardstick(
    mark("No-show"),
    mark("People on the roll"),
    mark("Absent ÷ people on the roll, adjusted for courses; {period}, {n} institutions; {limits}"),
)
OVERTURN = Yardstick(
    mark("Overturned decisions"),
    mark("Decided reviews"),
    mark(
        "Reviews overturned on appeal ÷ decided reviews, adjusted for courses; {period}, "
        "{n} institutions; {limits}"
    ),
    mark("No decided review has been overturned on appeal"),
)
