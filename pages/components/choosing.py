"""The rows of the first step: the class chosen and the others of the course."""

from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from pages.components.gauge import tag
from pages.components.journey import link_about
from services.registration.choices import ChoiceCard
from services.registration.standing import IfNow
from services.words import Words


def choice_row(words: Words, card: ChoiceCard, *, chosen: bool = False) -> Component:
    """One class to choose: when, where, how full."""
    return html.Li(
        [
            html.Div(
                [
                    html.Time(
                        html.B(f"{card.starts_on.month}/{card.starts_on.day}"),
                        dateTime=card.starts_on.isoformat(),
                    ),
                    html.Small(words.weekday(card.starts_on)),
                    html.Small(words.year(card.starts_on.year)),
                ],
                className="daymark",
            ),
            html.Div(
                [
                    html.H3(words.name(card, "institution")),
                    html.Div(words.period(card.starts_on, card.ends_on), className="sub"),
                    html.Div(
                        words.many(
                            "{code}, {n} day", "{code}, {n} days", card.days, code=card.code
                        ),
                        className="sub xs",
                    ),
                ]
            ),
            html.Div([state_badge(words, card), _seats(words, card)], className="seats stack-s"),
            html.Span([ico("check"), words("Chosen")], className="line strong")
            if chosen
            else link_about(
                words,
                words("Choose this one"),
                words.day(card.starts_on),
                f"/apply/{card.id}/1",
                "btn btn-outline-primary",
            ),
        ],
        className="row-class mine" if chosen else "row-class",
    )


def state_badge(words: Words, card: ChoiceCard) -> Component:
    """The colour of a class is the colour of the status you would get now.

    A free seat means that nobody waits for it, whoever else may wait for a self-funded one.
    """
    if card.undrawn:
        return tag(words, IfNow.DRAW)
    if card.kind == "self_funded":
        return tag(words, IfNow.PAID_SEAT if card.free > 0 else IfNow.PAID_WAITING)
    if card.self_funding:
        return tag(words, IfNow.PAID_ONLY if card.free > 0 else IfNow.PAID_WAITING)
    return tag(words, IfNow.SEAT if card.free > 0 else IfNow.WAITING)


def _seats(words: Words, card: ChoiceCard) -> Component:
    if card.undrawn:
        text = words.many("{n} seat", "{n} seats", card.cap)
    elif card.free > 0:
        text = words.many("{n} seat left", "{n} seats left", card.free)
    else:
        text = words.many("{n} person waiting", "{n} people waiting", card.waiting)
    return html.Div(text, className="num")
