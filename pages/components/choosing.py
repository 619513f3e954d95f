"""The first step: the classes chosen, in order, the others of the course, and what choices mean."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from pages.components.gauge import tag
from pages.components.journey import link_about, own_badge
from services.registration.cards import RegistrationCard
from services.registration.choices import ChoiceCard, Choosing
from services.registration.standing import IfNow
from services.words import Words, mark

PICK = "apply-pick"  # with act (add, drop, up, down) and n (the class)
RULES = (
    mark("You get a number in the queue of every class you choose."),
    mark("You hold at most one seat for a course. A seat you have ends the choices below it."),
    mark("A better choice that comes up moves you there; the seat goes to the next person."),
    mark("Once you have confirmed a class, the other choices end."),
)


def chosen_panel(words: Words, found: Choosing) -> Component:
    """The classes chosen, the best first, with buttons to order them."""
    if not found.several:
        rows = [choice_row(words, card, _chosen(words), mine=True) for card in found.picked]
        return _panel(words("The class you chose"), rows)
    rows = [
        choice_row(words, card, _ordering(words, found, at), mine=True, place=at + 1)
        for at, card in enumerate(found.picked, start=len(found.mine))
    ]
    if not rows:
        return html.Section(
            [
                html.H2(words("Your choices, the best first")),
                html.P(words("Choose a class below.")),
            ],
            className="panel",
        )
    return _panel(words("Your choices, the best first"), rows, tag_of=html.Ol)


def mine_panel(words: Words, found: Choosing) -> Component | None:
    """The classes of the course in which the reader is registered already."""
    if not found.mine:
        return None
    rows = [_registered(words, card, several=found.several) for card in found.mine]
    return _panel(words("You are registered already"), rows)


def others_panel(words: Words, found: Choosing) -> Component | None:
    """The other classes of the course, each with the way to choose it."""
    if not found.others:
        return None
    rows = [choice_row(words, other, _choosing(words, found, other)) for other in found.others]
    panel = _panel(words("Other classes of this course"), rows)
    if found.several and not found.room:
        full = words(
            "You have chosen as many classes as the plan allows. To take another, take one out."
        )
        panel.children.insert(1, html.P(full, className="sub panel-note"))
    return panel


def choosing_told(words: Words, found: Choosing) -> list[Any]:
    """Say beside the first step how many classes may be chosen and what that means."""
    if not found.several:
        once = words(
            "You can be registered in one class of a course at a time. Your number stays "
            "when you edit details; it is lost only when you cancel."
        )
        return [html.H2(words("One class per course")), html.P(once, className="sub")]
    title = words("Up to {n} choices for a course", n=found.most)
    return [
        html.H2(title),
        html.Ul([html.Li(words(rule)) for rule in RULES], className="terms"),
        dcc.Link(words("How the queue works"), href="/how", className="link-arrow"),
    ]


def _panel(title: str, rows: list[Component], tag_of: Any = html.Ul) -> Component:
    return html.Section(
        [html.H2(title, className="panel-top"), tag_of(rows, className="rows")],
        className="panel panel-flush",
    )


def choice_row(
    words: Words, card: ChoiceCard, act: Component | None, *, mine: bool = False, place: int = 0
) -> Component:
    """One class to choose: when, where, how full; `place` is its preference."""
    kicker = words("Choice {n}", n=place) if place else ""
    return html.Li(
        [
            daymark(words, card),
            html.Div(
                [
                    html.Div(kicker, className="choice-no") if kicker else None,
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
            act,
        ],
        className="row-class mine" if mine else "row-class",
    )


def daymark(words: Words, card: ChoiceCard | RegistrationCard) -> Component:
    """The first day, large; weekday and year small."""
    first = card.starts_on
    return html.Div(
        [
            html.Time(html.B(words.brief(first)), dateTime=first.isoformat()),
            html.Small(words.weekday(first)),
            html.Small(words.year(first.year)),
        ],
        className="daymark",
    )


def _chosen(words: Words) -> Component:
    return html.Span([ico("check"), words("Chosen")], className="line strong")


def _registered(words: Words, card: RegistrationCard, *, several: bool) -> Component:
    kicker = words("Choice {n}", n=card.preference)
    numbered = words("{code}, number {number}", code=card.code, number=f"{card.number:03d}")
    return html.Li(
        [
            daymark(words, card),
            html.Div(
                [
                    html.Div(kicker, className="choice-no") if several else None,
                    html.H3(words.name(card, "institution")),
                    html.Div(words.period(card.starts_on, card.ends_on), className="sub"),
                    html.Div(numbered, className="sub xs"),
                ]
            ),
            html.Div(own_badge(words, card), className="seats"),
            link_about(
                words,
                words("See progress"),
                words.day(card.starts_on),
                f"/registrations/{card.id}",
                "btn btn-outline-primary",
            ),
        ],
        className="row-class",
    )


def _ordering(words: Words, found: Choosing, at: int) -> Component:
    """The buttons of a choice: one up, one down, out; nothing to press where there is no way."""
    here = at - len(found.mine)
    card, last = found.picked[here], len(found.picked) - 1
    about = words.day(card.starts_on)
    moves = [
        _icon(words("Move up"), about, "up", card.id, dead=here == 0),
        _icon(words("Move down"), about, "down", card.id, dead=here == last),
    ]
    out = _button(words("Take out"), about, "drop", card.id, "btn-link")
    alone = len(found.picked) == 1
    return html.Div([] if alone else [*moves, out], className="act ordering")


def _choosing(words: Words, found: Choosing, other: ChoiceCard) -> Component | None:
    about = words.day(other.starts_on)
    if not found.several:
        look = "btn btn-outline-primary"
        return link_about(words, words("Choose this one"), about, f"/apply/{other.id}/1", look)
    if not found.room:
        return html.Span()
    label = words("Add as choice {n}", n=len(found.mine) + len(found.picked) + 1)
    return _button(label, about, "add", other.id, "btn-outline-primary")


def _icon(label: str, about: str, act: str, class_id: int, *, dead: bool) -> Component:
    return html.Button(
        [ico(act), html.Span(f"{label} {about}", className="visually-hidden")],
        id={"type": PICK, "act": act, "n": class_id},
        type="button",
        className="btn btn-outline-primary btn-icon",
        **attrs(aria_disabled="true") if dead else {},
    )


def _button(label: str, about: str, act: str, class_id: int, look: str) -> Component:
    return html.Button(
        [label, html.Span(f" {about}", className="visually-hidden")],
        id={"type": PICK, "act": act, "n": class_id},
        type="button",
        className=f"btn {look}",
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
