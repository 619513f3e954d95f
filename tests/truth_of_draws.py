"""What the portal tells of a draw, held against its public page and against draws undone again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import count

from reference_queue import TAIPEI
from sqlalchemy import delete, func, insert, select
from told import HELD, Told, trial

from services.draw import close_draw, make_draw
from services.lottery.public import draw_facts
from services.lottery.records import draw, draw_ticket, draw_value
from services.notices.records import notice
from services.registration.cards import Say
from services.registration.records import registration
from services.review import approve

MANY = 60  # more seats than anybody waits for


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _code(told: Told, work) -> str | None:
    """Give the person's own ticket."""
    mine = draw_ticket.c.draw_id == told.lot.id, draw_ticket.c.person_id == told.row.person_id
    return work.scalar(select(draw_ticket.c.code).where(*mine))


@contextmanager
def closed(told: Told) -> Iterator:
    """Let the window close in a trial, as its planner."""
    clock = told.world.clock
    now = clock.now()
    clock.go_to(max(now, told.lot.closes_at))
    try:
        with trial(told.world, told.world.planners[0]) as work:
            close_draw(work, told.lot.id)
            yield work
    finally:
        clock.go_to(now)


def draws(told: Told, work) -> None:
    """Draw in a trial with a public value by which the person, with a ticket, comes first."""
    row = work.one_or_none(select(draw).where(draw.c.id == told.lot.id))
    if row.state == "drawn":
        return  # nobody took part
    of_draw = select(draw_ticket.c.code).where(draw_ticket.c.draw_id == row.id)
    codes, own = list(work.connection.scalars(of_draw)), _code(told, work)
    value = next(
        str(n)
        for n in count()
        if own in (None, min(codes, key=lambda code: _hash(f"{row.seed}|{n}|{code}")))
    )
    work.run(delete(draw_value).where(draw_value.c.window_id == row.window_id))
    first, second = (each.account_id for each in told.world.planners)
    read = {"window_id": row.window_id, "value": value, "entered_at": work.now}
    read |= {"entered_by": first, "confirmed_by": second, "confirmed_at": work.now}
    work.run(insert(draw_value), read)
    make_draw(work, row.id)


def _ticket(told: Told, say: Say) -> str | None:
    with told.world.office.look() as look:
        own = _code(told, look)
        ranks = select(func.count(draw_ticket.c.rank)).where(draw_ticket.c.draw_id == told.lot.id)
        here = registration.c.class_id == told.row.class_id
        seats = select(func.count()).where(here, registration.c.seat.in_(HELD))
        known = look.scalar(ranks), look.scalar(seats)
    if say.facts["ticket"] != own:
        return f"the ticket is {own}"
    return None if known == (0, 0) else f"ranks and seats there are already: {known}"


def _drawn(told: Told, say: Say) -> str | None:
    """Recompute the draw from its public page, as anyone can."""
    with told.world.office.look() as look:
        page, own = draw_facts(look, told.lot.id), _code(told, look)
    if _hash(page["seed"]) != page["commitment"]:
        return "the seed is not the one committed to"
    order = sorted(
        (each["ticket"] for each in page["tickets"]),
        key=lambda code: _hash(f"{page['seed']}|{page['value']}|{code}"),
    )
    want = {"ticket": own, "rank": 1 + order.index(own)}
    if told.row.rank != want["rank"]:
        return f"it is served by rank {told.row.rank}"
    return None if dict(say.facts) == want else f"the page gives {want}"


def _last(told: Told, _say: Say) -> str | None:
    if told.row.registered_at < told.lot.closes_at:
        return f"the window was open until {told.lot.closes_at}"
    with closed(told) as work:
        draws(told, work)
        drawn = work.scalar(
            select(func.max(registration.c.rank)).where(
                registration.c.class_id == told.row.class_id,
                registration.c.ticket_id.is_not(None),
            )
        )
        mine = told.mine(work).rank
    return None if drawn is None or mine > drawn else f"rank {mine} is before a drawn {drawn}"


def _draw_decides(told: Told, say: Say) -> str | None:
    """No seat before the draw, however many there are; one after it for the best of lots."""
    known = told.lot.closes_at.astimezone(TAIPEI).date() + timedelta(days=1)
    if say.facts["day"] != known:
        return f"the value is known from {known} on"
    with trial(told.world) as work:
        told.frees(work, MANY)
        seat = told.mine(work).seat
        first = work.scalar(
            select(func.count(registration.c.overridden_at)).where(
                registration.c.class_id == told.row.class_id
            )
        )  # served before every rank
    if seat != "none":
        return f"before the draw it gets {seat}"
    with closed(told) as work:
        case = told.case(work) if told.row.status == "in_review" else None
        if case is not None:
            approve(work, case)
        draws(told, work)
        told.frees(work, MANY if told.row.ticket_id is None else first)
        served, seat = told.served(work), told.mine(work).seat
    if told.barred:
        return f"it gets {seat}" if seat in HELD else None
    return None if served else "the best of draws gives no seat"


def _same_chance(told: Told, say: Say) -> str | None:
    until = told.lot.closes_at
    if told.row.ticket_id is None:
        return "it has no ticket"
    return None if say.facts["moment"] == until > told.world.clock.now() else f"it is {until}"


def _frozen(told: Told, _say: Say) -> str | None:
    with closed(told) as work:
        listed = [each["ticket"] for each in draw_facts(work, told.lot.id)["tickets"]]
        own = _code(told, work)
    if told.world.clock.now() < told.lot.closes_at:
        return "others still take part"
    return None if own in listed else "the ticket is not on the page"


def _letter(told: Told, _say: Say) -> str | None:
    """After the draw there is a letter about this registration that there was not before."""
    letters = select(func.count()).where(notice.c.registration_id == told.id)
    with closed(told) as work:
        before = work.scalar(letters)
        draws(told, work)
        after = work.scalar(letters)
    return None if after > before else "no letter is written"


def _letter_with_seat(told: Told, _say: Say) -> str | None:
    letters = select(func.count()).where(notice.c.registration_id == told.id)
    with closed(told) as work:
        before = work.scalar(letters)
        draws(told, work)
        told.frees(work, MANY)
        after, row = work.scalar(letters), told.mine(work)
    seated = row.seat in HELD and row.status != "in_review"
    return "a seat is given without a letter" if seated and after == before else None


CLAIMS: Mapping[str, Callable[[Told, Say], str | None]] = {
    "Your ticket {ticket} waits for the draw; nobody has a rank yet.": _ticket,
    "The ranks are still to be drawn; you come after everybody drawn.": _last,
    "Your rank {rank} was drawn with ticket {ticket}; anyone can check the draw.": _drawn,
    "Your number was given after the window: you come after everybody drawn.": _last,
    "The window had closed when you registered: you come after the drawn.": _last,
    "The draw, from {day} on, has to give you a rank that reaches a seat.": _draw_decides,
    "After the draw, from {day} on, those drawn have to leave a seat.": _draw_decides,
    "Everybody who registers until {moment} has the same chance.": _same_chance,
    "The list of tickets is frozen; yours is on it.": _frozen,
    "We write to you when your rank is drawn.": _letter,
    "We write to you when there is a seat for you.": _letter_with_seat,
}
