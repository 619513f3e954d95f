"""What happens at each milestone of a class: closings first, then seats, then asking."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from services.cancel import amend_roster
from services.catalogue.records import milestone, training_class
from services.kernel.clock import taipei
from services.kernel.work import Work
from services.milestones import ORDER, Milestone
from services.notices.outbox import Promise, promise
from services.notices.tasks import close_class_tasks, open_task
from services.promote import fill_free_seats, settle_claims
from services.registration.advance import Move, advance, move_of
from services.registration.lifecycle import OPEN, Event, Notice, Reason, Seat, Status
from services.registration.records import registration, request
from services.registration.seats import ClassFacts, facts_of, hold_class
from services.requests import CLAIM, CONFIRM, ask, ask_to_confirm

Outcome = dict[str, int]
LATEST_SETTLEMENT = timedelta(days=6)


def run_next(work: Work, class_id: int) -> bool:
    """Run the next milestone of a class if it is due and nobody still has time to answer.

    The freeze never waits: what no longer fits before it is skipped and shown as skipped.
    """
    facts = hold_class(work, class_id)
    if facts.state != "published" or facts.stage >= len(ORDER):
        return False
    kind = ORDER[facts.stage]
    rows = {row.kind: row for row in _rows(work, facts)}
    if work.now >= rows[Milestone.FREEZE].due_at and kind is not Milestone.FREEZE:
        _reach(work, facts, kind, "skipped", {})
        return True
    if facts.undrawn and kind is not Milestone.FREEZE:
        return False  # no call before the draw has said who has a seat
    if work.now < rows[kind].due_at or _still_answering(work, facts, rows, kind):
        return False
    _reach(work, facts, kind, "done", {})  # the stage holds for everything the step does
    outcome = STEPS[kind](work, replace(facts, stage=facts.stage + 1))
    _reach(work, facts, kind, "done", outcome)
    return True


_ROWS = select(milestone).where(
    milestone.c.class_id == bindparam("class_id"), milestone.c.schedule == bindparam("schedule")
)
_REACH = update(milestone).where(
    milestone.c.class_id == bindparam("b_class"),
    milestone.c.schedule == bindparam("b_schedule"),
    milestone.c.kind == bindparam("b_kind"),
)


def _rows(work: Work, facts: ClassFacts) -> Sequence[Row[Any]]:
    key = {"class_id": facts.id, "schedule": facts.schedule}
    return work.connection.execute(_ROWS, key).all()


def _reach(work: Work, facts: ClassFacts, kind: Milestone, outcome: str, counts: Outcome) -> None:
    key = {"b_class": facts.id, "b_schedule": facts.schedule, "b_kind": kind.value}
    work.run(_REACH, {**key, "reached_at": work.now, "outcome": outcome, "facts": counts})


def _still_answering(
    work: Work, facts: ClassFacts, rows: dict[str, Row[Any]], kind: Milestone
) -> bool:
    """Tell whether a request this milestone waits for is still within its deadline.

    It waits for requests made before its due moment or by the milestone before it, so that a
    clock that was down never asks and expires in the same second. The size check and the freeze
    wait for nobody, the settlement at the longest until six days before class.
    """
    settle_by = taipei(facts.starts_on - LATEST_SETTLEMENT, facts.policy.milestone_hour)
    if kind in (Milestone.SIZE_CHECK, Milestone.FREEZE) or (
        kind is Milestone.SETTLEMENT and work.now >= settle_by
    ):
        return False
    asked_by: datetime = rows[kind].due_at
    if facts.stage > 0:
        asked_by = max(asked_by, rows[ORDER[facts.stage - 1]].reached_at)
    key = {"class_id": facts.id, "asked_by": asked_by, "now": work.now}
    return work.connection.execute(_ANSWERING, key).first() is not None


_ANSWERING = (
    select(request.c.id)
    .where(
        request.c.class_id == bindparam("class_id"),
        request.c.closed_at.is_(None),
        request.c.asked_at <= bindparam("asked_by"),
        or_(request.c.deadline.is_(None), request.c.deadline > bindparam("now")),
    )
    .limit(1)
)
_PEOPLE = (
    select(registration)
    .where(
        registration.c.class_id == bindparam("class_id"),
        registration.c.status.in_(bindparam("statuses", expanding=True)),
    )
    .order_by(registration.c.rank)
)


def _people(work: Work, facts: ClassFacts, *statuses: Status) -> Sequence[Row[Any]]:
    key = {"class_id": facts.id, "statuses": [status.value for status in statuses]}
    return work.connection.execute(_PEOPLE, key).all()


def _confirmation_call(work: Work, facts: ClassFacts) -> Outcome:
    """Ask every admitted person to confirm (受訓確認, four weeks before)."""
    admitted = _people(work, facts, Status.ADMITTED)
    ask_to_confirm(work, facts, [(row.id, row.person_id) for row in admitted])
    return {"asked": len(admitted)}


_SILENT = select(request.c.registration_id).where(
    request.c.class_id == bindparam("class_id"),
    request.c.kind == CONFIRM,
    request.c.closed_at.is_(None),
    request.c.deadline <= bindparam("now"),
)


def _lapse_unanswered(work: Work, facts: ClassFacts) -> int:
    """End admitted registrations whose personal deadline has passed in silence."""
    silent = set(work.connection.scalars(_SILENT, {"class_id": facts.id, "now": work.now}))
    rows = [row for row in _people(work, facts, Status.ADMITTED) if row.id in silent]
    reason = Reason.NO_ANSWER
    moves = [move_of(row, Event.LAPSE, Status.LAPSED, Seat.NONE, reason=reason) for row in rows]
    advance(work, facts.cohort_id, moves)
    return len(moves)


def _promotion_call(work: Work, facts: ClassFacts) -> Outcome:
    """Lapse the silent; their seats go down the queue by rank (遞補, three weeks before)."""
    lapsed = _lapse_unanswered(work, facts)
    promoted = fill_free_seats(work, facts.id)
    return {"lapsed": lapsed, "promoted": len(promoted)}


def _self_funded_call(work: Work, facts: ClassFacts) -> Outcome:
    """Lapse the silent; offer what is free to all who still wait (自費, two weeks before)."""
    lapsed = _lapse_unanswered(work, facts)
    if facts.wholly_self_funded:
        return {"lapsed": lapsed, "promoted": len(fill_free_seats(work, facts.id))}
    waiting = _people(work, facts, Status.WAITLISTED)
    moves = [move_of(r, Event.OFFER, Status.OFFERED, Seat.NONE, asks=True) for r in waiting]
    advance(work, facts.cohort_id, moves)
    ask(work, facts, [row.id for row in waiting], CLAIM)
    return {"lapsed": lapsed, "offered": len(moves)}


def _settlement(work: Work, facts: ClassFacts) -> Outcome:
    """Give self-funded seats to claimants by rank; claims that lose keep standing."""
    if facts.wholly_self_funded:
        return {"settled": 0}
    return {"settled": len(settle_claims(work, facts))}


def _size_check(work: Work, facts: ClassFacts) -> Outcome:
    """Tell the institution and the planner when too few people have said yes."""
    coming = len(_people(work, facts, Status.CONFIRMED, Status.SELF_FUNDED))
    if coming < facts.min_size:
        key = f"too_small:{facts.id}:{facts.schedule}"
        open_task(work, key, "too_small", facts.institution, facts.id)
    return {"coming": coming, "minimum": facts.min_size}


def _freeze(work: Work, facts: ClassFacts) -> Outcome:
    """Fix the class plan: the class opens with who said yes, or is cancelled when too small.

    A person whom no request ever reached keeps the seat and goes on the roster (rules.md 7);
    a claim that a late clock has not settled is settled first.
    """
    lapsed = _lapse_unanswered(work, facts)
    settle_claims(work, facts_of(work, facts.id))  # no unclaimed offer stands before it any more
    unreached = _people(work, facts, Status.ADMITTED)
    coming = len(_people(work, facts, Status.CONFIRMED, Status.SELF_FUNDED)) + len(unreached)
    if coming < facts.min_size:
        return _cancel_class(work, facts, coming)
    advance(
        work,
        facts.cohort_id,
        [move_of(row, Event.CONFIRM, Status.CONFIRMED, Seat(row.seat)) for row in unreached],
    )
    rest = _people(work, facts, Status.IN_REVIEW, Status.WAITLISTED, Status.OFFERED)
    facts = facts_of(work, facts.id)
    advance(work, facts.cohort_id, [_unplace(facts, row) for row in rest])
    _end(work, facts, "opened")
    amend_roster(work, facts)
    kind, occurrence = Notice.OPENING.value, str(facts.schedule)
    roster = _people(work, facts, Status.CONFIRMED, Status.SELF_FUNDED)
    promise(work, [Promise(kind, row.id, row.person_id, occurrence) for row in roster])
    return {"lapsed": lapsed, "unplaced": len(rest), "roster": len(roster)}


def _unplace(facts: ClassFacts, row: Row[Any]) -> Move:
    if row.status == Status.IN_REVIEW.value:
        reason = Reason.REVIEW_UNDECIDED
    else:
        reason = Reason.SEATS_UNCLAIMED if facts.free > 0 else Reason.CLASS_FULL
    return move_of(row, Event.UNPLACE, Status.UNPLACED, Seat.NONE, reason=reason)


def _cancel_class(work: Work, facts: ClassFacts, coming: int) -> Outcome:
    rows = _people(work, facts, *OPEN)
    reason = Reason.CLASS_CANCELLED
    moves = [move_of(row, Event.CANCEL, Status.CANCELLED, Seat.NONE, reason=reason) for row in rows]
    _end(work, facts, "cancelled")
    advance(work, facts.cohort_id, moves)
    return {"coming": coming, "minimum": facts.min_size, "cancelled": len(rows)}


def _end(work: Work, facts: ClassFacts, state: str) -> None:
    work.run(
        update(training_class)
        .where(training_class.c.id == facts.id)
        .values(state=state, ended_at=work.now)
    )
    close_class_tasks(work, facts.id, "too_small")


STEPS: dict[Milestone, Callable[[Work, ClassFacts], Outcome]] = {
    Milestone.CONFIRMATION_CALL: _confirmation_call,
    Milestone.PROMOTION_CALL: _promotion_call,
    Milestone.SELF_FUNDED_CALL: _self_funded_call,
    Milestone.SETTLEMENT: _settlement,
    Milestone.SIZE_CHECK: _size_check,
    Milestone.FREEZE: _freeze,
}
