"""A heat map of rates: four bins, the number in every cell, the low ones outlined with ▼."""

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.theme import Paint, paint

Rates = Sequence[Sequence[float | None]]


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    rates: Rates,
    theme: str,
    *,
    low: float,
    nothing: str,
) -> go.Figure:
    """Draw rates as cells in four bins with their number; below the low mark white, outlined, ▼."""
    colours = paint(theme)
    order = list(reversed(range(len(rows))))
    edges = (low, 0.80, 0.88, 0.95)
    figure = go.Figure(
        go.Heatmap(
            x=list(range(len(columns))),
            y=[rows[i] for i in order],
            z=[[_bin(rates[i][c], edges) for c in range(len(columns))] for i in order],
            zmin=0,
            zmax=4,
            colorscale=_steps((colours.surface, *colours.sequence)),
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
            hoverongaps=False,
        )
    )
    for y, i in enumerate(order):
        for x in range(len(columns)):
            _cell(figure, colours, x, y, rates[i][x], edges, nothing)
    height = 52 * max(len(rows), 2) + 40
    figure.update_layout(template=f"stp-{colours.name}", height=height, margin={"t": 28, "b": 8})
    figure.update_xaxes(
        side="top", tickvals=list(range(len(columns))), ticktext=list(columns), showgrid=False
    )
    figure.update_yaxes(type="category", showgrid=False, tickfont={"color": colours.text})
    return figure


def _bin(rate: float | None, edges: Sequence[float]) -> int | None:
    return None if rate is None else sum(rate >= edge for edge in edges)


def _steps(colours: Sequence[str]) -> list[tuple[float, str]]:
    n = len(colours)
    return [(edge / n, colour) for i, colour in enumerate(colours) for edge in (i, i + 1)]


def _cell(
    figure: go.Figure,
    colours: Paint,
    x: int,
    y: int,
    rate: float | None,
    edges: Sequence[float],
    nothing: str,
) -> None:
    box = {"type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46}
    if rate is None:
        figure.add_shape(**box, line={"color": colours.compare, "dash": "3px,3px", "width": 1})
        figure.add_annotation(x=x, y=y, text=nothing, showarrow=False, font_color=colours.quiet)
        return
    found = _bin(rate, edges) or 0
    if found == 0:
        figure.add_shape(**box, line={"color": colours.alarm, "width": 2})
    ink = colours.alarm if found == 0 else colours.sequence_on[found - 1]
    text = f"<b>{'▼' if found == 0 else ''}{rate * 100:.0f}</b>"
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, font_color=ink)
