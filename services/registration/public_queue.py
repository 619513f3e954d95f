"""The public queue of a class: number, rank, open status and times of its steps; nobody's name.

What everybody may not see never leaves the database: an ended registration gives its number and
rank, and neither reason nor time, because the time alone would tell some reasons (rules.md 10).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, exists, func, null, or_, select

from services.catalogue.records import training_class
from services.kernel.db import among
from services.kernel.work import Look
from services.lottery.records import draw
from services.registration.lifecycle import HELD, OPEN, Seat, Status
from services.registration.records import registration, request

PER_PAGE = 10
_OPEN = among(registration.c.status, [status.value for status in OPEN])
_SEATLESS = registration.c.seat.not_in([seat.value for seat in HELD])

_UNDRAWN = exists().where(
    training_class.c.id == registration.c.class_id,
    training_class.c.draw_id == draw.c.id,
    or_(draw.c.state != "drawn", registration.c.ticket_id.is_(None)),
)
RANK = case((_UNDRAWN, null()), else_=registration.c.rank).label("rank")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One number of a queue; `status` is None once it has ended."""

    number: int
    rank: int | None  # None: it is still to be drawn, or the number came after the window
    status: Status | None
    reserved: bool  # under review with a seat kept
    asked: bool  # asked to confirm, or offered a seat, and not answered
    registered_at: datetime | None
    moved_at: datetime | None  # its latest step
    mine: bool


_EVERYBODY = (
    select(
        registration.c.number,
        RANK,
        case((_OPEN, registration.c.status), else_=null()).label("status"),
        and_(_OPEN, registration.c.seat == Seat.RESERVED.value).label("reserved"),
        request.c.id.is_not(None).label("asked"),
        case((_OPEN, registration.c.registered_at), else_=null()).label("registered_at"),
        case(
            (_OPEN, func.coalesce(request.c.asked_at, registration.c.moved_at)), else_=null()
        ).label("moved_at"),
        (registration.c.person_id == bindparam("person_id")).label("mine"),
    )
    .outerjoin(
        request,
        and_(request.c.registration_id == registration.c.id, request.c.closed_at.is_(None)),
    )
    .where(registration.c.class_id == bindparam("class_id"))
    .order_by(registration.c.rank, registration.c.number)
    .limit(PER_PAGE)
    .offset(bindparam("before"))
)
_WAITING = _EVERYBODY.where(_OPEN, _SEATLESS)


def public_queue(
    look: Look, class_id: int, *, page: int = 1, waiting_only: bool = False
) -> list[QueueLine]:
    """List one page of a class's queue in the order of service; an empty page is past the end."""
    keys = {
        "class_id": class_id,
        "person_id": look.actor.person_id or 0,
        "before": (page - 1) * PER_PAGE,
    }
    rows = look.all(_WAITING if waiting_only else _EVERYBODY, keys)
    return [
        QueueLine(**{**row._mapping, "status": Status(row.status) if row.status else None})
        for row in rows
    ]


def queue_page(look: Look, class_id: int, registration_id: int) -> int:
    """Give the page of a class's queue that shows a registration."""
    own = select(registration.c.rank, registration.c.number)
    row = look.connection.execute(own.where(registration.c.id == registration_id)).one()
    before = and_(registration.c.rank == row.rank, registration.c.number <= row.number)
    place = select(func.count()).where(
        registration.c.class_id == class_id, or_(registration.c.rank < row.rank, before)
    )
    return -(-int(look.scalar(place)) // PER_PAGE)
