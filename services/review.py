"""Review (複審): an officer decides what the records could not tell, or asks to see a paper."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from services.cancel import amend_roster
from services.catalogue.checks import UNKEPT, keepable
from services.kernel.actor import Role
from services.kernel.clock import taipei
from services.kernel.errors import DomainError, InvalidInput, NotFound
from services.kernel.work import Work
from services.milestones import CALLED
from services.notices.outbox import Promise, promise
from services.notices.reasons import REJECT_REASONS
from services.promote import fill_free_seats, own_seat
from services.registration.advance import Move, advance, move_of
from services.registration.lifecycle import Event, Notice, Reason, Seat, Status, Track
from services.registration.records import registration, review_case
from services.registration.seats import ClassFacts, facts_of, hold
from services.requests import CONFIRM, ask
from services.words import mark


class AlreadyDecided(DomainError):
    """Somebody has decided the case, or the person has left the queue."""

    code = "review.already_decided"
    sentence = mark("This case has already been decided or closed. Nothing was changed.")


class AppealIsMPBs(DomainError):
    """An appeal against an institution's class is not decided by the institution."""

    code = "review.appeal_is_mpbs"
    sentence = mark("This is an appeal: MPB decides it. Nothing was changed.")


def approve(
    work: Work,
    case_id: int,
    *,
    note: str = "",
    sighted_on: date | None = None,
    track: Track | None = None,
) -> None:
    """Find the person qualified; a reserved seat becomes theirs, otherwise they wait.

    track: set where the review settled an open nationality (rules.md 6).

    Raises:
        NotFound: there is no such case, or it is another institution's.
        AlreadyDecided: the case is closed.
    """
    row, facts = _open_case(work, case_id)
    _close(work, case_id, state="approved", note=note, sighted_on=sighted_on)
    if row.status == Status.IN_REVIEW.value:
        pass_review(work, row, facts, track)


def pass_review(work: Work, row: Row[Any], facts: ClassFacts, track: Track | None = None) -> None:
    """Move a person under review on: to the reserved seat, the waiting list or the offer."""
    track = Track(row.track) if track is None or facts.wholly_self_funded else track
    work.run(
        update(registration)
        .where(registration.c.id == row.id)
        .values(track=track.value, verdict="eligible", rescreen_due=False)
    )
    entitled = facts.wholly_self_funded or track is Track.FUNDED
    if row.seat == Seat.RESERVED.value and entitled:
        asks = facts.stage >= CALLED
        seat = own_seat(facts)
        advance(work, facts.cohort_id, [_approve(row, Status.ADMITTED, seat, asks, "review")])
        if asks:
            ask(work, facts, [row.id], CONFIRM)
        return
    target = Status.OFFERED if facts.self_funding else Status.WAITLISTED
    asks = target is Status.OFFERED
    advance(work, facts.cohort_id, [_approve(row, target, Seat.NONE, asks, None)])
    if asks:
        ask(work, facts, [row.id], "claim")
    fill_free_seats(work, facts.id)


def _approve(row: Row[Any], target: Status, seat: Seat, asks: bool, how: str | None) -> Move:
    return move_of(row, Event.APPROVE, target, seat, asks=asks, how_seated=how)


def reject(work: Work, case_id: int, *, reason: str, note: str = "") -> list[int]:
    """Find the person not qualified; a freed seat goes to the next; return who is seated.

    Raises:
        NotFound: there is no such case, or it is another institution's.
        AlreadyDecided: the case is closed.
        InvalidInput: the reason is not one of REJECT_REASONS.
    """
    if reason not in REJECT_REASONS:
        raise InvalidInput({"reason": (mark("Choose a reason."), {})})
    row, facts = _open_case(work, case_id)
    _close(work, case_id, state="rejected", note=note, reason=reason)
    work.run(
        update(registration)
        .where(registration.c.id == row.id)
        .values(verdict="ineligible", rescreen_due=False)
    )
    return refuse(work, row, facts, {"reject_reason": reason, "note": note})


def refuse(work: Work, row: Row[Any], facts: ClassFacts, why: Mapping[str, Any]) -> list[int]:
    """End a registration as ineligible and serve whoever waits for what it held.

    After the freeze the seat stays empty and the roster is amended.
    """
    move = move_of(row, Event.REJECT, Status.INELIGIBLE, Seat.NONE, reason=Reason.RULES, facts=why)
    advance(work, facts.cohort_id, [move])
    if facts.state == "opened":
        amend_roster(work, facts)
    return fill_free_seats(work, facts.id)


def ask_supplement(work: Work, case_id: int, *, ask: str) -> None:
    """Ask the person to upload a paper by the plan's supplement deadline.

    Raises:
        NotFound: there is no such case, or it is another institution's.
        AlreadyDecided: the case is closed.
        InvalidInput: the request is empty or too long.
    """
    text = ask.strip()
    if not 2 <= len(text) <= 500:
        raise InvalidInput({"ask": (mark("Say in 2 to 500 characters what is missing."), {})})
    if not keepable(text):
        raise InvalidInput({"ask": (UNKEPT, {})})
    row, facts = _open_case(work, case_id)
    due = taipei(work.today + timedelta(days=facts.supplement_days), facts.policy.milestone_hour)
    due = min(due, facts.freeze_at)
    work.run(
        update(review_case)
        .where(review_case.c.id == case_id)
        .values(state="supplement", ask=text, supplement_due_at=due)
    )
    occurrence = f"{case_id}.{work.now:%Y%m%d%H%M%S}"
    promise(
        work,
        [
            Promise(
                Notice.SUPPLEMENT_ASKED.value,
                row.id,
                row.person_id,
                occurrence,
                facts={"ask": text, "due": due.isoformat(), "case_id": case_id},
            )
        ],
    )


def _open_case(work: Work, case_id: int) -> tuple[Row[Any], ClassFacts]:
    ids = select(review_case.c.registration_id).where(review_case.c.id == case_id)
    registration_id = work.scalar(ids)
    if registration_id is None:
        raise NotFound()
    row = hold(work, registration_id)
    case = work.connection.execute(select(review_case).where(review_case.c.id == case_id)).one()
    actor = work.actor
    if actor.role is Role.INSTITUTION and actor.institution != case.institution:
        raise NotFound()
    if actor.role not in (Role.INSTITUTION, Role.PLANNER):
        raise NotFound()
    if case.statement is not None and actor.role is not Role.PLANNER:
        raise AppealIsMPBs()
    if case.state not in ("open", "supplement"):
        raise AlreadyDecided()
    return row, facts_of(work, row.class_id)


def _close(work: Work, case_id: int, **values: Any) -> None:
    work.run(
        update(review_case)
        .where(review_case.c.id == case_id)
        .values(decided_at=work.now, decided_by=work.actor.account_id, **values)
    )
