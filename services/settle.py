"""Settle claims: free self-funded seats go to claimants by rank, never by speed of clicking.

Before settlement a claim is settled only when certain: fewer people ahead who could still take a
seat than free seats. Afterwards claims that stand are served by rank. Under review a claim gives a
reserved seat.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.kernel.work import Work
from services.milestones import SETTLED
from services.registration.advance import advance
from services.registration.fixpoint import Skip
from services.registration.lifecycle import Event, Seat, Status
from services.registration.moves import Move, move_of
from services.registration.records import registration
from services.registration.seats import ClassFacts, holding, in_the_way, lock_persons
from services.registration.skips import Skipped, pass_over

_ASKED = (Status.OFFERED.value, Status.IN_REVIEW.value)
_CLAIMED = (
    select(registration.c.class_id)
    .distinct()
    .where(
        registration.c.class_id.in_(bindparam("classes", expanding=True)),
        registration.c.status.in_(_ASKED),
        registration.c.seat == Seat.NONE.value,
        registration.c.claimed_at.is_not(None),
    )
)
_QUEUE = (
    select(registration)
    .where(
        registration.c.class_id.in_(bindparam("classes", expanding=True)),
        registration.c.status.in_(_ASKED),
        registration.c.seat == Seat.NONE.value,
    )
    .order_by(registration.c.class_id, registration.c.rank)
)


def settle_claims(work: Work, cohort_id: int, classes: Sequence[ClassFacts]) -> list[Move]:
    """Settle what can be settled now in some classes of a locked cohort; return who is seated.

    Somebody whose claims come up in two classes at once gets the better choice.
    """
    if not classes:
        return []
    ids = [facts.id for facts in classes]
    claimed = list(work.connection.scalars(_CLAIMED, {"classes": ids}))
    if not claimed:
        return []
    rows = work.all(_QUEUE, {"classes": claimed})
    persons = [row.person_id for row in rows if row.claimed_at]
    lock_persons(work, persons)
    seats = holding(work, persons)
    own = {row.person_id: row for row in seats if row.cohort_id == cohort_id}
    of = {facts.id: facts for facts in classes}
    settled: dict[int, Row[Any]] = {}
    passed: list[Skipped] = []
    due: list[Row[Any]] = []
    for class_id, mine in groupby(rows, key=lambda row: row.class_id):
        facts, queue = of[class_id], sorted(mine, key=_turn)
        for row, skipped in _due(facts, queue, in_the_way(seats, facts), own):
            if skipped is not None:
                passed.append(skipped)
                continue
            due.append(row)
            best = settled.get(row.person_id)
            if best is None or row.preference < best.preference:
                settled[row.person_id] = row
    taking = sorted(settled.values(), key=lambda row: (row.class_id, _turn(row)))
    moving = [row for row in taking if row.person_id in own and _reviewed(row)]
    back = [own[row.person_id] for row in moving]
    for row in moving:  # the reservation left behind lives on, suspended
        left = own[row.person_id].id
        passed.append(Skipped(left, row.person_id, Skip.BETTER_RESERVED, of[row.class_id].code))
    for row in due:  # a lower claim beside a reserved seat stands, and is passed
        won = settled[row.person_id]
        if row is not won and _reviewed(won) and row.skip_reason is None:
            code = of[won.class_id].code
            passed.append(Skipped(row.id, row.person_id, Skip.BETTER_RESERVED, code))
    pass_over(work, cohort_id, passed)
    moves = [_settled(row) for row in taking]
    advance(
        work,
        cohort_id,
        [*(move_of(r, Event.RELEASE, Status.IN_REVIEW, Seat.NONE) for r in back), *moves],
    )
    return moves


def _turn(row: Row[Any]) -> tuple[bool, int]:
    """Whom an override serves comes first, then the rank decides."""
    return row.overridden_at is None, row.rank


def _due(
    facts: ClassFacts,
    queue: Iterable[Row[Any]],
    busy: dict[int, Row[Any]],
    own: dict[int, Row[Any]],
) -> Iterable[tuple[Row[Any], Skipped | None]]:
    """Go down a queue: whose claim is settled now, and whom a seat goes past."""
    ahead, free = 0, facts.free
    for row in queue:
        if row.claimed_at and free > 0 and (facts.stage >= SETTLED or ahead < free):
            skipped = _stands_in_the_way(row, busy.get(row.person_id), own.get(row.person_id))
            if skipped is None:
                free -= 1
                yield row, None
                continue
            if row.skip_reason is None:
                yield row, skipped
        ahead += 1


def _stands_in_the_way(
    row: Row[Any], busy: Row[Any] | None, own: Row[Any] | None
) -> Skipped | None:
    if busy is not None:
        return Skipped(row.id, row.person_id, Skip.OVERLAP, busy.code)
    if own is None:
        return None
    if own.preference < row.preference:
        return Skipped(row.id, row.person_id, Skip.BETTER_RESERVED, own.code)
    if _reviewed(row) and own.seat != Seat.RESERVED.value:
        return Skipped(row.id, row.person_id, Skip.TOLD_SEAT, own.code)
    return None


def _reviewed(row: Row[Any]) -> bool:
    return bool(row.status == Status.IN_REVIEW.value)


def _settled(row: Row[Any]) -> Move:
    if _reviewed(row):
        return move_of(row, Event.RESERVE, Status.IN_REVIEW, Seat.RESERVED)
    return move_of(
        row, Event.SETTLE, Status.SELF_FUNDED, Seat.SELF_FUNDED, how_seated="self_funded"
    )
