"""The dialogs before a seat or place is given up: what it costs, and the way back."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from services.registration.cards import Progress, RegistrationCard
from services.words import Words


class Ids:
    """Ids shared with the hands."""

    WHICH, PROBLEM = "progress-which", "progress-problem"
    CONFIRM, CLAIM, UNCLAIM = "progress-confirm", "progress-claim", "progress-unclaim"
    STAND_BY, STAND_DOWN = "progress-stand-by", "progress-stand-down"
    DECLINE, DECLINE_ASK = "progress-decline", "progress-decline-ask"
    DECLINE_BACK, DECLINE_BOX = "progress-decline-back", "progress-decline-box"
    CANCEL, CANCEL_ASK = "progress-cancel", "progress-cancel-ask"
    CANCEL_BACK, CANCEL_BOX = "progress-cancel-back", "progress-cancel-box"
    APPEAL, STATEMENT, APPEAL_FORM = "progress-appeal", "appeal-statement", "appeal-form"


def cost(words: Words, page: Progress) -> str:
    """Say what giving up this registration costs, and what it leaves."""
    card, gap = page.card, "" if words.zh else " "
    others = sum(one.card.is_open for one in page.choices) > 1
    stay = gap + words("Your other choices stay.") if others else ""
    return _cost(words, card) + stay


def _cost(words: Words, card: RegistrationCard) -> str:
    facts = {"number": f"{card.number:03d}", "place": card.place}
    if card.place is not None:
        return words(
            "Number {number} and place {place} on the waiting list are given up. "
            "If you register again you start at the end of the queue.",
            **facts,
        )
    if card.in_line:
        return words(
            "Number {number} is given up. If you register again you start at the end of the queue.",
            **facts,
        )
    return words(
        "Number {number} and the seat are given up, and the seat goes to the next person at once. "
        "If you register again you start at the end of the queue.",
        **facts,
    )


def dialogs(words: Words, page: Progress) -> Component:
    """Write the closed dialogs of what the reader may give up."""
    card = page.card
    boxes = []
    if "decline" in page.can:
        day = words.day(card.starts_on)
        sure = words("Give up the seat") if card.holds else words("I do not want it")
        title = (
            words("Give up the seat of {day}?", day=day)
            if card.holds
            else words("Say no to a self-funded seat in the class of {day}?", day=day)
        )
        boxes.append(
            _dialog(
                words,
                title,
                cost(words, page),
                sure,
                Ids.DECLINE_BOX,
                Ids.DECLINE,
                Ids.DECLINE_BACK,
            )
        )
    if "cancel" in page.can:
        title = words("Cancel {course}?", course=words.name(card, "course"))
        sure = words("Cancel this registration")
        boxes.append(
            _dialog(
                words, title, cost(words, page), sure, Ids.CANCEL_BOX, Ids.CANCEL, Ids.CANCEL_BACK
            )
        )
    return html.Div(boxes)


def _dialog(
    words: Words, title: str, text: str, sure: str, box: str, do: str, back: str
) -> Component:
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle(title, id=f"{box}-title"), close_button=False),
            dbc.ModalBody(text),
            dbc.ModalFooter(
                [
                    dbc.Button(words("Keep it"), id=back, outline=True, color="primary"),
                    dbc.Button(sure, id=do, color="danger"),
                ]
            ),
        ],
        id=box,
        is_open=False,
        centered=True,
        labelledby=f"{box}-title",
    )
