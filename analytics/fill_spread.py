"""Are many classes a little empty, or a few nearly so? Classes by how full they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.charts import Bar, Figure, bars
from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.sheet import Column, Sheet
from services.words import Words, mark

CANCELLED = mark("cancelled class")
BANDS = (  # percent; the edges of the heat map
    (50, mark("under 50%")),
    (70, mark("50 to 69%")),
    (85, mark("70 to 84%")),
    (100, mark("85 to 99%")),
    (10**6, mark("every seat")),
)


@dataclass(frozen=True, slots=True)
class FillSpread:
    """Classes that were held by band, and those that were cancelled."""

    bands: tuple[int, ...]
    cancelled: int

    @property
    def classes(self) -> int:
        """Every class that was planned."""
        return sum(self.bands) + self.cancelled


def measure(facts: Sequence[ClassFact], year: int, today: date) -> FillSpread:
    """Sort the begun classes of a year whose attendance is known into bands."""
    rows = [f for f in settled(facts, year, min(today, date(year + 1, 1, 1))) if f.planned]
    held = [100 * f.attended // f.planned for f in rows if f.state != "cancelled"]
    bands, low = [], 0
    for high, _ in BANDS:
        bands.append(sum(low <= percent < high for percent in held))
        low = high
    return FillSpread(tuple(bands), len(rows) - len(held))


def finding(found: FillSpread, words: Words) -> str:
    """Say how many classes were less than half full or cancelled."""
    if not found.classes:
        return words("No class with a written roll in this selection yet")
    return words(
        "{n} of {all} classes were less than half full, {cancelled} more cancelled",
        n=words.number(found.bands[0]), all=words.number(found.classes),
        cancelled=words.number(found.cancelled),
    )  # fmt: skip


def subtitle(found: FillSpread, words: Words, period: str) -> str:
    """Say what is counted, of when, and of how many."""
    return words(
        "Classes by people who came ÷ planned seats; {period}, {n} classes begun",
        period=period, n=words.number(found.classes),
    )  # fmt: skip


def figure(found: FillSpread, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the bands as bars, the emptiest on top."""
    drawn = [
        Bar(name, n, words.number(n), low=low and n > 0) for name, n, low in _rows(found, words)
    ]
    return bars(drawn, theme, narrow=narrow)


def _rows(found: FillSpread, words: Words) -> list[tuple[str, int, bool]]:
    bands = [
        (words(name), n, high == BANDS[0][0])
        for (high, name), n in zip(BANDS, found.bands, strict=True)
    ]
    return [(words(CANCELLED), found.cancelled, False), *bands]


def sheet(found: FillSpread, words: Words) -> Sheet:
    """Give the bands as a table."""
    columns = (Column(words("Fill rate")), Column(words("Classes"), "number"))
    rows = [row[:2] for row in _rows(found, words)]
    return Sheet.of(columns, rows if found.classes else [])
