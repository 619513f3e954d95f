"""Do more people stay away than before? No-show month by month between limits of chance.

The limits are of the process itself (a p-chart): around the rate of all its months, wider where the
people of one class stay away together. Two months alone are never compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.charts import Figure
from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.labels import listed, month_name
from analytics.limits import Z999, dispersion, half_width, side
from analytics.number import Counted
from analytics.sheet import Column, Sheet
from analytics.theme import Paint, axis, layout, paint
from services.words import Words

LEAST, MOST = 10, 24  # months; limits made of fewer say little
Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NoShows:
    """The latest months with a written roll, each with the absent and the marked; dispersion."""

    months: tuple[tuple[Month, Counted], ...]
    wider: float

    @property
    def overall(self) -> float:
        """The rate of all months together."""
        marked = sum(of for _, (_, of) in self.months)
        return sum(n for _, (n, _) in self.months) / marked if marked else 0.0

    def limits(self, marked: int) -> tuple[float, float]:
        """Give how far chance reaches in a month with so many people on its rolls, 99.9 %."""
        half = half_width(self.overall, marked, self.wider, Z999)
        return max(0.0, self.overall - half), min(1.0, self.overall + half)

    def far(self, counted: Counted) -> int:
        """Tell where a month lies: 0 within the limits, above 1, below -1."""
        n, marked = counted
        return int(side(n / marked, self.overall, marked, self.wider) / 2)


def absent_of(of: Sequence[ClassFact]) -> Counted:
    """Count the absent, and everybody the rolls have marked."""
    return sum(f.marked - f.attended for f in of), sum(f.marked for f in of)


def measure(facts: Sequence[ClassFact], year: int, today: date) -> NoShows:
    """Count the latest months of a year and the one before, by the first day of the class."""
    upto = min(today, date(year + 1, 1, 1))
    months: dict[Month, list[ClassFact]] = {}
    for each in (year - 1, year):
        for fact in settled(facts, each, upto):
            if fact.marked:
                months.setdefault((fact.starts_on.year, fact.starts_on.month), []).append(fact)
    latest = sorted(months)[-MOST:]
    rows = [fact for month in latest for fact in months[month]]
    absent, marked = absent_of(rows)
    rate = absent / marked if marked else 0.0
    wider = dispersion(((f.marked - f.attended, f.marked, rate) for f in rows), 1)
    return NoShows(tuple((month, absent_of(months[month])) for month in latest), wider)


def finding(found: NoShows, words: Words) -> str:
    """Say which months chance does not explain."""
    if len(found.months) < LEAST:
        return words("Too few months with a written roll to tell chance from change")
    over, under = (
        [words.month(*month) for month, counted in found.months if found.far(counted) == far]
        for far in (1, -1)
    )
    if over:
        return words("No-show: more than chance explains in {names}", names=listed(words, over))
    if under:
        return words("No-show: less than chance explains in {names}", names=listed(words, under))
    return words("No-show: no month differs by more than chance")


def subtitle(found: NoShows, words: Words, _period: str) -> str:
    """Say what is measured, of when, and what the lines are."""
    return words(
        "Absent ÷ people on the roll, by month of the first day; {n} months, all together {rate}; "
        "dotted: 99.9% limits of chance",
        n=len(found.months), rate=words.percent(found.overall),
    )  # fmt: skip


def figure(found: NoShows, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the months as a line between their limits, those outside as diamonds."""
    if len(found.months) < LEAST:
        return {"data": [], "layout": {"height": 0}}
    colours = paint(theme)
    run = _run([month for month, _ in found.months])
    counted = dict(found.months)
    rates = [n / of if of else None for n, of in (counted.get(m, (0, 0)) for m in run)]
    limits = [found.limits(counted[m][1]) if m in counted else (None, None) for m in run]
    low, high = ([limit[end] for limit in limits] for end in (0, 1))
    most = max(v for v in (*rates, *high) if v is not None)
    every = 6 if narrow else 3
    ticks = [n for n, (_, month) in enumerate(run) if month % every == 1]
    names = [month_name(words, run[n][1]) + f"<br>{words.year(run[n][0])}" for n in ticks]
    drawn = layout(colours, 280 if narrow else 340, r=64, t=20)
    drawn |= {
        "xaxis": axis(colours, showgrid=False, range=[-0.5, len(run) - 0.5], tickangle=0,
                      tickvals=ticks, ticktext=names),
        "yaxis": axis(colours, tickformat=".0%", nticks=5, range=[0, most * 1.08]),
        "annotations": [_end(colours, len(run), found.overall, words("All {rate}",
                             rate=words.percent(found.overall))),
                        _end(colours, len(run), _last(high), "99.9%")],
    }  # fmt: skip
    whole: list[float | None] = [found.overall] * len(run)
    return {
        "data": [
            *(_limit(line, colours, "dot") for line in (low, high)),
            _limit(whole, colours, "solid"),
            _months(found, run, rates, colours, words),
        ],
        "layout": drawn,
    }


def _run(months: Sequence[Month]) -> list[Month]:
    """Give every month from the first to the last, those without a roll too."""
    first, last = (year * 12 + month - 1 for year, month in (months[0], months[-1]))
    return [(n // 12, n % 12 + 1) for n in range(first, last + 1)]


def _last(line: Sequence[float | None]) -> float:
    return next(v for v in reversed(line) if v is not None)


def _limit(line: Sequence[float | None], colours: Paint, dash: str) -> dict[str, Any]:
    shape = "linear" if dash == "solid" else "hvh"  # a limit holds for the whole of its month
    pen = {"color": colours.compare, "dash": dash, "width": 1.5, "shape": shape}
    return {"type": "scatter", "mode": "lines", "x": list(range(len(line))), "y": list(line),
            "line": pen, "hoverinfo": "skip", "connectgaps": True}  # fmt: skip


def _months(
    found: NoShows, run: Sequence[Month], rates: Sequence[float | None], colours: Paint,
    words: Words,
) -> dict[str, Any]:  # fmt: skip
    counted = dict(found.months)
    out = [month in counted and found.far(counted[month]) != 0 for month in run]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(run))),
        "y": list(rates),
        "line": {"color": colours.main, "width": 2.5},
        "marker": {
            "opacity": 1,
            "size": [13 if far else 7 for far in out],
            "symbol": ["diamond" if far else "circle" for far in out],
            "color": [colours.alarm if far else colours.main for far in out],
        },
        "customdata": [words.month(*month) for month in run],
        "hovertemplate": "%{customdata}: %{y:.1%}<extra></extra>",
        "connectgaps": False,
        "cliponaxis": False,
    }


def _end(colours: Paint, months: int, value: float, text: str) -> dict[str, Any]:
    return {"x": months - 1, "y": value, "text": text, "showarrow": False, "xanchor": "left",
            "xshift": 10, "font": {"color": colours.quiet, "size": 12}}  # fmt: skip


def sheet(found: NoShows, words: Words) -> Sheet:
    """Give the months as a table, with their limits."""
    columns = (
        Column(words("Month of the first day")),
        Column(words("No-show"), "percent"),
        Column(words("99.9% limit, lower"), "percent"),
        Column(words("99.9% limit, upper"), "percent"),
        Column(words("Absent"), "number"),
        Column(words("People on the roll"), "number"),
    )
    rows = [
        (words.month(*month), n / of, *found.limits(of), n, of)
        for month, (n, of) in found.months
        if len(found.months) >= LEAST
    ]
    return Sheet.of(columns, rows)
