"""One training class at the desk: entered anew, or its form with what still may change."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.classes import PATH as UPKEEP
from pages.components.class_form import FIXED, Ids, fixed_plan, form, typed_of
from pages.components.class_marks import change_links, state_badge
from pages.components.class_people import people_panel
from pages.components.entry import (
    attrs,
    cell,
    crumb,
    head,
    nothing,
    page_number,
    path_id,
    push_button,
    row_head,
    staff_page,
    table,
)
from pages.components.kept import kept
from pages.visit import Visit
from services.catalogue.upkeep import ClassEntry, Room, class_entry, plan_years, rooms
from services.kernel.actor import Role
from services.registration.desk_people import PER_PAGE, class_people
from services.words import Words

PATH_NEW, PATH_ONE = f"{UPKEEP}/new", f"{UPKEEP}/<class_id>"


def new(visit: Visit) -> Component:
    """Show the empty form of a class against the commissions of the latest plan."""
    words = visit.words
    years = plan_years(visit.look)
    granted = [room for year in years[:2] for room in rooms(visit.look, year)]
    return staff_page(
        crumb(words, (words("Class upkeep"), UPKEEP), here=words("Enter a class")),
        head(words("Enter a class"), words("It stays a draft until MPB publishes it.")),
        html.Div(
            [
                kept(
                    visit,
                    html.Section(
                        form(words, {"kind": "funded"}, {}, rooms=granted),
                        id=Ids.FORM,
                        className="panel",
                    ),
                ),
                html.Aside(
                    [
                        html.H2(words("Commissions")),
                        html.Div(
                            _room_table(words, granted),
                            className="table-scroll flows",
                            tabIndex=0,
                            role="group",
                            **attrs(aria_label=words("Commissions")),
                        ),
                    ],
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
        crumb(words, (words("Class upkeep"), UPKEEP), here=entry.code),
        head(
            words.name(entry),
            words.period(entry.starts_on, entry.ends_on),
            above=[state_badge(words, entry.state), html.Span(entry.code, className="num")],
        ),
        html.Div(
            [
                html.Section(fixed_plan(words, entry), className="panel")
                if entry.state in FIXED
                else kept(
                    visit,
                    html.Section(
                        form(words, typed_of(entry), {}, entry=entry),
                        id=Ids.FORM,
                        className="panel",
                    ),
                ),
                html.Aside(_side(visit, entry, granted), className="panel stack"),
            ],
            className="split",
        ),
        _people(visit, entry) if entry.state != "draft" else None,
        title=f"{entry.code} {words.name(entry)}",
    )


def _people(visit: Visit, entry: ClassEntry) -> Component:
    """Show who registered; `?page=` turns the pages, and beyond the last is the last."""
    pages = max(-(-entry.numbers_given // PER_PAGE), 1)
    page = min(page_number(visit.query.get("page", "")), pages)
    lines = class_people(visit.look, entry.id, page=page)
    return people_panel(
        visit.words, entry.id, lines, page=page, pages=pages, total=entry.numbers_given
    )


def _room_table(words: Words, granted: list[Room]) -> Component:
    """What each commission grants and what is used of it."""
    columns = [(words("Course"), False), (words("Classes"), True), (words("Seats"), True)]
    rows = [
        html.Tr(
            [
                row_head(words.name(room), html.Div(words.year(room.year), className="sub")),
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
        into = dcc.Link(words("The class it was merged into"), href=f"{UPKEEP}/{entry.merged_into}")
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
                push_button(words("Publish this class"), Ids.PUBLISH, "outline-primary"),
                html.Div(id="class-publish-problem"),
            ]
        )
        if publish
        else None,
        *_changes(words, entry),
        html.H2(words("Used and granted")),
        _room_table(words, granted),
        html.P(
            [
                dcc.Link(words("Call list"), href=f"/desk/calls/{entry.id}"),
                " ",
                dcc.Link(words("Roll"), href=f"/desk/roll/{entry.id}"),
            ],
            className="line",
        ),
    ]
