"""The call list (受訓確認): whom to phone in rank order, and the form to note a call."""

from datetime import datetime

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_lines import class_lines
from pages.components.entry import (
    Problems,
    cell,
    choice,
    crumb,
    field,
    head,
    ico,
    mark_of,
    nothing,
    path_id,
    push_button,
    row_head,
    staff_page,
    summary,
    table,
)
from pages.components.task_list import task_list
from pages.visit import Visit
from services.phone import ASKING, LONGEST_NOTE, Outcome
from services.registration.desk_lists import (
    CallLine,
    ClassHead,
    call_ahead,
    call_classes,
    call_list,
    class_head,
)
from services.registration.desk_tasks import tasks, value_tasks
from services.words import Words, mark

PATH, PATH_ONE = "/desk/calls", "/desk/calls/<class_id>"
OUTCOMES = {
    Outcome.YES: mark("Yes, will come"),
    Outcome.NO: mark("No, gives the seat up"),
    Outcome.SPOKEN: mark("Spoken to, will answer later"),
    Outcome.NO_ANSWER: mark("Nobody answered"),
    Outcome.WRONG_NUMBER: mark("Wrong number"),
    Outcome.TOLD: mark("Told what a letter says"),
}
KINDS = {"confirm": mark("Confirmation"), "claim": mark("Self-funded offer")}


class Ids:
    """Ids shared with the hands."""

    FORM, SAVE, WHO = "call-form", "call-save", "call-who"
    OUTCOME, NOTE = "call-outcome", "call-note"


def layout(visit: Visit) -> Component:
    """List the classes in which people are being asked, and the open tasks."""
    words = visit.words
    found, open_tasks = call_classes(visit.look), tasks(visit.look)
    values = value_tasks(visit.look)
    return staff_page(
        head(
            words("Confirmation calls"),
            words("People who have been asked and have not answered."),
        ),
        html.Section(
            [html.H2(words("Tasks")), task_list(words, open_tasks, values)], className="panel"
        )
        if open_tasks or values
        else None,
        class_lines(
            words,
            words("Classes with open questions"),
            found,
            PATH,
            people=words("People asked"),
            left=words("Not reached yet"),
        )
        if found
        else nothing(
            words("Nobody to phone now"),
            words("People are asked from four weeks before their class on."),
        ),
    )


def one(visit: Visit, class_id: str) -> Component:
    """List whom to phone in one class; `?person=` opens the form for one of them."""
    words = visit.words
    number = path_id(class_id)
    of, people = class_head(visit.look, number), call_list(visit.look, number)
    chosen = next((p for p in people if str(p.registration_id) == visit.query.get("person")), None)
    if not people:
        body: Component = _nobody(words, call_ahead(visit.look, number))
    else:
        body = html.Div(
            [
                html.Section(_list(visit, of, people, chosen), className="panel"),
                html.Aside(_aside(visit, chosen), className="panel first-s"),
            ],
            className="split",
        )
    return staff_page(
        crumb(words, (words("Confirmation calls"), PATH), here=of.code),
        head(
            words.name(of),
            words(
                "{dates}, {held} of {cap} seats held",
                dates=words.period(of.starts_on, of.ends_on),
                held=of.seats_held,
                cap=of.cap,
            ),
            above=html.Span(of.code, className="num"),
        ),
        body,
        title=f"{of.code} {words.name(of)}",
    )


def _nobody(words: Words, call: datetime | None) -> Component:
    """Say why there is nobody to phone: nobody was asked yet, or all have answered."""
    if call is None:
        return nothing(words("Nobody to phone now"), words("Everybody who was asked has answered."))
    return nothing(
        words("The confirmation call has not begun"),
        words("People are asked from {moment} on.", moment=words.deadline(call)),
    )


def _list(
    visit: Visit, of: ClassHead, people: list[CallLine], chosen: CallLine | None
) -> Component:
    words = visit.words
    columns = [
        (words("Person"), False),
        (words("Number"), True),
        (words("Telephone"), False),
        (words("Asked for"), False),
        (words("Answer by"), False),
        (words("Calls"), True),
        (words("Last call"), False),
    ]
    return table(words("Call list"), columns, [_row(visit, of, p, p == chosen) for p in people])


def _row(visit: Visit, of: ClassHead, person: CallLine, mine: bool) -> Component:
    words = visit.words
    last = (
        words(OUTCOMES[Outcome(person.last_outcome)]) if person.last_outcome else words("None yet")
    )
    when = [html.Div(words.moment(person.last_at), className="sub")] if person.last_at else []
    return html.Tr(
        [
            row_head(
                dcc.Link(words.name(person), href=f"{PATH}/{of.id}?person={person.registration_id}")
            ),
            cell(words("Number"), f"{person.number:03d}", right=True),
            cell(words("Telephone"), person.mobile or words("None given")),
            cell(words("Asked for"), words(KINDS[person.kind])),
            cell(words("Answer by"), html.Div(deadline(words, person, visit.look.now))),
            cell(words("Calls"), words.number(person.attempts), right=True),
            cell(words("Last call"), html.Div([last, *when])),
        ],
        className="mine" if mine else None,
    )


def deadline(words: Words, person: CallLine, now: datetime) -> list[Component | str]:
    """Say by when; before the request has reached the person only the earliest day is known.

    Whoever is still on the list when the day is past may still answer.
    """
    if (person.deadline or person.calendar_deadline) <= now:
        if person.deadline:
            return [words("The day is past; an answer still counts")]
        return [words("The time counts from the moment the request reaches the person")]
    if person.deadline:
        return [words.moment(person.deadline)]
    return [
        words.moment(person.calendar_deadline),
        html.Div(words("at the earliest: not reached yet"), className="due due-soon"),
    ]


def _aside(visit: Visit, chosen: CallLine | None) -> list[Component]:
    words = visit.words
    if chosen is None:
        return [
            html.H2(words("Note a call")),
            html.P(words("Choose a person in the list. They stand in the order of the queue.")),
        ]
    return [
        html.H2(words("Call to {name}", name=words.name(chosen))),
        html.P(
            [
                html.A([ico("reply"), chosen.mobile], href=f"tel:{chosen.mobile}")
                if chosen.mobile
                else words("No telephone number is known."),
            ]
        ),
        html.P(
            [
                mark_of(words(KINDS[chosen.kind]), "admitted", "reply"),
                " ",
                *deadline(words, chosen, visit.look.now),
            ]
        ),
        html.Div(form(words, chosen.registration_id, "", "", {}), id=Ids.FORM),
    ]


def form(
    words: Words, registration_id: int, outcome: object, note: object, problems: Problems
) -> Component:
    """The form of one call."""
    options = [
        ("", words("Choose what came of it")),
        *((o.value, words(OUTCOMES[o])) for o in ASKING),
    ]
    return html.Form(
        [
            summary(words, problems, "call"),
            field(
                words,
                choice(Ids.OUTCOME, options, outcome, problems),
                words("What came of it"),
                problems,
                hint=words("Yes and no count at once, as if answered here by the person."),
            ),
            field(
                words,
                dbc.Textarea(
                    id=Ids.NOTE,
                    value=note,
                    rows=3,
                    invalid="note" in problems or None,
                    maxLength=LONGEST_NOTE * 2,
                ),
                words("Note (optional)"),
                problems,
            ),
            dcc.Store(id=Ids.WHO, data=registration_id),
            push_button(words("Save the call"), Ids.SAVE),
        ],
        className="stack",
    )
