"""The only door to a new status: one step of the table, its event, its notice, its seat.

Every step appends to the cohort's hash chain, so that anyone can replay what happened.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from services.catalogue.records import cohort, training_class
from services.kernel.actor import Role
from services.kernel.clock import taipei_day
from services.kernel.errors import DomainError, NotPermitted
from services.kernel.work import Work
from services.notices.outbox import Promise, promise
from services.notices.tasks import close_tasks
from services.registration.lifecycle import (
    HELD,
    SEATED,
    TRAITS,
    Event,
    Notice,
    Reason,
    Seat,
    Status,
    Step,
    find,
)
from services.registration.overlaps import drop_flags
from services.registration.records import (
    look_again,
    registration,
    registration_event,
    request,
    review_case,
)
from services.registration.seats import lock_persons
from services.words import mark


class IllegalTransition(DomainError):
    """The table has no such step from here; somebody was faster, or the page is old."""

    code = "registration.illegal_transition"
    sentence = mark("This is no longer possible: the registration has moved on. Nothing changed.")


@dataclass(frozen=True, slots=True)
class Move:
    """One step to take: who moves, by which event, where to, holding what."""

    registration_id: int
    class_id: int
    person_id: int
    source: Status | None
    held: Seat
    event: Event
    target: Status
    takes: Seat
    reason: Reason | None = None
    asks: bool = False  # its notice carries a request
    notice: Notice | None = None  # instead of the table's
    how_seated: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def move_of(row: Any, event: Event, target: Status, takes: Seat, **more: Any) -> Move:
    """Make a move for a registration row read under the lock."""
    return Move(
        row.id,
        row.class_id,
        row.person_id,
        Status(row.status),
        Seat(row.seat),
        event,
        target,
        takes,
        **more,
    )


_HEAD = select(cohort.c.events, cohort.c.head).where(cohort.c.id == bindparam("cohort_id"))
_SET = update(registration).where(registration.c.id == bindparam("b_id"))
_SET_HEAD = update(cohort).where(cohort.c.id == bindparam("b_cohort"))
_COUNT = (
    update(training_class)
    .where(training_class.c.id == bindparam("b_class"))
    .values(
        seats_held=training_class.c.seats_held + bindparam("b_seats"),
        numbers_given=training_class.c.numbers_given + bindparam("b_numbers"),
    )
)
_ENTER = insert(registration)
_EVENT = insert(registration_event)
_VOID_REVIEWS = (
    update(review_case)
    .where(
        review_case.c.registration_id == bindparam("b_registration"),
        or_(review_case.c.state == "open", review_case.c.state == "supplement"),
    )
    .values(state="void", decided_at=bindparam("b_now"))
)
_CLOSE_REQUEST = (
    update(request)
    .where(request.c.registration_id == bindparam("b_registration"), request.c.closed_at.is_(None))
    .values(closed_at=bindparam("b_now"), answer=bindparam("b_answer"))
)
_PASSED_OVER = (
    select(registration.c.cohort_id, registration.c.person_id)
    .distinct()
    .where(
        registration.c.person_id.in_(bindparam("persons", expanding=True)),
        registration.c.cohort_id != bindparam("cohort_id"),
        registration.c.skip_reason == "overlap",
    )
)
_TO_LOOK_AT = select(look_again.c.cohort_id, look_again.c.person_id)


def advance(work: Work, cohort_id: int, moves: Sequence[Move]) -> None:
    """Take steps of registrations of one locked cohort, in the given order.

    Raises:
        IllegalTransition: the table has no such step.
        NotPermitted: the actor's role may not cause it.
    """
    if not moves:
        return
    steps = [_step(work, move) for move in moves]
    _set(work, moves)
    _count(work, moves)
    sequence = _append(work, cohort_id, moves)
    _void_reviews(work, moves)
    _close_requests(work, moves)
    _close_tasks(work, moves)
    _give_up_days(work, cohort_id, moves)
    promise(work, _notices(moves, steps, sequence))


def _set(work: Work, moves: Sequence[Move]) -> None:
    """Write the new states in order, neighbours that write the same columns together."""
    rows = [{"b_id": move.registration_id, **_columns(work.now, move)} for move in moves]
    for _, alike in groupby(rows, key=lambda row: row.keys()):
        work.run(_SET, list(alike))


def enter(work: Work, cohort_id: int, move: Move, values: Mapping[str, Any]) -> int:
    """Insert a registration by its first step, which takes the next number; return its id."""
    step = _step(work, move)
    month = taipei_day(work.now).strftime("%Y-%m")
    columns = {"registered_at": work.now, "registered_ym": month, **_columns(work.now, move)}
    columns = {name: value for name, value in columns.items() if value is not None}
    inserted = work.run(_ENTER, {**values, **columns}).inserted_primary_key
    move = replace(move, registration_id=int(inserted[0]))
    _count(work, [move], numbers=1)
    sequence = _append(work, cohort_id, [move])
    promise(work, _notices([move], [step], sequence))
    return move.registration_id


def _step(work: Work, move: Move) -> Step:
    step = find(move.event, move.source, move.held, move.target, move.takes)
    if step is None:
        raise IllegalTransition()
    if work.actor.role not in step.by:
        raise NotPermitted()
    return step


def _columns(now: datetime, move: Move) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "status": move.target.value,
        "seat": move.takes.value,
        "moved_at": now,
        "reason": None,
    }
    if not TRAITS[move.target].is_open:
        columns["reason"] = (move.reason or _default_reason(move.target)).value
        columns["ended_at"] = now
    judged = move.source in (None, Status.IN_REVIEW)
    if judged and move.target in (Status.ADMITTED, Status.WAITLISTED, Status.OFFERED):
        columns["qualified_at"] = now
    if move.takes in SEATED and move.held not in SEATED:
        columns |= {"seated_at": now, "how_seated": move.how_seated, "skip_reason": None}
    if move.target in (Status.CONFIRMED, Status.SELF_FUNDED):
        columns["confirmed_at"] = now
    return columns


def _default_reason(target: Status) -> Reason:
    if target in (Status.COMPLETED, Status.FAILED, Status.ABSENT):
        return Reason.ROLL
    return Reason.RULES if target is Status.INELIGIBLE else Reason.NO_ANSWER


def _count(work: Work, moves: Sequence[Move], *, numbers: int = 0) -> None:
    """Keep the class counters; the CHECK in the database is the second guard of the cap."""
    deltas: Counter[int] = Counter()
    for move in moves:
        deltas[move.class_id] += _counts(move.takes) - _counts(move.held)
    for class_id, seats in deltas.items():
        if seats or numbers:
            work.run(_COUNT, {"b_class": class_id, "b_seats": seats, "b_numbers": numbers})


def _counts(seat: Seat) -> int:
    return 1 if seat in HELD or seat is Seat.SPENT else 0


def _append(work: Work, cohort_id: int, moves: Sequence[Move]) -> int:
    """Append events to the cohort's chain; return the sequence number of the first."""
    seq, head = work.connection.execute(_HEAD, {"cohort_id": cohort_id}).one()
    first = seq + 1
    rows = []
    for move in moves:
        seq += 1
        row: dict[str, Any] = {
            "cohort_id": cohort_id,
            "seq": seq,
            "registration_id": move.registration_id,
            "event": move.event.value,
            "source": move.source.value if move.source else None,
            "held": move.held.value,
            "target": move.target.value,
            "takes": move.takes.value,
            "reason": move.reason.value if move.reason else None,
            "role": work.actor.role.value,
            "account_id": work.actor.account_id,
            "at": work.now,
        }
        head = link(head, row)
        rows.append({**row, "hash": head})
    work.run(_EVENT, rows)
    work.run(_SET_HEAD, {"b_cohort": cohort_id, "events": seq, "head": head})
    return first


def link(head: str, row: Mapping[str, Any]) -> str:
    """Give the hash of an event: SHA-256 over the hash before it and the event's own facts."""
    facts = [row[name] for name in CHAINED] + [row["at"].isoformat()]
    return sha256((head + json.dumps(facts, separators=(",", ":"))).encode()).hexdigest()


CHAINED = (
    "cohort_id",
    "seq",
    "registration_id",
    "event",
    "source",
    "held",
    "target",
    "takes",
    "reason",
    "role",
    "account_id",
)


def _void_reviews(work: Work, moves: Sequence[Move]) -> None:
    """Close the open review of whoever leaves for another reason than its decision."""
    gone = [
        {"b_registration": move.registration_id, "b_now": work.now}
        for move in moves
        if not TRAITS[move.target].is_open and move.event is not Event.REJECT
    ]
    if gone:
        work.run(_VOID_REVIEWS, gone)


_ANSWERS = {
    Event.CONFIRM: "yes",
    Event.SETTLE: "yes",
    Event.CANCEL: "no",
    Event.LAPSE: "lapsed",
}


def _close_requests(work: Work, moves: Sequence[Move]) -> None:
    """Close the open request of whoever has answered or is past answering."""
    answered = [
        {
            "b_registration": move.registration_id,
            "b_now": work.now,
            "b_answer": "unreached" if _unreached(work, move) else _ANSWERS.get(move.event, "void"),
        }
        for move in moves
        if move.source in (Status.ADMITTED, Status.OFFERED)
    ]
    if answered:
        work.run(_CLOSE_REQUEST, answered)


def _unreached(work: Work, move: Move) -> bool:
    """Only the freeze confirms for somebody else: nobody ever reached the person."""
    return move.event is Event.CONFIRM and work.actor.role is Role.SYSTEM


def _close_tasks(work: Work, moves: Sequence[Move]) -> None:
    """Whoever answers or leaves need not be phoned any more."""
    close_tasks(
        work,
        [
            move.registration_id
            for move in moves
            if not TRAITS[move.target].is_open
            or (move.source in (Status.ADMITTED, Status.OFFERED) and not _unreached(work, move))
        ],
    )


def _give_up_days(work: Work, cohort_id: int, moves: Sequence[Move]) -> None:
    """Whoever gives a seat up is free on its days: no overlap is flagged, others look again."""
    freed = [m for m in moves if m.held in HELD and m.takes is Seat.NONE]
    drop_flags(work, [move.registration_id for move in freed])
    remember_conflicts(work, cohort_id, [move.person_id for move in freed])


def remember_conflicts(work: Work, cohort_id: int, freed: Sequence[int]) -> None:
    """Write a look-again row wherever a freed person was passed over because of these dates.

    The persons are held first: another cohort is just passing one of them over, or sees the seat
    as gone.
    """
    if not freed:
        return
    lock_persons(work, freed)
    waiting = work.connection.execute(_PASSED_OVER, {"persons": freed, "cohort_id": cohort_id})
    rows = [{"cohort_id": c, "person_id": p, "since": work.now} for c, p in waiting]
    if rows:
        known = {tuple(row) for row in work.all(_TO_LOOK_AT)}
        rows = [row for row in rows if (row["cohort_id"], row["person_id"]) not in known]
    if rows:
        work.run(insert(look_again), rows)


def _notices(moves: Sequence[Move], steps: Sequence[Step], sequence: int) -> list[Promise]:
    promises = []
    for offset, (move, step) in enumerate(zip(moves, steps, strict=True)):
        kind = move.notice or step.notice
        if kind is not None:
            promises.append(
                Promise(
                    kind.value,
                    move.registration_id,
                    move.person_id,
                    str(sequence + offset),
                    asks=move.asks,
                    facts={
                        "status": move.target.value,
                        "reason": move.reason.value if move.reason else None,
                        **move.facts,
                    },
                )
            )
    return promises


__all__ = [
    "IllegalTransition",
    "Move",
    "advance",
    "enter",
    "link",
    "move_of",
    "remember_conflicts",
]
