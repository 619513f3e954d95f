"""Dots beside the band that chance explains: which group is outside its band, and which way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.charts import FOOT, Figure
from analytics.theme import Paint, axis, layout, paint
from services.words import Words

LINE = 27  # px: one group
SIGNS = {-1: "▼ ", 0: "", 1: "▲ "}


@dataclass(frozen=True, slots=True)
class Interval:
    """One group: its rate, of how many, the limits of 95 %, where it lies among the limits."""

    name: str
    rate: float
    of: int
    low: float
    high: float
    far: int  # as `limits.side` tells it

    @property
    def side(self) -> int:
        """Tell whether it lies under its band, in it or over it."""
        return (self.far > 0) - (self.far < 0)


def intervals(
    blocks: Sequence[tuple[str, Sequence[Interval]]],
    overall: float,
    words: Words,
    theme: str,
    *,
    narrow: bool = False,
) -> Figure:
    """Draw groups under their headings, the first on top, and the rate of all as a dashed line.

    A dot needs no zero: the axis is that of the data.
    """
    colours = paint(theme)
    rows: list[tuple[str, Interval | None]] = []
    for heading, groups in blocks:
        rows.append((f"<b>{heading}</b>", None))
        rows += [(f"{SIGNS[g.side]}{g.name}", g) for g in groups]
    last = len(rows) - 1
    shown = [(last - n, g) for n, (_, g) in enumerate(rows) if g]
    seen = [v for _, g in shown for v in (g.low, g.high, g.rate)] + [overall]
    room = max(0.05 * (max(seen) - min(seen)), 0.01)
    span = [max(0.0, min(seen) - room), min(1.0, max(seen) + room)]
    drawn = layout(colours, LINE * len(rows) + FOOT, r=84 if narrow else 110, t=28)
    drawn |= {
        "xaxis": axis(colours, range=span, tickformat=".0%", nticks=4 if narrow else 7),
        "yaxis": axis(
            colours, showgrid=False, range=[-0.6, last + 0.6], tickvals=list(range(last + 1)),
            ticktext=[name for name, _ in reversed(rows)],
            tickfont={"color": colours.text, "size": 13},
        ),
        "shapes": [_all(overall, colours)],
        "annotations": [
            _over(overall, words, colours),
            *(_beside(y, g, words, colours, narrow) for y, g in shown),
        ],
    }  # fmt: skip
    return {"data": [_band(shown, colours), _dots(shown, colours)], "layout": drawn}


def _band(shown: Sequence[tuple[int, Interval]], colours: Paint) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [y for y, _ in shown],
        "x": [round(g.high - g.low, 4) for _, g in shown],
        "base": [round(g.low, 4) for _, g in shown],
        "width": 0.6,
        "marker": {"color": colours.line},
        "hoverinfo": "skip",
    }


def _dots(shown: Sequence[tuple[int, Interval]], colours: Paint) -> dict[str, Any]:
    """Fill a mark far outside, outline one a little outside; below is the exception."""
    inks = [colours.alarm if g.far < 0 else colours.main for _, g in shown]
    symbols = {-1: "triangle-down", 0: "circle", 1: "triangle-up"}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(g.rate, 4) for _, g in shown],
        "y": [y for y, _ in shown],
        "customdata": [g.name for _, g in shown],
        "hovertemplate": "%{customdata}: %{x:.1%}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "opacity": 1,
            "size": [15 if abs(g.far) == 2 else 13 if g.far else 11 for _, g in shown],
            "symbol": [symbols[g.side] for _, g in shown],
            "color": [
                colours.surface if abs(g.far) == 1 else ink
                for (_, g), ink in zip(shown, inks, strict=True)
            ],
            "line": {
                "width": 2,
                "color": [
                    ink if abs(g.far) == 1 else colours.surface
                    for (_, g), ink in zip(shown, inks, strict=True)
                ],
            },
        },
    }


def _all(overall: float, colours: Paint) -> dict[str, Any]:
    return {
        "type": "line", "x0": overall, "x1": overall, "yref": "paper", "y0": 0, "y1": 1,
        "layer": "below", "line": {"color": colours.heading, "dash": "4px,3px", "width": 1.5},
    }  # fmt: skip


def _over(overall: float, words: Words, colours: Paint) -> dict[str, Any]:
    return {
        "x": overall, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
        "text": f"<b>{words('All {rate}', rate=words.percent(overall, 0))}</b>",
        "font": {"color": colours.heading},
    }  # fmt: skip


def _beside(y: int, group: Interval, words: Words, colours: Paint, narrow: bool) -> dict[str, Any]:
    n = words.number(group.of)
    text = f"<b>{words.percent(group.rate, 0)}</b> · {n if narrow else f'n {n}'}"
    return {
        "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": y, "showarrow": False,
        "text": text, "font": {"color": colours.alarm if group.far < 0 else colours.text},
    }  # fmt: skip
