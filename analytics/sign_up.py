"""Is sign-up as busy as last year? Registrations added up by week, with last year's line.

Every registration counts here, a person's second one too: this is work at the counter, not demand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, FromClause, Select, func, select

from analytics.charts import Figure
from analytics.filters import Filters, classes, classes_within, registrations
from analytics.labels import month_name
from analytics.line_chart import Line, lines
from analytics.number import beyond_chance
from analytics.sheet import Column, Sheet
from analytics.source import source
from services.catalogue.records import plan_window
from services.kernel.clock import taipei_day
from services.kernel.straight import read
from services.tally.records import week_tally
from services.tally.rows import booked_by
from services.words import Words

APART = 20  # weeks that what stands over an opening takes
WEEKS = 61  # from the November before to the end of the plan year

Counts = dict[tuple[int, date], int]  # plan year and Monday -> registrations


@dataclass(frozen=True, slots=True)
class SignUp:
    """Registrations of each week of the season, this plan year and last."""

    year: int
    mondays: tuple[date, ...]
    now: tuple[int | None, ...]  # None: the week is not over yet
    last: tuple[int, ...]
    registered: int  # whatever week, the running one too
    registered_last: int
    opened: tuple[date, ...] = ()  # days on which registration opened this season

    @property
    def weeks(self) -> int:
        """Full weeks so far."""
        return sum(n is not None for n in self.now)


def extract(connection: Connection, filters: Filters) -> Counts:
    """Count registrations by plan year and Taipei week."""
    found: Counter[tuple[int, date]] = Counter()
    for statement in _statements(filters, summed=source(connection).sums):
        for year, week, n in read(connection, statement, {}):
            found[year, date.fromordinal(week * 7 + 1)] += int(n)
    return dict(found)


def openings(connection: Connection, filters: Filters) -> tuple[date, ...]:
    """Give the days on which the windows of the plan year open, in their order."""
    opens = select(plan_window.c.opens_at).where(plan_window.c.year == filters.year)
    return tuple(sorted({taipei_day(at) for at in connection.scalars(opens)}))


@lru_cache(256)
def _statements(filters: Filters, *, summed: bool) -> list[Select[Any]]:
    years, c = (filters.year, filters.year - 1), classes(filters)
    chosen = select(c.c.id, c.c.year).where(classes_within(filters, *years, of=c)).cte("chosen")
    return [
        select(chosen.c.year, w.c.week, func.sum(w.c.n))
        .join_from(chosen, w, w.c.class_id == chosen.c.id)
        .group_by(chosen.c.year, w.c.week)
        for w in _weeks(filters, *years, summed=summed)
    ]


def _weeks(filters: Filters, *years: int, summed: bool) -> list[FromClause]:
    """Give registrations by class and week: kept sums, or counted, or of a past day both."""
    if filters.day is None and summed:
        return [week_tally]
    r = registrations(filters, *years, booked=False)
    week = ((r.c.registered_day - 1) // 7).label("week")
    each = select(r.c.class_id, week, func.count().label("n")).group_by(r.c.class_id, week)
    counted = each.subquery("weeks")
    if filters.day is None:
        return [counted]
    booked = week_tally.c.class_id.in_(booked_by(filters.day, *years))
    return [select(week_tally).where(booked).subquery("kept"), counted]


def measure(counts: Counts, year: int, today: date, opened: Sequence[date] = ()) -> SignUp:
    """Lay both seasons side by side; the running week is not over and is left out."""
    mondays = _season(year)
    last = _season(year - 1)
    now = tuple(
        counts.get((year, day), 0) if day + timedelta(days=7) <= today else None for day in mondays
    )
    before = tuple(counts.get((year - 1, day), 0) for day in last)
    return SignUp(year, mondays, now, before, _all_of(counts, year), _all_of(counts, year - 1),
                  tuple(day for day in opened if day <= today))  # fmt: skip


def _all_of(counts: Counts, year: int) -> int:
    return sum(n for (of, _), n in counts.items() if of == year)


def _season(year: int) -> tuple[date, ...]:
    first = date(year - 1, 11, 1)
    first -= timedelta(days=first.weekday())
    return tuple(first + timedelta(weeks=n) for n in range(WEEKS))


def finding(found: SignUp, words: Words) -> str:
    """Compare the season so far with the same weeks of last year."""
    weeks = found.weeks
    now, last = sum(n or 0 for n in found.now), sum(found.last[:weeks])
    if not weeks or not now:
        return words("Registration has not begun in this selection")
    if not last:
        return words("{n} registrations so far; there is no year before", n=words.number(now))
    if not beyond_chance(now, last):
        return words(
            "Registrations differ from last year no more than chance: {n} so far, then {last}",
            n=words.number(now), last=words.number(last),
        )  # fmt: skip
    change = now / last - 1
    said = words.percent(abs(change), 0)
    if change > 0:
        return words("{change} more registrations than in the same weeks of last year", change=said)
    return words("{change} fewer registrations than in the same weeks of last year", change=said)


def subtitle(found: SignUp, words: Words, period: str) -> str:
    """Say what is measured and for which classes."""
    return words(
        "Registrations received since November, added up by week; classes of {period}, {n} full "
        "weeks so far",
        period=period, n=found.weeks,
    )  # fmt: skip


def figure(found: SignUp, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw how this season's registrations add up in full, last season's dotted."""
    points = [words.brief(d) for d in found.mondays]
    drawn = [
        _line(words, found.year - 1, added(found.last)),
        _line(words, found.year, added(found.now), main=True),
    ]
    drawn = [line for line in drawn if any(line.values)]
    return lines(
        points, drawn, theme, ticks=_months(found, words), events=_opened(found, words),
        narrow=narrow,
    )  # fmt: skip


def _months(found: SignUp, words: Words) -> dict[int, str]:
    """Name every third month at its first Monday; the year stands under the first of each."""
    named, year = dict[int, str](), 0
    for n, day in enumerate(found.mondays):
        if n and day.month != found.mondays[n - 1].month and day.month % 3 == 2:
            name = month_name(words, day.month)
            named[n] = name if day.year == year else f"{name}<br>{words.year(day.year)}"
            year = day.year
    return named


def _opened(found: SignUp, words: Words) -> dict[int, str]:
    """Say at the end of which weeks registration opened; of two whose words meet the first."""
    weeks = sorted({(day - found.mondays[0]).days // 7 - 1 for day in found.opened})
    return {
        n: words("opens") if not i or n - weeks[i - 1] > APART else ""
        for i, n in enumerate(weeks)
        if 0 <= n < WEEKS
    }


def added(weeks: Sequence[int | None]) -> list[int | None]:
    """Add the weeks up; a week that is not over stays unknown."""
    total, sums = 0, list[int | None]()
    for n in weeks:
        total += n or 0
        sums.append(None if n is None else total)
    return sums


def _line(words: Words, year: int, sums: Sequence[int | None], main: bool = False) -> Line:
    last = next((n for n in reversed(sums) if n is not None), 0)
    return Line(f"{words.year(year)} {words.number(last)}", sums, main=main)


def sheet(found: SignUp, words: Words) -> Sheet:
    """Give the weeks as a table."""
    columns = (
        Column(words("Week from"), "date"),
        Column(words.year(found.year), "number"),
        Column(words.year(found.year - 1), "number"),
    )
    rows = list(zip(found.mondays, found.now, found.last, strict=True))
    return Sheet.of(columns, rows if any(found.now) or any(found.last) else [])
