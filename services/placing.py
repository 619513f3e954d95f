"""Where a new registration goes: to a seat, to the waiting list, under review, or nowhere."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from services.judging import Judgement
from services.kernel.db import among
from services.kernel.work import Look
from services.registration.fixpoint import Skip
from services.registration.lifecycle import Seat, Status, Track
from services.registration.records import registration
from services.registration.seats import ClassFacts, own_seat


def seat_free(facts: ClassFacts, judgement: Judgement) -> bool:
    """Whether a seat is there for this person; a free seat means that nobody waits for it."""
    own_track = Track.SELF_FUNDED if facts.wholly_self_funded else Track.FUNDED
    return (
        facts.promotion_open
        and facts.free > 0
        and judgement.track is own_track
        and judgement.outcome != "ineligible"
    )


def placed(facts: ClassFacts, judgement: Judgement, seat: bool) -> tuple[Status, Seat]:
    """Decide where the new registration goes."""
    if judgement.outcome == "ineligible":
        return Status.INELIGIBLE, Seat.NONE
    if judgement.outcome == "review":
        return Status.IN_REVIEW, Seat.RESERVED if seat else Seat.NONE
    if seat:
        return Status.ADMITTED, own_seat(facts)
    return (Status.OFFERED if facts.self_funding else Status.WAITLISTED), Seat.NONE


_COUNT_WAITING = select(func.count()).where(
    registration.c.class_id == bindparam("class_id"),
    among(registration.c.status, [Status.WAITLISTED.value, Status.IN_REVIEW.value]),
    registration.c.seat == Seat.NONE.value,
    registration.c.track == bindparam("track"),
)


def waiting(look: Look, facts: ClassFacts, track: Track) -> int:
    """Count the seatless on a track, also those whom seats pass by for now: they keep the place."""
    key = {"class_id": facts.id, "track": track.value}
    return int(look.scalar(_COUNT_WAITING, key))


def blocked(clash: Row[Any] | None, own: Sequence[Any]) -> tuple[Skip, str] | None:
    """Tell what keeps a free seat from the person: another course, or a better choice's review."""
    if clash is not None:
        return Skip.OVERLAP, clash.code
    reserved = next((row for row in own if row.seat == Seat.RESERVED.value), None)
    return None if reserved is None else (Skip.BETTER_RESERVED, reserved.code)
