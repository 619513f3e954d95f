"""Where is the true shortage? People without a seat beside free funded seats of the course."""

from dataclasses import dataclass

from analytics import labels
from analytics.charts import Figure, Part, clickable, stacked
from analytics.demand import Demand
from analytics.demand_facts import CourseDemand
from analytics.sheet import Column, Sheet
from services.words import Words, mark

SHOWN = 8
PARTS = (
    Part("elsewhere", mark("A funded seat is free in another class"), "waiting"),
    Part("short", mark("No funded seat anywhere"), "alarm"),
)


@dataclass(frozen=True, slots=True)
class Unmet:
    """Courses with people left without a seat, most first.

    A row: course, people with a seat elsewhere, people without any, classes that these would fill.
    """

    rows: tuple[tuple[str, int, int, int | None], ...]

    @property
    def elsewhere(self) -> int:
        """People for whom a funded seat is free in another class of the course."""
        return sum(row[1] for row in self.rows)

    @property
    def short(self) -> int:
        """People for whom there is no funded seat at all."""
        return sum(row[2] for row in self.rows)

    @property
    def classes(self) -> int:
        """Classes of the usual size that are missing."""
        return sum(row[3] or 0 for row in self.rows)


def measure(found: Demand) -> Unmet:
    """Split each course's unmet persons by the free funded seats of its classes ahead."""
    rows = [_split(row) for row in found.courses if row.unmet]
    return Unmet(tuple(sorted(rows, key=lambda row: (-(row[1] + row[2]), row[0]))))


def _split(row: CourseDemand) -> tuple[str, int, int, int | None]:
    """Split; a class is missing where half of its seats would be taken. None: no class, no size."""
    elsewhere = min(row.unmet, row.free)
    short = row.unmet - elsewhere
    return (
        row.course,
        elsewhere,
        short,
        ((2 * short * row.classes + row.seats) // (2 * row.seats) if row.seats else None),
    )


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
    if not found.classes:
        return words(
            "For {n} of {all} persons and courses without a seat no class has room",
            n=words.number(found.short), all=words.number(total),
        )  # fmt: skip
    most = max(found.rows, key=lambda row: row[3] or 0)
    return words.many(
        "About {n} more class would be needed, of {name}",
        "About {n} more classes would be needed, most of {name}: {most}",
        found.classes, name=labels.course(words, most[0]), most=most[3],
    )  # fmt: skip


def subtitle(found: Unmet, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many courses."""
    return words(
        "Qualified persons and courses that want a seat and hold none; {period}, the {n} courses "
        "with most; classes of the course's usual size",
        period=period, n=min(SHOWN, len(found.rows)),
    )  # fmt: skip


def figure(found: Unmet, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the courses with most people without a seat."""
    rows = found.rows[:SHOWN]
    names = [labels.course(words, row[0]) for row in rows]
    counts = [row[1:3] for row in rows]
    figure_ = stacked(names, PARTS, counts, words, theme, hundred=False, narrow=narrow)
    return clickable(figure_, "course", [row[0] for row in rows])


def sheet(found: Unmet, words: Words) -> Sheet:
    """Give every course as a table."""
    columns = [Column(words("Course"), "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    columns.append(Column(words("More classes needed, about"), "number"))
    rows = [(labels.course(words, code), *counts) for code, *counts in found.rows]
    return Sheet.of(columns, rows)
