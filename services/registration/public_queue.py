"""The public queue of a class: number, rank, open status and times of its steps; nobody's name.

What everybody may not see never leaves the database: an ended registration gives its number and
rank, and neither reason nor time, because the time alone would tell some reasons (rules.md 10).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, null, or_, select

from services.catalogue.records import training_class
from services.kernel.work import Look
from services.lottery.records import draw
from services.registration.lifecycle import HELD, OPEN, Seat, Status
from services.registration.records import registration, request

PER_PAGE = 10
_OPEN = registration.c.status.in_([status.value for status in OPEN])
_SEATLESS = registration.c.seat.not_in([seat.value for seat in HELD])

_UNDRAWN = exists().where(
    training_class.c.id == registration.c.class_id,
    training_class.c.draw_id == draw.c.id,
    draw.c.state != "drawn",
)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One number of a queue; `status` is None once it has ended."""

    number: int
    rank: int | None  # None: it is still to be drawn
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
            case((_UNDRAWN, null()), else_=registration.c.rank).label("rank"),
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


def queue_page(look: Look, class_id: int, registration_id: int) -> int:
    """Give the page of a class's queue that shows a registration."""
    own = select(registration.c.rank, registration.c.number)
    row = look.connection.execute(own.where(registration.c.id == registration_id)).one()
    before = and_(registration.c.rank == row.rank, registration.c.number <= row.number)
    place = select(func.count()).where(
        registration.c.class_id == class_id, or_(registration.c.rank < row.rank, before)
    )
    return -(-int(look.scalar(place)) // PER_PAGE)
