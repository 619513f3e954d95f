"""How many people want each course, and how many of them may attend it?

Who did not qualify is kept and shown apart: wanting a course is no right to a seat in it.
"""

from analytics import labels
from analytics.charts import Figure, Part, clickable, stacked
from analytics.demand import Demand
from analytics.demand_facts import CourseDemand
from analytics.sheet import Column, Sheet
from services.words import Words, mark

SHOWN = 10
PARTS = (
    Part("qualified", mark("Qualified"), "confirmed"),
    Part("pending", mark("Still under review"), "reviewing"),
    Part("not_qualified", mark("Not qualified, or left before"), "problem"),
)


def split(row: CourseDemand) -> tuple[int, int, int]:
    """Part the persons of a course as PARTS say."""
    return row.qualified, row.pending, row.persons - row.qualified - row.pending


def most(found: Demand) -> list[CourseDemand]:
    """Give the courses that anybody wants, most persons first."""
    rows = [row for row in found.courses if row.persons]
    return sorted(rows, key=lambda row: (-row.persons, row.course))


class _Eyes:
    def finding(self, found: Demand, words: Words) -> str:
        """Say which course most people want, and how many of them may attend."""
        rows = most(found)
        if not rows:
            return words("Nobody has registered in this selection yet")
        top = rows[0]
        return words(
            "{name} is wanted most: {n} persons and courses, {share} of them qualified",
            name=labels.course(words, top.course), n=words.number(top.persons),
            share=words.percent(top.qualified / top.persons, 0),
        )  # fmt: skip

    def subtitle(self, found: Demand, words: Words, period: str) -> str:
        """Say what is counted, of when, and of how many courses."""
        rows = most(found)
        return words(
            "Persons and courses, by whether they qualified; total and share qualified at the end; "
            "{period}, the {n} most wanted of {all} courses",
            period=period, n=min(SHOWN, len(rows)), all=len(rows),
        )  # fmt: skip

    def figure(self, found: Demand, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the courses most people want, each as one bar of its parts."""
        rows = most(found)[:SHOWN]
        names = [labels.course(words, row.course) for row in rows]
        counts = [split(row) for row in rows]
        ends = [
            f"{words.number(r.persons)} · {words.percent(r.qualified / r.persons, 0)}" for r in rows
        ]
        figure_ = stacked(
            names, PARTS, counts, words, theme, hundred=False, narrow=narrow, ends=ends
        )
        return clickable(figure_, "course", [row.course for row in rows])

    def sheet(self, found: Demand, words: Words) -> Sheet:
        """Give every course as a table."""
        columns = [Column(words("Course"), "name"), Column(words("Persons and courses"), "number")]
        columns += [Column(words(part.name), "number") for part in PARTS]
        rows = [(labels.course(words, r.course), r.persons, *split(r)) for r in most(found)]
        return Sheet.of(columns, rows)


EYES = _Eyes()
