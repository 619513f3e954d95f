"""Claim an offered self-funded seat (自費): by rank at settlement, at once when it is certain.

A person under review may claim too; settlement then keeps a seat for them.
"""

from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from services.cancel import owned_by
from services.catalogue.records import cohort
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration, request
from services.registration.seats import ClassFacts, facts_of, hold
from services.requests import reached

_MAY_CLAIM = (Status.OFFERED.value, Status.IN_REVIEW.value)
_CLAIM = (
    update(registration)
    .where(registration.c.id == bindparam("b_id"))
    .values(
        claimed_at=bindparam("b_now"),
        claimed_seq=select(cohort.c.events)
        .where(cohort.c.id == bindparam("b_cohort"))
        .scalar_subquery(),
    )
)


def claim(work: Work, registration_id: int) -> bool:
    """Claim the offered seat; tell whether it was given at once (under review: reserved).

    A second click on a settled claim changes nothing and is no error.

    Raises:
        NotFound: it is not the actor's.
        IllegalTransition: nothing is offered any more.
    """
    row, facts = _own(work, registration_id)
    if row.status == Status.SELF_FUNDED.value:
        return True
    _check_offered(row, facts)
    if row.claimed_at is None:
        work.run(_CLAIM, {"b_id": row.id, "b_cohort": facts.cohort_id, "b_now": work.now})
    answered = request.c.registration_id == row.id, request.c.closed_at.is_(None)
    work.run(update(request).where(*answered).values(closed_at=work.now, answer="yes"))
    return row.id in fill_cohort(work, facts.cohort_id)


def unclaim(work: Work, registration_id: int) -> None:
    """Take a claim back while it is not settled; the offer and its personal deadline stay.

    Raises:
        NotFound: it is not the actor's.
        IllegalTransition: it is settled or no longer offered.
    """
    row, facts = _own(work, registration_id)
    _check_offered(row, facts)
    work.run(update(registration).where(registration.c.id == row.id).values(claimed_at=None))
    if row.claimed_at is not None:
        _ask_again(work, row)
    fill_cohort(work, facts.cohort_id)


def _ask_again(work: Work, row: Row[Any]) -> None:
    """Reopen the request that the claim answered, if there is still time for an answer."""
    answered = work.scalar(
        select(request.c.id).where(
            request.c.registration_id == row.id,
            request.c.closed_at == row.claimed_at,
            or_(request.c.deadline.is_(None), request.c.deadline > work.now),
        )
    )
    if answered is not None:
        this = request.c.id == answered
        work.run(update(request).where(this).values(closed_at=None, answer=None))
        reached(work, answered, by="portal")  # whoever claimed knows of it


def _own(work: Work, registration_id: int) -> tuple[Row[Any], ClassFacts]:
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    owned_by(work, row, facts)
    return row, facts


def _check_offered(row: Row[Any], facts: ClassFacts) -> None:
    seatless = row.status in _MAY_CLAIM and row.seat == Seat.NONE.value
    if not seatless or not facts.self_funding:
        raise IllegalTransition()
