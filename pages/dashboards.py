"""The dashboards (需求、資格、招滿率): heads at once, numbers and figures when they are counted.

What they show is asked by callbacks/dashboards.py: faces know no measures.
"""

from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, head, ico, staff_page
from pages.components.filter_form import address
from pages.visit import Visit
from services.kernel.actor import Role
from services.words import Words, mark

QUERY = ("year", "from", "to", "course", "institution", "region", "kind", "asof")
PAGE = "page"  # of a list; stays behind where the selection is taken along
DRILL = "/drill"
PLANNER = frozenset({Role.PLANNER})
READERS = PLANNER | {Role.INSTITUTION}


@dataclass(frozen=True, slots=True)
class Tab:
    """A dashboard's address, its name, and whose main menu shows it."""

    code: str
    title: str
    menu: frozenset[Role] = frozenset()


TABS = (
    Tab("demand", mark("Demand"), PLANNER),
    Tab("qualification", mark("Qualification"), PLANNER),
    Tab("fill-rate", mark("Fill rate"), READERS),
    Tab("queues", mark("Queues"), PLANNER),
    Tab("institutions", mark("Institutions")),
    Tab("equity", mark("Equity and order")),
    Tab("freshness", mark("Freshness")),
    Tab("drill", mark("Class list")),
)
TITLES = {tab.code: tab.title for tab in TABS}


class Ids:
    """Ids shared with the hands."""

    ASKED, BOARD, LINE = "board-asked", "board", "board-line"


def layout(visit: Visit) -> Component:
    """Show the head of a dashboard and where its numbers will be."""
    words, code = visit.words, visit.path.strip("/")
    asked = {"board": code, "query": dict(visit.query), "theme": visit.theme}
    button = "btn btn-outline-primary btn-sm"
    query = {name: value for name, value in visit.query.items() if name in QUERY}
    book = html.A(
        [ico("down-tray"), words("Export XLSX")],
        href=f"/export/board/{code}.xlsx{address(query)}",
        download="",
        className=button,
    )
    paper = html.Button(words("Print"), type="button", className=button, **attrs(data_print="1"))
    copy = html.Button(
        [ico("clip"), words("Copy the link")],
        type="button",
        className=button,
        **attrs(data_copy_link="1", data_copied=words("Copied")),
    )
    letter = dcc.Link([ico("mail"), words("Weekly e-mail")], href="/reports", className=button)
    line = html.Span(" ", id=Ids.LINE, role="status")
    tools = html.Details(
        [
            html.Summary([ico("down-tray"), words("Export and share")], className=button),
            html.Div([book, paper, copy, letter], className="line board-tools"),
        ],
        className="smallmenu unfolds",
    )
    return staff_page(
        head(
            words(TITLES[code]),
            line,
            tools,
        ),
        _others(visit, code),
        dcc.Store(id=Ids.ASKED, data=asked),
        html.Div(_waiting(words), id=Ids.BOARD),
    )


def _others(visit: Visit, code: str) -> Component:
    """Link the dashboards with each other; the selection goes along."""
    query = {name: value for name, value in visit.query.items() if name in QUERY}
    links = [
        html.A(
            visit.words(title),
            href=f"/{other}{address(query)}",
            **attrs(data_go="1"),
            **(attrs(aria_current="page") if other == code else {}),
        )
        for other, title in TITLES.items()
    ]
    label = visit.words("Dashboards")
    return html.Nav(links, className="seg-switch boards", **attrs(aria_label=label))


def _waiting(words: Words) -> Component:
    """Stand where the numbers will be, so that nothing jumps."""
    cards = [html.Div(html.Div(className="skel"), className="kpi") for _ in range(4)]
    figures = [html.Div(className="fig fig-half") for _ in range(2)]
    return html.Div(
        [html.Div(cards, className="kpis"), html.Div(figures, className="charts")],
        className="board-waiting",
        **attrs(aria_busy="true", aria_label=words("Counting"), role="status"),
    )
