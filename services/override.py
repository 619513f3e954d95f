"""The only way out of the rank order: one planner proposes, another approves (rules.md 2).

It is a step in the event chain and counted in public; who is overridden is served next.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.catalogue.checks import Checks
from services.kernel.actor import Role
from services.kernel.errors import DomainError, NotFound, NotPermitted
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition, advance
from services.registration.lifecycle import Event, Seat, Status
from services.registration.moves import move_of
from services.registration.records import registration, seat_override
from services.registration.seats import facts_of, hold
from services.words import mark

REASONS: Mapping[str, str] = {
    "portal_error": mark("A mistake of the portal or of staff cost the place"),
    "wrong_refusal": mark("The person was refused wrongly and has registered again"),
    "court": mark("A court or the appeal board has decided so"),
    "safe_manning": mark("A ship cannot sail without this certificate"),
}
LONGEST_NOTE = 500
WAITING = (Status.WAITLISTED.value, Status.IN_REVIEW.value, Status.OFFERED.value)


class AlreadyProposed(DomainError):
    """One override per registration at a time."""

    code = "override.already_proposed"
    sentence = mark("An override is already proposed or approved for this. Nothing was changed.")


class NotWaiting(DomainError):
    """Only somebody who waits without a seat can be served next."""

    code = "override.not_waiting"
    sentence = mark("Only a person who waits without a seat can be served next. Nothing changed.")


class SamePlanner(DomainError):
    """Who proposed it cannot decide it."""

    code = "override.same_planner"
    sentence = mark("You proposed this yourself; another planner has to decide it.")


class AlreadyDecided(DomainError):
    """The proposal has been decided."""

    code = "override.already_decided"
    sentence = mark("Another planner has already decided this. Nothing was changed.")


def propose_override(work: Work, registration_id: int, *, reason: str, note: str) -> int:
    """Propose to serve somebody next, whatever the rank; return the proposal's id.

    Raises:
        NotPermitted: the actor is no planner with an account.
        NotFound: there is no such registration.
        NotWaiting, AlreadyProposed: as they say.
        InvalidInput: no such reason, or no note.
    """
    planner = _planner(work)
    checks = Checks()
    if reason not in REASONS:
        checks.refuse("reason", mark("Choose a reason."))
    if len(note.strip()) < 2:
        checks.refuse("note", mark("Say in a few words what happened."))
    checks.short("note", note, LONGEST_NOTE)
    checks.settle()
    row = hold(work, registration_id)
    _check_waits(work, row)
    standing = seat_override.c.registration_id == row.id, seat_override.c.state != "refused"
    if row.overridden_at or work.scalar(select(seat_override.c.id).where(*standing)) is not None:
        raise AlreadyProposed
    values = {"registration_id": row.id, "reason": reason, "note": note.strip()}
    who = {"proposed_at": work.now, "proposed_by": planner}
    return int(work.run(insert(seat_override), {**values, **who}).inserted_primary_key[0])


def approve_override(work: Work, override_id: int) -> list[int]:
    """Approve another planner's proposal; return who is seated because of it.

    Raises:
        NotPermitted: the actor is no planner with an account.
        NotFound: there is no such proposal.
        SamePlanner, AlreadyDecided, NotWaiting: as they say.
    """
    row = _decide(work, override_id, "approved")
    _check_waits(work, row)
    work.run(update(registration).where(registration.c.id == row.id).values(overridden_at=work.now))
    status = Status(row.status)
    advance(work, row.cohort_id, [move_of(row, Event.OVERRIDE, status, Seat.NONE)])
    return fill_cohort(work, row.cohort_id)


def refuse_override(work: Work, override_id: int) -> None:
    """Refuse another planner's proposal; the rank stands.

    Raises:
        NotPermitted, NotFound, SamePlanner, AlreadyDecided: as for the approval.
    """
    _decide(work, override_id, "refused")


def _planner(work: Work) -> int:
    actor = work.actor
    if actor.role is not Role.PLANNER or actor.account_id is None:
        raise NotPermitted
    return actor.account_id


def _decide(work: Work, override_id: int, state: str) -> Row[Any]:
    """Hold the registration, then decide its proposal once, by another account."""
    planner = _planner(work)
    this = seat_override.c.id == override_id
    key = work.scalar(select(seat_override.c.registration_id).where(this))
    if key is None:
        raise NotFound
    row = hold(work, key)
    proposal = work.connection.execute(select(seat_override).where(this)).one()
    if proposal.state != "proposed":
        raise AlreadyDecided
    if proposal.proposed_by == planner:
        raise SamePlanner
    decided = {"state": state, "decided_at": work.now, "decided_by": planner}
    work.run(update(seat_override).where(this).values(**decided))
    return row


def _check_waits(work: Work, row: Row[Any]) -> None:
    facts = facts_of(work, row.class_id)
    if row.status not in WAITING or row.seat != Seat.NONE.value:
        raise NotWaiting
    if facts.state != "published" or facts.fixed:
        raise IllegalTransition
