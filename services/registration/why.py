"""Why not: read what tells why a registration stands where it stands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select

from services.kernel.db import among
from services.kernel.work import Look
from services.notices.records import notice
from services.registration.ahead import served_before
from services.registration.cards import RegistrationCard, Why
from services.registration.explaining import WITH_SEAT, Around, Passed, explain
from services.registration.fixpoint import Skip
from services.registration.lifecycle import OPEN, Notice, Seat, Status
from services.registration.own_choices import (
    Choices,
    choices_of,
)
from services.registration.records import registration, request
from services.registration.seats import ClassFacts, overlapping


def why(
    look: Look,
    card: RegistrationCard,
    facts: ClassFacts,
    times: Row[Any],
    choices: Sequence[RegistrationCard],
) -> Why:
    """Tell why a registration has its status and rank, and what would have to happen for a seat.

    times: its seated_at, confirmed_at, ended_at and overridden_at.
    choices: everything the person registered for in the course and year.
    """
    return explain(card, facts, _around(look, card, facts, times, choices_of(look, card, choices)))


_IN = registration.c
_mine = registration.alias("mine")
_WAITS = (_IN.seat == Seat.NONE.value) & (_IN.track == _mine.c.track)
_BETTER = _WAITS & served_before(_IN, _mine.c)
_PEOPLE = (
    select(
        *(
            func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
            for name, condition in {
                "waiting": _WAITS,
                "ahead": _BETTER,
                "before": _BETTER & _IN.skip_reason.is_(None),
                "reserved": _IN.seat == Seat.RESERVED.value,
            }.items()
        )
    )
    .select_from(registration)
    .join(_mine, _mine.c.id == bindparam("registration_id"))
    .where(
        _IN.class_id == bindparam("class_id"), among(_IN.status, [status.value for status in OPEN])
    )
)
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
    look: Look, card: RegistrationCard, facts: ClassFacts, times: Row[Any], choices: Choices
) -> Around:
    """Read what the sentences need: the queue only for who stands in it."""
    own = times.seated_at, times.confirmed_at, times.ended_at
    if not card.is_open or card.status in WITH_SEAT:
        told = card.status in (Status.LAPSED, Status.CONFIRMED)
        asked = _last_ask(look, card) if told else None
        return Around(0, 0, 0, 0, 0, None, *own, None, asked, choices)
    keys = {"class_id": card.class_id, "registration_id": card.id}
    waiting, ahead, before, reserved = look.all(_PEOPLE, keys)[0]
    asks = look.all(_ASKS, keys)[0]
    return Around(
        waiting, ahead, before, reserved, asks.n, asks.last, *own,
        _passed(look, card, facts), None, choices, times.overridden_at is not None,
    )  # fmt: skip


def _passed(look: Look, card: RegistrationCard, facts: ClassFacts) -> Passed | None:
    if card.seat is not Seat.NONE:
        return None
    other = overlapping(look, [card.person_id], facts).get(card.person_id)
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
