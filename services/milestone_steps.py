"""The milestones of a cohort: all closings, one fixpoint, then all asking, in one transaction."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.exc import OperationalError

from services.cancel import amend_roster
from services.cancel_class import call_off
from services.catalogue.records import milestone
from services.class_changes import end_class
from services.due_milestones import Due, find_due
from services.kernel.work import Work
from services.milestones import Milestone
from services.notices.outbox import Promise, promise
from services.notices.tasks import open_task
from services.promote import serve_cohort
from services.registration.advance import advance
from services.registration.fixpoint import Skip
from services.registration.lifecycle import OPEN, Event, Notice, Reason, Seat, Status
from services.registration.moves import SAID_YES, Move, move_of
from services.registration.records import registration, request
from services.registration.seats import ClassFacts, facts_of, lock_cohort
from services.requests import CLAIM, CONFIRM, ask, ask_to_claim, ask_to_confirm
from services.settle import settle_claims
from services.standby import call_standby

Outcome = dict[str, int]
log = logging.getLogger("portal.milestones")


def run_due(work: Work, cohort_id: int) -> tuple[int, int]:
    """Run every due milestone of a cohort; return how many ran and how many classes failed.

    One bad class stops no other: it leaves no trace and is tried again at the next sweep.
    """
    lock_cohort(work, cohort_id)
    ran, bad = 0, set[int]()
    while due := find_due(work, cohort_id, bad):
        try:
            _attempt(work, cohort_id, due)
            ran += len(due)
        except OperationalError:
            raise  # the database itself, not a class
        except Exception:
            found = {each[0].id for each in due if not _passes_alone(work, cohort_id, each)}
            if not found:
                raise
            bad |= found
    return ran, len(bad)


def _attempt(work: Work, cohort_id: int, due: Sequence[Due]) -> None:
    with work.connection.begin_nested():
        _run(work, cohort_id, due)


class _Tried(Exception):
    """A trial that went well, undone."""


def _passes_alone(work: Work, cohort_id: int, one: Due) -> bool:
    """Try one class by itself and undo it."""
    try:
        with work.connection.begin_nested():
            _run(work, cohort_id, [one])
            raise _Tried
    except _Tried:
        return True
    except OperationalError:
        raise
    except Exception:
        log.exception("%s of class %s failed; the others go on", one[1].value, one[0].id)
        return False


def _run(work: Work, cohort_id: int, due: Sequence[Due]) -> None:
    running = []
    for facts, kind, skipped in due:
        _reach(work, facts, kind, "skipped" if skipped else "done", {})
        if not skipped:  # the stage holds for everything the step does
            running.append((replace(facts, stage=facts.stage + 1), kind))
    outcomes = [CLOSING.get(kind, _nothing)(work, facts) for facts, kind in running]
    seated = Counter(move.class_id for move in serve_cohort(work, cohort_id))
    for (facts, kind), outcome in zip(running, outcomes, strict=True):
        asked = ASKING.get(kind, _asks_nothing)(work, facts, seated[facts.id])
        _reach(work, facts, kind, "done", outcome | asked)


def _nothing(_work: Work, _facts: ClassFacts) -> Outcome:
    return {}


def _asks_nothing(_work: Work, _facts: ClassFacts, _seated: int) -> Outcome:
    return {}


_REACH = update(milestone).where(
    milestone.c.class_id == bindparam("b_class"),
    milestone.c.schedule == bindparam("b_schedule"),
    milestone.c.kind == bindparam("b_kind"),
)


def _reach(work: Work, facts: ClassFacts, kind: Milestone, outcome: str, counts: Outcome) -> None:
    key = {"b_class": facts.id, "b_schedule": facts.schedule, "b_kind": kind.value}
    work.run(_REACH, {**key, "reached_at": work.now, "outcome": outcome, "facts": counts})


_PEOPLE: Select[Any] = (
    select(
        registration.c.id,
        registration.c.class_id,
        registration.c.person_id,
        registration.c.status,
        registration.c.seat,
        registration.c.registered_at,
        registration.c.claimed_at,
        registration.c.skip_reason,
    )
    .where(
        registration.c.class_id == bindparam("class_id"),
        registration.c.status.in_(bindparam("statuses", expanding=True)),
    )
    .order_by(registration.c.rank)
)


def _people(work: Work, facts: ClassFacts, *statuses: Status) -> Sequence[Row[Any]]:
    key = {"class_id": facts.id, "statuses": [status.value for status in statuses]}
    return work.all(_PEOPLE, key)


def _ask_admitted(work: Work, facts: ClassFacts, _seated: int) -> Outcome:
    """Ask every admitted person to confirm (受訓確認, four weeks before), but who just was."""
    asked = set(work.connection.scalars(_ASKED, {"class_id": facts.id}))
    admitted = _people(work, facts, Status.ADMITTED)
    ask_to_confirm(
        work, facts, [(row.id, row.person_id) for row in admitted if row.id not in asked]
    )
    return {"asked": len(admitted)}


_ASKED = select(request.c.registration_id).where(
    request.c.class_id == bindparam("class_id"), request.c.closed_at.is_(None)
)
_SILENT = select(request.c.registration_id).where(
    request.c.class_id == bindparam("class_id"),
    request.c.kind == CONFIRM,
    request.c.closed_at.is_(None),
    request.c.deadline <= bindparam("now"),
)


def _lapse_unanswered(work: Work, facts: ClassFacts) -> Outcome:
    """End admitted registrations whose personal deadline has passed in silence."""
    silent = set(work.connection.scalars(_SILENT, {"class_id": facts.id, "now": work.now}))
    rows = [row for row in _people(work, facts, Status.ADMITTED) if row.id in silent]
    reason = Reason.NO_ANSWER
    moves = [move_of(row, Event.LAPSE, Status.LAPSED, Seat.NONE, reason=reason) for row in rows]
    advance(work, facts.cohort_id, moves)
    return {"lapsed": len(moves)}


def _tell_standby(work: Work, facts: ClassFacts, seated: int) -> Outcome:
    """Seats of the silent have gone down the queue (遞補); the next in line stand by."""
    return {"promoted": seated, "standby": call_standby(work, facts, seated)}


def _offer(work: Work, facts: ClassFacts, seated: int) -> Outcome:
    """Offer what is free to all who still wait (自費, two weeks before)."""
    if facts.wholly_self_funded:
        return {"promoted": seated}
    waiting = _people(work, facts, Status.WAITLISTED)
    moves = [move_of(r, Event.OFFER, Status.OFFERED, Seat.NONE, asks=True) for r in waiting]
    advance(work, facts.cohort_id, moves)
    ask(work, facts, [row.id for row in waiting], CLAIM)
    reviewed = _people(work, facts, Status.IN_REVIEW)
    ask_to_claim(work, facts, [(r.id, r.person_id) for r in reviewed if r.seat == Seat.NONE.value])
    return {"offered": len(moves)}


def _tell_losers(work: Work, facts: ClassFacts, seated: int) -> Outcome:
    """Claims that lose at settlement keep standing, and whoever made them is told so.

    Past whom a seat went has been told why: to them it would not be true that none was left.
    """
    if facts.wholly_self_funded:
        return {"settled": 0}
    kind, occurrence = Notice.CLAIM_LOST.value, str(facts.schedule)
    lost = [
        row
        for row in _people(work, facts, Status.OFFERED, Status.IN_REVIEW)
        if row.claimed_at is not None and row.seat == Seat.NONE.value and not _passed(row)
    ]
    promise(work, [Promise(kind, row.id, row.person_id, occurrence) for row in lost])
    return {"settled": seated, "lost": len(lost)}


def _passed(row: Row[Any]) -> bool:
    """Tell whether a seat went past a claim; a yes beforehand is asked of none."""
    return row.skip_reason not in (None, Skip.LATE_CALL.value)


def _size_check(work: Work, facts: ClassFacts, _seated: int) -> Outcome:
    """Tell the institution and the planner when too few people have said yes."""
    coming = len(_people(work, facts, *SAID_YES))
    if coming < facts.min_size:
        key = f"too_small:{facts.id}:{facts.schedule}"
        open_task(work, key, "too_small", facts.institution, facts.id)
    return {"coming": coming, "minimum": facts.min_size}


def _freeze(work: Work, facts: ClassFacts) -> Outcome:
    """Fix the class plan: the class opens with who said yes, or is cancelled when too small.

    A person whom no request ever reached keeps the seat and goes on the roster (rules.md 7).
    What is undecided gives its reserved seat up, and claims that stand are settled, before anybody
    is counted.
    """
    lapsed = _lapse_unanswered(work, facts)
    undecided = _people(work, facts, Status.IN_REVIEW)
    advance(work, facts.cohort_id, [_unplace(facts, row) for row in undecided])
    if not facts.wholly_self_funded:  # no unclaimed offer stands before a claim any more
        settle_claims(work, facts.cohort_id, [facts_of(work, facts.id)])
    unreached = _people(work, facts, Status.ADMITTED)
    coming = len(_people(work, facts, *SAID_YES)) + len(unreached)
    if coming < facts.min_size:
        return _cancel_class(work, facts, coming)
    advance(
        work,
        facts.cohort_id,
        [move_of(row, Event.CONFIRM, Status.CONFIRMED, Seat(row.seat)) for row in unreached],
    )
    rest = _people(work, facts, Status.WAITLISTED, Status.OFFERED)
    facts = facts_of(work, facts.id)
    advance(work, facts.cohort_id, [_unplace(facts, row) for row in rest])
    end_class(work, facts, "opened")
    amend_roster(work, facts)
    kind, occurrence = Notice.OPENING.value, str(facts.schedule)
    roster = _people(work, facts, *SAID_YES)
    promise(work, [Promise(kind, row.id, row.person_id, occurrence) for row in roster])
    return lapsed | {"unplaced": len(undecided) + len(rest), "roster": len(roster)}


def _unplace(facts: ClassFacts, row: Row[Any]) -> Move:
    if row.status == Status.IN_REVIEW.value:
        reason = Reason.REVIEW_UNDECIDED
    else:
        reason = Reason.SEATS_UNCLAIMED if facts.free > 0 else Reason.CLASS_FULL
    return move_of(row, Event.UNPLACE, Status.UNPLACED, Seat.NONE, reason=reason)


def _cancel_class(work: Work, facts: ClassFacts, coming: int) -> Outcome:
    rows = _people(work, facts, *OPEN)
    call_off(work, facts, rows)
    return {"coming": coming, "minimum": facts.min_size, "cancelled": len(rows)}


CLOSING: dict[Milestone, Callable[[Work, ClassFacts], Outcome]] = {
    Milestone.PROMOTION_CALL: _lapse_unanswered,
    Milestone.SELF_FUNDED_CALL: _lapse_unanswered,
    Milestone.FREEZE: _freeze,
}
ASKING: dict[Milestone, Callable[[Work, ClassFacts, int], Outcome]] = {
    Milestone.CONFIRMATION_CALL: _ask_admitted,
    Milestone.PROMOTION_CALL: _tell_standby,
    Milestone.SELF_FUNDED_CALL: _offer,
    Milestone.SETTLEMENT: _tell_losers,
    Milestone.SIZE_CHECK: _size_check,
}
