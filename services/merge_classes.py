"""Merge a class into another of its course, year and kind (併班); nobody may lose a seat.

Who is seated gets a new number in the target, in the old order, and is asked anew; who waits is
invited to the end of the target's queue (rules.md 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, update

from services.catalogue.checks import Checks
from services.class_changes import (
    check_changeable,
    check_note,
    end_class,
    hold_changeable,
    open_rows,
    record_change,
)
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.milestones import CALLED
from services.promote import fill_cohort
from services.registration.advance import advance, enter
from services.registration.chain import head_of
from services.registration.lifecycle import SEATED, Event, Notice, Reason, Seat, Status
from services.registration.moves import Move, move_of
from services.registration.overlaps import flag_overlaps
from services.registration.records import registration
from services.registration.seats import ClassFacts, facts_of, lock_persons
from services.reopen import reopen_after
from services.requests import CONFIRM, ask
from services.words import mark


class NotAlike(DomainError):
    """Only classes of one cohort and one kind can be merged."""

    code = "merge.not_alike"
    sentence = mark(
        "Only classes of the same course, the same plan year and the same kind can be merged. "
        "Nothing was changed."
    )


class DrawAhead(DomainError):
    """No seat is given, and nobody loses their ticket's queue, before the draw."""

    code = "merge.draw_ahead"
    sentence = mark(
        "The ranks of these classes are still to be drawn. Merge them after the draw. Nothing was "
        "changed."
    )


class TooFewSeats(DomainError):
    """Somebody seated would not fit."""

    code = "merge.too_few_seats"
    sentence = mark(
        "{seated} people have a seat here and {code} has {free} free: they do not all fit. "
        "Nothing was changed."
    )


class ReviewsOpen(DomainError):
    """A slow review must not cost the place: a reserved seat cannot be taken along."""

    code = "merge.reviews_open"
    sentence = mark(
        "{n} people under review have a seat kept here. Decide their cases first, so that nobody "
        "loses a seat. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Merging:
    """Who is concerned by a merge: seated people move, waiting people are invited."""

    seated: Sequence[Row[Any]]
    waiting: Sequence[Row[Any]]
    there: Mapping[int, Row[Any]]  # person -> the open registration they have in the target


def merge_classes(work: Work, class_id: int, *, into: int, note: str = "") -> int:
    """Merge a class into another; return how many people took their seat along.

    Raises:
        NotFound, NotPermitted: there is no such class, or one is not the actor's.
        NotPublished, ClassFixed: this is not the moment.
        NotAlike, TooFewSeats, ReviewsOpen: as they say.
        InvalidInput: the note is too long.
    """
    source = hold_changeable(work, class_id)
    target = facts_of(work, into)
    checks = Checks()
    check_note(checks, note)
    checks.settle()
    check_alike(work, source, target)
    rows = [*open_rows(work, source.id), *open_rows(work, target.id)]
    lock_persons(work, {row.person_id for row in rows})
    who = merging(work, source, target)
    record_change(work, source, "merged", note, into=target.id)
    _leave(work, source, target, who, note)
    _arrive(work, source, target, who, note)
    flag_overlaps(work, target.id, target.starts_on, target.ends_on)
    reopen_after(work, source, who.seated)
    fill_cohort(work, source.cohort_id)
    return len(who.seated)


def check_alike(look: Look, source: ClassFacts, target: ClassFacts) -> None:
    """Refuse a pair that cannot be merged, whoever is in it."""
    check_changeable(look, target)
    alike = (source.cohort_id, source.kind) == (target.cohort_id, target.kind)
    if not alike or source.id == target.id:
        raise NotAlike
    if source.undrawn or target.undrawn:
        raise DrawAhead


def merging(look: Look, source: ClassFacts, target: ClassFacts) -> Merging:
    """Read who is concerned.

    Raises:
        TooFewSeats, ReviewsOpen: somebody would lose a seat.
    """
    rows = open_rows(look, source.id)
    kept = sum(row.seat == Seat.RESERVED.value for row in rows)
    if kept:
        raise ReviewsOpen(n=kept)
    seated = [row for row in rows if row.seat in SEATED]
    if len(seated) > target.free:
        raise TooFewSeats(seated=len(seated), code=target.code, free=target.free)
    return Merging(
        seated,
        [row for row in rows if row.seat not in SEATED],
        {row.person_id: row for row in open_rows(look, target.id)},
    )


def _leave(work: Work, source: ClassFacts, target: ClassFacts, who: Merging, note: str) -> None:
    """Close the source: each registration ends as merged, the waiting are invited."""
    end_class(work, source, "cancelled", into=target.id)
    moves = []
    for row in (*who.seated, *who.waiting):
        seated, there = row.seat in SEATED, who.there.get(row.person_id)
        reviewed = there is not None and there.status == Status.IN_REVIEW.value
        moves.append(
            move_of(
                row,
                Event.CANCEL,
                Status.CANCELLED,
                Seat.NONE,
                reason=Reason.MERGED,
                quiet=seated and not reviewed,  # the letter about the new class tells both
                notice=None if seated or there is not None else Notice.INVITED,
                facts={
                    "note": note,
                    "code": target.code,
                    "into": target.id,
                    "days": [target.starts_on.isoformat(), target.ends_on.isoformat()],
                    "seated": seated,
                },
            )
        )
    advance(work, source.cohort_id, moves)


def _arrive(work: Work, source: ClassFacts, target: ClassFacts, who: Merging, note: str) -> None:
    """Seat those who come, in their old order; who waits in the target already keeps the number."""
    asks, told = target.stage >= CALLED, {"code": source.code, "note": note}
    asked, number = [], target.numbers_given
    for row in who.seated:
        there = who.there.get(row.person_id)
        if there is None:
            number += 1
            asked.append(_enter(work, told, target, row, number, asks))
        elif there.status == Status.IN_REVIEW.value:
            move = move_of(there, Event.RESERVE, Status.IN_REVIEW, Seat.RESERVED)
            advance(work, target.cohort_id, [move])
        else:
            _seat_there(work, told, target, row, there, asks)
            asked.append(there.id)
    if asks:
        ask(work, target, asked, CONFIRM)


_KEPT = (  # what a registration takes along: how it was judged, and in which order it was chosen
    "cohort_id", "person_id", "preference", "track", "verdict", "screened_at", "rescreen_due",
    "on_behalf", "failing", "declared", "findings",
)  # fmt: skip


def _enter(
    work: Work,
    told: Mapping[str, str],
    target: ClassFacts,
    row: Row[Any],
    number: int,
    asks: bool,
) -> int:
    move = Move(
        0,
        target.id,
        row.person_id,
        None,
        Seat.NONE,
        Event.MERGE,
        Status.ADMITTED,
        Seat(row.seat),
        asks=asks,
        how_seated=_how(target, row),
        facts={"number": number, **told},
    )
    values = {name: row._mapping[name] for name in _KEPT}
    numbered = {"class_id": target.id, "number": number, "rank": target.rank_of(number)}
    end = head_of(work, target.cohort_id)
    return enter(work, target.cohort_id, move, {**values, **numbered}, end)


def _how(target: ClassFacts, row: Row[Any]) -> str:
    """Tell how the seat comes, and whether the person pays for it where others do not."""
    own = row.seat == Seat.SELF_FUNDED.value and not target.wholly_self_funded
    return "merge_own" if own else "merge"


def _seat_there(
    work: Work,
    told: Mapping[str, str],
    target: ClassFacts,
    row: Row[Any],
    there: Row[Any],
    asks: bool,
) -> None:
    """Give somebody who waits in the target the seat they bring along, of its own kind."""
    if there.status == Status.OFFERED.value:
        back = move_of(there, Event.RESCHEDULE, Status.WAITLISTED, Seat.NONE)
        advance(work, there.cohort_id, [back])
    work.run(
        update(registration)
        .where(registration.c.id == there.id)
        .values(track=row.track, claimed_at=None, standing_yes_at=None)
    )
    move = move_of(
        there,
        Event.PROMOTE,
        Status.ADMITTED,
        Seat(row.seat),
        asks=asks,
        notice=Notice.MERGED,
        how_seated=_how(target, row),
        facts={"number": there.number, **told},
    )
    advance(work, there.cohort_id, [replace(move, source=Status.WAITLISTED)])
