"""Class upkeep (開班維護): an institution's training classes, and the form of one of them."""

from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_form import Ids, form, typed_of
from pages.components.entry import (
    cell,
    crumb,
    head,
    ico,
    mark_of,
    nothing,
    pages_nav,
    path_id,
    staff_page,
    table,
)
from pages.visit import Visit
from services.catalogue.upkeep import (
    ClassEntry,
    OwnClass,
    Room,
    class_entry,
    own_classes,
    plan_years,
    rooms,
)
from services.kernel.actor import Role
from services.registration.small_classes import small_classes
from services.words import Words, mark

PATH, PATH_NEW, PATH_ONE = "/desk/classes", "/desk/classes/new", "/desk/classes/<class_id>"
PER_PAGE = 25
CHANGES = {
    "move": mark("Move or postpone"),
    "merge": mark("Merge into another class"),
    "cancel": mark("Cancel the class"),
}
STATES = {
    "draft": (mark("Draft"), "closed", "dash", ""),
    "published": (mark("Published"), "admitted", "check", ""),
    "opened": (mark("Opened"), "confirmed", "star", "st-done"),
    "cancelled": (mark("Class cancelled"), "closed", "x", "st-over"),
}


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
                href=PATH_NEW,
                className="btn btn-primary",
            ),
        ),
        _small(visit),
        _filters(visit, show),
        html.Section(_list(visit, found), className="panel") if found else _none(words),
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
                html.Th(
                    [
                        dcc.Link(words.name(c), href=f"{PATH}/{c.id}"),
                        html.Div(c.code, className="sub num"),
                    ],
                    scope="row",
                    className="cell-head",
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


def state_badge(words: Words, state: str) -> Component:
    """The badge of a class's state."""
    sentence, tone, icon, form = STATES[state]
    return mark_of(words(sentence), tone, icon, form)


def new(visit: Visit) -> Component:
    """Show the empty form of a class against the commissions of the latest plan."""
    words = visit.words
    years = plan_years(visit.look)
    granted = [room for year in years[:2] for room in rooms(visit.look, year)]
    return staff_page(
        crumb(words, (words("Class upkeep"), PATH), here=words("Enter a class")),
        head(words("Enter a class"), words("It stays a draft until MPB publishes it.")),
        html.Div(
            [
                html.Section(
                    form(words, {"kind": "funded"}, {}, rooms=granted),
                    id=Ids.FORM,
                    className="panel",
                ),
                html.Aside(
                    [html.H2(words("Commissions")), room_table(words, granted)],
                    className="panel",
                ),
            ],
            className="split",
        )
        if granted
        else nothing(
            words("No commission yet"),
            words("MPB has not commissioned you for a course in this plan."),
        ),
    )


def one(visit: Visit, class_id: str) -> Component:
    """Show the form of one class with what still may change."""
    words = visit.words
    entry = class_entry(visit.look, path_id(class_id))
    granted = [
        room
        for room in rooms(visit.look, entry.year, institution_code=entry.institution)
        if room.course == entry.course
    ]
    return staff_page(
        crumb(words, (words("Class upkeep"), PATH), here=entry.code),
        head(
            words.name(entry),
            words.period(entry.starts_on, entry.ends_on),
            above=[state_badge(words, entry.state), html.Span(entry.code, className="num")],
        ),
        html.Div(
            [
                html.Section(
                    form(words, typed_of(entry), {}, entry=entry),
                    id=Ids.FORM,
                    className="panel",
                ),
                html.Aside(_side(visit, entry, granted), className="panel stack"),
            ],
            className="split",
        ),
        title=f"{entry.code} {words.name(entry)}",
    )


def room_table(words: Words, granted: list[Room]) -> Component:
    """What each commission grants and what is used of it."""
    columns = [(words("Course"), False), (words("Classes"), True), (words("Seats"), True)]
    rows = [
        html.Tr(
            [
                html.Th(
                    [words.name(room), html.Div(words.year(room.year), className="sub")],
                    scope="row",
                    className="cell-head",
                ),
                cell(words("Classes"), f"{room.classes} / {room.classes_cap}", right=True),
                cell(words("Seats"), f"{room.seats} / {room.seats_cap}", right=True),
            ]
        )
        for room in granted
    ]
    return table(words("Used and granted"), columns, rows)


def _changes(words: Words, entry: ClassEntry) -> list[Component]:
    """The ways to change a class that people have registered for."""
    if entry.merged_into is not None:
        into = dcc.Link(words("The class it was merged into"), href=f"{PATH}/{entry.merged_into}")
        return [html.P(into)]
    if entry.state != "published":
        return []
    return [
        dcc.Link(
            words("Register somebody at the counter"),
            href=f"/desk/counter/{entry.id}",
            className="btn btn-outline-primary",
        ),
        html.H2(words("Change this class")),
        html.P(words("You see the consequences first."), className="sub"),
        change_links(words, entry.id),
    ]


def change_links(words: Words, class_id: int) -> Component:
    """Link the three changes: move, merge, cancel."""
    links = [
        html.Li(dcc.Link(words(text), href=f"{PATH}/{class_id}/change?act={act}"))
        for act, text in CHANGES.items()
    ]
    return html.Ul(links, className="change-links")


def _side(visit: Visit, entry: ClassEntry, granted: list[Room]) -> list[Component | None]:
    words = visit.words
    facts = [
        (words("Seats held"), f"{entry.seats_held} / {entry.cap}"),
        (words("Numbers given"), words.number(entry.numbers_given)),
        (
            words("Registration opens"),
            words.deadline(entry.opens_at) if entry.opens_at else words("When MPB publishes it"),
        ),
    ]
    publish = entry.state == "draft" and visit.actor.role is Role.PLANNER
    return [
        html.H2(words("This class")),
        html.Dl(
            [part for dt, dd in facts for part in (html.Dt(dt), html.Dd(dd))], className="facts"
        ),
        html.Div(
            [
                html.Button(
                    words("Publish this class"),
                    id=Ids.PUBLISH,
                    type="button",
                    className="btn btn-outline-primary",
                ),
                html.Div(id="class-publish-problem"),
            ]
        )
        if publish
        else None,
        *_changes(words, entry),
        html.H2(words("Used and granted")),
        room_table(words, granted),
        html.P(
            [
                dcc.Link(words("Call list"), href=f"/desk/calls/{entry.id}"),
                " ",
                dcc.Link(words("Roll"), href=f"/desk/roll/{entry.id}"),
            ],
            className="line",
        ),
    ]
