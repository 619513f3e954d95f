"""Seats that overlap because a class was moved or merged: flagged until the person has chosen.

A flag is kept for exactly these two registrations and goes with either seat (rules.md 5, 9).
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, or_, select

from services.catalogue.records import training_class
from services.kernel.work import Look, Work
from services.registration.lifecycle import HELD
from services.registration.records import overlap_flag, registration

_HELD = [seat.value for seat in HELD]
_MINE, _OTHER = registration.alias("mine"), registration.alias("theirs")
_HERE, _THERE = training_class.alias("here"), training_class.alias("there")
_PAIRS = (
    select(
        _MINE.c.id.label("registration_id"),
        _OTHER.c.id.label("other_id"),
        _MINE.c.person_id,
        _THERE.c.code,
        _THERE.c.starts_on,
        _THERE.c.ends_on,
    )
    .join(_HERE, _HERE.c.id == _MINE.c.class_id)
    .join(
        _OTHER,
        (_OTHER.c.person_id == _MINE.c.person_id)
        & (_OTHER.c.cohort_id != _MINE.c.cohort_id)
        & _OTHER.c.seat.in_(_HELD),
    )
    .join(_THERE, _THERE.c.id == _OTHER.c.class_id)
    .where(
        _MINE.c.class_id == bindparam("class_id"),
        _MINE.c.seat.in_(_HELD),
        _THERE.c.starts_on <= bindparam("ends_on"),
        _THERE.c.ends_on >= bindparam("starts_on"),
    )
    .order_by(_THERE.c.starts_on, _THERE.c.id)
)


def overlaps(look: Look, class_id: int, starts_on: date, ends_on: date) -> list[Row[Any]]:
    """List the seats of other cohorts that the people seated in a class hold on these days."""
    days = {"class_id": class_id, "starts_on": starts_on, "ends_on": ends_on}
    return look.all(_PAIRS, days)


def flag_overlaps(work: Work, class_id: int, starts_on: date, ends_on: date) -> Mapping[int, str]:
    """Flag the overlaps of a class's present days, and only these; give registration -> code."""
    mine = select(registration.c.id).where(registration.c.class_id == class_id)
    work.run(
        delete(overlap_flag).where(
            or_(overlap_flag.c.registration_id.in_(mine), overlap_flag.c.other_id.in_(mine))
        )
    )
    pairs = overlaps(work, class_id, starts_on, ends_on)
    if pairs:
        rows = [
            {"registration_id": p.registration_id, "other_id": p.other_id, "since": work.now}
            for p in pairs
        ]
        work.run(insert(overlap_flag), rows)
    return {pair.registration_id: pair.code for pair in reversed(pairs)}


def drop_flags(work: Work, registration_ids: Collection[int]) -> None:
    """A seat was given up: what overlapped with it does so no more."""
    if registration_ids:
        gone = overlap_flag.c
        work.run(
            delete(overlap_flag).where(
                or_(gone.registration_id.in_(registration_ids), gone.other_id.in_(registration_ids))
            )
        )


_FLAGS = select(overlap_flag.c.registration_id, overlap_flag.c.other_id).where(
    or_(
        overlap_flag.c.registration_id == bindparam("registration_id"),
        overlap_flag.c.other_id == bindparam("registration_id"),
    )
)
_SEATS = (
    select(training_class.c.code, training_class.c.starts_on, training_class.c.ends_on)
    .join(registration, registration.c.class_id == training_class.c.id)
    .where(registration.c.id.in_(bindparam("others", expanding=True)))
    .order_by(training_class.c.starts_on, training_class.c.id)
    .limit(1)
)


def other_seat(look: Look, registration_id: int) -> Row[Any] | None:
    """Give the class whose seat overlaps with this one by a move or merge, if any."""
    pairs = look.all(_FLAGS, {"registration_id": registration_id})
    if not pairs:
        return None
    others = {key for pair in pairs for key in pair} - {registration_id}
    return look.one_or_none(_SEATS.params(others=sorted(others)))
