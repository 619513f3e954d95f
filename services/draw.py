"""The draw: close the window, reveal the seed, and give everybody's rank when the value stands.

The seed is revealed at the closing, before anybody can know the public value: nobody can hold a
seed back because its order does not please.
"""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.catalogue.records import plan_window, training_class
from services.commit_draw import seal_row
from services.kernel.work import Look, Work
from services.lottery.check_draw import list_hash, order, sha256
from services.lottery.log import write_down
from services.lottery.records import draw, draw_ticket, draw_value
from services.lottery.tickets import codes_of
from services.notices.outbox import Promise, promise
from services.promote import fill_cohort
from services.registration.lifecycle import Notice, Status
from services.registration.records import registration
from services.registration.seats import lock_cohort


class SeedChanged(Exception):
    """The sealed seed is not the one committed to; nothing is drawn with it."""


def draws_to_close(look: Look) -> list[int]:
    """Find draws whose window has closed and whose seed is still secret."""
    statement = (
        select(draw.c.id)
        .join(plan_window, plan_window.c.id == draw.c.window_id)
        .where(draw.c.state == "committed", plan_window.c.closes_at <= look.now)
        .order_by(draw.c.id)
    )
    return list(look.connection.scalars(statement))


def close_draw(work: Work, draw_id: int) -> int:
    """Freeze the list of tickets and reveal the seed; a draw without tickets is over at once.

    Then whoever came after the closing, but before the clock, has nobody drawn to wait for.

    Raises:
        SeedChanged: the sealed seed is not the one whose hash was published.
        cryptography.exceptions.InvalidTag: it was sealed with another key or for another draw.
    """
    row = _hold(work, draw_id)
    closes_at = work.scalar(
        select(plan_window.c.closes_at).where(plan_window.c.id == row.window_id)
    )
    if row.state != "committed" or closes_at > work.now:
        return 0
    seed = work.vault.open(row.sealed_seed, seal_row(row.cohort_id, row.window_id))
    if sha256(seed) != row.commitment:
        raise SeedChanged
    codes = codes_of(work, draw_id)
    frozen = {"seed": seed, "tickets": len(codes), "list_hash": list_hash(codes)}
    over = {} if codes else {"state": "drawn", "drawn_at": work.now}
    work.run(
        update(draw)
        .where(draw.c.id == draw_id)
        .values(**{"state": "revealed", **frozen, "closed_at": work.now, **over})
    )
    write_down(work, draw_id, row.cohort_id, "closed", **frozen)
    if over:
        fill_cohort(work, row.cohort_id)
    return 1


def draws_to_make(look: Look) -> list[int]:
    """Find draws whose seed is revealed and whose public value two planners have read."""
    statement = (
        select(draw.c.id)
        .join(draw_value, draw_value.c.window_id == draw.c.window_id)
        .where(draw.c.state == "revealed", draw_value.c.confirmed_at.is_not(None))
        .order_by(draw.c.id)
    )
    return list(look.connection.scalars(statement))


_SET_RANK = (
    update(draw_ticket)
    .where(draw_ticket.c.draw_id == bindparam("b_draw"), draw_ticket.c.code == bindparam("b_code"))
    .values(rank=bindparam("b_rank"))
)


def make_draw(work: Work, draw_id: int) -> int:
    """Draw: one rank a person for all their queues in the cohort, then seats to the fixpoint."""
    row = _hold(work, draw_id)
    value = work.one_or_none(
        select(draw_value).where(
            draw_value.c.window_id == row.window_id, draw_value.c.confirmed_at.is_not(None)
        )
    )
    if row.state != "revealed" or value is None:
        return 0
    ranked = order(row.seed, value.value, codes_of(work, draw_id))
    work.run(
        _SET_RANK,
        [
            {"b_draw": draw_id, "b_code": code, "b_rank": rank}
            for rank, code in enumerate(ranked, start=1)
        ],
    )
    work.run(
        update(draw)
        .where(draw.c.id == draw_id)
        .values(state="drawn", value=value.value, drawn_at=work.now)
    )
    _rank_registrations(work, draw_id, row.tickets)
    write_down(
        work,
        draw_id,
        row.cohort_id,
        "drawn",
        value=value.value,
        entered_at=value.entered_at.isoformat(),
        confirmed_at=value.confirmed_at.isoformat(),
        order_hash=sha256("\n".join(ranked)),
    )
    fill_cohort(work, row.cohort_id)
    _tell_ranks(work, draw_id)
    return 1


def _tell_ranks(work: Work, draw_id: int) -> None:
    """Tell the rank to everybody in line whom no letter about a seat tells it."""
    rows = work.all(
        select(registration.c.id, registration.c.person_id)
        .join(draw_ticket, draw_ticket.c.id == registration.c.ticket_id)
        .where(
            draw_ticket.c.draw_id == draw_id,
            registration.c.status.in_((Status.WAITLISTED.value, Status.IN_REVIEW.value)),
        )
        .order_by(registration.c.id)
    )
    kind = Notice.DRAWN.value
    promise(work, [Promise(kind, row.id, row.person_id, str(draw_id)) for row in rows])


def _rank_registrations(work: Work, draw_id: int, tickets: int) -> None:
    """Give drawn ranks to numbers taken in the window; later numbers follow them in their order."""
    of_ticket = select(draw_ticket.c.rank).where(draw_ticket.c.id == registration.c.ticket_id)
    drawn = select(draw_ticket.c.id).where(draw_ticket.c.draw_id == draw_id)
    work.run(
        update(registration)
        .where(registration.c.ticket_id.in_(drawn))
        .values(rank=of_ticket.scalar_subquery())
    )
    work.run(
        update(registration)
        .where(
            registration.c.class_id.in_(_classes(work, draw_id)), registration.c.ticket_id.is_(None)
        )
        .values(rank=registration.c.number + tickets)
    )


def _classes(work: Work, draw_id: int) -> list[int]:
    of_draw = select(training_class.c.id).where(training_class.c.draw_id == draw_id)
    return list(work.connection.scalars(of_draw.order_by(training_class.c.id)))


def _hold(work: Work, draw_id: int) -> Row[Any]:
    """Lock the draw's cohort, then read the draw."""
    of_draw = select(draw.c.cohort_id).where(draw.c.id == draw_id)
    lock_cohort(work, work.scalar(of_draw))
    return work.connection.execute(select(draw).where(draw.c.id == draw_id)).one()
