"""A heat map of rates: four bins, the number in every cell, the exceptions outlined with ▼."""

from collections.abc import Collection, Sequence
from typing import Any

from analytics.charts import Figure
from analytics.theme import Paint, axis, layout, paint

Rates = Sequence[Sequence[float | None]]
BINS = (0.50, 0.70, 0.85)


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    rates: Rates,
    theme: str,
    *,
    low: Collection[tuple[int, int]],
    nothing: str,
) -> Figure:
    """Draw rates as cells in four bins with their number; those in `low` (row, column) get ▼."""
    colours = paint(theme)
    order = list(reversed(range(len(rows))))
    trace = {
        "type": "heatmap",
        "x": list(range(len(columns))),
        "y": [rows[i] for i in order],
        "z": [
            [0 if (i, c) in low else _bin(rates[i][c]) for c in range(len(columns))] for i in order
        ],
        "zmin": 0,
        "zmax": 4,
        "colorscale": _steps((colours.surface, *colours.sequence)),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverinfo": "none",  # skip would swallow clicks too
        "hoverongaps": False,
    }
    cells = [
        _cell(colours, x, y, rates[i][x], (i, x) in low, nothing)
        for y, i in enumerate(order)
        for x in range(len(columns))
    ]
    height = (52 if len(rows) <= 6 else 36) * max(len(rows), 2) + 40
    names = {"tickvals": list(range(len(columns))), "ticktext": list(columns), "tickangle": 0}
    font = {"color": colours.text, "size": 13}
    drawn = layout(colours, height, t=28, b=8) | {
        "xaxis": axis(colours, side="top", showgrid=False, **names),
        "yaxis": axis(colours, type="category", showgrid=False, tickfont=font),
        "shapes": [shape for shape, _ in cells if shape],
        "annotations": [text for _, text in cells],
    }
    return {"data": [trace], "layout": drawn}


def _bin(rate: float | None) -> int | None:
    return None if rate is None else 1 + sum(rate >= edge for edge in BINS)


def _steps(colours: Sequence[str]) -> list[tuple[float, str]]:
    n = len(colours)
    return [(edge / n, colour) for i, colour in enumerate(colours) for edge in (i, i + 1)]


def _cell(
    colours: Paint, x: int, y: int, rate: float | None, low: bool, nothing: str
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Give the outline of a cell, where it has one, and what is written in it."""
    box = {"type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46}
    said = {"x": x, "y": y, "showarrow": False}
    found = _bin(rate)
    if rate is None or found is None:
        line = {"color": colours.compare, "dash": "3px,3px", "width": 1}
        return {**box, "line": line}, {**said, "text": nothing, "font": {"color": colours.quiet}}
    ink = colours.alarm if low else colours.sequence_on[found - 1]
    text = f"<b>{'▼' if low else ''}{rate * 100:.0f}</b>"
    outline = {**box, "line": {"color": colours.alarm, "width": 2}} if low else None
    return outline, {**said, "text": text, "font": {"color": ink}}
