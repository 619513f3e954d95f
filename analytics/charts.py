"""The shapes every figure is drawn in: bars, stacked bars, lines.

Bars begin at zero and are sorted by their question; every value is written beside its mark; a
pattern stands beside each colour. Titles are not drawn: the page writes them as headings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analytics.theme import Paint, paint, pattern
from services.words import Words

ROW, FOOT = 33, 44  # px: one bar with its gap; axis below


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: name, value, the value as text, and how it comes about (left out on a phone)."""

    name: str
    value: float
    text: str
    more: str = ""
    low: bool = False  # the exception


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the label at its end."""

    name: str
    values: Sequence[float | None]
    main: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar; its tone gives colour and pattern."""

    code: str
    name: str
    tone: str


def bars(
    rows: Sequence[Bar],
    theme: str,
    *,
    percent: bool = False,
    reference: tuple[float, str] | None = None,
    narrow: bool = False,
) -> go.Figure:
    """Draw horizontal bars in the given order, the first on top."""
    colours = paint(theme)
    shown = list(reversed(rows))
    figure = go.Figure(
        go.Bar(
            x=[row.value for row in shown],
            y=[row.name for row in shown],
            orientation="h",
            text=[_beside(row, colours, narrow) for row in shown],
            textposition="outside",
            textfont={"color": colours.text},
            cliponaxis=False,
            marker={
                "color": [colours.alarm if row.low else colours.main for row in shown],
                "pattern": {
                    **pattern(colours, "alarm"),
                    "shape": ["/" if row.low else "" for row in shown],
                },
            },
            customdata=[row.more for row in shown],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    most = max([row.value for row in rows] + ([reference[0]] if reference else []), default=1.0)
    top = max(most, 1.0) if percent else most or 1.0
    figure.update_layout(template=f"stp-{colours.name}", height=ROW * max(len(rows), 2) + FOOT)
    room = 1.2 if narrow else 1.42  # for what is written beside the longest bar
    end = max(most * room, top * 1.04)
    figure.update_xaxes(range=[0, end], **_ticks(percent, top))
    figure.update_yaxes(type="category", showgrid=False, tickfont={"color": colours.text})
    if reference:
        _reference(figure, colours, *reference, rows)
    return figure


def _beside(row: Bar, colours: Paint, narrow: bool) -> str:
    strong = f"<b>{row.text}</b>"
    if narrow or not row.more:
        return strong
    return f'{strong}<span style="color:{colours.quiet}">  {row.more}</span>'


def _ticks(percent: bool, top: float) -> dict[str, object]:
    if not percent:
        return {"nticks": 5, "rangemode": "tozero"}
    marks = [n / 4 for n in range(5) if n / 4 <= top]
    return {"tickvals": marks, "ticktext": [*(f"{m * 100:.0f}" for m in marks[:-1]), "100%"]}


def _reference(
    figure: go.Figure, colours: Paint, value: float, text: str, rows: Sequence[Bar]
) -> None:
    """Draw a dashed line: over the bars that pass it, behind the words beside shorter ones."""
    line = {"color": colours.heading, "dash": "4px,3px", "width": 1.5}
    ends = {"type": "line", "x0": value, "x1": value, "line": line}
    figure.add_shape(**ends, y0=0, y1=1, yref="paper", layer="below")
    for n, row in enumerate(reversed(rows)):
        if row.value >= value:
            figure.add_shape(**ends, y0=n - 0.34, y1=n + 0.34, opacity=0.8)
    figure.add_annotation(
        x=value, y=1, yref="paper", text=f"<b>{text}</b>", showarrow=False, yanchor="bottom"
    )
    figure.update_layout(margin_t=28)


def stacked(
    names: Sequence[str],
    parts: Sequence[Part],
    counts: Sequence[Sequence[float]],
    words: Words,
    theme: str,
    *,
    hundred: bool = True,
    label_from: float = 0.08,
    narrow: bool = False,
) -> go.Figure:
    """Draw one bar per name, made of parts: as shares of 100 %, or as counts."""
    colours = paint(theme)
    order = list(reversed(range(len(names))))
    label_from *= 1.5 if narrow else 1
    totals = [(sum(row) or 1) if hundred else 1 for row in counts]
    longest = max((sum(row) / t for row, t in zip(counts, totals, strict=True)), default=1.0) or 1
    figure = go.Figure()
    for n, part in enumerate(parts):
        shares = [counts[i][n] / totals[i] for i in order]
        write = [f"{s * 100:.0f}" if hundred else words.number(s) for s in shares]
        figure.add_bar(
            x=shares,
            y=[names[i] for i in order],
            orientation="h",
            text=[
                text if share / longest >= label_from else ""
                for text, share in zip(write, shares, strict=True)
            ],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"weight": 700, "color": _on(colours, part.tone)},
            marker=_mark(colours, part.tone),
            name=words(part.name),
            customdata=[words.number(counts[i][n]) for i in order],
            hovertemplate="%{y}: %{fullData.name} %{customdata}<extra></extra>",
        )
    figure.update_layout(
        template=f"stp-{colours.name}",
        barmode="stack",
        height=(ROW + 6) * max(len(names), 2) + FOOT,
        margin_r=24,
    )
    figure.update_xaxes(**(_ticks(True, 1.0) | {"range": [0, 1]} if hundred else {"nticks": 5}))
    figure.update_yaxes(type="category", showgrid=False, tickfont={"color": colours.text})
    return figure


def _mark(colours: Paint, tone: str) -> dict[str, object]:
    if tone == "free":
        return {"color": colours.free, "line": {"color": colours.free_line, "width": 1.5}}
    colour = {"main": colours.main, "alarm": colours.alarm}.get(tone) or colours.tones[tone]
    return {
        "color": colour,
        "pattern": pattern(colours, tone),
        "line": {"color": colours.surface, "width": 2},
    }


def _on(colours: Paint, tone: str) -> str:
    """Give the ink that can be read on a tone."""
    dark_ink = {"waiting", "reviewing", "closed", "free"}
    if tone == "free":
        return colours.text
    if colours.name == "dark":
        return colours.white if tone in ("admitted", "closed") else colours.sequence_on[2]
    return colours.text if tone in dark_ink else colours.white


def lines(
    points: Sequence[str],
    drawn: Sequence[Line],
    theme: str,
    *,
    percent: bool = False,
    ticks: Sequence[int] | None = None,
    narrow: bool = False,
) -> go.Figure:
    """Draw lines over ordered points; the main one in full, others dotted, named at their end."""
    colours = paint(theme)
    figure = go.Figure()
    spots, few = list(range(len(points))), len(points) <= 8
    for line in drawn:
        figure.add_scatter(
            x=spots,
            y=list(line.values),
            mode="lines+markers+text" if line.main and few else "lines",
            text=[*(_written(v, percent) for v in line.values[:-1]), ""] if few else None,
            textposition="top center",
            textfont={"color": colours.heading, "weight": 700},
            line=_stroke(colours, line.main),
            marker={"size": 9, "line": {"width": 2, "color": colours.surface}},
            customdata=[points[n] for n in spots],
            hovertemplate="%{customdata}: %{y:.0%}<extra></extra>"
            if percent
            else "%{customdata}: %{y:,.0f}<extra></extra>",
            connectgaps=False,
            cliponaxis=False,
        )
    shown = list(ticks) if ticks is not None else spots
    figure.update_layout(template=f"stp-{colours.name}", height=280 if narrow else 340)
    figure.update_layout(margin={"r": 72 if narrow else 96, "t": 20})
    figure.update_xaxes(
        tickvals=shown, ticktext=[points[n] for n in shown], showgrid=False, tickangle=0
    )
    top = max((v for line in drawn for v in line.values if v is not None), default=1.0)
    span = top or 1.0
    if percent:
        low = min((v for line in drawn for v in line.values if v is not None), default=0.0)
        floor = max(0.0, int(low * 5) / 5 - (0.2 if low * 5 % 1 < 0.15 else 0))
        marks = [m / 5 for m in range(6) if m / 5 >= floor]
        text = [*(f"{m * 100:.0f}" for m in marks[:-1]), "100%"]
        figure.update_yaxes(range=[floor, 1.02], tickvals=marks, ticktext=text)
        span = 1.02 - floor
    else:
        figure.update_yaxes(rangemode="tozero", nticks=5)
    _names(figure, drawn, colours, span)
    return figure


def _written(value: float | None, percent: bool) -> str:
    if value is None:
        return ""
    return f"{value * 100:.0f}" if percent else f"{value:,.0f}"


def _stroke(colours: Paint, main: bool) -> dict[str, object]:
    if main:
        return {"color": colours.main, "width": 3}
    return {"color": colours.compare, "width": 2, "dash": "dot"}


def _names(figure: go.Figure, drawn: Sequence[Line], colours: Paint, span: float) -> None:
    """Name every line at its end; names that would touch are moved apart."""
    ends = []
    for line in drawn:
        known = [(n, v) for n, v in enumerate(line.values) if v is not None]
        if known:
            ends.append((line, *known[-1]))
    for line, n, value in ends:
        others = [v for other, _, v in ends if other is not line]
        near = any(abs(v - value) < span * 0.08 for v in others)
        shift = (9 if all(value >= v for v in others) and line.main else -9) if near else 0
        figure.add_annotation(
            x=n,
            y=value,
            text=f"<b>{line.name}</b>" if line.main else line.name,
            font={"color": colours.heading if line.main else colours.quiet},
            showarrow=False,
            xanchor="left",
            xshift=10,
            yshift=shift,
        )
