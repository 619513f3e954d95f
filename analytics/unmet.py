"""Where is the true shortage? People without a seat beside the free seats of the same course."""

from dataclasses import dataclass

from analytics import labels
from analytics.charts import Figure, Part, clickable, stacked
from analytics.demand import Demand
from analytics.demand_facts import CourseDemand
from analytics.sheet import Column, Sheet
from services.words import Words, mark

SHOWN = 8
PARTS = (
    Part("elsewhere", mark("A seat is free in another class"), "waiting"),
    Part("short", mark("No seat anywhere"), "alarm"),
)


@dataclass(frozen=True, slots=True)
class Unmet:
    """Courses with people left without a seat, most first: (course, seat elsewhere, none)."""

    rows: tuple[tuple[str, int, int], ...]

    @property
    def elsewhere(self) -> int:
        """People for whom a seat is free in another class of the course."""
        return sum(row[1] for row in self.rows)

    @property
    def short(self) -> int:
        """People for whom there is no seat at all."""
        return sum(row[2] for row in self.rows)


def measure(found: Demand) -> Unmet:
    """Split each course's unmet persons by the free seats of its classes that have not begun."""
    rows = [_split(row) for row in found.courses if row.unmet]
    return Unmet(tuple(sorted(rows, key=lambda row: (-(row[1] + row[2]), row[0]))))


def _split(row: CourseDemand) -> tuple[str, int, int]:
    elsewhere = min(row.unmet, row.free)
    return row.course, elsewhere, row.unmet - elsewhere


def finding(found: Unmet, words: Words) -> str:
    """Say whether seats are missing or only in the wrong place."""
    total = found.elsewhere + found.short
    if not total:
        return words("Everybody who qualified and still wants a seat has one")
    if found.elsewhere * 2 >= total:
        return words(
            "{n} of {all} persons and courses without a seat could move to another class",
            n=words.number(found.elsewhere), all=words.number(total),
        )  # fmt: skip
    return words(
        "For {n} of {all} persons and courses without a seat no class has room",
        n=words.number(found.short), all=words.number(total),
    )  # fmt: skip


def subtitle(found: Unmet, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many courses."""
    return words(
        "Qualified persons and courses that want a seat and hold none; {period}, the {n} courses "
        "with most",
        period=period, n=min(SHOWN, len(found.rows)),
    )  # fmt: skip


def figure(found: Unmet, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the courses with most people without a seat."""
    rows = found.rows[:SHOWN]
    names = [labels.course(words, row[0]) for row in rows]
    counts = [row[1:] for row in rows]
    figure_ = stacked(names, PARTS, counts, words, theme, hundred=False, narrow=narrow)
    return clickable(figure_, "course", [row[0] for row in rows])


def sheet(found: Unmet, words: Words) -> Sheet:
    """Give every course as a table."""
    columns = [Column(words("Course"), "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    rows = [(labels.course(words, code), a, b) for code, a, b in found.rows]
    return Sheet.of(columns, rows)
