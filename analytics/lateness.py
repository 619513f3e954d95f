"""Does each step of the class calendar come on its day? Due against done, stage by stage."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.charts import Figure, Part, stacked
from analytics.filters import Filters
from analytics.sheet import Column, Name, Sheet
from services.milestones import ORDER, TITLES
from services.words import Words, mark

PARTS = (
    Part("on_day", mark("On its day"), "confirmed"),
    Part("soon", mark("1 to 3 days late"), "waiting"),
    Part("late", mark("Over 3 days late"), "problem"),
    Part("skipped", mark("Skipped: no time left"), "closed"),
    Part("open", mark("Due, not done yet"), "reviewing"),
)
BANDS = tuple(part.code for part in PARTS)
FEWEST = 10  # steps; fewer are shown but not spoken of


@dataclass(frozen=True, slots=True)
class Lateness:
    """Steps that are due by stage, in the order of the calendar; counted as PARTS say."""

    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def due(self) -> int:
        """Every step that is due."""
        return sum(sum(counts) for _, counts in self.rows)


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[str, str, int], ...]:
    """Count the steps that are due by stage and by how late they came."""
    found: Counter[tuple[str, str]] = Counter()
    for key, n in sums(connection, filters, "lateness", now, filters.year):
        kind, band = key.split(":")
        found[kind, band] += n
    return tuple((*key, n) for key, n in sorted(found.items()))


def measure(rows: Iterable[tuple[str, str, int]]) -> Lateness:
    """Lay the counts out by stage."""
    counts = {(kind, how): n for kind, how, n in rows}
    each = [(kind.value, tuple(counts.get((kind.value, b), 0) for b in BANDS)) for kind in ORDER]
    return Lateness(tuple(row for row in each if sum(row[1])))


def finding(found: Lateness, words: Words) -> str:
    """Say which stage comes late most often."""
    spoken = [(kind, n) for kind, n in found.rows if sum(n) >= FEWEST]
    if not spoken:
        return words("Too few steps of the calendar are due to compare")
    kind, counts = max(spoken, key=lambda row: 1 - row[1][0] / sum(row[1]))
    late = sum(counts) - counts[0]
    if not late:
        return words("Every step of the calendar came on its day")
    return words(
        "{stage}: {share} did not come on the day it was due",
        stage=words(_TITLES[kind]),
        share=words.percent(late / sum(counts), 0),
    )


def subtitle(found: Lateness, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many steps."""
    return words(
        "Steps of the class calendar by how late they came, %; classes of {period}, {n} steps due",
        period=period,
        n=words.number(found.due),
    )


def figure(found: Lateness, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw one full bar per stage, in the order of the calendar."""
    names = [words(_TITLES[kind]) for kind, _ in found.rows]
    return stacked(names, PARTS, [n for _, n in found.rows], words, theme, narrow=narrow)


def sheet(found: Lateness, words: Words) -> Sheet:
    """Give the bars as a table of steps."""
    columns = [Column(words("Stage"), "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    rows = [(Name(words(_TITLES[kind]), kind), *counts) for kind, counts in found.rows]
    return Sheet.of(columns, rows)


_TITLES = {kind.value: title for kind, title in TITLES.items()}
