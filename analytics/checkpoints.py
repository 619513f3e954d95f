"""How do classes fill up between the answers to the confirmation call and the first day?

Counted from milestone timestamps, so who was confirmed three weeks before stays so; the seats are
the most the class had since its confirmation call, when nobody has confirmed yet.
Only classes past all checkpoints count: a class still on its way would pull the line down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.charts import Figure
from analytics.class_facts import ClassFact
from analytics.fill_rate import same_day
from analytics.line_chart import Line, lines
from analytics.sheet import Column, Sheet
from services.words import Words, mark

POINTS = (
    mark("3 weeks"),
    mark("2 weeks"),
    mark("Freeze"),
    mark("First day"),
)
FEWEST = 5  # classes; fewer say nothing


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Confirmed people over planned seats at each checkpoint, this year and last."""

    year: int
    now: tuple[float, ...]
    last: tuple[float, ...]
    classes: int


def measure(facts: Sequence[ClassFact], year: int, today: date) -> Checkpoints:
    """Measure the confirmed fill of the classes that have begun."""
    upto = min(today, date(year + 1, 1, 1))
    now = _begun(facts, year, upto)
    last = _begun(facts, year - 1, same_day(upto, upto.year - 1))
    return Checkpoints(year, _rates(now), _rates(last), len(now))


def _begun(facts: Sequence[ClassFact], year: int, upto: date) -> list[ClassFact]:
    return [f for f in facts if f.year == year and f.begun(upto)]


def _rates(facts: Sequence[ClassFact]) -> tuple[float, ...]:
    planned = sum(f.planned for f in facts)
    if not planned or len(facts) < FEWEST:
        return ()
    counts = (
        sum(f.at_promotion for f in facts),
        sum(f.at_offer for f in facts),
        sum(f.at_freeze for f in facts),
        sum(f.at_start for f in facts),
    )
    return tuple(count / planned for count in counts)


def finding(found: Checkpoints, words: Words) -> str:
    """Say where the seats were filled."""
    if not found.now:
        return words("Too few classes have begun to show how they fill up")
    steps = [b - a for a, b in zip(found.now, found.now[1:], strict=False)]
    best = max(range(len(steps)), key=steps.__getitem__)
    gained = round(steps[best] * 100)
    end = words.percent(found.now[-1], 0)
    if gained < 1:
        return words("Classes start {end} confirmed, as they were three weeks before", end=end)
    return words(
        "{gained} points come between {a} and {b}; classes start {end} confirmed",
        gained=gained, a=words(POINTS[best]), b=words(POINTS[best + 1]), end=end,
    )  # fmt: skip


def subtitle(found: Checkpoints, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many classes."""
    return words(
        "People confirmed ÷ planned seats before the first day; {period}, {n} classes begun, with "
        "or without a roll",
        period=period, n=found.classes,
    )  # fmt: skip


def figure(found: Checkpoints, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw this year's line with last year's beside it."""
    drawn = [Line(_label(words, found.year, found.now), found.now, main=True)]
    if found.last:
        drawn.insert(0, Line(_label(words, found.year - 1, found.last), found.last))
    points = [words(p) for p in POINTS]
    drawn = [line for line in drawn if line.values]
    return lines(points, drawn, theme, percent=True, narrow=narrow)


def _label(words: Words, year: int, rates: Sequence[float]) -> str:
    return f"{words.year(year)} {words.percent(rates[-1], 0)}" if rates else ""


def sheet(found: Checkpoints, words: Words) -> Sheet:
    """Give the lines as a table."""
    columns = (
        Column(words("Checkpoint")),
        Column(words.year(found.year), "percent"),
        Column(words.year(found.year - 1), "percent"),
    )
    rows = [(words(point), _at(found.now, n), _at(found.last, n)) for n, point in enumerate(POINTS)]
    return Sheet.of(columns, rows)


def _at(rates: Sequence[float], n: int) -> float | None:
    return rates[n] if rates else None
