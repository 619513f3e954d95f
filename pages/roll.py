"""The roll (專業訓練管理): attendance and results of a class that has begun."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_lines import class_lines
from pages.components.entry import (
    Problems,
    cell,
    choice,
    crumb,
    head,
    mark_of,
    nothing,
    path_id,
    push_button,
    row_head,
    staff_page,
    summary,
    table,
)
from pages.components.findings import bare_date
from pages.components.kept import kept
from pages.visit import Visit
from services.registration.desk_lists import (
    ClassHead,
    RollLine,
    class_head,
    roll_classes,
    roll_list,
)
from services.roll import RESULTS
from services.words import Words, mark

PATH, PATH_ONE = "/desk/roll", "/desk/roll/<class_id>"
WORDS = {
    "completed": mark("Completed"),
    "failed": mark("Not passed"),
    "absent": mark("Absent"),
}
BADGES = {
    "completed": ("confirmed", "star", "st-done"),
    "failed": ("problem", "x", "st-done"),
    "absent": ("closed", "x", "st-over"),
}


class Ids:
    """Ids shared with the hands."""

    FORM, SAVE, WHICH = "roll-form", "roll-save", "roll-which"
    LINES, FILL, FILLED = "roll-lines", "roll-fill", "roll-filled"
    RESULT = "roll-result"  # pattern: one per registration


def layout(visit: Visit) -> Component:
    """List the classes that have begun, with how many people are still to be marked."""
    words = visit.words
    found = roll_classes(visit.look)
    return staff_page(
        head(words("Roll"), words("Attendance and results; every change goes to MTNet.")),
        class_lines(
            words,
            words("Classes that have begun"),
            found,
            PATH,
            people=words("On the roll"),
            left=words("Not marked yet"),
        )
        if found
        else nothing(words("No class has begun"), words("The roll opens on the first class day.")),
    )


def one(visit: Visit, class_id: str) -> Component:
    """Show the roll of one class."""
    words = visit.words
    number = path_id(class_id)
    of, people = class_head(visit.look, number), roll_list(visit.look, number)
    begun = of.state == "opened" and visit.look.today >= of.starts_on
    left = sum(1 for person in people if person.status not in RESULTS)
    return staff_page(
        crumb(words, (words("Roll"), PATH), here=of.code),
        head(
            words.name(of),
            words(
                "{dates}, {people} on the roll, {left} not marked yet",
                dates=words.period(of.starts_on, of.ends_on),
                people=len(people),
                left=left,
            ),
            above=html.Span(of.code, className="num"),
        ),
        kept(
            visit,
            html.Section(html.Div(form(words, of, people, {}, {}), id=Ids.FORM), className="panel"),
        )
        if people and begun
        else _not_yet(words, of, people),
        title=f"{of.code} {words.name(of)}",
    )


def _not_yet(words: Words, of: ClassHead, people: list[RollLine]) -> Component:
    if people:
        return nothing(words("The roll opens on the first class day"), words.date(of.starts_on))
    return nothing(words("Nobody is on the roll"), words("No one has confirmed this class."))


def form(
    words: Words,
    of: ClassHead,
    people: list[RollLine],
    typed: Mapping[int, Any],
    problems: Problems,
) -> Component:
    """The roll with one choice per person; what was chosen before is shown beside it."""
    return html.Form(
        [
            summary(words, problems, "roll"),
            _fill(words) if any(p.status not in RESULTS for p in people) else None,
            html.Div(lines(words, people, typed, problems), id=Ids.LINES, className="roll-lines"),
            dcc.Store(id=Ids.WHICH, data=of.id),
            html.Div(
                [
                    push_button(words("Save the roll"), Ids.SAVE),
                    html.Span(
                        words("Each person is told the result; a correction is kept as one."),
                        className="sub",
                    ),
                ],
                className="bar-actions",
            ),
        ]
    )


def lines(
    words: Words, people: list[RollLine], typed: Mapping[int, Any], problems: Problems
) -> Component:
    """The people on the roll, each with a choice."""
    columns = [
        (words("Person"), False),
        (words("Number"), True),
        (words("Born"), False),
        (words("Noted"), False),
        (words("Result"), False),
    ]
    return table(words("Roll"), columns, [_row(words, p, typed, problems) for p in people])


def _fill(words: Words) -> Component:
    """Choose for everybody not marked yet what most people get; saving stays a step of its own."""
    return html.Div(
        [
            push_button(
                words("Fill in “Completed” for everybody not marked yet"),
                Ids.FILL,
                "outline-primary",
            ),
            html.Span(words("Only on this page; then correct and save."), className="sub"),
            html.Div(id=Ids.FILLED, className="sub", role="status"),
        ],
        className="line mb-3",
    )


def _row(words: Words, person: RollLine, typed: Mapping[int, Any], problems: Problems) -> Component:
    now = person.status if person.status in RESULTS else ""
    options = [("", words("Not marked"))] if not now else []
    options += [(key, words(text)) for key, text in WORDS.items()]
    ident = {"type": Ids.RESULT, "n": person.registration_id}
    control = choice(ident, options, typed.get(person.registration_id, now), problems)
    label = words("Result of {name}", name=words.name(person))
    return html.Tr(
        [
            row_head(
                words.name(person),
                None
                if person.reached
                else html.Div(words("never reached"), className="due due-soon"),
            ),
            cell(words("Number"), f"{person.number:03d}", right=True),
            cell(words("Born"), bare_date(words, person.birth_date) if person.birth_date else ""),
            cell(words("Noted"), noted(words, now)),
            cell(
                words("Result"),
                html.Label([html.Span(label, className="visually-hidden"), control]),
            ),
        ]
    )


def noted(words: Words, result: str) -> Component:
    """The badge of a result, or a word where there is none."""
    if not result:
        return html.Span(words("not yet"), className="sub")
    tone, icon, shape = BADGES[result]
    return mark_of(words(WORDS[result]), tone, icon, shape)
