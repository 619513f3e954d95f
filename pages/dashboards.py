"""The dashboards (需求、資格、招滿率): heads at once, numbers and figures when they are counted.

What they show is asked by callbacks/dashboards.py: faces know no measures.
"""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, head, ico, staff_page
from pages.components.filter_form import address
from pages.visit import Visit
from services.words import Words, mark

DEMAND, QUALIFICATION, FILL_RATE = "/demand", "/qualification", "/fill-rate"
QUEUES, INSTITUTIONS, EQUITY = "/queues", "/institutions", "/equity"
FRESHNESS, DRILL = "/freshness", "/drill"
QUERY = ("year", "from", "to", "course", "institution", "region", "kind", "asof")
PAGE = "page"  # of a list; stays behind where the selection is taken along
TITLES = {
    "demand": mark("Demand"),
    "qualification": mark("Qualification"),
    "fill-rate": mark("Fill rate"),
    "queues": mark("Queues"),
    "institutions": mark("Institutions"),
    "equity": mark("Equity and order"),
    "freshness": mark("Freshness"),
    "drill": mark("Class list"),
}


class Ids:
    """Ids shared with the hands."""

    ASKED, BOARD, LINE = "board-asked", "board", "board-line"


def demand(visit: Visit) -> Component:
    """How many people want each course, and are there seats for them?"""
    return _page(visit, "demand")


def qualification(visit: Visit) -> Component:
    """Who qualifies, and how long does it take to know?"""
    return _page(visit, "qualification")


def fill_rate(visit: Visit) -> Component:
    """How full are the classes, and which need somebody today?"""
    return _page(visit, "fill-rate")


def queues(visit: Visit) -> Component:
    """How far do people get, do they answer, and how long do they wait?"""
    return _page(visit, "queues")


def institutions(visit: Visit) -> Component:
    """Do institutions differ by more than chance?"""
    return _page(visit, "institutions")


def equity(visit: Visit) -> Component:
    """Do seats go evenly, and was the order of the queue kept?"""
    return _page(visit, "equity")


def freshness(visit: Visit) -> Component:
    """How old are the numbers, and who has not handed in?"""
    return _page(visit, "freshness")


def drill(visit: Visit) -> Component:
    """Which classes stand behind the numbers?"""
    return _page(visit, "drill")


def _page(visit: Visit, code: str) -> Component:
    words = visit.words
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
        **attrs(
            data_copy_link="1", data_copied=words("Copied"), data_asof=visit.look.today.isoformat()
        ),
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
