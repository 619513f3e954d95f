"""How far do people get, and where are most of them lost?

One person and course counts once, at the furthest step ever reached in the chosen classes, by the
times of the steps. Who is still on the way is hatched and in no share: a young class would look
like a leak.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters
from analytics.person_courses import count
from analytics.sheet import Column, Sheet
from services.tally.units import REFUSED_BY_RECORDS, REFUSED_BY_REVIEW
from services.words import Words, mark

Row = tuple[int, bool, bool, int]  # furthest step, still on the way, refused, how many

STEPS = (
    mark("Registered"),
    mark("Qualified"),
    mark("Got a seat"),
    mark("Said yes"),
    mark("Came"),
    mark("Completed"),
)
REFUSED = frozenset({REFUSED_BY_RECORDS, REFUSED_BY_REVIEW})
WHY = (  # what became of those who did not come to a step
    mark("{refused} not qualified, {left} left undecided"),
    mark("waited in vain, left, or class cancelled"),
    mark("no, no answer, or class cancelled"),
    mark("cancelled late, absent, or class cancelled"),
    mark("not passed"),
)
OPEN, APART = mark("Still on the way"), mark("not in the shares")
ROOM, ROOM_PHONE = 2.4, 2.2  # of the longest bar, for it and what is written beside it


@dataclass(frozen=True, slots=True)
class Funnel:
    """Person-courses that reached each step, those still on the way, those who were refused."""

    reached: tuple[int, ...]
    open: int
    refused: int = 0

    def lost(self, step: int) -> int:
        """Count who came to the step before and not to this one."""
        return self.reached[step - 1] - self.reached[step]

    def why(self, step: int, words: Words) -> str:
        """Say what became of them; how many were refused is kept, the rest is not told apart."""
        left = self.lost(step) - self.refused
        return words(WHY[step - 1], refused=words.number(self.refused), left=words.number(left))

    @property
    def leak(self) -> int | None:
        """The step before which most are lost; None where nobody is."""
        worst = max(range(1, len(self.reached)), key=self.lost)
        return worst if self.lost(worst) else None


def extract(connection: Connection, filters: Filters) -> tuple[Row, ...]:
    """Count person-courses by furthest step, by whether they are on the way, or were refused."""
    found: Counter[tuple[int, bool, bool]] = Counter()
    for row in count(connection, filters, filters.year):
        if row.unit.member:
            refused = row.unit.step == 0 and row.unit.outcome in REFUSED
            found[row.unit.step, row.unit.still, refused] += row.n
    return tuple((*key, n) for key, n in sorted(found.items()))


def measure(rows: Iterable[Row]) -> Funnel:
    """Count everybody at every step passed on the way."""
    found = list(rows)
    over = [(step, refused, n) for step, still, refused, n in found if not still]
    reached = tuple(sum(n for step, _, n in over if step >= at) for at in range(len(STEPS)))
    on_the_way = sum(n for _, still, _, n in found if still)
    return Funnel(reached, on_the_way, sum(n for _, refused, n in over if refused))


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
        n=words.number(found.lost(leak)),
        all=words.number(found.reached[leak - 1]),
    )


def subtitle(found: Funnel, words: Words, period: str) -> str:
    """Say what is measured, of when, and who is left out."""
    return words(
        "Persons and courses by the furthest step, share of the step before, and what became of "
        "the others; classes of {period}; orange: most are lost; grey, in no share: {n} still on "
        "the way",
        period=period, n=words.number(found.open),
    )  # fmt: skip


def figure(found: Funnel, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the steps as bars from zero, each with its share of the step before."""
    drawn = [
        Bar(
            words(STEPS[n]),
            count,
            _said(found, n, words, narrow),
            words("−{n}: {why}", n=words.number(found.lost(n)), why=found.why(n, words))
            if n and found.lost(n)
            else "",
            low=n == found.leak,
        )
        for n, count in enumerate(found.reached)
    ]
    if found.open:
        on = words.number(found.open)
        drawn.append(Bar(words(OPEN), found.open, on, words(APART), open=True))
    return bars(drawn, theme, narrow=narrow, room=ROOM_PHONE if narrow else ROOM)


def _said(found: Funnel, n: int, words: Words, narrow: bool) -> str:
    """Write a step's number with its share of the step before; on a phone how many were lost."""
    count = words.number(found.reached[n])
    if not n:
        return count
    said = f"{count} ({words.percent(_kept(found, n), 0)})"
    return f"{said} −{words.number(found.lost(n))}" if narrow and found.lost(n) else said


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
        Column(words("Lost before it"), "number"),
        Column(words("What became of them")),
    )
    everybody = found.reached[0]
    rows: list[tuple[Any, ...]] = [
        (
            words(STEPS[n]),
            count,
            _kept(found, n) if n else None,
            count / everybody,
            found.lost(n) if n else None,
            found.why(n, words) if n and found.lost(n) else "–",
        )
        for n, count in enumerate(found.reached)
        if everybody
    ]
    if found.open:
        rows.append((words(OPEN), found.open, None, None, None, words(APART)))
    return Sheet.of(columns, rows)
