"""The last step: what is sent, and what follows at once, next and later."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.chances import Chance
from pages.components.journey import link_about
from services.contact import REGIONS, Contact
from services.kernel.clock import taipei_day
from services.lottery.standing import InDraw
from services.registration.choices import ChoiceCard
from services.words import ENGLISH, Words


def summary_panel(
    words: Words,
    chances: Sequence[Chance],
    contact: Contact,
    declared: Sequence[str],
    href: Callable[[int], str],
) -> Component:
    """Everything that is sent, each part with the way back to its step."""
    language = "English" if contact.locale == ENGLISH else "中文"
    several = len(chances) > 1
    parts: list[tuple[str, int, list[tuple[str, str]]]] = [
        (
            words("Choice {n}", n=chance.place) if several else words("Class"),
            1,
            _class(words, chance.card),
        )
        for chance in chances
        if not chance.needless
    ]
    parts.append(
        (
            words("Your details"),
            2,
            [
                (words("E-mail"), contact.email),
                (words("Mobile number"), contact.mobile),
                (words("Region"), words(REGIONS.get(contact.region, ""))),
                (words("Language of your notices"), language),
            ],
        )
    )
    if declared:
        parts.append((words("Papers you declare"), 3, [(words("Paper"), p) for p in declared]))
    return html.Section(
        [_part(words, title, rows, href(step)) for title, step, rows in parts],
        className="panel stack-m",
    )


def _class(words: Words, card: ChoiceCard) -> list[tuple[str, str]]:
    fee = words("{own} of {fee}", own=words.money(card.own_share), fee=words.money(card.fee))
    if card.kind == "self_funded" or card.self_funding:
        fee = words.money(card.fee)
    return [
        (words("Institution"), words.name(card, "institution")),
        (words("Days of the class"), words.period(card.starts_on, card.ends_on)),
        (words("Class code"), card.code),
        (words("What you pay"), fee),
    ]


def _part(words: Words, title: str, rows: list[tuple[str, str]], back: str) -> Component:
    change = link_about(words, words("Change"), title, back)
    pairs = [part for name, value in rows for part in (html.Dt(name), html.Dd(value))]
    return html.Div(
        [
            html.Div([html.H2(title), change], className="line line-between"),
            html.Dl(pairs, className="facts"),
        ],
        className="stack-s",
    )


def drawn_rows(words: Words, draw: InDraw | None) -> list[tuple[str, str]]:
    """Say what a draw still ahead means for whoever sends now."""
    if draw is None or not draw.ahead:
        return []
    day = words.date(taipei_day(draw.on))
    drawn = words("Ranks are drawn; seats are given by rank")
    if draw.state != "committed":
        return [(words("From {day} on", day=day), drawn)]
    until = words("Until {moment}", moment=words.deadline(draw.closes_at))
    same = words("Everybody who registers has the same chance; you get a ticket")
    return [(until, same), (words("From {day} on", day=day), drawn)]


def what_follows(words: Words, chances: Sequence[Chance]) -> list[Any]:
    """Say what happens after sending."""
    sent = [chance for chance in chances if not chance.needless]
    would = {chance.seen.would.value for chance in sent}
    number = (
        words("You get a number in the queue of this class")
        if len(sent) < 2
        else words("You get a number in the queue of each class")
    )
    rows = [(words("At once"), number)]
    if "in_review" in would:
        rows += [
            (words("Within some working days"), words("The institution reviews your papers")),
            (words("If it passes"), words("With a free seat you are admitted, else you wait")),
            (words("If it does not"), words("The place goes to the next person")),
        ]
    elif would == {"ineligible"}:
        rows.append((words("At once"), words("The registration ends as not eligible")))
    else:
        rows += drawn_rows(words, chances[0].seen.draw if chances else None)
        rows.append((words("Four weeks before"), words("Whoever has a seat is asked to confirm")))
        rows.append(
            (words("Three weeks before"), words("Seats nobody confirmed go down the queue"))
        )
        rows.append((words("Two weeks before"), words("Free seats are offered at your own cost")))
    pairs = [part for name, value in rows for part in (html.Dt(name), html.Dd(value))]
    late = words(
        "The rules are judged on the first class day. Papers that come later do not count."
    )
    return [
        html.H2(words("After sending")),
        html.Dl(pairs, className="facts facts-stacked"),
        html.H2(words("No late qualification")),
        html.P(late, className="sub"),
    ]
