"""How long do people wait for a review, at each institution too?

The times are Kaplan-Meier's: who still waits counts as having waited at least so long. A mean of
the decided alone would look better the more cases are left lying.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.charts import Bar, Figure, bars, clickable
from analytics.filters import Filters
from analytics.number import Counted
from analytics.sheet import Column, Name, Sheet
from services.tally.kinds import QUARTER
from services.words import Words

STANDARD = 7  # elapsed days: the plan's five working days and a weekend
MOST = 0.9  # of the reviews: the time that all but a tenth take
Waits = Sequence[tuple[int, str, int]]  # quarter days, fate, cases
Row = tuple[int, str, str, str, int, str, int]  # year, institution's code and names, a wait
Place = tuple[str, str, str, float | None, float | None, int, int]


@dataclass(frozen=True, slots=True)
class ReviewTime:
    """Days until half and until MOST are decided, of all and by institution, most cases first.

    A place: code, names, the two times, decided, not decided.
    """

    median: float | None
    late: float | None
    last: float | None  # the median of the year before, all of it
    decided: int
    waiting: int  # ended without a decision, or wait for one
    rows: tuple[Place, ...]
    in_time: Counted  # decided within STANDARD; of all decided or beyond it
    open: tuple[tuple[int, int], ...]  # who waits for a decision now: quarter days, cases


def extract(connection: Connection, filters: Filters, now: datetime) -> tuple[Row, ...]:
    """Count review cases by plan year, institution and waiting time in quarter days."""
    found: Counter[tuple[int, str, str, str, int, str]] = Counter()
    by, years = ("year", "institution", "zh", "en"), (filters.year, filters.year - 1)
    for year, code, zh, en, key, n in sums(connection, filters, "reviews", now, *years, by=by):
        fate, quarter = key.split(":")
        found[year, code, zh, en, int(quarter), fate] += n
    return tuple((*key, n) for key, n in sorted(found.items()))


def within(waits: Waits, part: float = 0.5) -> float | None:
    """Give the Kaplan-Meier days within which a part is decided; None while less is."""
    at_risk = sum(n for _, _, n in waits)
    surviving = 1.0
    for quarter in sorted({q for q, _, _ in waits}):
        events = sum(n for q, fate, n in waits if q == quarter and fate == "decided")
        gone = sum(n for q, _, n in waits if q == quarter)
        if at_risk and events:
            surviving *= 1 - events / at_risk
            if surviving <= 1 - part + 1e-9:  # a half made of thirds
                return quarter * QUARTER / 86_400
        at_risk -= gone
    return None


def measure(rows: Iterable[Row], year: int) -> ReviewTime:
    """Measure all institutions together and each."""
    every = list(rows)
    found = [row[1:] for row in every if row[0] == year]
    last = [row[4:] for row in every if row[0] == year - 1]
    each = list[Place]()
    for place in sorted({row[:3] for row in found}):
        own = [row[3:] for row in found if row[:3] == place]
        each.append((*place, within(own), within(own, MOST), *_sums(own)))
    each.sort(key=lambda row: (-row[5] - row[6], row[0]))  # no ranking
    waits = [row[3:] for row in found]
    open_: Counter[int] = Counter()
    for quarter, fate, n in waits:
        if fate == "open":
            open_[quarter] += n
    return ReviewTime(
        within(waits), within(waits, MOST), within(last), *_sums(waits), tuple(each),
        _in_time(waits), tuple(sorted(open_.items())),
    )  # fmt: skip


def _in_time(waits: Waits) -> Counted:
    """Count the decided within the days promised, and all whose time is up."""
    promised = STANDARD * 86_400 // QUARTER
    done = [(quarter, n) for quarter, fate, n in waits if fate == "decided"]
    late = sum(n for quarter, fate, n in waits if fate != "decided" and quarter >= promised)
    soon = sum(n for quarter, n in done if quarter < promised)
    return soon, sum(n for _, n in done) + late


def _sums(waits: Waits) -> tuple[int, int]:
    decided = sum(n for _, fate, n in waits if fate == "decided")
    return decided, sum(n for _, _, n in waits) - decided


def finding(found: ReviewTime, words: Words) -> str:
    """Say how long half of the people wait; no institution is named for what may be chance."""
    if found.median is None:
        return words("Too few reviews have been decided to give a time")
    half = f"{found.median:.1f}"
    if found.late is None:
        return words("Half of the reviews are decided within {days} days", days=half)
    return words(
        "Half of the reviews are decided within {days} days, 9 in 10 within {late}",
        days=half, late=f"{found.late:.1f}",
    )  # fmt: skip


def subtitle(found: ReviewTime, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many reviews."""
    return words(
        "Days until half of the reviews are decided, elapsed, most reviews first; classes of "
        "{period}, {n} reviews, {waiting} of them ended or wait without a decision",
        period=period, n=words.number(found.decided + found.waiting),
        waiting=words.number(found.waiting),
    )  # fmt: skip


def figure(found: ReviewTime, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the median days by institution with the plan's standard."""
    timed = [(row, row[3]) for row in found.rows if row[3] is not None]
    drawn = [
        Bar(
            zh if words.zh else en,
            days,
            words("{n} days", n=f"{days:.1f}"),
            words.many("{n} case", "{n} cases", decided + waiting),
        )
        for (_, zh, en, _, _, decided, waiting), days in timed
    ]
    standard = (float(STANDARD), words("Standard, about {n} days", n=STANDARD))
    figure_ = bars(drawn, theme, reference=standard, narrow=narrow)
    return clickable(figure_, "institution", [row[0] for row, _ in timed])


def sheet(found: ReviewTime, words: Words) -> Sheet:
    """Give the institutions as a table."""
    columns = (
        Column(words("Institution"), "name"),
        Column(words("Median days"), "days"),
        Column(words("9 in 10 within, days"), "days"),
        Column(words("Decided"), "number"),
        Column(words("Not decided"), "number"),
    )
    rows = [(Name(zh if words.zh else en, code), *rest) for code, zh, en, *rest in found.rows]
    return Sheet.of(columns, rows)
