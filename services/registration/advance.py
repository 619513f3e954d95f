"""The only door to a new status: one step of the table, its event, its notice, its seat.

Every step appends to the cohort's hash chain, so that anyone can replay what happened.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update

from services.catalogue.records import training_class
from services.kernel.clock import taipei_day
from services.kernel.errors import DomainError, NotPermitted
from services.kernel.work import Work
from services.notices.outbox import Promise, promise
from services.registration.aftermath import (
    close_requests,
    close_reviews,
    close_staff_tasks,
    give_up_days,
)
from services.registration.chain import Head, append, head_of
from services.registration.lifecycle import (
    AFRESH,
    HELD,
    OPEN,
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
from services.registration.moves import SAID_YES, Move, move_of
from services.registration.records import new_salt, registration
from services.words import mark


class IllegalTransition(DomainError):
    """The table has no such step from here; somebody was faster, or the page is old."""

    code = "registration.illegal_transition"
    sentence = mark("This is no longer possible: the registration has moved on. Nothing changed.")


_SET = update(registration).where(registration.c.id.in_(bindparam("b_ids", expanding=True)))
_COUNT = (
    update(training_class)
    .where(training_class.c.id == bindparam("b_class"))
    .values(
        seats_held=training_class.c.seats_held + bindparam("b_seats"),
        numbers_given=training_class.c.numbers_given + bindparam("b_numbers"),
    )
)
_ENTER = insert(registration).returning(registration.c.id)
_AHEAD = dict.fromkeys(  # always written, so that there is one statement to prepare
    ("reason", "skip_reason", "how_seated", "qualified_at", "seated_at", "confirmed_at", "ended_at")
)
_CHOICES: Select[Any] = select(
    registration.c.id,
    registration.c.class_id,
    registration.c.person_id,
    registration.c.status,
    registration.c.seat,
    registration.c.preference,
).where(
    registration.c.cohort_id == bindparam("cohort_id"),
    registration.c.person_id.in_(bindparam("persons", expanding=True)),
    registration.c.status.in_([status.value for status in OPEN]),
)
AT_ONCE = 1000  # people asked about in one question


def advance(work: Work, cohort_id: int, moves: Sequence[Move]) -> list[Move]:
    """Take steps of registrations of one locked cohort; return them with what they bring about.

    Seats are freed before seats are taken. Who learns of a seat leaves lower choices, who says yes
    leaves all others, in the same step.

    Raises:
        IllegalTransition: the table has no such step.
        NotPermitted: the actor's role may not cause it.
    """
    if not moves:
        return []
    moves = sorted([*moves, *_choices_left(work, cohort_id, moves)], key=lambda m: m.takes in HELD)
    steps = [_step(work, move) for move in moves]
    _set(work, moves)
    _count(work, moves)
    sequence = append(work, cohort_id, moves, head_of(work, cohort_id))
    close_reviews(work, cohort_id, moves)
    close_requests(work, moves)
    close_staff_tasks(work, moves)
    give_up_days(work, cohort_id, moves)
    promise(work, _notices(moves, steps, sequence))
    return moves


def _choices_left(work: Work, cohort_id: int, moves: Sequence[Move]) -> list[Move]:
    """Close the choices that a seat or a yes leaves behind, the seat held there too."""
    gaining = {move.person_id: move for move in moves if move.seats or move.says_yes}
    moving = {move.registration_id for move in moves}
    left, persons = [], list(gaining)
    for start in range(0, len(persons), AT_ONCE):
        key = {"cohort_id": cohort_id, "persons": persons[start : start + AT_ONCE]}
        rows = work.all(_CHOICES, key)
        preferences = {row.id: row.preference for row in rows}
        for row in rows:
            won = gaining[row.person_id]
            lower = row.preference > preferences[won.registration_id]
            if row.id not in moving and (won.says_yes or lower):
                left.append(_leaving(row, won))
    return left


def _leaving(row: Row[Any], won: Move) -> Move:
    reason = Reason.CONFIRMED_ELSEWHERE if won.says_yes else Reason.SUPERSEDED
    return move_of(
        row,
        Event.CANCEL,
        Status.CANCELLED,
        Seat.NONE,
        reason=reason,
        notice=Notice.SUPERSEDED,
        facts={"won": won.class_id},
    )


def _set(work: Work, moves: Sequence[Move]) -> None:
    """Write the new states in order, neighbours that become the same together."""
    for columns, alike in groupby(moves, key=lambda move: _columns(work.now, move)):
        ids = [move.registration_id for move in alike]
        for start in range(0, len(ids), AT_ONCE):
            work.run(_SET, {"b_ids": ids[start : start + AT_ONCE], **columns})


def enter(work: Work, cohort_id: int, move: Move, values: Mapping[str, Any], end: Head) -> int:
    """Insert a registration by its first step, which takes the next number; return its id.

    end: where the cohort's chain ends.
    """
    step = _step(work, move)
    month = taipei_day(work.now).strftime("%Y-%m")
    entered = {"registered_at": work.now, "registered_ym": month, "salt": new_salt()}
    entered |= _columns(work.now, move)
    made = work.scalar(_ENTER, {**_AHEAD, **values, **entered})
    move = replace(move, registration_id=int(made))
    with work.in_one_go():
        _count(work, [move], numbers=1)
        sequence = append(work, cohort_id, [move], end)
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
    judged = move.source in (None, Status.IN_REVIEW) or move.event is Event.REOPEN
    if judged and move.target in (Status.ADMITTED, Status.WAITLISTED, Status.OFFERED):
        columns["qualified_at"] = now
    if move.takes in HELD and move.held not in HELD:
        columns["skip_reason"] = None
    if move.takes in SEATED and move.held not in SEATED:
        columns |= {"seated_at": now, "how_seated": move.how_seated}
    if move.target in SAID_YES:
        columns["confirmed_at"] = now
    if move.event in AFRESH:
        columns |= dict.fromkeys(("ended_at", "confirmed_at", "claimed_at", "standing_yes_at"))
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
                    quiet=move.quiet,
                    facts={
                        "status": move.target.value,
                        "reason": move.reason.value if move.reason else None,
                        **move.facts,
                    },
                )
            )
    return promises
