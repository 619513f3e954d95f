"""Class upkeep (開班維護): the list of an institution's training classes."""

from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_marks import STATES, change_links, state_badge
from pages.components.entry import (
    cell,
    head,
    ico,
    nothing,
    pages_nav,
    row_head,
    staff_page,
    table,
)
from pages.visit import Visit
from services.catalogue.upkeep import (
    OwnClass,
    own_classes,
)
from services.registration.small_classes import small_classes
from services.words import Words

PATH = "/desk/classes"
PER_PAGE = 25


def layout(visit: Visit) -> Component:
    """List the classes with a filter by state and course."""
    words, query = visit.words, visit.query
    page = _page(query.get("page", ""))
    show = query.get("state", "coming")
    state = show if show in STATES else None
    found, count = own_classes(
        visit.look,
        course_code=query.get("course") or None,
        state=state,
        page=page,
        per_page=PER_PAGE,
        since=None if show in (*STATES, "all") else visit.look.today,
    )
    return staff_page(
        head(
            words("Class upkeep"),
            words.many("{n} class", "{n} classes", count),
            dcc.Link(
                [ico("right"), words("Enter a class")],
                href=f"{PATH}/new",
                className="btn btn-primary",
            ),
        ),
        _small(visit),
        _filters(visit, show),
        html.Section(_list(visit, found), className="panel flows") if found else _none(words),
        pages_nav(
            words,
            lambda n: f"{PATH}?{urlencode({**query, 'page': n})}",
            page,
            -(-count // PER_PAGE),
        ),
    )


def _page(text: str) -> int:
    """Read the page number of a list; anything odd is the first page."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def _none(words: Words) -> Component:
    return nothing(
        words("No class matches"),
        words("Change the filter or look at all classes, those that are over included."),
        dcc.Link(words("Show all"), href=f"{PATH}?state=all", className="btn btn-outline-primary"),
    )


def _small(visit: Visit) -> Component | None:
    """Classes too small at their size check, with what can be done about it."""
    words, found = visit.words, small_classes(visit.look)
    if not found:
        return None
    items = [
        html.Li(
            [
                html.Time(words.day(one.starts_on), dateTime=one.starts_on.isoformat()),
                html.Div(
                    [
                        dcc.Link(f"{words.name(one)} {one.code}", href=f"{PATH}/{one.id}"),
                        html.Div(
                            words(
                                "{where}: {coming} of at least {minimum} people come. Without a "
                                "decision it is cancelled on {moment}.",
                                where=words.name(one, "short"),
                                coming=one.coming,
                                minimum=one.min_size,
                                moment=words.deadline(one.freeze_at),
                            ),
                            className="sub",
                        ),
                        change_links(words, one.id),
                    ]
                ),
            ]
        )
        for one in found
    ]
    title = words.many("{n} class is too small", "{n} classes are too small", len(found))
    return html.Section([html.H2(title), html.Ul(items, className="news")], className="panel")


def _filters(visit: Visit, state: str) -> Component:
    words = visit.words
    states = [
        ("coming", words("Still to come")),
        *((key, words(text)) for key, (text, *_) in STATES.items()),
        ("all", words("All classes")),
    ]
    return html.Form(
        [
            html.Div(
                [
                    html.Label(words("State"), htmlFor="filter-state", className="form-label"),
                    dbc.Select(
                        id="filter-state",
                        name="state",
                        options=[{"value": k, "label": t} for k, t in states],
                        value=state,
                    ),
                ]
            ),
            html.Div(
                [
                    html.Label(
                        words("Course code"), htmlFor="filter-course", className="form-label"
                    ),
                    dbc.Input(
                        id="filter-course", name="course", value=visit.query.get("course", "")
                    ),
                ]
            ),
            html.Button(words("Filter"), type="submit", className="btn btn-outline-primary"),
        ],
        method="get",
        action=PATH,
        className="filters",
    )


def _list(visit: Visit, found: list[OwnClass]) -> Component:
    words = visit.words
    columns = [
        (words("Class"), False),
        (words("Dates"), False),
        (words("Institution"), False),
        (words("Seats held"), True),
        (words("Numbers given"), True),
        (words("State"), False),
    ]
    rows = [
        html.Tr(
            [
                row_head(
                    dcc.Link(words.name(c), href=f"{PATH}/{c.id}"),
                    html.Div(c.code, className="sub num"),
                ),
                cell(words("Dates"), words.period(c.starts_on, c.ends_on)),
                cell(words("Institution"), words.name(c, "short")),
                cell(words("Seats held"), f"{c.seats_held} / {c.cap}", right=True),
                cell(words("Numbers given"), words.number(c.numbers_given), right=True),
                cell(words("State"), state_badge(words, c.state)),
            ]
        )
        for c in found
    ]
    return table(words("Training classes"), columns, rows)
