"""How full are the classes that were planned?

Planned seats count also where a class was cancelled for too few people (nobody came), and the
rate is weighted by seats, never a mean of rates: otherwise it would rise when things get worse.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from analytics import labels
from analytics.charts import Bar, Figure, bars, clickable
from analytics.class_facts import ClassFact
from analytics.limits import dispersion, side
from analytics.sheet import Column, Sheet
from services.words import Words


@dataclass(frozen=True, slots=True)
class Share:
    """People who came over seats that were planned."""

    attended: int
    planned: int
    classes: int

    @property
    def rate(self) -> float | None:
        """The seat-weighted rate; None where nothing was planned."""
        return self.attended / self.planned if self.planned else None


@dataclass(frozen=True, slots=True)
class FillRate:
    """The answer for a selection up to a day, and the same months and days of last year."""

    planned: Share  # the headline: every class that was planned
    held: Share  # only the classes that took place
    last: Share  # last year, up to the same day
    cancelled: int
    without_roll: int  # begun, but the institution has not written the roll: left out
    by_category: tuple[tuple[str, Share], ...]  # fullest first
    by_course: tuple[tuple[str, Share], ...]
    wider: float  # over-dispersion: the seats of one class fill or stay empty together

    def low(self, part: Share) -> bool:
        """Tell whether a part lies below the rate of all by more than chance: the exception."""
        return below(part, self.planned, self.wider)


def share(facts: Iterable[ClassFact]) -> Share:
    """Add classes up; seats weigh, not classes."""
    rows = list(facts)
    return Share(sum(f.attended for f in rows), sum(f.planned for f in rows), len(rows))


def seats_of(facts: Iterable[ClassFact]) -> tuple[int, int]:
    """Count the people who came, and the planned seats."""
    found = share(facts)
    return found.attended, found.planned


def below(part: Share, whole: Share, wider: float) -> bool:
    """Tell whether a part lies under the lower 95 % limit around the rate of the whole."""
    if part.rate is None or whole.rate is None:
        return False
    return side(part.rate, whole.rate, part.planned, wider) < 0


def spread(facts: Sequence[ClassFact]) -> float:
    """Give how much more classes differ than their course alone and single seats explain."""
    courses = dict(grouped(facts, lambda f: f.course))
    units = [(min(f.attended, f.planned), f.planned, courses[f.course].rate or 0) for f in facts]
    return dispersion(units, sum(0 < (s.rate or 0) < 1 for s in courses.values()))


def same_day(day: date, year: int) -> date:
    """Give the same day of another year (29 February: 28)."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def settled(facts: Iterable[ClassFact], year: int, today: date) -> list[ClassFact]:
    """Give the classes of a year begun before today whose attendance is known."""
    return [f for f in facts if f.year == year and f.starts_on < today and f.known]


def grouped(
    facts: Iterable[ClassFact], key: Callable[[ClassFact], str]
) -> tuple[tuple[str, Share], ...]:
    """Add classes up by a key, fullest first."""
    groups: dict[str, list[ClassFact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    shares = [(name, share(rows)) for name, rows in groups.items()]
    return tuple(sorted(shares, key=lambda item: (-(item[1].rate or 0), item[0])))


def measure(facts: Sequence[ClassFact], year: int, today: date) -> FillRate:
    """Measure the fill rate of a year's classes that have begun."""
    upto = min(today, date(year + 1, 1, 1))
    now = settled(facts, year, upto)
    last = settled(facts, year - 1, same_day(upto, upto.year - 1))
    begun = [f for f in facts if f.year == year and f.begun(upto)]
    return FillRate(
        planned=share(now),
        held=share(f for f in now if f.state != "cancelled"),
        last=share(last),
        cancelled=sum(f.state == "cancelled" for f in now),
        without_roll=len(begun) - len(now),
        by_category=grouped(now, lambda f: f.category),
        by_course=grouped(now, lambda f: f.course),
        wider=spread(now),
    )


def rows_of(found: FillRate) -> tuple[str, tuple[tuple[str, Share], ...]]:
    """Choose what the bars compare: categories, or courses where only one category is left."""
    if len(found.by_category) == 1 and len(found.by_course) > 1:
        return "course", found.by_course
    return "category", found.by_category


def namer(kind: str, words: Words) -> Callable[[str], str]:
    """Give the naming of rows of a kind."""
    name = labels.course if kind == "course" else labels.category
    return lambda code: name(words, code)


def finding(found: FillRate, words: Words) -> str:
    """Say what the numbers say, in one sentence."""
    kind, rows = rows_of(found)
    name = namer(kind, words)
    rated = [(name(code), s.rate) for code, s in rows if s.rate is not None]
    low = [(name(code), s.rate) for code, s in rows if s.rate is not None and found.low(s)]
    if not rated:
        return words("No class with a written roll in this selection yet")
    if len(rated) == 1:
        return words("{name}: {rate} of the planned seats were used", name=rated[0][0],
                     rate=words.percent(rated[0][1], 0))  # fmt: skip
    overall = words.percent(found.planned.rate, 0)
    if not low:
        return words("Every kind of course is about as full as all: {rate}", rate=overall)
    if len(low) <= 2:
        each = [words("{name} {rate}", name=n, rate=words.percent(r, 0)) for n, r in low]
        return words("Clearly less full: {names}; all courses {overall}",
                     names=labels.listed(words, each), overall=overall)  # fmt: skip
    return words(
        "{n} of {all} kinds of course are clearly less full than all; lowest: {name}",
        n=len(low), all=len(rated), name=low[-1][0],
    )  # fmt: skip


def subtitle(found: FillRate, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many classes."""
    return words(
        "People who came ÷ planned seats; {period}, {n} classes begun, {cancelled} of them "
        "cancelled; hatched: below all by more than chance",
        period=period, n=found.planned.classes, cancelled=found.cancelled,
    )  # fmt: skip


def figure(found: FillRate, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the rate by category as bars from zero, fullest first."""
    kind, rows = rows_of(found)
    name = namer(kind, words)
    drawn = [
        Bar(
            name(code),
            s.rate,
            words.percent(s.rate, 0),
            words("{n}/{all} seats", n=words.number(s.attended), all=words.number(s.planned)),
            low=found.low(s),
        )
        for code, s in rows
        if s.rate is not None
    ]
    rate = found.planned.rate
    mean = (rate, words("All {rate}", rate=words.percent(rate, 0))) if rate is not None else None
    figure_ = bars(drawn, theme, percent=True, reference=mean, narrow=narrow)
    return clickable(figure_, "course", [code for code, s in rows if s.rate is not None])


def sheet(found: FillRate, words: Words) -> Sheet:
    """Give the bars as a table."""
    kind, rows = rows_of(found)
    name = namer(kind, words)
    first = words("Course") if kind == "course" else words("Course category")
    columns = (
        Column(first, "name"),
        Column(words("Fill rate"), "percent"),
        Column(words("People who came"), "number"),
        Column(words("Planned seats"), "number"),
        Column(words("Classes"), "number"),
    )
    return Sheet.of(
        columns, [(name(code), s.rate, s.attended, s.planned, s.classes) for code, s in rows]
    )
