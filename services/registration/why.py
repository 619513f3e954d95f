"""Why not: read what tells why a registration stands where it stands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, or_, select

from services.kernel.db import among
from services.kernel.work import Look
from services.notices.records import notice
from services.registration.afresh import NOTHING, afresh
from services.registration.ahead import served_before
from services.registration.cards import OtherSeat, RegistrationCard
from services.registration.explaining import WITH_SEAT, Around, Passed
from services.registration.fixpoint import Skip
from services.registration.lifecycle import OPEN, Notice, Seat, Status
from services.registration.overlaps import other_seat
from services.registration.own_choices import Choices, choices_of
from services.registration.records import look_again, registration, request
from services.registration.seats import ClassFacts, holding, in_the_way


def around(
    look: Look,
    card: RegistrationCard,
    facts: ClassFacts,
    times: Row[Any],
    choices: Sequence[RegistrationCard],
) -> Around:
    """Read what tells why a registration has its status and rank, and what would give a seat.

    times: its seated_at, confirmed_at, ended_at and overridden_at.
    choices: what the person registered for in the course and year, as far as the reader may see it.
    """
    seats = holding(look, [card.person_id])
    return _around(look, card, facts, times, choices_of(look, card, facts, choices, seats), seats)


_IN = registration.c
_mine = registration.alias("mine")


_LOOKED_AT_NEXT = exists().where(
    look_again.c.cohort_id == _IN.cohort_id, look_again.c.person_id == _IN.person_id
)


def _people(waits: ColumnElement[bool]) -> Select[Any]:
    """Give the question for the people of one line."""
    better = waits & served_before(_IN, _mine.c)
    counted = {
        "waiting": waits,
        "ahead": better,
        "before": better & or_(_IN.skip_reason.is_(None), _LOOKED_AT_NEXT),
        "reserved": _IN.seat == Seat.RESERVED.value,
    }
    return (
        select(
            *(
                func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
                for name, condition in counted.items()
            )
        )
        .select_from(registration)
        .join(_mine, _mine.c.id == bindparam("registration_id"))
        .where(
            _IN.class_id == bindparam("class_id"),
            among(_IN.status, [status.value for status in OPEN]),
        )
    )


_SEATLESS = _IN.seat == Seat.NONE.value
_OF_ITS_TRACK = _people(_SEATLESS & (_IN.track == _mine.c.track))
_OF_BOTH_TRACKS = _people(_SEATLESS)
_ASKS = (
    select(
        func.count().label("n"),
        func.max(func.coalesce(request.c.deadline, request.c.calendar_deadline)).label("last"),
    )
    .join(registration, _IN.id == request.c.registration_id)
    .where(
        request.c.class_id == bindparam("class_id"),
        request.c.closed_at.is_(None),
        _IN.status == Status.ADMITTED.value,
    )
)


def _around(
    look: Look,
    card: RegistrationCard,
    facts: ClassFacts,
    times: Row[Any],
    choices: Choices,
    seats: Sequence[Row[Any]],
) -> Around:
    """Read what the sentences need: the queue only for who stands in it."""
    own = times.seated_at, times.confirmed_at, times.ended_at
    if not card.is_open or card.status in WITH_SEAT:
        told = card.status in (Status.LAPSED, Status.CONFIRMED)
        asked = _last_ask(look, card) if told else None
        other = other_seat(look, card.id) if card.status in WITH_SEAT else None
        return Around(
            0, 0, 0, 0, 0, None, *own, None, asked, choices,
            two_seats=OtherSeat(**other._mapping) if other else None,
            afresh=NOTHING if card.is_open else afresh(look, card, facts),
        )  # fmt: skip
    keys = {"class_id": card.class_id, "registration_id": card.id}
    waiting, ahead, before, reserved = look.all(
        _OF_BOTH_TRACKS if facts.one_line else _OF_ITS_TRACK, keys
    )[0]
    asks = look.all(_ASKS, keys)[0]
    return Around(
        waiting, ahead, before, reserved, asks.n, asks.last, *own,
        _passed(look, card, facts, seats), None, choices, times.overridden_at is not None,
    )  # fmt: skip


def _passed(
    look: Look, card: RegistrationCard, facts: ClassFacts, seats: Sequence[Row[Any]]
) -> Passed | None:
    if card.seat is not Seat.NONE:
        return None
    other = in_the_way(seats, facts).get(card.person_id)
    if other is None:
        return None
    on = look.scalar(
        select(func.max(notice.c.made_at)).where(
            notice.c.key == f"{card.id}:{Notice.SKIPPED.value}:{other.code}"
        )
    )
    overlap = card.skip_reason == Skip.OVERLAP
    return Passed(on if overlap else None, other.code, other.starts_on, other.ends_on)


_LAST_ASK = (
    select(request.c.asked_at, request.c.reached_at, request.c.deadline, request.c.answer)
    .where(request.c.registration_id == bindparam("registration_id"))
    .order_by(request.c.id.desc())
    .limit(1)
)


def _last_ask(look: Look, card: RegistrationCard) -> Row[Any] | None:
    return look.one_or_none(_LAST_ASK, {"registration_id": card.id})
