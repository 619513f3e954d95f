"""The decide bar of the review desk: approve at once, or a small form for the other two."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import Problems, attrs, choice, field, ico, push_button, summary
from services.notices.reasons import REJECT_REASONS
from services.registration.desk_cases import CasePage
from services.registration.lifecycle import Seat, Track
from services.words import Words


class Ids:
    """Ids shared with the hands."""

    CASE = "review-case"
    SIGHTED, NOTE = "review-sighted", "review-note"
    TRACK = "review-track"
    APPROVE, BAR = "review-approve", "review-bar"
    ASK, SEND_ASK = "review-ask", "review-send-ask"
    REASON, REJECT_NOTE, SEND_REJECT = "review-reason", "review-reject-note", "review-send-reject"


def decide_bar(
    words: Words, case: CasePage, act: str, typed: Mapping[str, Any], problems: Problems
) -> Component:
    """Approve at once, or open the small form of a supplement or a rejection."""
    if act == "supplement":
        return _small_form(words, case, problems, *_ask_parts(words, typed, problems))
    if act == "reject":
        return _small_form(words, case, problems, *_reject_parts(words, typed, problems))
    href = f"/desk/review/{case.id}?act="
    return html.Form(
        [
            html.Strong(words("Decide")),
            html.Div(
                [
                    dbc.Checkbox(
                        id=Ids.SIGHTED,
                        value=bool(typed.get("sighted")),
                        label=words("I have seen the original"),
                    )
                ]
            ),
            _track(words, case, typed),
            push_button([ico("check"), words("Approve"), _key("A")], Ids.APPROVE),
            dcc.Link(
                [ico("clip"), words("Ask for a paper"), _key("S")],
                href=f"{href}supplement",
                id="review-open-ask",
                className="btn btn-outline-primary",
            ),
            dcc.Link(
                [ico("x"), words("Reject"), _key("R")],
                href=f"{href}reject",
                id="review-open-reject",
                className="btn btn-outline-danger",
            ),
            html.Span(consequence(words, case), className="sub"),
        ],
        className="decide",
        **attrs(aria_label=words("Decide")),
    )


def _key(letter: str) -> Component:
    return html.Kbd(letter, **attrs(aria_hidden="true"))


def _track(words: Words, case: CasePage, typed: Mapping[str, Any]) -> Component:
    """Ask whose money where MTNet leaves the nationality open; hidden, but there, elsewhere."""
    options = [
        {"value": Track.FUNDED.value, "label": words("Funded: a national")},
        {"value": Track.SELF_FUNDED.value, "label": words("Self-funded: a foreign national")},
    ]
    return html.Label(
        [
            html.Span(words("Track"), className="visually-hidden"),
            dbc.Select(id=Ids.TRACK, options=options, value=typed.get("track") or case.track),
        ],
        hidden=case.findings.get("nationality") != "unknown",
    )


def consequence(words: Words, case: CasePage) -> str:
    """Say what approving does, before it is done."""
    seats = {"held": case.seats_held, "cap": case.cap, "name": words.name(case)}
    if case.seat == Seat.RESERVED:
        return words(
            "Approving admits {name} and sends one notice; {held} of {cap} seats stay held.",
            **seats,
        )
    return words(
        "Approving puts {name} in the waiting list by rank, or on a seat that is free "
        "({held} of {cap} held).",
        **seats,
    )


def _small_form(
    words: Words, case: CasePage, problems: Problems, title: str, parts: list[Component]
) -> Component:
    back = dcc.Link(words("Back"), href=f"/desk/review/{case.id}", className="btn btn-link")
    return html.Form(
        [
            html.Div(
                [summary(words, problems, "review"), html.Strong(title), *parts[:-1]],
                className="stack",
            ),
            html.Div([parts[-1], back], className="line"),
        ],
        className="decide decide-form",
        **attrs(aria_label=title),
    )


def _ask_parts(
    words: Words, typed: Mapping[str, Any], problems: Problems
) -> tuple[str, list[Component]]:
    area = dbc.Textarea(
        id=Ids.ASK, value=typed.get("ask", ""), rows=3, invalid="ask" in problems or None
    )
    button = push_button(words("Send the request"), Ids.SEND_ASK)
    label = words("What the person is to send")
    hint = words("The person reads exactly this, with the day by which it is due.")
    return words("Ask for a paper"), [field(words, area, label, problems, hint=hint), button]


def _reject_parts(
    words: Words, typed: Mapping[str, Any], problems: Problems
) -> tuple[str, list[Component]]:
    options = [("", words("Choose a reason"))]
    options += [(key, words(text)) for key, text in REJECT_REASONS.items()]
    note = dbc.Textarea(id=Ids.REJECT_NOTE, value=typed.get("note", ""), rows=2)
    button = push_button(words("Reject and free the place"), Ids.SEND_REJECT, "outline-danger")
    return words("Reject"), [
        field(
            words,
            choice(Ids.REASON, options, typed.get("reason", ""), problems),
            words("Reason"),
            problems,
        ),
        field(words, note, words("Note (optional)"), problems),
        button,
    ]
