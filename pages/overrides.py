"""Overrides (優先遞補): one planner proposes to serve somebody next, another one decides."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import (
    Problems,
    cell,
    choice,
    crumb,
    field,
    head,
    line,
    mark_of,
    nothing,
    push_button,
    row_head,
    staff_page,
    summary,
    table,
)
from pages.components.journey import BADGES, note
from pages.visit import Visit
from services.catalogue.checks import Checks
from services.override import REASONS
from services.registration.lifecycle import Status
from services.registration.overrides import InQueue, OverrideCard, in_queue, overrides
from services.words import Words, mark

PATH = "/desk/overrides"
QUERY = ("code", "number", "find", "proposal")
STATES = {
    "approved": (mark("Approved"), "confirmed", "check", "st-done"),
    "refused": (mark("Refused"), "closed", "x", "st-over"),
}


class Ids:
    """Ids shared with the hands."""

    FORM, WHICH = "override-form", "override-which"
    REASON, NOTE, PROPOSE = "override-reason", "override-note", "override-propose"
    PROBLEM, PROPOSAL = "override-problem", "override-proposal"
    APPROVE, REFUSE = "override-approve", "override-refuse"


def layout(visit: Visit) -> Component:
    """Show what waits for a decision, the form to propose one, and what was decided."""
    words = visit.words
    waiting, decided = overrides(visit.look, waiting=True), overrides(visit.look, waiting=False)
    return staff_page(
        crumb(words, (words("Review desk"), "/desk/review"), here=words("Overrides")),
        head(
            words("Overrides"),
            words(
                "The only way out of the rank order: two planners, a reason, counted in public on "
                "the class page. Nobody loses a seat; the person is served next."
            ),
        ),
        html.Section(_waiting(visit, waiting), className="panel stack"),
        html.Section(_propose(visit), className="panel stack"),
        html.Section([html.H2(words("Decided")), _table(words, decided)], className="panel")
        if decided
        else None,
    )


def _waiting(visit: Visit, waiting: list[OverrideCard]) -> list[Component]:
    words = visit.words
    title = html.H2(words.many("{n} proposal waits", "{n} proposals wait", len(waiting)))
    if not waiting:
        return [title, html.P(words("No override is proposed."), className="sub")]
    return [title, *(_proposal(visit, each) for each in waiting)]


def _proposal(visit: Visit, card: OverrideCard) -> Component:
    words, whom = visit.words, card.whom
    proposed = words(
        "{who} proposed it on {moment}", who=card.proposer, moment=words.deadline(card.proposed_at)
    )
    own = card.proposed_by == visit.actor.account_id
    if own:
        action: Component = html.P(
            words("You proposed this; another planner decides it."), className="sub"
        )
    elif visit.query.get("proposal") == str(card.id):
        action = _decide(words, card)
    else:
        action = html.P(
            dcc.Link(
                words("Decide"),
                href=f"{PATH}?proposal={card.id}",
                className="btn btn-outline-primary",
            )
        )
    return html.Article(
        [
            html.H3(_who(words, whom)),
            _where(words, whom),
            html.P([html.Strong(words(REASONS[card.reason])), html.Br(), card.note]),
            html.P(proposed, className="sub"),
            action,
        ],
        className="stack-s override",
    )


def _decide(words: Words, card: OverrideCard) -> Component:
    return html.Div(
        [
            dcc.Store(id=Ids.PROPOSAL, data=card.id),
            html.Div(id=Ids.PROBLEM),
            html.Div(
                [
                    push_button(words("Approve: served next"), Ids.APPROVE),
                    push_button(words("Refuse: the rank stands"), Ids.REFUSE, "outline-danger"),
                    dcc.Link(words("Back"), href=PATH, className="btn btn-link"),
                ],
                className="line",
            ),
        ],
        className="stack-s",
    )


def _who(words: Words, whom: InQueue) -> str:
    return words("{name}, number {number}", name=words.name(whom), number=f"{whom.number:03d}")


def _where(words: Words, whom: InQueue) -> Component:
    text, *look = BADGES[Status(whom.status)]
    course = words(
        "{course}, begins {day} ({code})",
        course=words.name(whom, "course"),
        day=words.date(whom.starts_on),
        code=whom.code,
    )
    return html.Div(
        [
            mark_of(words(text), *look),
            html.Span(words("rank {n}", n=whom.rank), className="num"),
            dcc.Link(course, href=f"/classes/{whom.class_id}"),
        ],
        className="line",
    )


def _propose(visit: Visit) -> list[Component | None]:
    words, query = visit.words, visit.query
    code, number = query.get("code", "").strip(), query.get("number", "").strip()
    asked = any((code, number, query.get("find")))
    problems = _missing(code, number) if asked else {}
    sound = asked and not problems
    whom = in_queue(visit.look, code, int(number)) if sound else None
    labels = {"code": words("Class code"), "number": words("Number")}
    controls = [
        line("find-code", code, problems=problems, name="code"),
        line("find-number", number, kind="number", problems=problems, name="number"),
    ]
    find = html.Form(
        [
            summary(words, problems, "find", labels),
            html.Div(
                [field(words, each, labels[each.name], problems) for each in controls],
                className="pair",
            ),
            dcc.Input(type="hidden", name="find", value="1"),
            html.Button(words("Find"), type="submit", className="btn btn-outline-primary"),
        ],
        method="get",
        action=PATH,
        className="stack form-narrow",
    )
    parts: list[Component | None] = [html.H2(words("Propose an override")), find]
    if sound and whom is None:
        text = words("Nobody has this number in this class.")
        parts.append(nothing(words("Not found"), text))
    if whom is not None:
        parts += [html.H3(_who(words, whom)), _where(words, whom)]
        if whom.waits:
            parts.append(dcc.Store(id=Ids.WHICH, data=whom.registration_id))
            parts.append(html.Div(propose_form(words, {}, {}), id=Ids.FORM))
        else:
            text = words("Only who waits without a seat can be served next.")
            parts.append(note(words("Nothing to propose"), text, "closed"))
    return parts


def _missing(code: str, number: str) -> Problems:
    checks = Checks()
    if not code:
        checks.refuse("code", mark("Please enter the code of the class, such as 116-BST-01."))
    if not (number.isascii() and number.isdigit() and len(number) <= 6):
        checks.refuse("number", mark("Please enter the number the person was given, such as 012."))
    return checks.found


def propose_form(words: Words, typed: dict[str, Any], problems: Problems) -> Component:
    """The reason and the note; after a refusal with what was typed."""
    options = [("", words("Choose a reason")), *((k, words(t)) for k, t in REASONS.items())]
    area = dbc.Textarea(
        id=Ids.NOTE, value=typed.get("note", ""), rows=3, invalid="note" in problems or None
    )
    labels = {"reason": words("Reason"), "note": words("What happened")}
    return html.Form(
        [
            summary(words, problems, "override", labels),
            field(
                words,
                choice(Ids.REASON, options, typed.get("reason", ""), problems),
                labels["reason"],
                problems,
            ),
            field(
                words,
                area,
                labels["note"],
                problems,
                hint=words("The second planner reads it; it is kept with the decision."),
            ),
            push_button(words("Propose to another planner"), Ids.PROPOSE),
        ],
        className="stack form-narrow",
    )


def _table(words: Words, decided: list[OverrideCard]) -> Component:
    columns = [
        (words("Person"), False),
        (words("Class"), False),
        (words("Reason"), False),
        (words("Proposed by"), False),
        (words("Decided by"), False),
        (words("Decision"), False),
    ]
    rows = []
    for card in decided:
        text, *look = STATES[card.state]
        on = words.deadline(card.decided_at) if card.decided_at else ""
        rows.append(
            html.Tr(
                [
                    row_head(_who(words, card.whom)),
                    cell(columns[1][0], card.whom.code),
                    cell(columns[2][0], words(REASONS[card.reason])),
                    cell(columns[3][0], card.proposer),
                    cell(columns[4][0], [card.decider, html.Div(on, className="sub xs")]),
                    cell(columns[5][0], mark_of(words(text), *look)),
                ]
            )
        )
    return table(words("Decided overrides"), columns, rows)


def waiting_link(words: Words, n: int) -> Component:
    """The way here from the review desk, with what waits."""
    text = words.many("Overrides, {n} proposal", "Overrides, {n} proposals", n)
    return dcc.Link(text, href=PATH, className="btn btn-outline-primary btn-sm")
