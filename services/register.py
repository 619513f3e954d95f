"""Register: take a number in the queues of a course, be screened, and be placed at once.

MTNet is asked before the lock; what it said is only judged inside (rules.md 5 and 6).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from services.judging import Judgement, judge
from services.kernel.actor import STAFF, Role
from services.kernel.clock import taipei_day
from services.kernel.errors import DomainError, NotPermitted
from services.kernel.work import Work
from services.lottery.tickets import ticket_of
from services.milestones import CALLED
from services.mtnet.fetch import Fetched
from services.open_case import open_case
from services.placing import blocked, placed, seat_free
from services.promote import fill_cohort
from services.registration.advance import enter
from services.registration.known import known
from services.registration.lifecycle import OPEN, SEATED, Event, Seat, Status, Track
from services.registration.moves import Move
from services.registration.refusals import DifferentCourses, refusal
from services.registration.seats import (
    ClassFacts,
    facts_of,
    hold_class,
)
from services.registration.skips import Skipped, pass_over
from services.requests import CLAIM, CONFIRM, ask, ask_to_claim
from services.standby import call_standby

_OPEN = frozenset(status.value for status in OPEN)


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
    class_id: int = 0
    preference: int = 1
    left_out: tuple[int, ...] = ()  # lower choices not entered, because this one gave a seat


def register(
    work: Work,
    fetched: Fetched,
    *,
    class_id: int,
    person_id: int,
    declared: Collection[str] = (),
    on_behalf: bool = False,
) -> Receipt:
    """Register a person for a training class as the lowest preference of its course.

    A repeated click gets the same answer.

    Raises:
        NotPermitted: the actor is not that person, nor staff who may act for them.
        NotFound: there is no such class.
        NotOpenYet, ClassClosed, AlreadyCompleted, AlreadyConfirmed, SeatHeld, AlreadyInCohort,
        TooManyChoices, SeatOverlaps: as they say.
    """
    facts = hold_class(work, class_id, person_id)
    _may_register(work, facts, person_id, on_behalf)
    return _enter(work, fetched, facts, person_id, declared, on_behalf)


def register_choices(
    work: Work,
    fetched: Fetched,
    *,
    class_ids: Sequence[int],
    person_id: int,
    declared: Collection[str] = (),
    on_behalf: bool = False,
) -> list[Receipt]:
    """Register for several classes of one course, best first, in one transaction.

    When a choice gives a seat for certain, the lower ones are not entered; its receipt names them.
    A refusal of one choice refuses all; the error's `field` is the class's id.

    Raises:
        DifferentCourses: the classes are not of one cohort.
        NotPermitted, NotFound and the refusals of `register`: as there.
    """
    wanted = list(dict.fromkeys(class_ids))
    classes = [
        hold_class(work, wanted[0], person_id),
        *(facts_of(work, each) for each in wanted[1:]),
    ]
    if len({facts.cohort_id for facts in classes}) > 1:
        raise DifferentCourses()
    for facts in classes:
        _may_register(work, facts, person_id, on_behalf)
    receipts: list[Receipt] = []
    for n, class_id in enumerate(wanted, start=1):
        facts = facts_of(work, class_id) if receipts else classes[0]  # the chain has grown since
        try:
            receipt = _enter(work, fetched, facts, person_id, declared, on_behalf)
        except DomainError as no:
            no.field = str(class_id)
            raise
        if receipt.seat in SEATED and wanted[n:]:
            return [*receipts, replace(receipt, left_out=tuple(wanted[n:]))]
        receipts.append(receipt)
    return receipts


def _enter(
    work: Work,
    fetched: Fetched,
    facts: ClassFacts,
    person_id: int,
    declared: Collection[str],
    on_behalf: bool,
) -> Receipt:
    """Take the next number of a held class, as the lowest preference, and be placed.

    A free seat goes to those first whose conflict in another course has just ended.
    """
    if facts.conflicts_ended and facts.free > 0:
        fill_cohort(work, facts.cohort_id)
        facts = facts_of(work, facts.id)
    about = known(work, person_id)
    own = about.choices(facts)
    for row in own:
        if row.class_id == facts.id and row.status in _OPEN:
            return _receipt(row)
    clash = about.clash(facts)
    problem = refusal(work, facts, own, clash)
    if problem is not None:
        raise problem
    judgement = judge(facts, about, fetched, declared)
    refused = _same_refusal(work, facts, own, judgement)
    if refused is not None:
        return _receipt(refused)
    free, kept_from = seat_free(facts, judgement), blocked(clash, own)
    target, seat = placed(facts, judgement, free and kept_from is None)
    number = facts.numbers_given + 1
    rank = facts.rank_of(number)
    asks = facts.stage >= CALLED and target in (Status.ADMITTED, Status.OFFERED)
    move = Move(
        0,
        facts.id,
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
    preference = max((row.preference for row in own if row.status in _OPEN), default=0) + 1
    values = {
        "class_id": facts.id,
        "cohort_id": facts.cohort_id,
        "person_id": person_id,
        "number": number,
        "rank": rank,
        "ticket_id": _ticket(work, facts, person_id),
        "preference": preference,
        "on_behalf": on_behalf,
        **judgement.columns(work.now),
    }
    registration_id = enter(work, facts.cohort_id, move, values, facts.chain)
    if asks:
        ask(work, facts, [registration_id], CLAIM if target is Status.OFFERED else CONFIRM)
    if target is Status.IN_REVIEW:
        open_case(work, facts, registration_id, person_id)
        if facts.self_funding:
            ask_to_claim(work, facts, [(registration_id, person_id)])
    if free and kept_from is not None:
        pass_over(work, facts.cohort_id, [Skipped(registration_id, person_id, *kept_from)])
    if target is Status.WAITLISTED:
        call_standby(work, facts)
    return Receipt(
        registration_id,
        number,
        rank,
        target,
        seat,
        judgement.track,
        class_id=facts.id,
        preference=preference,
    )


def _ticket(work: Work, facts: ClassFacts, person_id: int) -> int | None:
    """Take part in the draw while its window is open."""
    if facts.draw is None or not facts.draw.open_at(work.now):
        return None
    return ticket_of(work, facts.draw.id, person_id)


def _may_register(work: Work, facts: ClassFacts, person_id: int, on_behalf: bool) -> None:
    actor = work.actor
    if on_behalf:
        if actor.role not in STAFF or actor.institution not in (None, facts.institution):
            raise NotPermitted()
    elif actor.role is not Role.SEAFARER or actor.person_id != person_id:
        raise NotPermitted()


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        row.id,
        row.number,
        row.rank,
        Status(row.status),
        Seat(row.seat),
        Track(row.track),
        already=True,
        class_id=row.class_id,
        preference=row.preference,
    )


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
