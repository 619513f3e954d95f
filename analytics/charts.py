"""The shapes most figures are drawn in: bars and stacked bars.

Bars begin at zero and are sorted by their question; every value is written beside its mark; a
pattern stands beside each colour. Titles are not drawn: the page writes them as headings.

A figure is the plain dictionary that the browser gets. plotly's own classes check every property
as it is set, which cost fifty times the counting; a test checks the finished figures instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.theme import COUNT, SIZE, Paint, axis, layout, paint, pattern
from services.words import Words

ROW, FOOT = 33, 44  # px: one bar with its gap; axis below
PHONE, NARROW, HALF, WIDE = 326, 454, 564, 658  # px: the plots of a phone and of the cards
EDGES = 28  # px: beside a plot
THIN = 0.02  # of the longest bar: a line around less would leave nothing of it
HALF_WORD = 0.27  # of a row: half of what is written beside a bar
Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: name, value, the value as text, and how it comes about (left out on a phone)."""

    name: str
    value: float
    text: str
    more: str = ""
    low: bool = False  # the exception
    open: bool = False  # has not come to its end: no part of any rate

    @property
    def kind(self) -> str:
        """Tell how it is filled."""
        return "open" if self.open else "alarm" if self.low else "main"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar; its tone gives colour and pattern."""

    code: str
    name: str
    tone: str


def clickable(figure: Figure, name: str, keys: Sequence[str], months: Sequence[int] = ()) -> Figure:
    """Tell the page which filter a click on a mark sets; keys in the order of the rows, from above.

    months: of the columns of a heat map, whose cells set their month too. The filters above the
    figures do the same for whoever does not click.
    """
    meta: dict[str, Any] = {"filter": name, "keys": list(reversed(keys))}
    figure["layout"]["meta"] = meta | ({"months": [str(m) for m in months]} if months else {})
    return figure


def bars(
    rows: Sequence[Bar],
    theme: str,
    *,
    percent: bool = False,
    reference: tuple[float, str] | None = None,
    narrow: bool = False,
    room: float = 0.0,
    card: int = WIDE,
) -> Figure:
    """Draw horizontal bars in the given order, the first on top.

    room: how often the longest bar goes into the width, where much is written beside the bars.
    card: px of the plot at a desk.
    """
    colours = paint(theme)
    shown = list(reversed(rows))
    kinds = [("main", colours.main), ("alarm", colours.alarm), ("open", colours.compare)]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [row.value if row.kind == kind else None for row in shown],
            "y": [row.name for row in shown],
            "text": [_beside(row, colours, narrow) if row.kind == kind else "" for row in shown],
            "textposition": "outside",
            "textfont": {"color": colours.text},
            "cliponaxis": False,
            "marker": {"color": fill, "pattern": pattern(colours, kind)},
            "customdata": [row.more for row in shown],
            "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        }
        for kind, fill in kinds  # a trace has one fill: plotly patterns no list of them
        if kind == "main" or any(row.kind == kind for row in rows)
    ]
    most = max([row.value for row in rows] + ([reference[0]] if reference else []), default=1.0)
    top = max(most, 1.0) if percent else most or 1.0
    beside = room or (1.2 if narrow else 1.42)  # for what is written beside the longest bar
    wide = _plot([row.name for row in rows], PHONE if narrow else card)
    reach = max((_reach(row.value, _words(row, narrow), wide) for row in rows), default=0.0)
    few = narrow or card == NARROW
    marks = {"range": [0, max(most * beside, reach, top * 1.04)], **_ticks(percent, top, few)}
    if room:  # every bar says its number, and lines would run through the words
        marks |= {"showgrid": False, "showticklabels": False}
    drawn = layout(colours, ROW * max(len(rows), 2) + FOOT) | {"barmode": "overlay"}
    drawn |= {"xaxis": axis(colours, **marks), "yaxis": _names_axis(colours)}
    if reference:
        drawn |= _reference(colours, *reference, rows, marks["range"][1])
        drawn["margin"] = drawn["margin"] | {"t": 28}
    return {"data": traces, "layout": drawn}


def _words(row: Bar, narrow: bool) -> str:
    return row.text if narrow or not row.more else f"{row.text}  {row.more}"


def px(text: str) -> int:
    """Guess how many px a text takes."""
    return sum(13 if ord(letter) > 0x2E7F else 7 for letter in text)


def _plot(names: Sequence[str], card: int) -> int:
    """Give the px that are left for bars and what is beside them."""
    return card - EDGES - max(map(px, names), default=0)


def _reach(value: float, text: str, wide: int) -> float:
    """Give the end of an axis of so many px on which a bar has room for the text beside it."""
    return value / max(1 - (px(text) + 8) / wide, 0.3)


def _names_axis(colours: Paint) -> dict[str, Any]:
    font = {"color": colours.text, "size": 13}
    return axis(colours, type="category", showgrid=False, tickfont=font)


def _beside(row: Bar, colours: Paint, narrow: bool) -> str:
    strong = f"<b>{row.text}</b>"
    if narrow or not row.more:
        return strong
    return f'{strong}<span style="color:{colours.quiet}">  {row.more}</span>'


def _ticks(percent: bool, top: float, few: bool = False) -> dict[str, Any]:
    if not percent:
        ticks = {"nticks": 3 if few else 5, "tickformat": COUNT}
        return {**ticks, "rangemode": "tozero", "tickangle": 0}
    steps = 2 if few else 4
    marks = [n / steps for n in range(steps + 1) if n / steps <= top]
    text = [*(f"{m * 100:.0f}" for m in marks[:-1]), "100%"]
    return {"tickvals": marks, "ticktext": text, "tickangle": 0}


def _reference(
    colours: Paint, value: float, text: str, rows: Sequence[Bar], end: float
) -> dict[str, Any]:
    """Draw a dashed line over bars that pass it and between rows: not through words beside bars.

    Its name stands over it; near the end of the axis before it, not beyond the figure.
    """
    line = {"color": colours.heading, "dash": "4px,3px", "width": 1.5}
    ends = {"type": "line", "x0": value, "x1": value, "line": line, "opacity": 0.8}
    last = len(rows) - 1
    between = [
        {**ends, "y0": max(n - 1 + HALF_WORD, -0.5), "y1": min(n - HALF_WORD, last + 0.5)}
        for n in range(len(rows) + 1)
    ]
    over = [
        {**ends, "y0": n - HALF_WORD, "y1": n + HALF_WORD}
        for n, row in enumerate(reversed(rows))
        if row.value >= value
    ]
    side = "right" if value > end * 0.6 else "center"
    label = {"x": value, "y": 1, "yref": "paper", "text": f"<b>{text}</b>", "showarrow": False,
             "xanchor": side, "yanchor": "bottom"}  # fmt: skip
    return {"shapes": [*between, *over], "annotations": [label]}


def stacked(
    names: Sequence[str],
    parts: Sequence[Part],
    counts: Sequence[Sequence[float]],
    words: Words,
    theme: str,
    *,
    hundred: bool = True,
    narrow: bool = False,
    ends: Sequence[str] = (),
) -> Figure:
    """Draw one bar per name, made of parts: as shares of 100 %, or as counts.

    ends: what is written at the end of each bar of counts.
    """
    colours = paint(theme)
    order = list(reversed(range(len(names))))
    room = 0.045 if narrow else 0.04  # of the longest bar, for each character
    totals = [(sum(row) or 1) if hundred else 1 for row in counts]
    longest = max((sum(row) / t for row, t in zip(counts, totals, strict=True)), default=1.0) or 1
    traces = []
    for n, part in enumerate(parts):
        shares = [counts[i][n] / totals[i] for i in order]
        write = [f"{s * 100:.0f}" if hundred else words.number(s) for s in shares]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": shares,
                "y": [names[i] for i in order],
                "text": [
                    text if share / longest >= room * len(text) else ""
                    for text, share in zip(write, shares, strict=True)
                ],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"weight": 700, "color": _on(colours, part.tone)},
                "marker": _mark(colours, part.tone, [s / longest < THIN for s in shares]),
                "name": words(part.name),
                "customdata": [words.number(counts[i][n]) for i in order],
                "hovertemplate": "%{y}: %{fullData.name} %{customdata}<extra></extra>",
            }
        )
    marks = (
        (_ticks(True, 1.0) | {"range": [0, 1]}) if hundred else {"nticks": 5, "tickformat": COUNT}
    )
    drawn = layout(colours, (ROW + 6) * max(len(names), 2) + FOOT, r=24)
    drawn |= {"barmode": "stack", "xaxis": axis(colours, **marks), "yaxis": _names_axis(colours)}
    drawn |= {"uniformtext": {"mode": "hide", "minsize": SIZE}}  # what does not fit is not shrunk
    if ends:
        wholes = [sum(row) for row in counts]
        wide = _plot(names, PHONE if narrow else HALF)
        reach = max(_reach(n, text, wide) for n, text in zip(wholes, ends, strict=True))
        drawn["xaxis"] |= {"range": [0, reach]}
        drawn["annotations"] = [
            {"x": n, "y": name, "text": text, "showarrow": False, "xanchor": "left", "xshift": 3,
             "font": {"color": colours.text}}
            for n, name, text in zip(wholes, names, ends, strict=True)
        ]  # fmt: skip
    return {"data": traces, "layout": drawn}


def _mark(colours: Paint, tone: str, thin: Sequence[bool]) -> dict[str, Any]:
    """Fill a part; a line of the ground parts it from the next, but not where it is thin."""
    if tone == "free":
        return {"color": colours.free, "line": {"color": colours.free_line, "width": 1.5},
                "pattern": {"shape": ""}}  # fmt: skip
    colour = {"main": colours.main, "alarm": colours.alarm}.get(tone) or colours.tones[tone]
    return {
        "color": colour,
        "pattern": pattern(colours, tone),
        "line": {"color": colours.surface, "width": [0 if each else 2 for each in thin]},
    }


def _on(colours: Paint, tone: str) -> str:
    """Give the ink that can be read on a tone."""
    dark_ink = {"waiting", "reviewing", "closed", "free"}
    if tone == "free":
        return colours.text
    if colours.name == "dark":
        return colours.white if tone in ("admitted", "closed") else colours.sequence_on[2]
    return colours.text if tone in dark_ink else colours.white
