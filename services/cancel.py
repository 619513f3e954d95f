"""Cancel a registration (撤銷報名); a freed seat goes to the next in line in the same commit."""

from typing import Any

from sqlalchemy import Row, func, insert, select

from services.kernel.actor import Role
from services.kernel.errors import NotFound, NotPermitted
from services.kernel.work import Look, Work
from services.milestones import FROZEN
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition, advance
from services.registration.lifecycle import HELD, Event, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.records import handover
from services.registration.seats import ClassFacts, facts_of, hold


def cancel(work: Work, registration_id: int, *, reason: Reason | None = None) -> list[int]:
    """Cancel an open registration; return the registrations that were seated because of it.

    reason: without one, 'withdrew' by the person, 'staff' by everybody else.

    Raises:
        NotFound: there is no such registration, or it is not the actor's.
        IllegalTransition: it is closed already, or the class has begun.
    """
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    owned_by(work, row, facts)
    if work.now >= facts.begins_at:
        raise IllegalTransition()  # from the first class day on the roll decides
    own = work.actor.role is Role.SEAFARER
    reason = reason or (Reason.WITHDREW if own else Reason.STAFF)
    move = move_of(row, Event.CANCEL, Status.CANCELLED, Seat.NONE, reason=reason)
    advance(work, facts.cohort_id, [move])
    if facts.stage >= FROZEN:
        amend_roster(work, facts)
    # a seatless person ahead who leaves can make a claim behind certain
    serves = Seat(row.seat) in HELD or facts.self_funding
    return fill_cohort(work, facts.cohort_id) if serves else []


def owned_by(look: Look, row: Row[Any], facts: ClassFacts) -> None:
    """Refuse whoever is neither the person, nor the class's officer, nor MPB.

    Raises:
        NotFound: to a stranger the registration does not exist.
        NotPermitted: visitors may do nothing.
    """
    actor = look.actor
    if actor.role is Role.SEAFARER and actor.person_id != row.person_id:
        raise NotFound()
    if actor.role is Role.INSTITUTION and actor.institution != facts.institution:
        raise NotFound()
    if actor.role in (Role.VISITOR, Role.ADMINISTRATOR):
        raise NotPermitted()


def amend_roster(work: Work, facts: ClassFacts, kind: str = "roster") -> None:
    """Queue the next version of what MTNet holds about a class."""
    last = work.scalar(
        select(func.max(handover.c.version)).where(
            handover.c.class_id == facts.id, handover.c.kind == kind
        )
    )
    work.run(
        insert(handover),
        {"class_id": facts.id, "kind": kind, "version": (last or 0) + 1, "made_at": work.now},
    )
