"""The counter (臨櫃報名): who stands there, what registering now gives, and the number given."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.classes import PATH as CLASSES
from pages.components.chances import judged_panel, outcome_panel, weighed
from pages.components.counter_forms import Ids, number_form
from pages.components.entry import crumb, head, ico, path_id, push_button, refusal, say, staff_page
from pages.components.findings import bare_date, papers_panel, rules_panel
from pages.components.journey import next_panel, own_badge, ticket
from pages.components.sending import what_follows
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.counter import CounterVisit, Sender, foreseen, may_take, sender_of, visit_of
from services.drafts import papers_for
from services.kernel.actor import Role
from services.registration.cards import Progress
from services.registration.choices import ChoiceCard
from services.registration.choices import choice as class_card
from services.registration.lifecycle import Status
from services.registration.lookup import progress
from services.words import Words

PATH, PATH_ONE = "/desk/counter/<class_id>", "/desk/counter/visit/<visit_id>"


def href(class_id: int) -> str:
    """Give the address of a class's counter."""
    return f"/desk/counter/{class_id}"


def visit_href(visit_id: int) -> str:
    """Give the address of a visit."""
    return f"/desk/counter/visit/{visit_id}"


def layout(visit: Visit, class_id: str) -> Component:
    """Ask for the ID number of whoever stands there."""
    words, number = visit.words, path_id(class_id)
    closed = may_take(visit.look, number)
    card = class_card(visit.look, number)
    body = (
        html.Section(number_form(words, card.id, "", {}), id=Ids.FORM, className="panel")
        if closed is None
        else refusal(say(words, closed.sentence, closed.facts))
    )
    return _page(visit, card, body, _rules_of_the_counter(words))


def _page(visit: Visit, card: ChoiceCard, main: Any, aside: list[Any]) -> Component:
    words = visit.words
    name = words.name(card, "course")
    return staff_page(
        crumb(
            words,
            (words("Class upkeep"), CLASSES),
            (card.code, f"{CLASSES}/{card.id}"),
            here=words("Counter"),
        ),
        head(
            words("At the counter: {course}", course=name),
            words.period(card.starts_on, card.ends_on),
            above=[html.Span(card.code, className="num"), words.name(card, "institution")],
        ),
        html.Div([main, html.Aside(aside, className="panel stack")], className="split"),
        title=f"{card.code} {words('Counter')}",
    )


def _rules_of_the_counter(words: Words) -> list[Component]:
    rules = (
        words("The same queue and the same order as on the website: the next number."),
        words("The registration is marked as taken at the counter, with your account."),
        words("The person gets every notice; without an e-mail address you will phone."),
        words("No account is opened. The look-up is kept, with your name."),
    )
    return [
        html.H2(words("What holds at the counter")),
        html.Ul([html.Li(rule) for rule in rules], className="plain stack-s"),
    ]


def one(visit: Visit, visit_id: str) -> Component:
    """Show who stands there and what registering now gives; once sent, the number."""
    at = visit_of(visit.look, path_id(visit_id))
    card = class_card(visit.look, at.class_id)
    if at.registration_id is not None:
        return _page(visit, card, *_given(visit, at, at.registration_id))
    return _page(visit, card, *_foreseen(visit, at, card))


def _foreseen(visit: Visit, at: CounterVisit, card: ChoiceCard) -> tuple[Component, list[Any]]:
    words = visit.words
    fetched = visit.fetch(at.person_id)
    seen, problem = foreseen(visit.look, fetched, at)
    chances = weighed([card], [seen])
    refused = chances[0].refused
    label = (
        words("Send anyway: it will be refused")
        if refused
        else words("Register {name}", name=words.name(at))
    )
    send = html.Button(
        label,
        id=Ids.SEND,
        type="button",
        className=f"btn btn-lg {'btn-outline-primary' if refused else 'btn-primary'}",
    )
    parts = [
        _person(words, at),
        _to_read_out(words),
        refusal(say(words, problem.sentence, problem.facts))
        if problem
        else outcome_panel(words, chances),
        judged_panel(words, chances, fetched.as_of, names_in_use(visit.look)),
        papers_panel(
            words, papers_for(visit.look, at.class_id), at.declared, Ids.PAPERS, Ids.DECLARE
        ),
        dcc.Store(id=Ids.WHICH, data=at.id),
        html.Div(id=Ids.PROBLEM, role="alert"),
        html.Div(
            [None if problem else send, _next_person(words, at)], className="bar-actions bar-plain"
        ),
    ]
    return html.Div(
        [part for part in parts if part is not None], className="stack-m"
    ), what_follows(words, chances)


def _person(words: Words, at: CounterVisit) -> Component:
    born = bare_date(words, at.birth_date) if at.birth_date else words("Unknown")
    account = (
        words("One; the person can log in")
        if at.has_account
        else words("None; the person cannot log in")
    )
    facts = [
        (words("Name"), at.name_zh),
        (words("Name in Latin letters"), at.name_en),
        (words("Born"), born),
        (words("Account"), account),
    ]
    pairs = [part for name, value in facts for part in (html.Dt(name), html.Dd(value))]
    title = words("Is this the person on the card?")
    return html.Section([html.H2(title), html.Dl(pairs, className="facts")], className="panel")


def _to_read_out(words: Words) -> Component:
    text = words("The sentences speak to the person. Read them out, or turn the screen.")
    return html.P(text, className="sub")


def _next_person(words: Words, at: CounterVisit) -> Component:
    return dcc.Link(words("Another person"), href=href(at.class_id), className="btn btn-link")


def _given(visit: Visit, at: CounterVisit, registration_id: int) -> tuple[Component, list[Any]]:
    words = visit.words
    found = progress(visit.look, registration_id)
    sender = sender_of(visit.look, registration_id)
    main = html.Div(
        [
            html.Section(
                [
                    html.Div(
                        [html.H2(words.name(at)), own_badge(words, found.card)],
                        className="line line-between",
                    ),
                    ticket(words, found.card),
                    html.P(_sent(words, sender), className="sub") if sender else None,
                ],
                className="panel stack-s",
            ),
            _to_read_out(words),
            next_panel(words, found.next, visit.look.now, _yes(words, found)),
            rules_panel(
                words,
                found.findings,
                found.screened_at,
                title=words("The rules, one by one"),
                names=names_in_use(visit.look),
            )
            if found.card.status is Status.INELIGIBLE
            else None,
            dcc.Store(id=Ids.WHICH, data=at.id),
            html.Div(id=Ids.PROBLEM, role="alert"),  # the hand that sent still answers here
            html.Div(_next_person(words, at), className="bar-actions bar-plain"),
        ],
        className="stack-m",
    )  # fmt: skip
    return main, _rules_of_the_counter(words)


def _yes(words: Words, found: Progress) -> list[Component]:
    """A yes to what was just offered or given; for any other answer there is the call list."""
    if "claim" in found.can:
        text = words("Yes, claim a seat for {fee}", fee=words.money(found.card.fee))
    elif "confirm" in found.can:
        text = words("Yes, I will come")
    else:
        return []
    said: list[Any] = [ico("check"), text]
    return [push_button(said, Ids.YES, "primary btn-lg")]


def _sent(words: Words, sender: Sender) -> str:
    moment = words.deadline(sender.at)
    if sender.role == Role.SEAFARER.value:
        return words("Sent by the person on {moment}.", moment=moment)
    return words(
        "Taken at the counter by {name} on {moment}, on behalf of the person.",
        name=sender.name,
        moment=moment,
    )
