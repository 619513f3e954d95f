"""How a training class stands for everybody: counts by status, and what registering now gives.

Counts only: no person, no trait (rules.md 10).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, case, func, select

from services.kernel.db import among
from services.kernel.work import Look
from services.milestones import FROZEN, SELF_FUNDING
from services.registration.lifecycle import OPEN, Seat, Status
from services.registration.records import registration


class IfNow(StrEnum):
    """What a qualified person who registers now would meet."""

    SEAT = "seat"  # a seat at once
    WAITING = "waiting"  # the waiting list
    PAID_SEAT = "paid_seat"  # a self-funded seat, wholly self-funded class
    PAID_ONLY = "paid_only"  # a self-funded offer: the funded call is over
    PAID_WAITING = "paid_waiting"  # the same, and no seat is free now
    DRAW = "draw"  # a number; seats are given when ranks have been drawn
    NOT_YET = "not_yet"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def takes(self) -> bool:
        """Whether the class takes registrations now."""
        return self not in (IfNow.NOT_YET, IfNow.CLOSED, IfNow.CANCELLED)

    @property
    def free(self) -> bool:
        """Whether a seat is free for someone who registers now."""
        return self in (IfNow.SEAT, IfNow.PAID_SEAT, IfNow.PAID_ONLY)


def if_registering_now(
    *,
    state: str,
    kind: str,
    opens_at: datetime | None,
    freeze_at: datetime,
    stage: int,
    free: int,
    now: datetime,
    undrawn: bool = False,
) -> IfNow:
    """Tell what a qualified person on the class's own track would meet (pure).

    A free seat means that nobody waits for it: every seat that frees goes down the queue at once.
    """
    if state == "cancelled":
        return IfNow.CANCELLED
    if state != "published" or stage >= FROZEN or now >= freeze_at:
        return IfNow.CLOSED
    if opens_at is None or now < opens_at:
        return IfNow.NOT_YET
    if undrawn:
        return IfNow.DRAW
    if kind == "self_funded":
        return IfNow.PAID_SEAT if free > 0 else IfNow.PAID_WAITING
    if stage >= SELF_FUNDING:
        return IfNow.PAID_ONLY if free > 0 else IfNow.PAID_WAITING
    return IfNow.SEAT if free > 0 else IfNow.WAITING


@dataclass(frozen=True, slots=True)
class Counts:
    """The people of a class by where they stand; everything right of the load line is seatless."""

    confirmed: int = 0  # the class has begun or ended: everyone who kept the seat
    self_funded: int = 0
    admitted: int = 0
    reserved: int = 0  # under review, a seat is kept
    waiting: int = 0  # waitlisted; whose money is not told, it would tell a trait
    offered: int = 0  # a self-funded seat was offered, not settled yet
    reviewing: int = 0  # under review without a seat
    closed: int = 0
    overridden: int = 0  # of all of them: served before the rank order by two planners

    @property
    def held(self) -> int:
        """Seats taken or kept."""
        return self.confirmed + self.self_funded + self.admitted + self.reserved

    @property
    def queue(self) -> int:
        """People without a seat who are still in the queue."""
        return self.waiting + self.offered + self.reviewing

    @property
    def numbers(self) -> int:
        """Numbers given so far."""
        return self.held + self.queue + self.closed


_IN = registration.c
_GROUP = case(
    (_IN.seat == Seat.RESERVED.value, "reserved"),
    (_IN.seat == Seat.SPENT.value, "confirmed"),
    (_IN.status == Status.IN_REVIEW.value, "reviewing"),
    (_IN.status == Status.WAITLISTED.value, "waiting"),
    (among(_IN.status, [s.value for s in OPEN]), _IN.status),
    else_="closed",
)


_COUNTED = (
    select(
        _IN.class_id,
        _GROUP.label("standing"),
        func.count().label("n"),
        func.count(_IN.overridden_at).label("overridden"),
    )
    .where(_IN.class_id.in_(bindparam("class_ids", expanding=True)))
    .group_by(_IN.class_id, "standing")
)


def counts_of(look: Look, class_ids: Collection[int]) -> dict[int, Counts]:
    """Count the people of several classes by where they stand, in one reading."""
    found: dict[int, dict[str, int]] = {class_id: {} for class_id in class_ids}
    for row in look.all(_COUNTED, {"class_ids": list(class_ids)}) if class_ids else ():
        counted = found[row.class_id]
        counted[row.standing] = row.n
        counted["overridden"] = counted.get("overridden", 0) + row.overridden
    return {class_id: Counts(**counted) for class_id, counted in found.items()}
