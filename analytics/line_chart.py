"""Lines over ordered points: this year in full, the year before dotted, both named at their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.charts import Figure
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
    ticks: Sequence[int] | None = None,
    narrow: bool = False,
) -> Figure:
    """Draw lines over ordered points; the main one in full, others dotted, named at their end."""
    colours = paint(theme)
    shown = list(ticks) if ticks is not None else list(range(len(points)))
    values = [v for line in drawn for v in line.values if v is not None]
    scale, span = _scale(values, percent)
    marks = {"tickvals": shown, "ticktext": [points[n] for n in shown], "tickangle": 0}
    ends = [-0.04 * len(points), len(points) - 1]  # else plotly makes room for the names itself
    whole = layout(colours, 280 if narrow else 340, r=72 if narrow else 96, t=20)
    whole |= {
        "xaxis": axis(colours, showgrid=False, range=ends, **marks),
        "yaxis": axis(colours, **scale),
        "annotations": _ends(drawn, colours, span),
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
    """Give the value axis and its length: counts from zero, shares from the fifth below."""
    if not percent:
        return {"rangemode": "tozero", "nticks": 5, "tickformat": COUNT}, max(
            values, default=1.0
        ) or 1.0
    low = min(values, default=0.0)
    floor = max(0.0, int(low * 5) / 5 - (0.2 if low * 5 % 1 < 0.15 else 0))
    marks = [m / 5 for m in range(6) if m / 5 >= floor]
    text = [*(f"{m * 100:.0f}" for m in marks[:-1]), "100%"]
    return {"range": [floor, 1.02], "tickvals": marks, "ticktext": text}, 1.02 - floor


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
