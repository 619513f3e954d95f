"""Give free seats to the queue: every path that frees a seat ends here, in the same transaction.

While anyone waits on a track, nobody new is seated past them on it. A person whose other class
overlaps is passed over, keeps the place, and is told why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.kernel.work import Work
from services.milestones import CALLED, PROMOTED, SETTLED
from services.notices.outbox import Promise, promise
from services.notices.records import notice
from services.registration.advance import Move, advance, move_of
from services.registration.lifecycle import Event, Notice, Seat, Status
from services.registration.records import registration
from services.registration.seats import ClassFacts, facts_of, lock_persons, overlapping
from services.requests import CONFIRM, ask


def fill_free_seats(work: Work, class_id: int) -> list[int]:
    """Give every free seat to the best rank that waits for it; return the registrations seated.

    The cohort row is locked until the work ends, so two cancellations at the same moment cannot
    give one seat to two people.

    Raises:
        NotFound: there is no such class.
    """
    facts = facts_of(work, class_id)
    if facts.free <= 0:
        return []
    if facts.self_funding:
        return settle_claims(work, facts)
    if not facts.promotion_open:
        return []
    chosen = _next_in_line(work, facts, facts.free)
    moves = [_seat(facts, row) for row in chosen]
    advance(work, facts.cohort_id, moves)
    admitted = [move for move in moves if move.target is Status.ADMITTED]
    if facts.stage >= CALLED:
        ask(work, facts, [move.registration_id for move in admitted], CONFIRM)
    return [move.registration_id for move in moves]


def _seat(facts: ClassFacts, row: Row[Any]) -> Move:
    """Reserve for a person under review, admit a person who waits."""
    if row.status == Status.IN_REVIEW.value:
        return move_of(row, Event.RESERVE, Status.IN_REVIEW, Seat.RESERVED)
    promoted = facts.stage >= PROMOTED
    return move_of(
        row,
        Event.PROMOTE,
        Status.ADMITTED,
        own_seat(facts),
        asks=facts.stage >= CALLED,
        notice=Notice.PROMOTED if promoted else Notice.ADMITTED,
        how_seated="promoted" if promoted else "backfill",
    )


def own_seat(facts: ClassFacts) -> Seat:
    """Give the seat a class hands out by itself."""
    return Seat.SELF_FUNDED if facts.wholly_self_funded else Seat.FUNDED


_WAITING = (  # the seatless of a class on a track, best rank first, nobody passed over
    select(registration)
    .where(
        registration.c.class_id == bindparam("class_id"),
        registration.c.status.in_((Status.WAITLISTED.value, Status.IN_REVIEW.value)),
        registration.c.seat == Seat.NONE.value,
        registration.c.track == bindparam("track"),
        registration.c.skip_reason.is_(None),
        registration.c.rank > bindparam("after"),
    )
    .order_by(registration.c.rank)
    .limit(bindparam("most"))
)


def _next_in_line(work: Work, facts: ClassFacts, limit: int) -> list[Row[Any]]:
    """Find the best ranks on the class's own track; pass over, and tell, whoever overlaps."""
    chosen: list[Row[Any]] = []
    while len(chosen) < limit:
        batch = work.connection.execute(
            _WAITING,
            {
                "class_id": facts.id,
                "track": facts.kind,
                "after": chosen[-1].rank if chosen else 0,
                "most": limit - len(chosen),
            },
        ).all()
        if not batch:
            break
        lock_persons(work, [row.person_id for row in batch])
        busy = overlapping(work, [row.person_id for row in batch], facts)
        pass_over(work, [row for row in batch if row.person_id in busy], busy)
        chosen += [row for row in batch if row.person_id not in busy]
    return chosen


@dataclass(frozen=True, slots=True)
class Passed:
    """A registration that a seat went past."""

    id: int
    person_id: int


def pass_over(work: Work, rows: Sequence[Row[Any] | Passed], busy: Mapping[int, Row[Any]]) -> None:
    """Note that somebody was skipped for another class; the place is kept, the person is told."""
    if not rows:
        return
    work.run(
        update(registration)
        .where(registration.c.id.in_([row.id for row in rows]))
        .values(skip_reason="overlap")
    )
    kind = Notice.SKIPPED.value
    told = set(
        work.connection.scalars(
            select(notice.c.key).where(
                notice.c.registration_id.in_([row.id for row in rows]), notice.c.kind == kind
            )
        )
    )
    promise(
        work,
        [
            Promise(kind, row.id, row.person_id, other.code, facts={"code": other.code})
            for row in rows
            if f"{row.id}:{kind}:{(other := busy[row.person_id]).code}" not in told
        ],
    )


def settle_claims(work: Work, facts: ClassFacts) -> list[int]:
    """Give free self-funded seats to claimants by rank, never by speed of clicking.

    Before settlement a claim is settled only when certain: fewer people ahead who could still
    take a seat than free seats. Afterwards claims that stand are served by rank.
    """
    offered = work.all(
        select(registration)
        .where(
            registration.c.class_id == facts.id,
            registration.c.status.in_((Status.OFFERED.value, Status.IN_REVIEW.value)),
            registration.c.seat == Seat.NONE.value,
        )
        .order_by(registration.c.rank)
    )
    claimants = [row.person_id for row in offered if row.claimed_at]
    lock_persons(work, claimants)
    busy = overlapping(work, claimants, facts)
    settled, passed, ahead, free = [], [], 0, facts.free
    for row in offered:
        claims = row.claimed_at and row.status == Status.OFFERED.value
        due = claims and free > 0 and (facts.stage >= SETTLED or ahead < free)
        if due and row.person_id not in busy:
            settled.append(row)
            free -= 1
            continue
        ahead += 1
        if due and row.skip_reason is None:
            passed.append(row)
    pass_over(work, passed, busy)
    advance(
        work,
        facts.cohort_id,
        [
            move_of(
                row, Event.SETTLE, Status.SELF_FUNDED, Seat.SELF_FUNDED, how_seated="self_funded"
            )
            for row in settled
        ],
    )
    return [row.id for row in settled]
