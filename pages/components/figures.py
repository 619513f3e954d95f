"""Parts of a dashboard: numbers at its head, figures with their table and foot, the filters."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from services.words import Words

Options = Sequence[tuple[str, str]]


def graph(words: Words, figure: Mapping[str, Any], says: str) -> Component:
    """Draw a figure; who cannot see it is told its finding and sent to the table."""
    config: Any = {
        "displaylogo": False,
        "showSendToCloud": False,
        "displayModeBar": False,
        "responsive": True,
        "locale": "zh-TW" if words.zh else "en",
    }
    drawn = dcc.Graph(
        figure=figure, config=config, style={"height": f"{figure['layout']['height']}px"}
    )
    label = words("Chart: {says}. The numbers are in the table below.", says=says)
    return html.Div(drawn, className="plot", role="img", **attrs(aria_label=label))


def number(
    *, name: str, value: str, unit: str, delta: str, note: str, link: str, href: str, alarm: bool
) -> Component:
    """A number with its unit, its change and base, and the way to its rows."""
    change: list[Any] = [html.Span(delta, className="delta"), note] if delta else [note]
    way = dcc.Link if href.startswith("/") else html.A
    return html.Div(
        [
            html.H2(name),
            html.Div([value, html.Small(unit) if value != "–" else None], className="kpi-value"),
            html.P(change),
            way(link, href=href),
        ],
        className="kpi alarm" if alarm else "kpi",
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
) -> Component:
    """A figure: the finding as its title, what is measured, the chart, its table, its foot."""
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
                ],
                className="table-toggle",
                open=drawn is None and rows > 0,
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
            html.Span(tools, className="fig-tools"),
        ],
        className="fig-foot",
    )


def data_table(
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    links: Sequence[str] = (),
) -> Component:
    """The table behind a figure; columns are (words, is it a number), links where rows lead."""
    right = [number for _, number in columns]
    header = [
        html.Th(text, scope="col", className="r" if number else None) for text, number in columns
    ]
    body = [
        html.Tr(
            [html.Th(dcc.Link(row[0], href=links[n]) if links else row[0], scope="row")]
            + [
                html.Td(text, className="r num" if number else None)
                for text, number in zip(row[1:], right[1:], strict=True)
            ]
        )
        for n, row in enumerate(rows)
    ]
    return html.Table([html.Thead(html.Tr(header)), html.Tbody(body)], className="table")


def select(name: str, label: str, groups: Sequence[tuple[str, Options]], value: str) -> Component:
    """A labelled list of a filter form, in groups (one without a name stands alone).

    Native, because dbc.Select cannot hold an option without a value, which is what leaves a
    filter out of the address.
    """
    return html.Div(
        [
            html.Label(label, htmlFor=f"filter-{name}", className="form-label"),
            html.Select(
                [part for group in groups for part in _options(*group, value)],
                id=f"filter-{name}",
                name=name,
                className="form-select",
            ),
        ],
        className=f"filter-{name}",
    )


def day(name: str, label: str, value: str, last: str) -> Component:
    """A labelled day of a filter form, up to a last one; empty is as things stand."""
    return html.Div(
        [
            html.Label(label, htmlFor=f"filter-{name}", className="form-label"),
            dbc.Input(type="date", id=f"filter-{name}", name=name, value=value or None, max=last),
        ],
        className=f"filter-{name}",
    )


def _options(name: str, options: Options, value: str) -> list[Component]:
    items: list[Component] = [
        html.Option(text, value=key, selected=key == value or None) for key, text in options
    ]
    return [html.Optgroup(items, label=name)] if name else items


def filter_form(words: Words, path: str, controls: Sequence[Component]) -> Component:
    """The filters: a plain form, so that every view has an address of its own."""
    buttons = html.Div(
        [
            html.Button(words("Show"), type="submit", className="btn btn-primary btn-sm"),
            dcc.Link(words("Clear filters"), href=path, className="btn btn-link btn-sm"),
        ],
        className="line filter-act",
    )
    return html.Form(
        html.Div([*controls, buttons], className="filters"),
        className="filterbar",
        action=path,
        **attrs(aria_label=words("Filters")),
    )


def chosen(
    words: Words,
    path: str,
    query: Mapping[str, str],
    names: Mapping[str, str],
    classes: str,
    *,
    clicks: bool,
) -> Component:
    """Show what is chosen, each with its way back, and the way to the classes behind the numbers.

    names: what is chosen, by filter, as the reader reads it; clicks: a mark of a figure can be
    clicked to choose.
    """
    chips = [
        html.A(
            [text, ico("x")],
            href=path + address({k: v for k, v in query.items() if k != name}),
            className="chip",
            **attrs(data_go="1", aria_label=words("Take back the filter: {name}", name=text)),
        )
        for name, text in names.items()
    ]
    hint = words("Click a bar, dot or cell to filter by it, and again to take it back.")
    return html.Div(
        [
            *chips,
            html.Span(hint, className="sub hint-click") if clicks else None,
            html.A(
                [words("See the classes behind the numbers"), ico("right")],
                href=f"{classes}{address(query)}",
                className="link-arrow",
                **attrs(data_go="1"),
            )
            if classes != path
            else None,
        ],
        className="line chosen",
    )


def address(query: Mapping[str, str]) -> str:
    """Write a selection behind a path; nothing where it is the default."""
    return f"?{urlencode(query)}" if query else ""


def grid(drawn: Sequence[Component]) -> Component:
    """Lay figures out in twelve columns."""
    return html.Div(drawn, className="charts")


def caption(text: str) -> Component:
    """Say what can be decided from this page."""
    return html.P([ico("info"), text], className="decides")


def body(numbers: Sequence[Component], drawn: Sequence[Component]) -> list[Component]:
    """Numbers first, then the figures in the grid."""
    return [html.Div(numbers, className="kpis"), grid(drawn)]
