"""One registration: where it stands, what is asked, the papers, the way so far."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.appeal_panel import appeal_panel
from pages.components.class_facts import basis
from pages.components.dialogs import Ids, cost, dialogs
from pages.components.draw_parts import draw_link, draw_note
from pages.components.entry import crumb, ico
from pages.components.findings import rules_panel
from pages.components.journey import (
    aria,
    data,
    log,
    next_panel,
    note,
    own_badge,
    ticket,
)
from pages.components.my_choices import choices_panel, yes_panel
from pages.components.queue_table import CHECK
from pages.components.review_panel import review_panel
from pages.components.why_panel import why_panel
from pages.my_registrations import PATH as MINE
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.notices.kinds import SUBJECTS
from services.registration.cards import NoticeLine, Progress, RegistrationCard
from services.registration.lifecycle import Reason, Status
from services.registration.lookup import progress
from services.words import Words, mark

PATH = "/registrations/<registration_id>"


def layout(visit: Visit, registration_id: str) -> Component:
    """Show one registration: the answer first, then papers, rules and the way so far."""
    words = visit.words
    page = progress(visit.look, int(registration_id) if registration_id.isdigit() else 0)
    card = page.card
    main = [
        _two_seats(words, page) if page.overlaps_with else None,
        draw_note(words, card.draw, visit.look.now) if card.in_line and card.draw else None,
        choices_panel(words, page),
        yes_panel(words, page),
        why_panel(words, page.why, seated=card.holds),
        review_panel(words, page) if page.case is not None else None,
        rules_panel(
            words,
            page.findings,
            page.screened_at,
            title=words("The rules, one by one"),
            names=names_in_use(visit.look),
        ),
        appeal_panel(words, page) if "appeal" in page.can else None,
        _notices(words, page.notices),
        _receipt(words, page) if page.receipt else None,
        _cancel(words, page) if "cancel" in page.can else None,
    ]
    name, day = words.name(card, "course"), words.day(card.starts_on)
    gap = "・" if words.zh else ", "
    aside = html.Aside(
        [html.H2(words("Progress"), id="log-head"), log(words, page.marks)],
        className="panel",
        **aria(labelledby="log-head"),
    )
    return html.Div(
        [
            dcc.Store(id=Ids.WHICH, data=card.id),
            crumb(words, (words("My registrations"), MINE), here=f"{name}{gap}{day}"),
            _head(words, card, several=len(page.choices) > 1 and card.is_open),
            html.Div(id=Ids.PROBLEM, role="alert"),
            next_panel(
                words, page.next, visit.look.now, _answers(words, page) or _leads(words, page)
            ),
            html.Div(
                [html.Div([part for part in main if part], className="stack stack-m"), aside],
                className="split section-next",
            ),
            dialogs(words, page),
        ],
        **data(title=f"{name}{gap}{day}"),
    )


def _two_seats(words: Words, page: Progress) -> Component:
    """Say that staff moved a class into another seat's days, and that the person chooses."""
    other = page.overlaps_with
    assert other is not None
    text = words(
        "The days of this class were changed. They overlap with your seat in {code} ({days}). "
        "Cancel one of the two; this class cannot be confirmed before.",
        code=other.code,
        days=words.period(other.starts_on, other.ends_on),
    )
    return note(words("You hold two seats on the same days"), text, "problem", "warn")


def _head(words: Words, card: RegistrationCard, *, several: bool) -> Component:
    codes = "・" if words.zh else ", "
    line = codes.join(filter(None, (card.course, basis(words, card.stcw_ref), card.code)))
    facts = codes.join(
        (words.name(card, "institution"), words.period(card.starts_on, card.ends_on))
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [own_badge(words, card), html.Span(line, className="sub")], className="line"
                    ),
                    html.H1(words.name(card, "course"), tabIndex=-1),
                    html.P(
                        [
                            facts,
                            " ",
                            dcc.Link(words("See the class"), href=f"/classes/{card.class_id}"),
                            draw_link(words, card.draw),
                        ],
                        className="sub",
                    ),
                ]
            ),
            ticket(words, card, several=several),
        ],
        className="pagehead line line-between pagehead-end",
    )


def _answers(words: Words, page: Progress) -> list[Component]:
    buttons: list[Component] = []
    if "confirm" in page.can:
        yes = [ico("check"), words("Yes, I will come")]
        buttons.append(dbc.Button(yes, id=Ids.CONFIRM, color="primary", size="lg"))
    if "claim" in page.can:
        label = words("Yes, claim a seat for {fee}", fee=words.money(page.card.fee))
        buttons.append(dbc.Button([ico("check"), label], id=Ids.CLAIM, color="primary", size="lg"))
    if "unclaim" in page.can:
        label = words("Take the claim back")
        buttons.append(dbc.Button(label, id=Ids.UNCLAIM, outline=True, color="primary", size="lg"))
    if "decline" in page.can:
        no = (
            words("No, give up the seat")
            if page.card.status is Status.ADMITTED
            else words("No, I do not want it")
        )
        buttons.append(dbc.Button(no, id=Ids.DECLINE_ASK, outline=True, color="danger", size="lg"))
    if buttons:
        help_ = words("No internet at sea? Call the institution; it can note your answer.")
        buttons.append(html.Span(help_, className="sub"))
    return buttons


_NOWHERE = (Reason.SUPERSEDED, Reason.CONFIRMED_ELSEWHERE, Reason.MERGED)  # a seat was found


def _leads(words: Words, page: Progress) -> list[Component]:
    """Where to go on: to the form for a paper that is asked for, away from what is over."""
    if page.case is not None and page.case.state == "supplement" and "upload" in page.can:
        return [
            html.A(
                [ico("clip"), words("Choose the paper below")],
                href="#papers",
                className="btn btn-primary btn-lg",
            )
        ]
    card, held = page.card, next((one.card for one in page.choices if one.card.holds), None)
    if card.is_open or card.status is Status.COMPLETED:
        return []
    if held is not None:
        text, href = words("To your seat in {code}", code=held.code), f"/registrations/{held.id}"
    elif card.reason in _NOWHERE:
        return []
    else:
        text, href = words("See the classes of this course"), f"/courses/{card.course}"
    return [dcc.Link(text, href=href, className="btn btn-outline-primary btn-lg")]


def _notices(words: Words, lines: tuple[NoticeLine, ...]) -> Component | None:
    if not lines:
        return None
    items = [
        html.Li(
            [
                html.Time(words.moment(line.made_at), dateTime=line.made_at.isoformat()),
                html.Span(
                    [
                        dcc.Link(words(SUBJECTS[line.kind]), href=f"/inbox/{line.id}"),
                        html.Span(_delivered(words, line), className="sub xs d-block"),
                    ]
                ),
            ]
        )
        for line in lines
    ]
    return html.Section(
        [html.H2(words("Notices")), html.Ul(items, className="news notices")], className="panel"
    )


def _receipt(words: Words, page: Progress) -> Component:
    """Give the owner the code that proves the number."""
    text = words(
        "With this code and your ID number you can prove that number {number} of class {code} is "
        "yours, whatever our records should say. Keep it, and show it only to whom you want to "
        "prove it.",
        number=page.card.number,
        code=page.card.code,
    )
    return html.Section(
        [
            html.H2(words("Receipt code")),
            html.P(html.Code(page.receipt, className="check-root")),
            html.P([text, " ", dcc.Link(words("How to check it"), href=CHECK)], className="sub"),
        ],
        className="panel",
    )


_MAIL = {
    "sent": mark("E-mail delivered"),
    "counted": mark("E-mail delivered"),
    "due": mark("E-mail on its way"),
    "dead": mark("E-mail could not be delivered"),
    "none": mark("In the portal only"),
}


def _delivered(words: Words, line: NoticeLine) -> str:
    read = words("read in the portal") if line.read_at else words("not yet read in the portal")
    return words("{mail}, {read}", mail=words(_MAIL[line.mail]), read=read)


def _cancel(words: Words, page: Progress) -> Component:
    return html.Section(
        [
            html.H2(words("Can you not come?")),
            html.P(cost(words, page), className="sub"),
            dbc.Button(
                words("Cancel this registration"), id=Ids.CANCEL_ASK, outline=True, color="danger"
            ),
        ],
        className="panel",
    )
