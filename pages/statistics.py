"""Public statistics (公開統計): the dashboards for everybody, small numbers held back."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, head
from pages.components.filter_form import select
from pages.visit import Visit
from services.words import Words

PATH = "/statistics"
QUERY = ("year",)


class Ids:
    """Ids shared with the hands."""

    ASKED, BOARD = "statistics-asked", "statistics"


def layout(visit: Visit) -> Component:
    """Give the page; the hand counts and draws."""
    words = visit.words
    asked = {"year": visit.query.get("year", ""), "theme": visit.theme}
    return html.Div(
        [
            head(
                words("Public statistics"),
                words(
                    "Open to everybody. Numbers of 1 to 4 are not published, the others are "
                    "rounded to 5; where one hidden number would follow from the rest, more are "
                    "hidden. How many wait is told as it is, as on the page of each class. Who "
                    "qualifies, and seats by region, rank, age and sex, are told as of the end of "
                    "a month: renewed at every step, they would tell whose step it was."
                ),
            ),
            dcc.Store(id=Ids.ASKED, data=asked),
            html.Div(html.Div(className="fig skel-fig"), id=Ids.BOARD, className="board-waiting"),
        ],
        className="stack-m",
        **attrs(data_density="compact"),
    )


def year_form(words: Words, years: Sequence[int], chosen: int) -> Component:
    """Choose the year; nothing else, so that no two tables can be subtracted."""
    options = [(str(year), words.year(year)) for year in years]
    control = select("year", words("Year"), [("", options)], str(chosen))
    button = html.Button(words("Show"), type="submit", className="btn btn-primary btn-sm")
    return html.Form(
        html.Div([control, html.Div(button, className="line filter-act")], className="filters"),
        className="filterbar",
        action=PATH,
        **attrs(aria_label=words("Filters")),
    )


def open_data(words: Words, address: str) -> Component:
    """Say where programs get the same tables, and under which licence."""
    return html.Section(
        [
            html.H2(words("Open data")),
            html.P(
                [
                    words("The same tables for programs, with their definitions:"),
                    " ",
                    html.A(address, href=address),
                ]
            ),
            html.P(
                words(
                    "Open Government Data License, version 1.0 (Taiwan). Name the source: Maritime "
                    "and Port Bureau, Seafarer Training Portal."
                )
            ),
        ],
        className="panel",
    )
