"""My registrations (我的報名): what needs an answer first, closed ones last."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import cell, head, nothing, row_head
from pages.components.journey import link_about, own_badge, told
from pages.components.my_choices import choice_of
from pages.visit import Visit
from services.drafts import Unsent, unsent
from services.registration.cards import MyChoice, RegistrationCard
from services.registration.lookup import choices_of, my_registrations
from services.words import Words

PATH = "/me"


def href(registration_id: int) -> str:
    """Give the address of one registration."""
    return f"/registrations/{registration_id}"


def layout(visit: Visit) -> Component:
    """List the reader's registrations: what needs an answer first, closed ones last."""
    words = visit.words
    cards = my_registrations(visit.look, visit.actor.person_id or 0)
    still, over = [c for c in cards if c.is_open], [c for c in cards if not c.is_open]
    parts: list[Any] = [head(words("My registrations"), words("All times are Taipei time."))]
    if still:
        choices = choices_of(visit.look, cards)
        rows = html.Ul(
            [_row(words, card, choices.get(card.id)) for card in still],
            className="rows panel panel-flush",
        )
        parts.append(html.Section([html.H2(words("Open")), rows], className="stack"))
    else:
        parts.append(
            nothing(
                words("You have no open registration"),
                words("Look for a class that suits you; you can see first whether you qualify."),
                dcc.Link(
                    words("What may I attend?"), href="/eligible", className="btn btn-primary"
                ),
            )
        )
    if drafts := unsent(visit.look):
        parts.append(_unsent(words, drafts))
    if over:
        parts.append(_closed(words, over))
    return html.Div(parts, className="stack-m")


def _row(words: Words, card: RegistrationCard, choice: tuple[MyChoice, int] | None) -> Component:
    answer = card.needs_answer
    label = words("Answer now") if answer else words("See progress")
    if card.is_open and card.case_state == "supplement":
        label = words("Upload the paper")
    name = words.name(card, "course")
    return html.Li(
        [
            html.Div(
                [
                    html.Time(
                        html.B(words.brief(card.starts_on)),
                        dateTime=card.starts_on.isoformat(),
                    ),
                    html.Small(words.weekday(card.starts_on)),
                    html.Small(words.year(card.starts_on.year)),
                ],
                className="daymark",
            ),
            html.Div(
                [
                    choice_of(words, card, choice[1]) if choice else None,
                    html.H3(dcc.Link(name, href=href(card.id))),
                    html.Div(words.name(card, "institution"), className="sub"),
                    html.Div(
                        words(
                            "{code}, number {number}", code=card.code, number=f"{card.number:03d}"
                        ),
                        className="sub xs",
                    ),
                    html.P(told(words, choice[0].says), className="choice-says")
                    if choice
                    else None,
                ]
            ),
            html.Div([own_badge(words, card), _by(words, card)], className="seats"),
            link_about(
                words,
                label,
                name,
                href(card.id),
                f"btn {'btn-primary' if answer else 'btn-outline-primary'}",
            ),
        ],
        className="row-class",
    )


def _unsent(words: Words, drafts: list[Unsent]) -> Component:
    """Begun and not sent: nobody has a number for these yet."""
    items = [
        html.Li(
            [
                html.Div(
                    [
                        html.B(words.name(one, "course")),
                        html.Div(
                            words(
                                "Class of {day}; draft saved {moment}",
                                day=words.day(one.starts_on),
                                moment=words.moment(one.saved_at),
                            ),
                            className="sub",
                        ),
                    ]
                ),
                link_about(
                    words,
                    words("Go on registering"),
                    words.name(one, "course"),
                    f"/apply/{one.class_id}/{one.step}",
                    "btn btn-outline-primary",
                ),
            ],
            className="line line-between",
        )
        for one in drafts
    ]
    told_ = words("You have no number for these yet.")
    return html.Section(
        [
            html.H2(words("Begun, not sent")),
            html.P(told_, className="sub"),
            html.Ul(items, className="list-unstyled stack"),
        ],
        className="panel",
    )


def _by(words: Words, card: RegistrationCard) -> Component | None:
    if not card.needs_answer:
        return None
    by = card.supplement_due_at or (card.asked.by if card.asked else None)
    if by is None:
        return None
    return html.Div(words("by {moment}", moment=words.moment(by)), className="due due-soon")


def _closed(words: Words, cards: list[RegistrationCard]) -> Component:
    columns = (words("Course"), words("Class"), words("Number"), words("How it ended"))
    rows = [
        html.Tr(
            [
                row_head(dcc.Link(words.name(card, "course"), href=href(card.id))),
                cell(columns[1], html.Span([card.code, " ", words.date(card.starts_on)])),
                cell(columns[2], f"{card.number:03d}"),
                cell(columns[3], own_badge(words, card)),
            ]
        )
        for card in cards
    ]
    table = html.Table(
        [
            html.Caption(words("Closed registrations"), className="visually-hidden"),
            html.Thead(html.Tr([html.Th(name, scope="col") for name in columns])),
            html.Tbody(rows),
        ],
        className="table table-cards",
    )
    return html.Section([html.H2(words("Closed")), table], className="panel")
