"""Every measure in words: what it counts, over what, as of when, and what to beware of."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import head, staff_page
from pages.components.journey import data
from pages.visit import Visit
from services.words import Words

PATH = "/definitions"


class Ids:
    """Ids shared with the hands."""

    LIST, ASKED = "definitions", "definitions-asked"


def layout(visit: Visit) -> Component:
    """Give the page; the hand writes the measures on it."""
    words = visit.words
    return staff_page(
        head(
            words("Definitions of the numbers"),
            words("Each number on the dashboards and in their files is defined once, here."),
        ),
        dcc.Store(id=Ids.ASKED, data=True),
        html.Div(id=Ids.LIST),
    )


def entry(
    words: Words, *, code: str, name: str, unit: str, facts: Sequence[tuple[str, str]], caveat: str
) -> Component:
    """One measure; its code is the anchor that figures link to."""
    rows = [html.Div([html.Dt(term), html.Dd(text)]) for term, text in facts]
    return html.Section(
        [
            html.H2(name),
            html.P([words("Unit: {unit}", unit=unit)], className="sub"),
            html.Dl(rows, className="definition"),
            html.P(caveat, className="definition-caveat"),
        ],
        id=code,
        tabIndex=-1,
        className="panel",
    )


def uses(words: Words, rows: Sequence[tuple[str, str, str]]) -> Component:
    """What each dashboard is for: (dashboard, for a planner, for an institution)."""
    planner, officer = words("A planner"), words("An institution")
    head_ = [html.Th(text, scope="col") for text in (words("Dashboard"), planner, officer)]
    body = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                html.Td(for_planner, **data(th=planner)),
                html.Td(for_officer, **data(th=officer)),
            ]
        )
        for name, for_planner, for_officer in rows
    ]
    return html.Section(
        [
            html.H2(words("What to decide from each dashboard")),
            html.Table([html.Thead(html.Tr(head_)), html.Tbody(body)], className="table"),
        ],
        id="decisions",
        tabIndex=-1,
        className="panel uses",
    )


def missing(words: Words, rows: Sequence[tuple[str, str]]) -> Component:
    """What is not measured: (measure, why)."""
    return html.Section(
        [
            html.H2(words("Not measured, and why")),
            html.Dl(
                [html.Div([html.Dt(name), html.Dd(why)]) for name, why in rows],
                className="definition missing",
            ),
        ],
        id="not-measured",
        tabIndex=-1,
        className="panel uses",
    )
