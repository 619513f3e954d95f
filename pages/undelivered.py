"""Letters that came back from one person: what the mail server said, sent again or told."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.calls import PATH as CALLS
from pages.components.entry import (
    attrs,
    crumb,
    head,
    ico,
    mark_of,
    nothing,
    path_id,
    push_button,
    staff_page,
)
from pages.visit import Visit
from services.notices.answers import in_words
from services.notices.kinds import SUBJECTS
from services.registration.undelivered import LostLetter, Undelivered, undelivered
from services.words import Words

PATH = "/desk/undelivered/<task_id>"


class Ids:
    """Ids shared with the hands."""

    TASK, SAID = "undelivered-task", "undelivered-said"
    AGAIN, TOLD = "undelivered-again", "undelivered-told"


def layout(visit: Visit, task_id: str) -> Component:
    """Show who was not reached, which letters came back and why, and what can be done."""
    words, case = visit.words, undelivered(visit.look, path_id(task_id))
    name = words.name(case, "who")
    return staff_page(
        crumb(words, (words("Confirmation calls"), CALLS), here=name),
        head(
            name,
            words(
                "{course}, {day}",
                course=words.name(case),
                day=words.period(case.starts_on, case.ends_on),
            ),
            above=html.Span(case.code, className="num"),
        ),
        _open(words, case) if case.is_open else _done(words),
        title=name,
    )


def _done(words: Words) -> Component:
    return nothing(
        words("Nothing is left to do here"),
        words("The letter has arrived, the person was told, or the registration has ended."),
    )


def _open(words: Words, case: Undelivered) -> Component:
    letters: list[Component] = [_letter(words, each) for each in case.letters]
    return html.Div(
        [
            html.Section(
                [
                    html.H2(words("Letters that came back")),
                    html.Ul(letters, className="plain stack")
                    if letters
                    else html.P(words("None lies here now.")),
                ],
                className="panel stack",
            ),
            html.Aside(_aside(words, case), className="panel stack"),
        ],
        className="split",
    )


def _letter(words: Words, letter: LostLetter) -> Component:
    return html.Li(
        [
            html.Div(
                [html.H3(words(SUBJECTS[letter.kind])), _state(words, letter)],
                className="line line-between",
            ),
            html.P(_why(words, letter)),
            html.Dl(
                [
                    part
                    for name, value in _facts(words, letter)
                    for part in (html.Dt(name), html.Dd(value))
                ],
                className="facts",
            ),
        ],
        className="stack-s",
    )


def _why(words: Words, letter: LostLetter) -> str:
    if letter.again is not None:
        return words("Next try: {moment}.", moment=words.moment(letter.again))
    return words(in_words(letter.answer))


def _state(words: Words, letter: LostLetter) -> Component:
    if letter.again is not None:
        return mark_of(words("E-mail on its way"), "waiting", "clock")
    if not letter.worth_sending:
        return mark_of(words("Too late to send"), "closed", "dash", "st-over")
    return mark_of(words("E-mail could not be delivered"), "problem", "warn")


def _facts(words: Words, letter: LostLetter) -> list[tuple[str, Component | str]]:
    facts: list[tuple[str, Component | str]] = [
        (words("Written"), words.deadline(letter.made_at)),
        (words("Tries"), words.number(letter.tries)),
    ]
    if letter.answer:
        answer = html.Span(letter.answer, className="said", lang="en")
        facts.append((words("Server's answer"), answer))
    return facts


def _aside(words: Words, case: Undelivered) -> list[Component | None]:
    telephone = html.Span(words("No telephone number is known."))
    if case.mobile:
        link = html.A(case.mobile, href=f"tel:{case.mobile}")
        telephone = html.Span([ico("phone"), " ", link])
    facts = (
        (words("Telephone"), telephone),
        (words("E-mail"), html.Span(case.email or words("None given"), className="said")),
        (words("Number"), f"{case.number:03d}"),
    )
    return [
        html.H2(words("Reach the person")),
        html.Dl(
            [part for name, value in facts for part in (html.Dt(name), html.Dd(value))],
            className="facts facts-stacked",
        ),
        html.Div(id=Ids.SAID, **attrs(aria_live="polite")),
        _call(words, case) if case.asked else _tell(words),
        _send(words, case.to_send) if case.to_send else None,
        dcc.Store(id=Ids.TASK, data=case.task_id),
    ]


def _call(words: Words, case: Undelivered) -> Component:
    return html.Div(
        [
            dcc.Link(
                words("Note a call"),
                href=f"{CALLS}/{case.class_id}?person={case.registration_id}",
                className="btn btn-primary",
            ),
            html.P(words("An answer is wanted: the call list keeps it."), className="sub"),
        ],
        className="stack-s",
    )


def _tell(words: Words) -> Component:
    return html.Div(
        [
            push_button(words("Told by phone"), Ids.TOLD),
            html.P(
                words("The call is kept with your name, and this task is closed."), className="sub"
            ),
        ],
        className="stack-s",
    )


def _send(words: Words, n: int) -> Component:
    return html.Div(
        [
            push_button(words("Send again"), Ids.AGAIN, "outline-primary"),
            html.P(
                words.many(
                    "{n} letter goes to this address once more.",
                    "{n} letters go to this address once more.",
                    n,
                ),
                className="sub",
            ),
            html.P(
                words(
                    "If the address is wrong, the person corrects it with the next registration; "
                    "then these letters go to the new one by themselves."
                ),
                className="sub",
            ),
        ],
        className="stack-s",
    )
