"""The choices of one person for a course, in order, with the way to change it; the yes ahead."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.dialogs import Ids
from pages.components.entry import attrs, cell, ico
from pages.components.journey import aria, own_badge, told
from services.registration.cards import MyChoice, Progress, RegistrationCard
from services.words import Words

ORDER = "progress-order"  # with act (up, down) and n (the registration)


def choices_panel(words: Words, page: Progress) -> Component | None:
    """Every choice of the course: number, rank, status, what happens next; nothing for one."""
    if len(page.choices) < 2:
        return None
    still = [one.card for one in page.choices if one.card.is_open]
    columns = (
        words("Choice"),
        words("Class"),
        words("Number"),
        words("Status"),
        words("What happens next"),
    )
    rows = [_row(words, columns, one, page, still) for one in page.choices]
    table = html.Table(
        [
            html.Caption(words("Your choices for this course"), className="visually-hidden"),
            html.Thead(html.Tr([html.Th(name, scope="col") for name in columns])),
            html.Tbody(rows),
        ],
        className="table table-cards my-choices",
    )
    return html.Section(
        [
            html.H2(words("Your choices for this course"), id="choices"),
            table,
            *(html.P(line, className="sub") for line in _means(words, page, still)),
        ],
        className="panel stack-s",
        **aria(labelledby="choices"),
    )


def _row(
    words: Words,
    columns: Sequence[str],
    one: MyChoice,
    page: Progress,
    still: Sequence[RegistrationCard],
) -> Component:
    card = one.card
    here = card.id == page.card.id
    place = words.name(card, "city") or words.name(card, "institution")
    name = ("・" if words.zh else ", ").join((words.day(card.starts_on), place))
    linked = html.B(name) if here else dcc.Link(name, href=f"/registrations/{card.id}")
    number = [html.Span(f"{card.number:03d}", className="num")]
    if card.told_rank is not None:
        number.append(html.Span(words("rank {n}", n=card.told_rank), className="sub xs d-block"))
    return html.Tr(
        [
            cell(columns[0], _place(words, card, page, still)),
            html.Th(
                [linked, html.Span(card.code, className="sub xs d-block")],
                scope="row",
                className="cell-head",
                **attrs(data_th=columns[1]),
            ),
            cell(columns[2], html.Div(number)),
            cell(columns[3], own_badge(words, card)),
            cell(columns[4], html.Span(told(words, one.says))),
        ],
        className="mine" if here else None,
    )


def _place(
    words: Words, card: RegistrationCard, page: Progress, still: Sequence[RegistrationCard]
) -> Component:
    """The preference, with buttons to change it where that is allowed; a dash where it ended."""
    if not card.is_open:
        return html.Span(["–", html.Span(words("ended"), className="visually-hidden")])
    number = html.B(str(card.preference), className="num")
    if "reorder" not in page.can:
        return number
    at = [each.id for each in still].index(card.id)
    moves = [
        _move(words("Move up"), words, card, "up", dead=at == 0),
        _move(words("Move down"), words, card, "down", dead=at == len(still) - 1),
    ]
    return html.Div([number, *moves], className="act ordering")


def _move(label: str, words: Words, card: RegistrationCard, act: str, *, dead: bool) -> Component:
    about = f"{label} {words.day(card.starts_on)}"
    return html.Button(
        [ico(act), html.Span(about, className="visually-hidden")],
        id={"type": ORDER, "act": act, "n": card.id},
        type="button",
        className="btn btn-outline-primary btn-icon",
        **attrs(aria_disabled="true") if dead else {},
    )


def _means(words: Words, page: Progress, still: Sequence[RegistrationCard]) -> list[str]:
    if len(still) < 2:
        return []
    lines = [
        words(
            "If a better choice comes up you move there, and the seat you have goes to the next "
            "person, until you have confirmed."
        )
    ]
    if "reorder" in page.can:
        lines.append(words("You may change the order until you have a seat."))
    else:
        lines.append(words("You have a seat, so the order stands."))
    return lines


def yes_panel(words: Words, page: Progress) -> Component | None:
    """The standing yes: what it does, what it does not do, and the button to give or undo it."""
    if not page.can & {"stand_by", "stand_down"}:
        return None
    given = "stand_down" in page.can
    card = page.card
    held = next((c.card for c in page.choices if c.card.is_open and c.card.holds), None)
    does = [words("When a seat comes up here it is confirmed at once; we do not ask again.")]
    if held is not None:
        does.append(words("Your seat in {code} then goes to the next person.", code=held.code))
    does += [
        words("You can take it back until a seat is given."),
        words("It never buys a self-funded seat."),
    ]
    title = words("You have said yes ahead") if given else words("Say yes ahead?")
    act = (
        dbc.Button(words("Take it back"), id=Ids.STAND_DOWN, outline=True, color="primary")
        if given
        else dbc.Button(
            [ico("check"), words("Yes ahead: confirm me when my turn comes")],
            id=Ids.STAND_BY,
            outline=True,
            color="primary",
        )
    )
    place = words("You are on standby, place {place}. It is not your turn yet.", place=card.place)
    return html.Section(
        [
            html.H2(title),
            html.P(place) if card.place else None,
            html.Ul([html.Li(line) for line in does], className="terms"),
            html.Div(act),
        ],
        className="panel stack-s",
    )


def choice_of(words: Words, card: RegistrationCard, count: int) -> Component:
    """Which of several choices a row of a list is."""
    text = words("Choice {n} of {count}", n=card.preference, count=count)
    return html.Div(text, className="choice-no")
