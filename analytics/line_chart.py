"""Lines over ordered points: this year in full, the year before dotted, both named at their end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from analytics.charts import Figure, px
from analytics.theme import COUNT, Paint, axis, layout, paint


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the label at its end."""

    name: str
    values: Sequence[float | None]
    main: bool = False


def lines(
    points: Sequence[str],
    drawn: Sequence[Line],
    theme: str,
    *,
    percent: bool = False,
    ticks: Mapping[int, str] | None = None,
    events: Mapping[int, str] | None = None,
    narrow: bool = False,
) -> Figure:
    """Draw lines over ordered points; the main one in full, others dotted, named at their end.

    ticks: what stands below which point; events: what stands above it, with a line through.
    """
    colours = paint(theme)
    shown = ticks if ticks is not None else dict(enumerate(points))
    said = events or {}
    values = [v for line in drawn for v in line.values if v is not None]
    scale, span = _scale(values, percent)
    marks = {"tickvals": list(shown), "ticktext": list(shown.values()), "tickangle": 0}
    ends = [-0.04 * len(points), len(points) - 1]  # else plotly makes room for the names itself
    beside = max([72 if narrow else 96, *(px(line.name) + 20 for line in drawn)])
    high = 240 if percent else 280 if narrow else 340
    whole = layout(colours, high, r=beside, t=28 if said else 20)
    whole |= {
        "xaxis": axis(colours, showgrid=False, range=ends, **marks),
        "yaxis": axis(colours, **scale),
        "annotations": [*_ends(drawn, colours, span), *_events(said, colours)],
        "shapes": [_through(n, colours) for n in said],
    }
    return {"data": [_line(line, points, colours, percent) for line in drawn], "layout": whole}


def _line(line: Line, points: Sequence[str], colours: Paint, percent: bool) -> dict[str, Any]:
    few = line.main and len(points) <= 8
    return {
        "type": "scatter",
        "x": list(range(len(points))),
        "y": list(line.values),
        "mode": "lines+markers+text" if few else "lines",
        "text": [*(_written(v, percent) for v in line.values[:-1]), ""] if few else None,
        "textposition": "top center",
        "textfont": {"color": colours.heading, "weight": 700},
        "line": {"color": colours.main, "width": 3}
        if line.main
        else {"color": colours.compare, "width": 2, "dash": "dot"},
        "marker": {"size": 9, "line": {"width": 2, "color": colours.surface}},
        "customdata": list(points),
        "hovertemplate": f"%{{customdata}}: %{{y:{'.0%' if percent else ',.0f'}}}<extra></extra>",
        "connectgaps": False,
        "cliponaxis": False,
    }


def _scale(values: Sequence[float], percent: bool) -> tuple[dict[str, Any], float]:
    """Give the value axis and its length: counts from zero, shares by the tenths around them."""
    if not percent:
        return {"rangemode": "tozero", "nticks": 5, "tickformat": COUNT}, max(
            values, default=1.0
        ) or 1.0
    low, high = min(values, default=0.0), max(values, default=1.0)
    # in tenths, with room for what is written at a point
    top = max(2, min(10, ceil(high * 10 + 0.2)))
    bottom = max(0, min(floor(low * 10 - 0.2), top - 2))
    marks = [m / 10 for m in range(top, bottom - 1, -1 if top - bottom <= 5 else -2)][::-1]
    text = [*(f"{m * 100:.0f}" for m in marks[:-1]), f"{marks[-1] * 100:.0f}%"]
    span = (top - bottom) / 10
    ends = [bottom / 10 - span * 0.04, top / 10 + span * 0.04]
    return {"range": ends, "tickvals": marks, "ticktext": text}, span


def _events(events: Mapping[int, str], colours: Paint) -> list[dict[str, Any]]:
    return [
        {"x": n, "y": 1, "yref": "paper", "text": text, "showarrow": False, "xanchor": "left",
         "yanchor": "bottom", "xshift": -4, "font": {"color": colours.quiet}}
        for n, text in events.items()
    ]  # fmt: skip


def _through(n: int, colours: Paint) -> dict[str, Any]:
    line = {"color": colours.compare, "dash": "4px,3px", "width": 1}
    return {"type": "line", "x0": n, "x1": n, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _written(value: float | None, percent: bool) -> str:
    if value is None:
        return ""
    return f"{value * 100:.0f}" if percent else f"{value:,.0f}"


def _ends(drawn: Sequence[Line], colours: Paint, span: float) -> list[dict[str, Any]]:
    """Name every line at its end; names that would touch are moved apart."""
    ends = []
    for line in drawn:
        known = [(n, v) for n, v in enumerate(line.values) if v is not None]
        if known:
            ends.append((line, *known[-1]))
    labels = []
    for line, n, value in ends:
        others = [v for other, _, v in ends if other is not line]
        near = any(abs(v - value) < span * 0.08 for v in others)
        above = all(value > v for v in others) or (line.main and all(value >= v for v in others))
        labels.append(
            {
                "x": n,
                "y": value,
                "text": f"<b>{line.name}</b>" if line.main else line.name,
                "font": {"color": colours.heading if line.main else colours.quiet},
                "showarrow": False,
                "xanchor": "left",
                "xshift": 10,
                "yshift": (9 if above else -9) if near else 0,
            }
        )
    return labels
