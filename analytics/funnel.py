"""How far do people get, and where are most of them lost?

One person and course counts once, at the furthest step ever reached in the chosen classes, by the
times of the steps. Who is still on the way is left out: a young class would look like a leak.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters
from analytics.person_courses import count
from analytics.sheet import Column, Sheet
from services.words import Words, mark

STEPS = (
    mark("Registered"),
    mark("Qualified"),
    mark("Got a seat"),
    mark("Said yes"),
    mark("Came"),
    mark("Completed"),
)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Person-courses that reached each step, and those still on the way."""

    reached: tuple[int, ...]
    open: int

    @property
    def leak(self) -> int | None:
        """The step before which most are lost; None where nobody is."""
        lost = [a - b for a, b in zip(self.reached, self.reached[1:], strict=False)]
        worst = max(range(len(lost)), key=lost.__getitem__)
        return worst + 1 if lost[worst] else None


def extract(connection: Connection, filters: Filters) -> tuple[tuple[int, bool, int], ...]:
    """Count person-courses by furthest step and by whether they are still on the way."""
    found: Counter[tuple[int, bool]] = Counter()
    for row in count(connection, filters, filters.year):
        if row.unit.member:
            found[row.unit.step, row.unit.still] += row.n
    return tuple((step, still, n) for (step, still), n in sorted(found.items()))


def measure(rows: Iterable[tuple[int, bool, int]]) -> Funnel:
    """Count everybody at every step passed on the way."""
    found = list(rows)
    reached = tuple(
        sum(n for step, still, n in found if not still and step >= at) for at in range(len(STEPS))
    )
    return Funnel(reached, sum(n for _, still, n in found if still))


def finding(found: Funnel, words: Words) -> str:
    """Name the step before which most are lost."""
    if not found.reached[0]:
        return words("Nobody has come to an end in this selection yet")
    leak = found.leak
    if leak is None:
        return words("Everybody who registered completed the course")
    return words(
        "Most are lost between {a} and {b}: {n} of {all}",
        a=words(STEPS[leak - 1]),
        b=words(STEPS[leak]),
        n=words.number(found.reached[leak - 1] - found.reached[leak]),
        all=words.number(found.reached[leak - 1]),
    )


def subtitle(found: Funnel, words: Words, period: str) -> str:
    """Say what is measured, of when, and who is left out."""
    return words(
        "Persons and courses by the furthest step; classes of {period}, {n} still on the way are "
        "left out",
        period=period, n=words.number(found.open),
    )  # fmt: skip


def figure(found: Funnel, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the steps as bars from zero, each with its share of the step before."""
    drawn = [
        Bar(
            words(STEPS[n]),
            count,
            _said(found, n, words, narrow),
            words("{share} of the step before", share=words.percent(_kept(found, n), 0))
            if n
            else "",
            low=n == found.leak,
        )
        for n, count in enumerate(found.reached)
    ]
    return bars(drawn, theme, narrow=narrow)


def _said(found: Funnel, n: int, words: Words, narrow: bool) -> str:
    """Write a step's number; on a phone, where the words beside it are left out, with its share."""
    count = words.number(found.reached[n])
    return f"{count} ({words.percent(_kept(found, n), 0)})" if n and narrow else count


def _kept(found: Funnel, n: int) -> float | None:
    before = found.reached[n - 1]
    return found.reached[n] / before if before else None


def sheet(found: Funnel, words: Words) -> Sheet:
    """Give the steps as a table."""
    columns = (
        Column(words("Step")),
        Column(words("Persons and courses"), "number"),
        Column(words("Of the step before"), "percent"),
        Column(words("Of all who registered"), "percent"),
    )
    everybody = found.reached[0]
    rows = [
        (words(STEPS[n]), count, _kept(found, n) if n else None, count / everybody)
        for n, count in enumerate(found.reached)
        if everybody
    ]
    return Sheet.of(columns, rows)
