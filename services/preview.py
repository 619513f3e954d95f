"""Tell what registering now would give, changing nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from services.judging import Judgement, judge
from services.kernel.errors import DomainError
from services.kernel.work import Look
from services.lottery.standing import InDraw
from services.mtnet.fetch import Fetched
from services.placing import blocked, placed, seat_free, waiting
from services.registration.fixpoint import Skip
from services.registration.known import known
from services.registration.lifecycle import SEATED, Status
from services.registration.refusals import refusal
from services.registration.seats import facts_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What registering now would give."""

    judgement: Judgement
    would: Status
    place: int | None  # in the waiting list
    problem: DomainError | None
    class_id: int = 0
    suspended: bool = False  # a better choice would hold a reserved seat
    left_out: bool = False  # a better choice would give a seat
    draw: InDraw | None = None  # what orders the queue; None: the number


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
    [seen] = preview_choices(
        look, fetched, class_ids=[class_id], person_id=person_id, declared=declared
    )
    return seen


def preview_choices(
    look: Look,
    fetched: Fetched,
    *,
    class_ids: Sequence[int],
    person_id: int,
    declared: Collection[str] = (),
) -> list[Preview]:
    """Tell what registering now for several classes, best first, would give, changing nothing.

    Raises:
        NotFound: there is no such class.
    """
    seen: list[Preview] = []
    entered: list[Any] = []
    seated = False
    about = known(look, person_id)
    for class_id in dict.fromkeys(class_ids):
        facts = facts_of(look, class_id)
        own = [*about.choices(facts), *entered]
        clash = about.clash(facts)
        problem = None if seated else refusal(look, facts, own, clash)
        judgement = judge(facts, about, fetched, declared)
        kept_from, free = blocked(clash, own), seat_free(facts, judgement)
        target, seat = placed(facts, judgement, free and kept_from is None)
        waits = target is Status.WAITLISTED
        place = waiting(look, facts, judgement.track) + 1 if waits else None
        held = kept_from is not None and kept_from[0] is Skip.BETTER_RESERVED
        seen.append(
            Preview(
                judgement,
                target,
                place,
                problem,
                class_id,
                suspended=held,
                left_out=seated,
                draw=facts.draw,
            )
        )
        if problem is None and not seated:
            entered.append(_Entered(facts.id, target.value, seat.value, facts.code))
            seated = seat in SEATED
    return seen


def refused_now(look: Look, class_id: int) -> DomainError | None:
    """Say which rule would refuse the actor a registration in a class before anything is judged.

    Raises:
        NotFound: there is no such class.
    """
    facts, about = facts_of(look, class_id), known(look, look.actor.person_id or 0)
    return refusal(look, facts, about.choices(facts), about.clash(facts))


@dataclass(frozen=True, slots=True)
class _Entered:
    """A choice as if it had been entered."""

    class_id: int
    status: str
    seat: str
    code: str
