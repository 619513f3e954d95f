"""What follows from steps of registrations: reviews, requests and tasks end, skips are lifted."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update

from services.kernel.actor import Role
from services.kernel.work import Work
from services.notices.tasks import close_tasks
from services.registration.cases import rest_cases
from services.registration.fixpoint import OWN_COHORT, Skip
from services.registration.lifecycle import TRAITS, Event, Reason, Seat, Status
from services.registration.moves import Move
from services.registration.overlaps import drop_flags
from services.registration.records import look_again, registration, request
from services.registration.seats import lock_persons
from services.registration.skips import lift

_CLOSE_REQUEST = (
    update(request)
    .where(request.c.registration_id == bindparam("b_registration"), request.c.closed_at.is_(None))
    .values(closed_at=bindparam("b_now"), answer=bindparam("b_answer"))
)
_PASSED_OVER: Select[Any] = select(
    registration.c.id,
    registration.c.cohort_id,
    registration.c.person_id,
    registration.c.skip_reason,
).where(
    registration.c.person_id.in_(bindparam("persons", expanding=True)),
    registration.c.skip_reason.is_not(None),
)
_ASKED = (Status.ADMITTED, Status.OFFERED, Status.IN_REVIEW)  # who may have been asked something
_TO_LOOK_AT = select(look_again.c.cohort_id, look_again.c.person_id)
_ANSWERS = {
    Event.CONFIRM: "yes",
    Event.SETTLE: "yes",
    Event.CANCEL: "no",
    Event.LAPSE: "lapsed",
    Event.UNPLACE: "lapsed",  # an offer nobody claimed
}
_NOBODY_SAID_NO = (
    Reason.SUPERSEDED,
    Reason.CONFIRMED_ELSEWHERE,
    Reason.CLASS_CANCELLED,
    Reason.MERGED,
)


def close_reviews(work: Work, cohort_id: int, moves: Sequence[Move]) -> None:
    """Give the open review of whoever leaves to the next best choice, or close it."""
    rest_cases(
        work,
        cohort_id,
        [
            move.person_id
            for move in moves
            if not TRAITS[move.target].is_open and move.event is not Event.REJECT
        ],
    )


def close_requests(work: Work, moves: Sequence[Move]) -> None:
    """Close the open request of whoever has answered or is past answering."""
    answered = [
        {
            "b_registration": move.registration_id,
            "b_now": work.now,
            "b_answer": _answer(work, move),
        }
        for move in moves
        if _answers(move)
    ]
    if answered:
        work.run(_CLOSE_REQUEST, answered)


def _answers(move: Move) -> bool:
    """An override changes the order of service only: its question stands."""
    moves = (move.source, move.held) != (move.target, move.takes)
    return move.source in _ASKED and moves


def _answer(work: Work, move: Move) -> str:
    if _unreached(work, move):
        return "unreached"
    if move.reason in _NOBODY_SAID_NO:
        return "void"
    return _ANSWERS.get(move.event, "void")


def _unreached(work: Work, move: Move) -> bool:
    """Only the freeze confirms for somebody else: nobody ever reached the person."""
    return move.event is Event.CONFIRM and work.actor.role is Role.SYSTEM


def close_staff_tasks(work: Work, moves: Sequence[Move]) -> None:
    """Whoever answers or leaves need not be phoned any more."""
    close_tasks(
        work,
        [
            move.registration_id
            for move in moves
            if not TRAITS[move.target].is_open or (_answers(move) and not _unreached(work, move))
        ],
    )


_AFRESH = (Event.REOPEN, Event.APPEAL, Event.RESCHEDULE)


def give_up_days(work: Work, cohort_id: int, moves: Sequence[Move]) -> None:
    """Whoever gives a seat up is free on its days: flags go, here and elsewhere others look again.

    Who moves up in the same step still holds a seat here; what that stands in the way of stays.
    """
    lift(work, cohort_id, [move.registration_id for move in moves if move.event in _AFRESH])
    freed = {move.person_id for move in moves if move.frees}
    if not freed:
        return
    drop_flags(work, [move.registration_id for move in moves if move.frees])
    passed = _passed_over(work, freed)
    seatless = freed - {move.person_id for move in moves if move.takes is not Seat.NONE}
    lift(
        work,
        cohort_id,
        [
            row.id
            for row in passed
            if row.cohort_id == cohort_id
            and row.person_id in seatless
            and row.skip_reason in OWN_COHORT
        ],
    )
    _look_again(work, cohort_id, passed)


def remember_conflicts(work: Work, cohort_id: int, person_ids: Collection[int]) -> None:
    """Write a look-again row wherever people were passed over because of days that changed."""
    if person_ids:
        _look_again(work, cohort_id, _passed_over(work, person_ids))


def _passed_over(work: Work, person_ids: Collection[int]) -> Sequence[Row[Any]]:
    """Find where people are passed over.

    They are held first: another cohort is just passing one of them over, or sees the seat as gone.
    """
    lock_persons(work, person_ids)
    return work.all(_PASSED_OVER, {"persons": sorted(person_ids)})


def _look_again(work: Work, cohort_id: int, passed: Sequence[Row[Any]]) -> None:
    """Write a row for each other cohort that must look at a person again."""
    keys = {
        (row.cohort_id, row.person_id)
        for row in passed
        if row.cohort_id != cohort_id and row.skip_reason == Skip.OVERLAP
    }
    if keys:
        keys -= {(row.cohort_id, row.person_id) for row in work.all(_TO_LOOK_AT)}
    if keys:
        work.run(
            insert(look_again),
            [{"cohort_id": c, "person_id": p, "since": work.now} for c, p in sorted(keys)],
        )
