"""Does promotion work? How the people who came had got their seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.charts import Figure, Part, clickable, stacked
from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.grouping import Groups, groups
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

    rows: Groups
    counts: tuple[tuple[int, ...], ...]  # in the order of PARTS

    @property
    def total(self) -> tuple[int, ...]:
        """All groups together."""
        return tuple(sum(column) for column in zip(*self.counts, strict=True))


def measure(facts: Sequence[ClassFact], year: int, today: date) -> SeatSource:
    """Measure by group; people above the plan never leave a negative emptiness."""
    rows = settled(facts, year, min(today, date(year + 1, 1, 1)))
    found = groups(rows)
    counts = []
    for own in found.parts(rows):
        came = (
            sum(f.by_register for f in own),
            sum(f.by_backfill for f in own),
            sum(f.by_promotion for f in own),
            sum(f.by_own_cost for f in own),
        )
        counts.append((*came, max(0, sum(f.planned for f in own) - sum(came))))
    return SeatSource(found, tuple(counts))


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


def figure(found: SeatSource, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw one full bar per group."""
    names = [found.rows.name(words, n) for n in range(len(found.counts))]
    figure_ = stacked(names, PARTS, found.counts, words, theme, narrow=narrow)
    return clickable(figure_, found.rows.filter, [key for key, _, _ in found.rows.names])


def sheet(found: SeatSource, words: Words) -> Sheet:
    """Give the bars as a table of people and seats."""
    columns = [Column(found.rows.heading(words), "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    rows = [(found.rows.name(words, n), *row) for n, row in enumerate(found.counts)]
    return Sheet.of(columns, rows)
