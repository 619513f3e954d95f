"""Review (複審): an officer decides what the records could not tell, or asks to see a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.cancel import amend_roster
from services.catalogue.checks import UNKEPT, keepable
from services.kernel.actor import Role
from services.kernel.clock import taipei
from services.kernel.errors import DomainError, InvalidInput, NotFound
from services.kernel.work import Work
from services.milestones import CALLED
from services.notices.outbox import Promise, promise
from services.notices.reasons import REJECT_REASONS
from services.promote import fill_cohort
from services.registration.advance import advance
from services.registration.cases import appealed
from services.registration.lifecycle import Event, Notice, Reason, Seat, Status, Track
from services.registration.moves import Move, move_of
from services.registration.records import registration, review_case
from services.registration.seats import ClassFacts, facts_of, hold, own_seat
from services.registration.skips import lift_own
from services.requests import CLAIM, CONFIRM, ask
from services.standby import call_standby
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
    """Find the person qualified, for all choices of the cohort; a reserved seat becomes theirs.

    track: set where the review settled an open nationality (rules.md 6).

    Raises:
        NotFound: there is no such case, or it is another institution's.
        AlreadyDecided: the case is closed.
    """
    row, case = _open_case(work, case_id)
    tracks = dict.fromkeys((each.id for each in decided_by(work, case, row)), track)
    _close(work, case_id, state="approved", note=note, sighted_on=sighted_on)
    pass_review(work, row.cohort_id, row.person_id, tracks)


def decided_by(work: Work, case: Row[Any], row: Row[Any]) -> list[Row[Any]]:
    """Give what a case decides: an appeal its own registration, a review every choice under it."""
    return in_review(work, row) if case.statement is None else [row]


def in_review(work: Work, row: Row[Any]) -> list[Row[Any]]:
    """Give a person's choices under review in the cohort of a registration, best first."""
    key = {"cohort_id": row.cohort_id, "person_id": row.person_id}
    return work.all(_IN_REVIEW, key)


_IN_REVIEW = (
    select(registration)
    .where(
        registration.c.cohort_id == bindparam("cohort_id"),
        registration.c.person_id == bindparam("person_id"),
        registration.c.status == Status.IN_REVIEW.value,
        ~appealed(),
    )
    .order_by(registration.c.preference)
)


def pass_review(
    work: Work, cohort_id: int, person_id: int, tracks: Mapping[int, Track | None]
) -> None:
    """Move choices under review on: to the reserved seat, the waiting list or the offer.

    tracks: by registration, where the review has settled the track.
    """
    if not tracks:
        return
    own = registration.c.id.in_(list(tracks))
    work.run(update(registration).where(own).values(verdict="eligible", rescreen_due=False))
    passing: list[tuple[ClassFacts, list[Move], str | None]] = []
    for row in work.all(select(registration).where(own).order_by(registration.c.preference)):
        facts = facts_of(work, row.class_id)
        track = _settled_track(row, facts, tracks[row.id])
        work.run(update(registration).where(registration.c.id == row.id).values(track=track.value))
        passing.append((facts, *_passes(row, facts, track)))
        if any(move.says_yes for move in passing[-1][1]):
            passing = passing[-1:]  # a settled claim leaves all others behind
        if any(move.seats for move in passing[-1][1]):
            break  # a seat leaves what is lower behind
    advance(work, cohort_id, [move for _, moves, _ in passing for move in moves])
    for facts, (first, *_), kind in passing:
        if kind is not None:
            ask(work, facts, [first.registration_id], kind)
    lift_own(work, cohort_id, person_id)
    fill_cohort(work, cohort_id)
    for facts, *_ in passing:
        call_standby(work, facts)


def _settled_track(row: Row[Any], facts: ClassFacts, track: Track | None) -> Track:
    return Track(row.track) if track is None or facts.wholly_self_funded else track


def _passes(row: Row[Any], facts: ClassFacts, track: Track) -> tuple[list[Move], str | None]:
    """Decide where a choice goes that has passed, and what is asked of the person.

    A seat that a claim kept stays, self-funded, when its class moves; so does one that a merge
    brought along (decision 0017).
    """
    entitled = facts.wholly_self_funded or track is Track.FUNDED
    if row.seat == Seat.RESERVED.value and row.claimed_at is not None:
        offered = move_of(row, Event.APPROVE, Status.OFFERED, Seat.NONE)
        settled = replace(
            offered,
            source=Status.OFFERED,
            held=Seat.NONE,
            event=Event.SETTLE,
            target=Status.SELF_FUNDED,
            takes=Seat.SELF_FUNDED,
            how_seated="self_funded",
        )
        return [offered, settled], None
    brought = row.track == Track.SELF_FUNDED.value  # a funded seat is not kept on this track
    if row.seat == Seat.RESERVED.value and (entitled or brought):
        asks = facts.stage >= CALLED
        seat, how = (own_seat(facts), "review") if entitled else (Seat.SELF_FUNDED, "review_own")
        move = move_of(row, Event.APPROVE, Status.ADMITTED, seat, asks=asks, how_seated=how)
        return [move], CONFIRM if asks else None
    target = Status.OFFERED if facts.self_funding else Status.WAITLISTED
    asks = target is Status.OFFERED and row.claimed_at is None
    move = move_of(row, Event.APPROVE, target, Seat.NONE, asks=asks)
    return [move], CLAIM if asks else None


def reject(work: Work, case_id: int, *, reason: str, note: str = "") -> list[int]:
    """Find the person not qualified, for all choices under review; return who is seated by it.

    Raises:
        NotFound: there is no such case, or it is another institution's.
        AlreadyDecided: the case is closed.
        InvalidInput: the reason is not one of REJECT_REASONS.
    """
    if reason not in REJECT_REASONS:
        raise InvalidInput({"reason": (mark("Choose a reason."), {})})
    row, case = _open_case(work, case_id)
    falling = {each.id: each for each in (row, *decided_by(work, case, row))}
    _close(work, case_id, state="rejected", note=note, reason=reason)
    work.run(
        update(registration)
        .where(registration.c.id.in_(list(falling)))
        .values(verdict="ineligible", rescreen_due=False)
    )
    refuse(work, row.cohort_id, list(falling.values()), {"reject_reason": reason, "note": note})
    return fill_cohort(work, row.cohort_id)


def refuse(work: Work, cohort_id: int, rows: Sequence[Row[Any]], why: Mapping[str, Any]) -> None:
    """End registrations as ineligible; the caller fills what they held.

    After the freeze the seat stays empty and the roster is amended.
    """
    moves = [
        move_of(row, Event.REJECT, Status.INELIGIBLE, Seat.NONE, reason=Reason.RULES, facts=why)
        for row in rows
    ]
    advance(work, cohort_id, moves)
    for class_id in {row.class_id for row in rows}:
        facts = facts_of(work, class_id)
        if facts.state == "opened":
            amend_roster(work, facts)


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
    row, _ = _open_case(work, case_id)
    facts = facts_of(work, row.class_id)
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


def _open_case(work: Work, case_id: int) -> tuple[Row[Any], Row[Any]]:
    """Hold the registration of an open case that the actor may decide; give it and the case."""
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
    return row, case


def _close(work: Work, case_id: int, **values: Any) -> None:
    work.run(
        update(review_case)
        .where(review_case.c.id == case_id)
        .values(decided_at=work.now, decided_by=work.actor.account_id, **values)
    )
