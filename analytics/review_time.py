"""How long do people wait for a review, at each institution too?

The median is Kaplan-Meier's: who still waits counts as having waited at least so long. A mean of
the decided alone would look better the more cases are left lying.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters
from analytics.number import Counted
from analytics.sheet import Column, Name, Sheet
from services.tally.kinds import QUARTER
from services.words import Words

STANDARD = 7  # elapsed days: the plan's five working days and a weekend
Waits = Sequence[tuple[int, bool, int]]  # quarter days, decided, cases


@dataclass(frozen=True, slots=True)
class ReviewTime:
    """Median days by institution (code and names), most cases first; decided, waiting."""

    median: float | None
    decided: int
    waiting: int
    rows: tuple[tuple[str, str, str, float | None, int, int], ...]
    in_time: Counted  # decided within STANDARD; of all decided or beyond it


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[str, str, str, int, bool, int], ...]:
    """Count review cases by institution and waiting time in quarter days."""
    found: Counter[tuple[str, str, str, int, bool]] = Counter()
    names = ("institution", "zh", "en")
    for code, zh, en, key, n in sums(connection, filters, "reviews", now, filters.year, by=names):
        done, quarter = key.split(":")
        found[code, zh, en, int(quarter), done == "decided"] += n
    return tuple((*key, n) for key, n in sorted(found.items()))


def median(waits: Waits) -> float | None:
    """Give the Kaplan-Meier median in days; None while fewer than half are decided."""
    at_risk = sum(n for _, _, n in waits)
    surviving = 1.0
    for quarter in sorted({q for q, _, _ in waits}):
        events = sum(n for q, done, n in waits if q == quarter and done)
        gone = sum(n for q, _, n in waits if q == quarter)
        if at_risk and events:
            surviving *= 1 - events / at_risk
            if surviving <= 0.5 + 1e-9:  # a half made of thirds
                return quarter * QUARTER / 86_400
        at_risk -= gone
    return None


def measure(rows: Iterable[tuple[str, str, str, int, bool, int]]) -> ReviewTime:
    """Measure all institutions together and each."""
    found = list(rows)
    places = sorted({row[:3] for row in found})
    each = []
    for place in places:
        own = [row[3:] for row in found if row[:3] == place]
        each.append((*place, median(own), *_sums(own)))
    each.sort(key=lambda row: (-row[4] - row[5], row[0]))  # no ranking
    everything = [row[3:] for row in found]
    return ReviewTime(median(everything), *_sums(everything), tuple(each), _in_time(everything))


def _in_time(waits: Waits) -> Counted:
    """Count the decided within the days promised, and all whose time is up."""
    promised = STANDARD * 86_400 // QUARTER
    soon = sum(n for quarter, done, n in waits if done and quarter < promised)
    return soon, sum(n for quarter, done, n in waits if done or quarter >= promised)


def _sums(waits: Waits) -> tuple[int, int]:
    decided = sum(n for _, done, n in waits if done)
    return decided, sum(n for _, _, n in waits) - decided


def finding(found: ReviewTime, words: Words) -> str:
    """Say how long half of the people wait; no institution is named for what may be chance."""
    if found.median is None:
        return words("Too few reviews have been decided to give a time")
    return words("Half of the reviews are decided within {days} days", days=f"{found.median:.1f}")


def subtitle(found: ReviewTime, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many reviews."""
    return words(
        "Days until half of the reviews are decided, elapsed; classes of {period}, {n} reviews, "
        "{waiting} of them ended or wait without a decision",
        period=period, n=words.number(found.decided + found.waiting),
        waiting=words.number(found.waiting),
    )  # fmt: skip


def figure(found: ReviewTime, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the median days by institution with the plan's standard."""
    drawn = [
        Bar(
            zh if words.zh else en,
            days,
            words("{n} days", n=f"{days:.1f}"),
            words.many("{n} case", "{n} cases", decided + waiting),
        )
        for _, zh, en, days, decided, waiting in found.rows
        if days is not None
    ]
    standard = (float(STANDARD), words("Standard, about {n} days", n=STANDARD))
    return bars(drawn, theme, reference=standard, narrow=narrow)


def sheet(found: ReviewTime, words: Words) -> Sheet:
    """Give the institutions as a table."""
    columns = (
        Column(words("Institution"), "name"),
        Column(words("Median days"), "days"),
        Column(words("Decided"), "number"),
        Column(words("Not decided"), "number"),
    )
    rows = [(Name(zh if words.zh else en, code), *rest) for code, zh, en, *rest in found.rows]
    return Sheet.of(columns, rows)
