"""Register: take a number in a training class's queue, be screened, and be placed at once.

MTNet is asked before the lock; what it said is only judged inside (rules.md 5 and 6).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from services.catalogue.records import training_class
from services.judging import Judgement, judge
from services.kernel.actor import STAFF, Role
from services.kernel.clock import taipei_day
from services.kernel.errors import DomainError, NotPermitted
from services.kernel.work import Look, Work
from services.lottery.tickets import ticket_of
from services.milestones import CALLED
from services.mtnet.fetch import Fetched
from services.open_case import open_case
from services.promote import Passed, own_seat, pass_over
from services.registration.advance import Move, enter
from services.registration.lifecycle import OPEN, Event, Seat, Status, Track
from services.registration.records import registration
from services.registration.seats import (
    ClassFacts,
    facts_of,
    hold_class,
    lock_persons,
    overlapping,
)
from services.requests import CLAIM, CONFIRM, ask
from services.words import mark


class NotOpenYet(DomainError):
    """Registration for the class opens at a later minute."""

    code = "register.not_open_yet"
    sentence = mark("Registration for this class opens on {opens_at}. Nothing was sent.")


class ClassClosed(DomainError):
    """The class takes no more registrations."""

    code = "register.class_closed"
    sentence = mark("This class no longer takes registrations. Nothing was sent.")


class AlreadyInCohort(DomainError):
    """The plan allows no further choice in this course and year."""

    code = "register.already_in_cohort"
    sentence = mark(
        "You are already registered for this course in class {code}. "
        "Cancel that one first if you prefer this class; your number there would be given up."
    )


class AlreadyCompleted(DomainError):
    """The person has completed this course in this plan year."""

    code = "register.already_completed"
    sentence = mark("You have completed this course this year. Nothing was sent.")


class SeatOverlaps(DomainError):
    """The person has confirmed another class on the same days."""

    code = "register.seat_overlaps"
    sentence = mark(
        "You have confirmed class {code} on overlapping days ({days}). Nothing was sent."
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person is told after registering; `already` marks a repeated click."""

    registration_id: int
    number: int
    rank: int
    status: Status
    seat: Seat
    track: Track
    already: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What registering now would give."""

    judgement: Judgement
    would: Status
    place: int | None  # in the waiting list
    problem: DomainError | None


_OWN = (
    select(registration, training_class.c.code)
    .join(training_class, training_class.c.id == registration.c.class_id)
    .where(
        registration.c.cohort_id == bindparam("cohort_id"),
        registration.c.person_id == bindparam("person_id"),
    )
)
_OPEN = frozenset(status.value for status in OPEN)
_SAID_YES = (Status.CONFIRMED.value, Status.SELF_FUNDED.value)


def register(
    work: Work,
    fetched: Fetched,
    *,
    class_id: int,
    person_id: int,
    declared: Collection[str] = (),
    on_behalf: bool = False,
) -> Receipt:
    """Register a person for a training class; a repeated click gets the same answer.

    Raises:
        NotPermitted: the actor is not that person, nor staff who may act for them.
        NotFound: there is no such class.
        NotOpenYet, ClassClosed, AlreadyInCohort, AlreadyCompleted, SeatOverlaps: as they say.
    """
    facts = hold_class(work, class_id)
    _may_register(work, facts, person_id, on_behalf)
    lock_persons(work, [person_id])
    own = _own(work, facts, person_id)
    for row in own:
        if row.class_id == class_id and row.status in _OPEN:
            return _receipt(row)
    clash = overlapping(work, [person_id], facts).get(person_id)
    problem = _problem(work, facts, own, clash)
    if problem is not None:
        raise problem
    judgement = judge(work, facts, fetched, person_id, declared)
    refused = _same_refusal(work, facts, own, judgement)
    if refused is not None:
        return _receipt(refused)
    seat_free = _seat_free(facts, judgement)
    target, seat = _place(facts, judgement, seat_free and clash is None)
    number = facts.numbers_given + 1
    asks = facts.stage >= CALLED and target in (Status.ADMITTED, Status.OFFERED)
    move = Move(
        0,
        class_id,
        person_id,
        None,
        Seat.NONE,
        Event.REGISTER,
        target,
        seat,
        asks=asks,
        how_seated="register" if target is Status.ADMITTED else None,
        facts={"number": number},
    )
    values = {
        "class_id": class_id,
        "cohort_id": facts.cohort_id,
        "person_id": person_id,
        "number": number,
        "rank": facts.rank_of(number),
        "ticket_id": _ticket(work, facts, person_id),
        "on_behalf": on_behalf,
        **judgement.columns(work.now),
    }
    registration_id = enter(work, facts.cohort_id, move, values)
    if asks:
        ask(work, facts, [registration_id], CLAIM if target is Status.OFFERED else CONFIRM)
    if target is Status.IN_REVIEW:
        open_case(work, facts, registration_id, person_id)
    if seat_free and clash is not None:
        pass_over(work, [Passed(registration_id, person_id)], {person_id: clash})
    rank = facts.rank_of(number)
    return Receipt(registration_id, number, rank, target, seat, judgement.track)


def preview(
    look: Look,
    fetched: Fetched,
    *,
    class_id: int,
    person_id: int,
    declared: Collection[str] = (),
) -> Preview:
    """Tell what registering now would give, changing nothing.

    Raises:
        NotFound: there is no such class.
    """
    facts = facts_of(look, class_id)
    clash = overlapping(look, [person_id], facts).get(person_id)
    problem = _problem(look, facts, _own(look, facts, person_id), clash)
    judgement = judge(look, facts, fetched, person_id, declared)
    target, _ = _place(facts, judgement, _seat_free(facts, judgement) and clash is None)
    place = _waiting(look, facts, judgement.track) + 1 if target is Status.WAITLISTED else None
    return Preview(judgement, target, place, problem)


def _ticket(work: Work, facts: ClassFacts, person_id: int) -> int | None:
    """Take part in the draw while its window is open."""
    if not facts.drawing or facts.draw_id is None:
        return None
    return ticket_of(work, facts.draw_id, person_id)


def _may_register(work: Work, facts: ClassFacts, person_id: int, on_behalf: bool) -> None:
    actor = work.actor
    if on_behalf:
        if actor.role not in STAFF or actor.institution not in (None, facts.institution):
            raise NotPermitted()
    elif actor.role is not Role.SEAFARER or actor.person_id != person_id:
        raise NotPermitted()


def _own(look: Look, facts: ClassFacts, person_id: int) -> list[Row[Any]]:
    return list(
        look.connection.execute(_OWN, {"cohort_id": facts.cohort_id, "person_id": person_id})
    )


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        row.id,
        row.number,
        row.rank,
        Status(row.status),
        Seat(row.seat),
        Track(row.track),
        already=True,
    )


def _problem(
    look: Look, facts: ClassFacts, own: list[Row[Any]], clash: Row[Any] | None
) -> DomainError | None:
    if facts.state != "published" or look.now >= facts.freeze_at:
        return ClassClosed()
    if facts.opens_at is None or look.now < facts.opens_at:
        return NotOpenYet(opens_at=facts.opens_at)
    if any(row.status == Status.COMPLETED.value for row in own):
        return AlreadyCompleted()
    mine = [row for row in own if row.status in _OPEN]
    if len(mine) >= facts.max_choices:
        return AlreadyInCohort(code=mine[0].code)
    if clash is not None and clash.status in _SAID_YES:
        return SeatOverlaps(code=clash.code, days=(clash.starts_on, clash.ends_on))
    return None


def _same_refusal(
    work: Work, facts: ClassFacts, own: list[Row[Any]], judgement: Judgement
) -> Row[Any] | None:
    """Find today's refusal on the same grounds: a second click takes no second number."""
    if judgement.outcome != "ineligible":
        return None
    grounds = (Status.INELIGIBLE.value, judgement.failing(), list(judgement.declared), work.today)
    return next(
        (
            row
            for row in own
            if row.class_id == facts.id
            and (row.status, row.failing, row.declared, taipei_day(row.registered_at)) == grounds
        ),
        None,
    )


def _seat_free(facts: ClassFacts, judgement: Judgement) -> bool:
    """Whether a seat is there for this person; a free seat means that nobody waits for it."""
    own_track = Track.SELF_FUNDED if facts.wholly_self_funded else Track.FUNDED
    return (
        facts.promotion_open
        and facts.free > 0
        and judgement.track is own_track
        and judgement.outcome != "ineligible"
    )


def _place(facts: ClassFacts, judgement: Judgement, seat: bool) -> tuple[Status, Seat]:
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
    registration.c.status.in_((Status.WAITLISTED.value, Status.IN_REVIEW.value)),
    registration.c.seat == Seat.NONE.value,
    registration.c.track == bindparam("track"),
    registration.c.skip_reason.is_(None),
)


def _waiting(look: Look, facts: ClassFacts, track: Track) -> int:
    """Count the seatless on a track who have not been passed over."""
    key = {"class_id": facts.id, "track": track.value}
    return int(look.connection.execute(_COUNT_WAITING, key).scalar_one())
