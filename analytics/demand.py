"""How many people want each course, and are there seats for them?

The unit of demand is one person and one course in one plan year, however often the person
registered. Who waits is demand, not only who got a seat; seats held are never taken for demand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from analytics import labels
from analytics.charts import Bar, Figure, bars, clickable
from analytics.demand_facts import CourseDemand, add
from analytics.limits import Z95
from analytics.sheet import Column, Sheet
from services.words import Words

SHOWN = 12  # courses in the figure; the table has them all
FEW = 5  # persons; a smaller course says nothing about pressure


@dataclass(frozen=True, slots=True)
class Demand:
    """The answer for a selection, with last year's."""

    courses: tuple[CourseDemand, ...]  # this year, highest pressure first
    last: tuple[CourseDemand, ...]
    carried: int  # without a seat last year and registered again
    unseated_last: int

    @property
    def total(self) -> CourseDemand:
        """All courses together."""
        return add(self.courses)

    @property
    def total_last(self) -> CourseDemand:
        """All courses of last year together."""
        return add(self.last)


def measure(rows: Sequence[CourseDemand], carried: tuple[int, int], year: int) -> Demand:
    """Order the courses by pressure, those without any seat first; too small ones stand last."""
    now = [row for row in rows if row.year == year and (row.persons or row.seats)]
    now.sort(key=lambda row: (row.persons < FEW, -_tight(row), -row.qualified, row.course))
    last = tuple(row for row in rows if row.year == year - 1)
    return Demand(tuple(now), last, *carried)


def _tight(row: CourseDemand) -> float:
    """Give the pressure; without a seat nothing is tighter, if anybody qualified."""
    if row.pressure is None:
        return inf if row.qualified else 0.0
    return row.pressure


def ranked(found: Demand) -> list[CourseDemand]:
    """Give the courses the figure shows."""
    return [row for row in found.courses if (row.seats or row.qualified) and row.persons >= FEW]


def tight(found: Demand, row: CourseDemand) -> bool:
    """Tell whether a course has more people than seats, and more than chance above all courses."""
    overall = found.total.pressure or 0.0
    expected = overall * row.seats
    return _tight(row) > 1 and row.qualified - expected > Z95 * sqrt(expected)


def finding(found: Demand, words: Words) -> str:
    """Say where people outnumber seats."""
    rows = ranked(found)
    over = [row for row in rows if _tight(row) > 1]
    if not rows:
        return words("Nobody has registered in this selection yet")
    if not over:
        return words("Every course has a seat for each qualified person")
    top = over[0]
    name = labels.course(words, top.course)
    if top.pressure is None:
        return words(
            "{n} of {all} courses have more people than seats; {name} has no seats",
            n=len(over), all=len(rows), name=name,
        )  # fmt: skip
    return words(
        "{n} of {all} courses have more people than seats; {name} leads with {ratio}",
        n=len(over), all=len(rows), name=name, ratio=f"{top.pressure:.2f}",
    )  # fmt: skip


def subtitle(found: Demand, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many courses."""
    return words(
        "Qualified persons and courses for each seat offered; {period}, the {n} tightest of {all} "
        "courses; hatched: above all by more than chance",
        period=period, n=min(SHOWN, len(ranked(found))), all=len(ranked(found)),
    )  # fmt: skip


def figure(found: Demand, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw qualified persons for each seat, the tightest course first."""
    drawn = [
        Bar(
            labels.course(words, row.course),
            row.pressure or 0,
            words("no seats") if row.pressure is None else f"{row.pressure:.2f}",
            words("{n}/{all} seats", n=words.number(row.qualified), all=words.number(row.seats)),
            low=tight(found, row),
        )
        for row in ranked(found)[:SHOWN]
    ]
    figure_ = bars(drawn, theme, reference=(1.0, words("One for each seat")), narrow=narrow)
    return clickable(figure_, "course", [row.course for row in ranked(found)[:SHOWN]])


def sheet(found: Demand, words: Words) -> Sheet:
    """Give every course as a table."""
    columns = (
        Column(words("Course"), "name"),
        Column(words("For each seat"), "ratio"),
        Column(words("Persons and courses"), "number"),
        Column(words("Qualified"), "number"),
        Column(words("In review"), "number"),
        Column(words("Seats offered"), "number"),
        Column(words("Without a seat"), "number"),
        Column(words("Free funded seats ahead, in any class"), "number"),
        Column(words("True demand")),
    )
    true = {True: words("at least this"), False: words("as registered")}
    rows = [
        (labels.course(words, r.course), r.pressure, r.persons, r.qualified, r.pending, r.seats,
         r.unmet, r.free, true[r.lower_bound])
        for r in found.courses
    ]  # fmt: skip
    return Sheet.of(columns, rows)
