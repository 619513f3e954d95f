"""Open again what a seat had closed, when the class that won is cancelled or merged away.

The number stays; nobody's seat is taken: who comes back waits (rules.md 4).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from services.class_changes import facts_of_all
from services.kernel.work import Work
from services.open_case import open_case
from services.registration.advance import advance
from services.registration.lifecycle import HELD, OPEN, Event, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.records import registration
from services.registration.seats import ClassFacts
from services.requests import CLAIM, ask, ask_to_claim
from services.standby import call_standby

_LOST = (Reason.SUPERSEDED.value, Reason.CONFIRMED_ELSEWHERE.value)
_OPEN = frozenset(status.value for status in OPEN)
_HELD = frozenset(seat.value for seat in HELD)


def reopen_after(work: Work, facts: ClassFacts, won: Sequence[Row[Any]]) -> list[int]:
    """Reopen what the seats of a class had closed; return the classes with somebody new waiting.

    won: registrations of that class as they were, with their seat, before it went. The persons
    are locked. Call `fill_cohort` after it. Who still holds a seat in the cohort gets back only
    what is better than it.
    """
    since = {row.person_id: row.registered_at for row in won}
    if not since:
        return []
    rows = work.all(
        select(registration)
        .where(registration.c.cohort_id == facts.cohort_id, registration.c.person_id.in_(since))
        .order_by(registration.c.preference, registration.c.number)
    )
    classes = facts_of_all(work, {row.class_id for row in rows})
    own: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        own[row.person_id].append(row)
    chosen = [
        (row, preference)
        for person_id in sorted(since)
        for row, preference in _returning(own[person_id], since[person_id], classes)
    ]
    for row, preference in chosen:
        work.run(
            update(registration).where(registration.c.id == row.id).values(preference=preference)
        )
    _take_back(work, facts.cohort_id, [row for row, _ in chosen], classes)
    return sorted({row.class_id for row, _ in chosen})


def _returning(
    rows: Sequence[Row[Any]], since: Any, classes: Mapping[int, ClassFacts]
) -> list[tuple[Row[Any], int]]:
    """Choose what one person gets back, best preference first, with a preference that is free."""
    still = [row for row in rows if row.status in _OPEN]
    held = [row.preference for row in still if row.seat in _HELD]
    taken = {row.preference for row in still}
    back: list[tuple[Row[Any], int]] = []
    busy = {row.class_id for row in still}
    for row in rows:
        facts = classes[row.class_id]
        lost = row.status == Status.CANCELLED.value and row.reason in _LOST
        alive = facts.state == "published" and not facts.fixed
        better = not held or row.preference < min(held)
        room = len(taken) < facts.max_choices and row.class_id not in busy
        if lost and row.ended_at >= since and alive and better and room:
            free = next(n for n in range(row.preference, 10_000) if n not in taken)
            back.append((row, free))
            taken.add(free)
            busy.add(row.class_id)
    return back


def _take_back(
    work: Work, cohort_id: int, rows: Sequence[Row[Any]], classes: Mapping[int, ClassFacts]
) -> None:
    """Let them wait again; after a class's self-funded call waiting means an offer."""
    moves = [
        move_of(
            row,
            Event.REOPEN,
            Status.WAITLISTED if row.verdict == "eligible" else Status.IN_REVIEW,
            Seat.NONE,
        )
        for row in rows
    ]
    advance(work, cohort_id, moves)
    offers: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.verdict != "eligible":
            open_case(work, classes[row.class_id], row.id, row.person_id)
            if classes[row.class_id].self_funding:
                ask_to_claim(work, classes[row.class_id], [(row.id, row.person_id)])
        elif classes[row.class_id].self_funding:
            offers[row.class_id].append(row.id)
    for class_id, ids in offers.items():
        waiting = work.all(select(registration).where(registration.c.id.in_(ids)))
        advance(
            work,
            cohort_id,
            [move_of(r, Event.OFFER, Status.OFFERED, Seat.NONE, asks=True) for r in waiting],
        )
        ask(work, classes[class_id], ids, CLAIM)
    for class_id in {row.class_id for row in rows}:
        call_standby(work, classes[class_id])
