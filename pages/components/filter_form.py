"""The filters of a dashboard: a form, what is chosen, and the address that says so."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from services.words import Words

Options = Sequence[tuple[str, str]]


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


def filter_form(
    words: Words, path: str, controls: Sequence[Component], says: str, *, unfolded: bool
) -> Component:
    """The filters: a plain form, so that every view has an address of its own.

    says: what is chosen; on a phone it stands for the filters until they are unfolded.
    """
    buttons = html.Div(
        [
            html.Button(words("Show"), type="submit", className="btn btn-primary btn-sm"),
            dcc.Link(words("Clear filters"), href=path, className="btn btn-link btn-sm"),
        ],
        className="line filter-act",
    )
    summary = html.Summary([html.Span([html.B(words("Filters")), says]), ico("down")])
    return html.Form(
        html.Details(
            [summary, html.Div([*controls, buttons], className="filters")],
            className="unfolds",
            open=unfolded,
        ),
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
    decides: str,
) -> Component:
    """Say what can be decided here and what is chosen, each with its way back; lead to the classes.

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
    hint = words("Click a bar, dot or cell to filter; again to take it back.")
    return html.Div(
        [
            html.Span([ico("info"), decides], className="decides"),
            *chips,
            html.Span(hint, className="sub hint-click") if clicks and not names else None,
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
