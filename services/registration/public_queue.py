"""The public queue of a class: number, rank, open status and times of its steps; nobody's name.

What everybody may not see never leaves the database: an ended registration gives its number and
rank, and neither reason nor time, because the time alone would tell some reasons (rules.md 10).
For the same reason an open one does not tell of an end that it came back from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import FromClause, Row, and_, bindparam, case, exists, func, null, or_, select

from services.catalogue.records import training_class
from services.kernel.db import among
from services.kernel.work import Look
from services.lottery.records import draw
from services.registration.lifecycle import HELD, OPEN, Event, Seat, Status
from services.registration.records import registration, registration_event, request, seat_override

PER_PAGE = 10
IS_OPEN = among(registration.c.status, [status.value for status in OPEN])
_SEATLESS = registration.c.seat.not_in([seat.value for seat in HELD])

_UNDRAWN = exists().where(
    training_class.c.id == registration.c.class_id,
    training_class.c.draw_id == draw.c.id,
    or_(draw.c.state != "drawn", registration.c.ticket_id.is_(None)),
)
RANK = case((_UNDRAWN, null()), else_=registration.c.rank).label("rank")
STATUS = case((IS_OPEN, registration.c.status), else_=null()).label("status")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an open line: when, where it led, and why it left the plain order."""

    at: datetime
    status: Status
    seat: bool  # one is held, or kept for the review
    why: str | None  # merge, or the reason code of an override


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
    steps: tuple[Step, ...] = ()


_PAGE = (
    select(
        registration.c.id,
        registration.c.rank.label("turn"),
        registration.c.number,
        RANK,
        STATUS,
        and_(IS_OPEN, registration.c.seat == Seat.RESERVED.value).label("reserved"),
        request.c.id.is_not(None).label("asked"),
        case((IS_OPEN, registration.c.registered_at), else_=null()).label("registered_at"),
        case(
            (IS_OPEN, func.coalesce(request.c.asked_at, registration.c.moved_at)), else_=null()
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
_event = registration_event
_STEP = {
    "at": _event.c.at,
    "target": _event.c.target,
    "seat": among(_event.c.takes, [seat.value for seat in HELD]),
    "why": case(
        (_event.c.event == Event.MERGE.value, Event.MERGE.value), else_=seat_override.c.reason
    ),
}
STEP = [_event.c.seq, *(part.label(name) for name, part in _STEP.items())]
TOLD = among(_event.c.target, [status.value for status in OPEN])
OVERRIDDEN = and_(
    _event.c.event == Event.OVERRIDE.value,
    seat_override.c.registration_id == _event.c.registration_id,
    seat_override.c.state == "approved",
)
_OWN = ("number", "rank", "status", "reserved", "asked", "registered_at", "moved_at", "mine")


def _with_steps(page: FromClause) -> Any:
    steps_of = and_(_event.c.registration_id == page.c.id, page.c.status.is_not(None), TOLD)
    return (
        select(*(page.c[name] for name in _OWN), *STEP)
        .outerjoin(_event, steps_of)
        .outerjoin(seat_override, OVERRIDDEN)
        .order_by(page.c.turn, page.c.number, _event.c.seq)
    )


_EVERYBODY = _with_steps(_PAGE.subquery("page"))
_WAITING = _with_steps(_PAGE.where(IS_OPEN, _SEATLESS).subquery("page"))


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
    return [_line(list(steps)) for _, steps in groupby(rows, key=lambda row: row.number)]


def _line(rows: list[Row[Any]]) -> QueueLine:
    told = {name: rows[0]._mapping[name] for name in _OWN}
    told["status"] = Status(rows[0].status) if rows[0].status else None
    return QueueLine(**told, steps=tuple(_steps(rows)))


def _steps(rows: list[Row[Any]]) -> Iterator[Step]:
    for row in rows:
        if row.seq is not None:
            yield Step(row.at, Status(row.target), row.seat, row.why)


def queue_page(look: Look, class_id: int, registration_id: int) -> int:
    """Give the page of a class's queue that shows a registration."""
    own = select(registration.c.rank, registration.c.number)
    row = look.connection.execute(own.where(registration.c.id == registration_id)).one()
    before = and_(registration.c.rank == row.rank, registration.c.number <= row.number)
    place = select(func.count()).where(
        registration.c.class_id == class_id, or_(registration.c.rank < row.rank, before)
    )
    return -(-int(look.scalar(place)) // PER_PAGE)
