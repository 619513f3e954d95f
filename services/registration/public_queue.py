"""The public queue of a class: number, rank, open status and times of its steps; nobody's name.

What everybody may not see never leaves the database: an ended registration gives its number and
rank, and neither reason nor time, because the time alone would tell some reasons (rules.md 10).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, func, null, select

from services.kernel.work import Look
from services.registration.lifecycle import HELD, OPEN, Seat, Status
from services.registration.records import registration, request

PER_PAGE = 10
_OPEN = registration.c.status.in_([status.value for status in OPEN])
_SEATLESS = registration.c.seat.not_in([seat.value for seat in HELD])


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One number of a queue; `status` is None once it has ended."""

    number: int
    rank: int
    status: Status | None
    reserved: bool  # under review with a seat kept
    asked: bool  # asked to confirm, or offered a seat, and not answered
    registered_at: datetime | None
    moved_at: datetime | None  # its latest step
    mine: bool


def public_queue(
    look: Look, class_id: int, *, page: int = 1, waiting_only: bool = False
) -> list[QueueLine]:
    """List one page of a class's queue in the order of service; an empty page is past the end."""
    rows = look.all(
        select(
            registration.c.number,
            registration.c.rank,
            case((_OPEN, registration.c.status), else_=null()).label("status"),
            and_(_OPEN, registration.c.seat == Seat.RESERVED.value).label("reserved"),
            request.c.id.is_not(None).label("asked"),
            case((_OPEN, registration.c.registered_at), else_=null()).label("registered_at"),
            case(
                (_OPEN, func.coalesce(request.c.asked_at, registration.c.moved_at)), else_=null()
            ).label("moved_at"),
            _own(look).label("mine"),
        )
        .outerjoin(
            request,
            and_(request.c.registration_id == registration.c.id, request.c.closed_at.is_(None)),
        )
        .where(registration.c.class_id == class_id, *((_OPEN, _SEATLESS) if waiting_only else ()))
        .order_by(registration.c.rank, registration.c.number)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [
        QueueLine(**{**row._mapping, "status": Status(row.status) if row.status else None})
        for row in rows
    ]


def _own(look: Look) -> ColumnElement[bool]:
    person_id = look.actor.person_id
    return false() if person_id is None else registration.c.person_id == person_id
