"""The review desk (複審工作臺): most urgent cases first, one case with evidence, the decision."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.decide import Ids, decide_bar
from pages.components.desk_case import case_line, case_pane, papers_pane
from pages.components.entry import attrs, head, nothing, path_id, staff_page
from pages.components.journey import note
from pages.overrides import waiting_link
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.catalogue.upkeep import institution_name
from services.kernel.actor import Role
from services.registration.desk_cases import (
    CaseCounts,
    CaseLine,
    CasePage,
    case_counts,
    case_page,
    cases,
)
from services.registration.overrides import overrides_waiting
from services.words import Words, mark

PATH, PATH_ONE = "/desk/review", "/desk/review/<case_id>"
SHOWS = {
    "open": mark("Waiting"),
    "late": mark("Late"),
    "appeal": mark("Appeals"),
    "decided": mark("Decided"),
}


def layout(visit: Visit) -> Component:
    """Show the list with its first case beside it."""
    found = cases(visit.look, show=_show(visit))
    return _desk(visit, found, case_page(visit.look, found[0].id) if found else None)


def one(visit: Visit, case_id: str) -> Component:
    """Show one case beside the list."""
    page = case_page(visit.look, path_id(case_id))
    show = _show(visit) if page.waits or "show" in visit.query else "decided"
    return _desk(visit, cases(visit.look, show=show), page)


def _show(visit: Visit) -> str:
    show = visit.query.get("show", "open")
    return show if show in SHOWS else "open"


def _desk(visit: Visit, found: list[CaseLine], page: CasePage | None) -> Component:
    words = visit.words
    counts = case_counts(visit.look)
    right = html.Div(
        [_overrides(visit), _keys(words), _switch(words, _show(visit))], className="line"
    )
    title = head(words("Review desk"), _sub(visit, counts), right)
    if page is None:
        return staff_page(title, _empty(words, _show(visit)))
    wanted = visit.query.get("paper", "")
    shown = next((p for p in page.papers if str(p.id) == wanted), None)
    shown = shown or (page.papers[-1] if page.papers else None)
    return staff_page(
        title,
        html.Div(
            [
                html.Section(
                    _list(visit, found, page),
                    className="case-list",
                    **attrs(aria_labelledby="cases-title"),
                ),
                html.Section(
                    case_pane(words, page, visit.look.today, names_in_use(visit.look)),
                    **attrs(aria_labelledby="case-title"),
                ),
                html.Section(
                    papers_pane(words, page, shown), **attrs(aria_labelledby="papers-title")
                ),
            ],
            className="desk",
        ),
        _decide(visit, page) if page.waits else None,
        dcc.Store(id=Ids.CASE, data=page.id),
        title=words("Review desk") + f" {words.name(page)}",
    )


def _decide(visit: Visit, page: CasePage) -> Component:
    """The bar to decide; an appeal is not the institution's to decide."""
    words = visit.words
    if page.statement is not None and visit.actor.role is not Role.PLANNER:
        return note(
            words("This is an appeal"),
            words("MPB decides it. You can read it; there is nothing to do for you."),
            "reviewing",
        )
    return html.Div(decide_bar(words, page, visit.query.get("act", ""), {}, {}), id=Ids.BAR)


def _sub(visit: Visit, counts: CaseCounts) -> str:
    words = visit.words
    name = institution_name(visit.look, visit.actor.institution)
    who = words.name(name) if name else words("All institutions")
    return words(
        "{who}: {open} to decide, {late} late, {today} due today, {asked} waiting for a paper",
        who=who,
        open=words.number(counts.open),
        late=words.number(counts.late),
        today=words.number(counts.today),
        asked=words.number(counts.supplement),
    )


def _overrides(visit: Visit) -> Component | None:
    if visit.actor.role is not Role.PLANNER:
        return None
    return waiting_link(visit.words, overrides_waiting(visit.look))


def _keys(words: Words) -> Component:
    """The keys of the desk and the switch that turns them off (assets/desk.js)."""
    keys = (
        (("J", "K"), words("next, previous")),
        (("A",), words("Approve")),
        (("S",), words("Ask for a paper")),
        (("R",), words("Reject")),
    )
    hints = [
        html.Span([*(html.Kbd(key) for key in names), " ", text], className="line-tight")
        for names, text in keys
    ]
    button = html.Button(
        words("Keys"),
        type="button",
        className="btn btn-outline-primary btn-sm",
        **attrs(aria_pressed="true", data_keys="1"),
    )
    return html.Div([html.Span(hints, className="key-hints sub xs"), button], className="keys line")


def _switch(words: Words, show: str) -> Component:
    links = [
        html.A(
            words(text),
            href=f"{PATH}?show={key}",
            **attrs(data_go="1"),
            **(attrs(aria_current="true") if key == show else {}),
        )
        for key, text in SHOWS.items()
    ]
    return html.Nav(links, className="seg-switch", **attrs(aria_label=words("Which cases")))


def _list(visit: Visit, found: list[CaseLine], page: CasePage) -> list[Component]:
    words, show = visit.words, _show(visit)
    lines = [
        case_line(
            words,
            case,
            visit.look.today,
            f"{PATH}/{case.id}" + (f"?show={show}" if show != "open" else ""),
            current=case.id == page.id,
        )
        for case in found
    ]
    decided = show == "decided"
    order = words("the latest first") if decided else words("the most urgent first")
    return [
        html.Div(
            [
                html.H2(words.many("{n} case", "{n} cases", len(found)), id="cases-title"),
                html.Span(order, className="sub xs"),
            ],
            className="pane-head",
        ),
        html.Ul(lines, className="cases"),
    ]


def _empty(words: Words, show: str) -> Component:
    if show == "late":
        return nothing(words("Nothing is late"), words("Every case is within its days."))
    if show == "appeal":
        return nothing(words("No appeal is waiting"), words("Appeals are decided by MPB."))
    if show == "decided":
        return nothing(words("Nothing decided yet"), words("Decided cases are kept here."))
    return nothing(words("The desk is empty"), words("New cases appear here by themselves."))
