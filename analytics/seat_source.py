"""Does promotion work? How the people who came had got their seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from analytics.charts import Part, stacked
from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.sheet import Column, Sheet
from services.words import Words, mark

PARTS = (
    Part("register", mark("At registration"), "confirmed"),
    Part("backfill", mark("Someone cancelled"), "admitted"),
    Part("promotion", mark("Promoted, 3 weeks before"), "waiting"),
    Part("own_cost", mark("Self-funded"), "selffunded"),
    Part("empty", mark("Empty seats"), "free"),
)


@dataclass(frozen=True, slots=True)
class SeatSource:
    """People who came, by how they got the seat, and the seats that stayed empty."""

    institutions: tuple[tuple[str, str], ...]  # short names, Chinese and English
    counts: tuple[tuple[int, ...], ...]  # in the order of PARTS

    @property
    def total(self) -> tuple[int, ...]:
        """All institutions together."""
        return tuple(sum(column) for column in zip(*self.counts, strict=True))


def measure(facts: Sequence[ClassFact], year: int, today: date) -> SeatSource:
    """Measure by institution; seats above the plan are never negative emptiness."""
    rows = settled(facts, year, min(today, date(year + 1, 1, 1)))
    places = sorted({(f.institution, f.short_zh, f.short_en) for f in rows})
    counts = []
    for code, _, _ in places:
        own = [f for f in rows if f.institution == code]
        came = (
            sum(f.by_register for f in own),
            sum(f.by_backfill for f in own),
            sum(f.by_promotion for f in own),
            sum(f.by_own_cost for f in own),
        )
        counts.append((*came, max(0, sum(f.planned for f in own) - sum(came))))
    return SeatSource(tuple((zh, en) for _, zh, en in places), tuple(counts))


def finding(found: SeatSource, words: Words) -> str:
    """Say which share of the used seats came by the queue."""
    used = sum(found.total[:4]) if found.counts else 0
    if not used:
        return words("No class with a written roll in this selection yet")
    moved = found.total[1] + found.total[2]
    if moved == 0:
        return words("Nobody came through the waiting list")
    each = round(used / moved)
    if each < 2:
        return words("{share} of the used seats were filled from the waiting list",
                     share=words.percent(moved / used, 0))  # fmt: skip
    return words("About 1 used seat in {n} was filled from the waiting list", n=each)


def subtitle(found: SeatSource, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many seats."""
    return words(
        "How the people who came had got their seats, % of planned seats; {period}, {n} seats",
        period=period, n=words.number(sum(found.total)),
    )  # fmt: skip


def figure(found: SeatSource, words: Words, theme: str, narrow: bool = False) -> go.Figure:
    """Draw one full bar per institution."""
    names = [zh if words.zh else en for zh, en in found.institutions]
    return stacked(names, PARTS, found.counts, words, theme, narrow=narrow)


def sheet(found: SeatSource, words: Words) -> Sheet:
    """Give the bars as a table of people and seats."""
    columns = [Column(words("Institution"))]
    columns += [Column(words(part.name), "number") for part in PARTS]
    names = [zh if words.zh else en for zh, en in found.institutions]
    return Sheet.of(columns, [(n, *row) for n, row in zip(names, found.counts, strict=True)])
