"""The roll (專業訓練管理): who completed, failed or stayed away; handed over to MTNet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from services.cancel import amend_roster
from services.catalogue.checks import Checks
from services.catalogue.scope import require_own
from services.kernel.errors import DomainError, NotFound
from services.kernel.work import Work
from services.registration.advance import advance
from services.registration.lifecycle import Event, Reason, Seat, Status
from services.registration.moves import Move, move_of
from services.registration.records import registration
from services.registration.seats import hold_class
from services.words import mark

RESULTS: Mapping[str, tuple[Event, Status]] = {
    "completed": (Event.COMPLETE, Status.COMPLETED),
    "failed": (Event.FAIL, Status.FAILED),
    "absent": (Event.MISS, Status.ABSENT),
}
ON_ROLL = (
    Status.CONFIRMED.value,
    Status.SELF_FUNDED.value,
    Status.COMPLETED.value,
    Status.FAILED.value,
    Status.ABSENT.value,
)


class NotStarted(DomainError):
    """There is nothing to note before the first day."""

    code = "roll.not_started"
    sentence = mark("The roll opens on the first class day, {day}. Nothing was changed.")


def record_roll(work: Work, class_id: int, results: Mapping[int, str]) -> int:
    """Note results by registration, corrections included; return how many changed.

    Every change is a step in the event chain; MTNet gets the next version of the results.

    Raises:
        NotFound: the class is not the actor's, or a registration is not on its roll.
        NotStarted: the class has not begun, or was cancelled.
        InvalidInput: no such result.
    """
    facts = hold_class(work, class_id)
    require_own(work.actor, facts.institution)
    if facts.state != "opened" or work.today < facts.starts_on:
        raise NotStarted(day=facts.starts_on)
    checks = Checks()
    for registration_id, result in results.items():
        if result not in RESULTS:
            checks.refuse(f"result_{registration_id}", mark("Please choose one of the options."))
    checks.settle()
    moves = [
        move
        for row in _on_roll(work, class_id, results)
        if (move := _move(row, results[row.id])) is not None
    ]
    advance(work, facts.cohort_id, moves)
    if moves:
        amend_roster(work, facts, "results")
    return len(moves)


def _on_roll(work: Work, class_id: int, results: Mapping[int, str]) -> list[Row[Any]]:
    rows = work.all(
        select(registration)
        .where(registration.c.class_id == class_id, registration.c.status.in_(ON_ROLL))
        .order_by(registration.c.rank)
    )
    if set(results) - {row.id for row in rows}:
        raise NotFound
    return [row for row in rows if row.id in results]


def _move(row: Row[Any], result: str) -> Move | None:
    event, target = RESULTS[result]
    if row.status == target:
        return None
    return move_of(row, event, target, Seat.SPENT, reason=Reason.ROLL)
