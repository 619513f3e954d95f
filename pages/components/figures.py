"""Parts of a dashboard: numbers at its head, figures with their table and foot."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from pages.components.written import Written, written
from services.words import Words


def graph(words: Words, figure: Mapping[str, Any], says: str) -> Component:
    """Draw a figure; who cannot see it is told its finding and sent to the table.

    It is as high as it asks, or higher where its neighbour is.
    """
    config: Any = {
        "displaylogo": False,
        "showSendToCloud": False,
        "displayModeBar": False,
        "responsive": True,
        "locale": "zh-TW" if words.zh else "en",
    }
    layout = dict(figure["layout"])
    height = layout.pop("height")
    drawn = dcc.Graph(figure={**figure, "layout": layout}, config=config)
    label = words("Chart: {says}. The numbers are in the table below.", says=says)
    style = {"minHeight": f"{height}px", "maxHeight": f"{1.35 * height:.0f}px"}
    return html.Div(drawn, className="plot", style=style, role="img", **attrs(aria_label=label))


def number(
    *,
    name: str,
    defined: str,
    value: str,
    unit: str,
    delta: str,
    note: str,
    link: str,
    href: str,
    alarm: bool,
    trend: Component | None,
) -> Component:
    """A number with its unit, its change and base, how it came there, and the way to its rows.

    Its name leads to its definition.
    """
    change: list[Any] = [html.Span(delta, className="delta"), note] if delta else [note]
    way = dcc.Link if href.startswith("/") else html.A
    return html.Div(
        [
            html.H2(dcc.Link(name, href=defined)),
            html.Div([value, html.Small(unit) if value != "–" else None], className="kpi-value"),
            html.P(change),
            trend,
            way(link, href=href),
        ],
        className="kpi alarm" if alarm else "kpi",
    )


def spark(name: str, points: Sequence[float | None], texts: Sequence[str]) -> Component:
    """How a number came to where it is: small bars from zero, the last one the latest."""
    most = max(point or 0.0 for point in points) or 1.0
    bars = [html.Span(style={"height": f"{(point or 0.0) / most * 100:.0f}%"}) for point in points]
    said = f"{name}: {', '.join(texts)}"
    return html.Div(
        [
            html.Div(
                bars, className="spark-bars", role="img", title=said, **attrs(aria_label=said)
            ),
            html.Small(name, className="sub xs", **attrs(aria_hidden="true")),
        ],
        className="spark",
    )


def legend(parts: Sequence[tuple[str, str]]) -> Component | None:
    """Name the parts of stacked bars; each is (words, tone)."""
    if not parts:
        return None
    return html.Ul(
        [
            html.Li([html.Span(className=f"seg seg-{tone}", **attrs(aria_hidden="true")), text])
            for text, tone in parts
        ],
        className="fig-legend",
    )


def figure(
    words: Words,
    *,
    code: str,
    title: str,
    subtitle: str,
    place: str,
    drawn: Component | None,
    parts: Sequence[tuple[str, str]],
    table: Component,
    rows: int,
    foot: Component,
    unfolded: bool = False,
    turn: Component | None = None,
) -> Component:
    """A figure: the finding as its title, what is measured, the chart, its table, its foot.

    unfolded: its table stands open; turn: the way to the other pages of the table.
    """
    head = f"title-{code}"
    return html.Figure(
        [
            html.H2(title, id=head),
            html.P(subtitle, className="subtitle"),
            legend(parts) if drawn else None,
            drawn,
            html.Details(
                [
                    html.Summary(
                        [ico("table"), words.many("Table ({n} row)", "Table ({n} rows)", rows)]
                    ),
                    html.Div(
                        table,
                        className="table-scroll",
                        tabIndex=0,
                        role="group",
                        **attrs(aria_label=words("Table: {title}", title=title)),
                    ),
                    turn,
                ],
                className="table-toggle",
                open=unfolded,
            )
            if rows
            else None,
            foot,
        ],
        id=code,
        className=f"fig fig-{place}",
        **attrs(aria_labelledby=head),
    )


def foot(
    words: Words,
    *,
    as_of: str,
    definition: tuple[str, str],
    link: str,
    files: Sequence[tuple[str, str]],
    image: str = "",
) -> Component:
    """When the data were read, what the number means, the table as files, the figure's address.

    files: (kind, address); image: the name of the picture's file, where there is a picture.
    """
    name, anchor = definition
    tools: list[Component] = [
        html.A(
            [ico("down-tray"), kind] if n == 0 else kind,
            href=address,
            download="",
            **attrs(aria_label=f"{kind}: {name}"),
        )
        for n, (kind, address) in enumerate(files)
    ]
    tools += [
        html.Button(
            kind.upper(),
            type="button",
            className="link-button",
            **attrs(data_image=kind, data_file=image, aria_label=f"{kind.upper()}: {name}"),
        )
        for kind in (("png", "svg") if image else ())
    ]
    tools.append(
        html.A(
            [ico("clip"), words("Link")],
            href=link,
            **attrs(aria_label=words("Link to this figure: {name}", name=name)),
        )
    )
    return html.Figcaption(
        [
            html.Span(
                [
                    html.Span(words("As of {moment}", moment=as_of)),
                    dcc.Link(words("Definition: {name}", name=name), href=f"/definitions#{anchor}"),
                ],
                className="asof",
            ),
            html.Details(
                [
                    html.Summary([ico("down-tray"), words("Export and share")]),
                    html.Span(tools, className="fig-tools"),
                ],
                className="fig-more unfolds",
            ),
        ],
        className="fig-foot",
    )


def data_table(
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    links: Sequence[str] = (),
    *,
    cards: bool = False,
) -> Component:
    """The table behind a figure; columns are (words, is it a number), links where rows lead.

    cards: on a phone each row is a card, so that nothing is cut off.
    """
    header = [
        html.Th(text, scope="col", className="r" if number else None) for text, number in columns
    ]
    body: list[Any] = [
        _row(row, columns, links[n] if links else "", cards) for n, row in enumerate(rows)
    ]
    look = "table table-cards" if cards else "table"
    return html.Table([html.Thead(html.Tr(header)), html.Tbody(body)], className=look)


def _row(
    texts: Sequence[str], columns: Sequence[tuple[str, bool]], link: str, cards: bool
) -> Written:
    """A row as the browser is sent it: a page has thousands of cells."""
    first = written(dcc.Link, children=texts[0], href=link) if link else texts[0]
    cells = [written(html.Th, children=first, scope="row", className="cell-head")]
    for text, (name, number) in zip(texts[1:], columns[1:], strict=True):
        looks = LOOKS[number, text == "–"]
        named = {"data-th": name} if cards else {}
        cells.append(written(html.Td, children=text, className=looks, **named))
    return written(html.Tr, children=cells)


LOOKS = {
    (False, False): None,
    (True, False): "r num",
    (False, True): "none",  # an empty cell is left out of a phone's card
    (True, True): "r num none",
}


def turning(said: str, pages: Component | None) -> Component | None:
    """Say which rows of a list are shown, and lead to its other pages, where there are any."""
    if pages is None:
        return None
    return html.Div(
        [html.Span(said, className="sub"), pages], className="line line-between turning"
    )


def grid(drawn: Sequence[Component]) -> Component:
    """Lay figures out in twelve columns."""
    return html.Div(drawn, className="charts")


def paper(
    words: Words,
    definitions: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    terms: Sequence[str],
    address: str,
) -> Component:
    """What only paper carries: the closed tables, what the numbers mean, whose they are and where.

    The page's script lays the tables in as somebody prints.
    """
    meant = [
        html.Section(
            [
                html.H3(name),
                html.Dl([html.Div([html.Dt(term), html.Dd(text)]) for term, text in facts]),
            ]
        )
        for name, facts in definitions
    ]
    return html.Section(
        [
            html.Div(className="onpaper-tables", **attrs(data_title=words("Tables"))),
            html.H2(words("Definitions of the numbers")),
            html.Div(meant, className="onpaper-meant"),
            html.P(" · ".join(terms)),
            html.P(address, className="onpaper-address"),
        ],
        className="onpaper",
    )


def body(numbers: Sequence[Component], drawn: Sequence[Component]) -> list[Component]:
    """Numbers first, then the figures in the grid."""
    return [html.Div(numbers, className="kpis"), grid(drawn)]
