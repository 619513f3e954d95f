"""The annual plan (年度訓練計畫): MPB's list of years, and one year with everything in it."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import (
    cell,
    crumb,
    field,
    head,
    line,
    mark_of,
    nothing,
    path_id,
    push_button,
    row_head,
    staff_page,
    table,
)
from pages.components.ordering_form import (
    OrderingIds,
    due_note,
    ordering_form,
    ordering_told,
)
from pages.components.plan_forms import (
    Ids,
    commission_form,
    numbers_form,
    publish_part,
    windows_form,
)
from pages.visit import Visit
from services.catalogue.plan_page import PlanPage, plan_page, plans
from services.catalogue.upkeep import Room
from services.lottery.waiting import lottery_windows, values_due
from services.words import Words

PATH, PATH_ONE = "/plan", "/plan/<year>"


def layout(visit: Visit) -> Component:
    """List the annual plans and offer to start the next one."""
    words = visit.words
    found = plans(visit.look)
    columns = [
        (words("Plan year"), False),
        (words("State"), False),
        (words("Funded classes"), True),
        (words("Funded seats"), True),
        (words("Drafts"), True),
    ]
    rows = [
        html.Tr(
            [
                row_head(dcc.Link(words.year(plan.year), href=f"{PATH}/{plan.year}")),
                cell(words("State"), plan_badge(words, plan.published_at is not None)),
                cell(words("Funded classes"), words.number(plan.used.classes), right=True),
                cell(
                    words("Funded seats"),
                    f"{words.number(plan.used.seats)} / {words.number(plan.seats_cap)}",
                    right=True,
                ),
                cell(words("Drafts"), words.number(plan.drafts), right=True),
            ]
        )
        for plan in found
    ]
    following = found[0].year + 1 if found else visit.look.today.year
    return staff_page(
        head(
            words("Annual plans"),
            words("One plan a year: commissions, seats, windows, milestones."),
        ),
        due_note(words, values_due(visit.look)),
        html.Div(
            [
                html.Section(table(words("Annual plans"), columns, rows), className="panel")
                if found
                else nothing(words("No plan yet"), words("Start the first one.")),
                html.Aside(_make(words, following, bool(found)), className="panel"),
            ],
            className="split",
        ),
    )


def _make(words: Words, year: int, copies: bool) -> list[Component]:
    hint = words("Numbers, windows and commissions are copied from the year before.")
    return [
        html.H2(words("Start a plan")),
        html.Form(
            [
                html.Div(id=Ids.MAKE_PROBLEM),
                field(
                    words,
                    line(Ids.MAKE_YEAR, str(year), kind="number"),
                    words("Year (western count)"),
                    {},
                    hint=hint if copies else "",
                ),
                push_button(words("Start this plan"), Ids.MAKE),
            ],
            className="stack",
        ),
    ]


def plan_badge(words: Words, published: bool) -> Component:
    """The badge of a plan's state."""
    if published:
        return mark_of(words("Published"), "confirmed", "check")
    return mark_of(words("Draft"), "closed", "dash")


def one(visit: Visit, year: str) -> Component:
    """Show one annual plan: numbers, windows, commissions, and the publishing of it."""
    words = visit.words
    plan = plan_page(visit.look, path_id(year))
    sub = words(
        "{classes} classes, {used} of {cap} funded seats entered",
        classes=words.number(plan.used.classes),
        used=words.number(plan.used.seats),
        cap=words.number(plan.numbers["seats_cap"]),
    )
    return staff_page(
        crumb(words, (words("Annual plans"), PATH), here=words.year(plan.year)),
        head(
            words("Annual plan {year}", year=words.year(plan.year)),
            sub,
            above=plan_badge(words, plan.published_at is not None),
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Section(
                            [
                                html.H2(words("Numbers")),
                                html.Div(numbers_form(words, plan, {}, {}), id=Ids.NUMBERS),
                            ],
                            className="panel",
                        ),
                        html.Section(
                            [
                                html.H2(words("Registration windows")),
                                html.Div(windows_form(words, plan, None, {}), id=Ids.WINDOWS),
                            ],
                            className="panel",
                        ),
                        _ordering(visit, plan),
                    ],
                    className="stack-m",
                ),
                html.Aside(_aside(visit, plan), className="stack-m"),
            ],
            className="split",
        ),
        html.Section(
            [html.H2(words("Commissions")), commissions_table(words, plan)], className="panel flows"
        ),
        dcc.Store(id=Ids.YEAR, data=plan.year),
        dcc.Store(id=Ids.VERSION, data=plan.version),
        title=words("Annual plan {year}", year=words.year(plan.year)),
    )


def _ordering(visit: Visit, plan: PlanPage) -> Component:
    """The order of the queues: a choice while the plan is a draft."""
    words = visit.words
    title = html.H2(words("Order of the queues"), id="ordering")
    if plan.published_at is None:
        form = html.Div(ordering_form(words, plan, {}, {}), id=OrderingIds.FORM)
        return html.Section([title, form], className="panel")
    windows = lottery_windows(visit.look, plan.year)
    return html.Section([title, *ordering_told(words, plan, windows)], className="panel")


def _aside(visit: Visit, plan: PlanPage) -> list[Component]:
    words = visit.words
    chosen = {
        "course": visit.query.get("course", ""),
        "institution": visit.query.get("institution", ""),
    }
    known = next(
        (
            room
            for room in plan.commissions
            if (room.course, room.institution) == (chosen["course"], chosen["institution"])
        ),
        None,
    )
    typed = chosen | (
        {"classes_cap": str(known.classes_cap), "seats_cap": str(known.seats_cap)} if known else {}
    )
    return [
        html.Section(publish_part(words, plan), className="panel"),
        html.Section(
            [
                html.H2(words("Set a commission"), id="commission"),
                html.Div(commission_form(words, plan, typed, {}), id=Ids.COMMISSION),
            ],
            className="panel",
        ),
    ]


def commissions_table(words: Words, plan: PlanPage) -> Component:
    """Every commission with what is used against its caps."""
    if not plan.commissions:
        return html.P(words("No institution is commissioned yet."))
    columns = [
        (words("Course"), False),
        (words("Institution"), False),
        (words("Full fee"), True),
        (words("Classes entered / granted"), True),
        (words("Seats entered / granted"), True),
        (words("Still free"), True),
    ]
    rows = [_commission(words, plan, room) for room in plan.commissions]
    return table(words("Commissions"), columns, rows)


def _commission(words: Words, plan: PlanPage, room: Room) -> Component:
    href = f"{PATH}/{plan.year}?course={room.course}&institution={room.institution}#commission"
    return html.Tr(
        [
            row_head(
                dcc.Link(words.name(room), href=href), html.Div(room.course, className="sub num")
            ),
            cell(words("Institution"), words.name(room, "short")),
            cell(words("Full fee"), words.money(room.fee), right=True),
            cell(
                words("Classes entered / granted"),
                f"{room.classes} / {room.classes_cap}",
                right=True,
            ),
            cell(words("Seats entered / granted"), f"{room.seats} / {room.seats_cap}", right=True),
            cell(words("Still free"), words.number(room.seats_cap - room.seats), right=True),
        ]
    )
