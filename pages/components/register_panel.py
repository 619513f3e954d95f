"""What registering now would give, what it costs and commits to, and the one button."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_rows import ACTS
from pages.components.draw_parts import draw_note
from pages.components.entry import ico
from pages.components.gauge import tag
from pages.components.journey import own_badge, ticket
from pages.components.queue_table import queue_href
from pages.visit import Visit
from services.kernel.actor import STAFF, Role
from services.kernel.clock import taipei_day
from services.milestones import Milestone
from services.preview import refused_now
from services.registration.cards import RegistrationCard
from services.registration.class_page import ClassPage
from services.registration.lifecycle import Status
from services.registration.offers import Offer
from services.registration.public_queue import queue_page
from services.registration.standing import IfNow
from services.words import Words, mark

SAYS: dict[IfNow, str] = {
    IfNow.SEAT: mark("A seat is free: whoever meets the rules is admitted at once."),
    IfNow.WAITING: mark("Full: at most {ahead} people would be ahead of you."),
    IfNow.PAID_SEAT: mark("A seat is free, at your own cost: {fee}."),
    IfNow.PAID_ONLY: mark("Seats that are left go to people who pay themselves: {fee}."),
    IfNow.PAID_WAITING: mark("No seat is free. One that frees goes by rank, at own cost: {fee}."),
    IfNow.DRAW: mark("You get a number now; the {cap} seats are given by ranks still to be drawn."),
    IfNow.NOT_YET: mark("Registration opens on {opens_at}."),
    IfNow.CLOSED: mark("This class takes no more registrations."),
    IfNow.CANCELLED: mark("This class has been cancelled."),
}
PAID = (IfNow.PAID_ONLY, IfNow.PAID_WAITING)
MORE: dict[IfNow, str] = {
    IfNow.SEAT: mark("The seat goes to whoever takes the next number."),
    IfNow.WAITING: mark("When someone cancels, the first person waiting gets the seat at once."),
    IfNow.PAID_SEAT: mark("The whole class is self-funded; there is no subsidy."),
    IfNow.PAID_ONLY: mark("After sending you may claim a seat; it is given by rank."),
    IfNow.PAID_WAITING: mark("You get a number and are told when a seat frees."),
    IfNow.NOT_YET: mark("Numbers are given from that minute on; being early gains nothing."),
    IfNow.CANCELLED: mark("Everyone who was registered has been told."),
}  # fmt: skip


def register_panel(visit: Visit, page: ClassPage) -> Component:
    """The panel beside the class: own registration first, else what registering would give."""
    words, offer, own = visit.words, page.offer, page.own
    if page.own_here is not None:
        return _own_here(visit, page.own_here)
    parts: list[Any] = [
        html.H2(_title(words, offer)),
        html.P(tag(words, offer.if_now)),
        html.P(_says(words, offer), className="strong"),
    ]
    if offer.draw is not None and offer.if_now in (IfNow.DRAW, IfNow.NOT_YET):
        parts.append(draw_note(words, offer.draw, visit.look.now))
    elif offer.if_now in MORE:
        parts.append(html.P(words(MORE[offer.if_now]), className="sub"))
    if offer.if_now is IfNow.CLOSED:
        parts.append(html.P(_why_closed(visit, offer), className="sub"))
    if own and offer.if_now is not IfNow.CANCELLED:
        parts += _own_elsewhere(visit, own, offer)
    elif offer.if_now.takes:
        parts += _act(visit, offer)
    if offer.if_now is IfNow.NOT_YET:
        parts.append(_calendar(offer, words("Put the opening into my calendar")))
    if visit.actor.role in STAFF:
        parts.append(_staff(visit, offer))
    return html.Div(parts, className="panel")


def _title(words: Words, offer: Offer) -> str:
    takes = offer.if_now.takes
    return words("If you register now") if takes else words("Registration")


def _says(words: Words, offer: Offer) -> str:
    return words(
        SAYS[offer.if_now],
        ahead=offer.counts.queue,
        cap=offer.cap,
        fee=words.money(offer.fee),
        opens_at=words.deadline(offer.opens_at) if offer.opens_at else "–",
    )


def _why_closed(visit: Visit, offer: Offer) -> str:
    words, today = visit.words, visit.look.today
    if offer.ends_on < today:
        return words("The class ended on {day}.", day=words.date(offer.ends_on))
    if offer.starts_on <= today:
        return words("The class began on {day}.", day=words.date(offer.starts_on))
    return words(
        "The roster was frozen on {moment}, as the law asks: {n} days before the class.",
        moment=words.deadline(offer.freeze_at),
        n=(offer.starts_on - taipei_day(offer.freeze_at)).days,
    )


def _act(visit: Visit, offer: Offer) -> list[Component]:
    words, target = visit.words, f"/apply/{offer.id}/1"
    if visit.actor.role in STAFF:
        return []
    label, look = words(ACTS[offer.if_now][0]), "btn btn-primary btn-lg wide"
    if visit.actor.role is Role.VISITOR:
        where = f"/login?next={quote(target, safe='/')}"
        hint = words("Log in first; you come straight back to this registration.")
        return [dcc.Link(label, href=where, className=look), html.P(hint, className="sub")]
    return [dcc.Link(label, href=target, className=look)]


def _own_here(visit: Visit, own: RegistrationCard) -> Component:
    words = visit.words
    drawing = draw_note(words, own.draw, visit.look.now) if own.draw else None
    row = dcc.Link(
        words("My row in the queue"),
        href=queue_href(own.class_id, queue_page(visit.look, own.class_id, own.id)),
        className="link-arrow",
    )
    return html.Div(
        [
            html.H2(words("You are registered here")),
            html.P(own_badge(words, own)),
            ticket(words, own),
            dcc.Link(
                words("To my registration"),
                href=f"/registrations/{own.id}",
                className="btn btn-primary btn-lg wide",
            ),
            html.P(row),
            drawing,
        ],
        className="panel",
    )


def _own_elsewhere(
    visit: Visit, own: tuple[RegistrationCard, ...], offer: Offer
) -> list[Component]:
    words, first = visit.words, own[0]
    if not first.is_open:
        return [
            html.P(
                [ico("star"), " ", words("You have completed this course this year.")],
                className="note note-plain",
            )
        ]
    there = dcc.Link(
        words("To my registration"),
        href=f"/registrations/{first.id}",
        className="btn btn-outline-primary wide",
    )
    if offer.if_now.takes and refused_now(visit.look, offer.id) is None:
        return [*_further(words, own, offer), there]
    text = _no_further(words, own, offer)
    return [html.P(text, className="note note-plain" if offer.if_now.takes else None), there]


def _no_further(words: Words, own: tuple[RegistrationCard, ...], offer: Offer) -> str:
    """Say why this class cannot be added to the choices there are."""
    still = [mine for mine in own if mine.is_open]
    held = next((mine for mine in still if mine.holds), None)
    if held is not None and held.status is not Status.ADMITTED:
        return words(
            "You have confirmed class {code} of this course; no further choice can be added.",
            code=held.code,
        )
    if held is not None and offer.max_choices > 1:
        return words(
            "You hold a seat of this course in class {code}, so no further choice can be added. "
            "Give it up there first if you prefer this class.",
            code=held.code,
        )
    if offer.max_choices > 1:
        return words(
            "You have {n} choices of this course open, as many as the plan allows. Cancel one "
            "first if you prefer this class.",
            n=len(still),
        )
    return words(
        "You are registered for this course in class {code}. Cancel there first if you prefer "
        "this one; your number there would be given up.",
        code=still[0].code,
    )


def _further(
    words: Words, own: tuple[RegistrationCard, ...], offer: Offer
) -> tuple[Component, ...]:
    """Say that this class may be added below the choices there are, and how."""
    codes = ("、" if words.zh else ", ").join(mine.code for mine in own if mine.is_open)
    n = 1 + sum(mine.is_open for mine in own)
    text = words(
        "You are registered for this course in {codes}. This class can be added as choice {n}; "
        "the order can be changed afterwards.",
        codes=codes,
        n=n,
    )
    look = "btn btn-primary btn-lg wide"
    add = dcc.Link(words("Add as choice {n}", n=n), href=f"/apply/{offer.id}/1", className=look)
    return html.P(text, className="note note-plain"), add


def _staff(visit: Visit, offer: Offer) -> Component:
    words, actor = visit.words, visit.actor
    own = actor.institution in (None, offer.institution) and actor.role is not Role.ADMINISTRATOR
    said = html.P(words("This is what everybody sees."), className="sub")
    if not own:
        return said
    link = dcc.Link(words("To the upkeep of this class"), href=f"/desk/classes/{offer.id}")
    return html.Div([said, link])


def _calendar(offer: Offer, label: str) -> Component:
    return html.A(
        [ico("cal"), label],
        href=f"/calendar.ics/{offer.id}",
        className="btn btn-outline-primary wide",
        download=f"{offer.code}.ics",
    )


def terms_panel(words: Words, page: ClassPage) -> Component:
    """What registering costs and commits to, before anybody presses the button."""
    offer = page.offer
    lines = [
        _cost(words, offer),
        words("You pay the institution; this portal takes no money."),
        words("Your number is taken once. Editing details keeps it; cancelling gives it up."),
        _asked(words, page),
        words.many(
            "You may be registered in {n} class of this course at a time.",
            "You may be registered in {n} classes of this course at a time.",
            offer.max_choices,
        ),
    ]
    return html.Div(
        [
            html.H2(words("What it costs and commits you to")),
            html.Ul([html.Li(line) for line in lines], className="terms"),
            _calendar(offer, words("Add to my calendar")) if offer.if_now.takes else None,
        ],
        className="panel",
    )


def _cost(words: Words, offer: Offer) -> str:
    fee = words.money(offer.fee)
    if offer.wholly_self_funded:
        return words("The full cost is {fee}; there is no subsidy.", fee=fee)
    if offer.if_now in PAID:
        return words("Only self-funded seats are given now: {fee}.", fee=fee)
    return words(
        "A funded seat costs you {own} ({percent}% is subsidised); self-funded, {fee}.",
        own=words.money(offer.own_share),
        percent=offer.subsidy_percent,
        fee=fee,
    )


def _asked(words: Words, page: ClassPage) -> str:
    """Say when a seat must be confirmed: at the call, or at once where the call has been."""
    if page.offer.if_now in PAID and not page.offer.wholly_self_funded:
        return words("A claim can be taken back until the seat is given; then the seat is yours.")
    call = next((s for s in page.stops if s.kind == Milestone.CONFIRMATION_CALL), None)
    if call is None or call.state in ("done", "skipped") or not isinstance(call.at, datetime):
        return words(
            "Whoever gets a seat now is asked at once whether they will come. Without an answer "
            "in time the seat goes to the next person."
        )
    return words(
        "On {moment} we ask everyone with a seat whether they will come. Without an answer in "
        "time the seat goes to the next person.",
        moment=words.moment(call.at),
    )
