"""Points over their volume between binomial limits: what chance explains and what it does not.

A funnel plot (Spiegelhalter 2005) in place of a league table. Units that move together (the seats
of one class) widen the limits by the square root of their over-dispersion.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

from analytics.charts import Figure
from analytics.theme import COUNT, Paint, axis, layout, paint
from services.words import Words

Z95, Z999 = 1.959964, 3.290527
STEPS = 40  # points of a curve
NEAR = (0.2, 0.13)  # of the width and height of the figure: about what two names take
NEAR_ON_PHONE = (0.28, 0.13)


@dataclass(frozen=True, slots=True)
class Point:
    """One place: its volume, its rate, its name (none where the reader may not know it)."""

    name: str
    volume: int
    rate: float
    main: bool  # the one the reader looks for


def half_width(rate: float, volume: float, dispersion: float, z: float) -> float:
    """Give how far from a rate chance alone reaches, for a volume."""
    return z * sqrt(max(dispersion, 1.0) * rate * (1 - rate) / volume)


def dispersion(units: Iterable[tuple[int, int, float]], fitted: int) -> float:
    """Give Pearson's over-dispersion of (count, of, expected rate); never under 1.

    fitted: the rates that were estimated from the same units.
    """
    terms = [(x - n * p) ** 2 / (n * p * (1 - p)) for x, n, p in units if n and 0 < p < 1]
    free = len(terms) - fitted
    return max(1.0, sum(terms) / free) if free > 0 else 1.0


def side(rate: float, overall: float, volume: int, wider: float) -> int:
    """Tell where a rate lies: 0 within 95 %, 1 within 99.9 %, 2 outside; below is negative."""
    off = abs(rate - overall)
    far = sum(off > half_width(overall, volume, wider, z) for z in (Z95, Z999))
    return far if rate >= overall else -far


def funnel_plot(
    points: Sequence[Point],
    overall: float,
    wider: float,
    words: Words,
    theme: str,
    *,
    volume: str,
    narrow: bool = False,
) -> Figure:
    """Draw points over volume with the overall rate and the limits of 95 and 99.9 %."""
    colours = paint(theme)
    most = max(p.volume for p in points) * (1.14 if narrow else 1.08)
    least = max(1.0, min(p.volume for p in points) * 0.55)
    edge = least - 0.1 * (most - least)  # there is room for the first name, before the curves
    volumes = [least + (most - least) * n / STEPS for n in range(STEPS + 1)]
    traces, ends = [], [(overall, words("All {rate}", rate=words.percent(overall, 0)))]
    for z, dash, text in ((Z999, "dot", "99.9%"), (Z95, "dash", "95%")):
        for sign in (1, -1):
            y = [_within(overall + sign * half_width(overall, v, wider, z)) for v in volumes]
            traces.append(_curve(volumes, y, colours, dash))
            ends.append((y[-1], text))
    traces.append(_curve(volumes, [overall] * len(volumes), colours, "solid"))
    traces.append(_dots(points, overall, wider, colours, words))
    low, high = _span(points, traces)
    near = NEAR_ON_PHONE if narrow else NEAR
    drawn = layout(colours, 300 if narrow else 360, r=52 if narrow else 64, b=46)
    drawn |= {
        "xaxis": axis(
            colours, range=[edge, most], nticks=5, tickformat=COUNT, title=_title(volume, colours)
        ),
        "yaxis": axis(colours, tickformat=".0%", nticks=6, range=[low, high]),
        "annotations": [
            *_ends(ends, most, colours),
            *_names(points, overall, (near[0] * (most - edge), near[1] * (high - low)), colours),
        ],
    }
    return {"data": traces, "layout": drawn}


def _within(rate: float) -> float:
    return min(1.0, max(0.0, rate))


def _title(text: str, colours: Paint) -> dict[str, Any]:
    return {"text": text, "font": {"color": colours.quiet, "size": 13}, "standoff": 6}


def _span(points: Sequence[Point], traces: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Show every point and the 95 % limits whole; wider ones may leave the field."""
    seen = [p.rate for p in points] + [v for trace in traces[2:4] for v in trace["y"]]
    low, high = min(seen), max(seen)
    room = max((high - low) * 0.12, 0.01)
    return max(0.0, low - room), min(1.0, high + room)


def _curve(x: Sequence[float], y: Sequence[float], colours: Paint, dash: str) -> dict[str, Any]:
    solid = dash == "solid"
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [round(v, 1) for v in x],
        "y": [round(v, 4) for v in y],
        "line": {
            "color": colours.heading if solid else colours.compare,
            "dash": dash,
            "width": 1.5,
        },
        "hoverinfo": "skip",
    }


def _dots(
    points: Sequence[Point], overall: float, wider: float, colours: Paint, words: Words
) -> dict[str, Any]:
    """Fill a mark that is far outside, outline one that is a little outside."""
    far = [abs(side(p.rate, overall, p.volume, wider)) for p in points]
    shown = [bool(p.name) for p in points]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [p.volume for p in points],
        "y": [round(p.rate, 4) for p in points],
        "customdata": [p.name or words("Another institution") for p in points],
        "hovertemplate": "%{customdata}: %{y:.1%} (%{x:,})<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "opacity": 1,
            "size": [14 if p.main else 11 for p in points],
            "symbol": [
                "diamond" if at == 2 and known else "circle" if known else "circle-open"
                for at, known in zip(far, shown, strict=True)
            ],
            "color": [
                (colours.main, colours.surface, colours.alarm)[at] if known else colours.compare
                for at, known in zip(far, shown, strict=True)
            ],
            "line": {
                "width": 2,
                "color": [
                    (colours.surface, colours.alarm, colours.surface)[at]
                    if known
                    else colours.compare
                    for at, known in zip(far, shown, strict=True)
                ],
            },
        },
    }


def _ends(ends: Sequence[tuple[float, str]], most: float, colours: Paint) -> list[dict[str, Any]]:
    return [
        {
            "x": most, "y": y, "text": f"<b>{text}</b>" if n == 0 else text, "showarrow": False,
            "xanchor": "left", "xshift": 4,
            "font": {"color": colours.heading if n == 0 else colours.quiet, "size": 12},
        }
        for n, (y, text) in enumerate(ends)
    ]  # fmt: skip


def _names(
    points: Sequence[Point], overall: float, near: tuple[float, float], colours: Paint
) -> list[dict[str, Any]]:
    """Name the points away from the line of all: above it above, below it below.

    Of two whose names would stand on each other the higher is named above, the lower below.
    near: the volume and the rate that two names take.
    """
    named = [p for p in points if p.name]
    sides = {p: 1 if p.rate >= overall else -1 for p in named}
    for one, other in combinations(named, 2):
        if sides[one] == sides[other] and _meet(one, other, near):
            lower, higher = sorted((one, other), key=lambda p: p.rate)
            sides[lower], sides[higher] = -1, 1
    return [
        {
            "x": point.volume, "y": point.rate, "showarrow": False, "yshift": 16 * side,
            "text": f"<b>{point.name}</b>" if point.main else point.name,
            "bgcolor": colours.surface, "borderpad": 1, "opacity": 0.9,
            "font": {"color": colours.heading},
        }
        for point, side in sides.items()
    ]  # fmt: skip


def _meet(one: Point, other: Point, near: tuple[float, float]) -> bool:
    """Tell whether the names of two points would stand on each other."""
    return abs(one.volume - other.volume) < near[0] and abs(one.rate - other.rate) < near[1]
