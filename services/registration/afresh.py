"""Whether somebody whose registration has ended may register again, and what keeps them from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.kernel.errors import DomainError
from services.kernel.work import Look
from services.registration.cards import RegistrationCard, Say
from services.registration.known import known
from services.registration.lifecycle import OPEN, Status
from services.registration.refusals import (
    AlreadyCompleted,
    AlreadyInCohort,
    ClassClosed,
    NotOpenYet,
    SeatOverlaps,
    TooManyChoices,
    by_own,
    refusal,
)
from services.registration.seats import ClassFacts
from services.words import mark

_OPEN = frozenset(status.value for status in OPEN)
FULL = (AlreadyInCohort, TooManyChoices)  # as many choices as the plan allows are open


@dataclass(frozen=True, slots=True)
class Afresh:
    """What a further registration of the person would meet."""

    refused: DomainError | None = None  # in this class
    own: DomainError | None = None  # by what the person has, in every class of the course
    number: int | None = None  # registered here again already, with this number


NOTHING = Afresh()  # keeps nobody from anything


def afresh(look: Look, card: RegistrationCard, facts: ClassFacts) -> Afresh:
    """Ask the rules of registering about the person of a closed registration."""
    about = known(look, card.person_id)
    own = about.choices(facts)
    open_here = [row.number for row in own if row.class_id == facts.id and row.status in _OPEN]
    return Afresh(
        refusal(look, facts, own, about.clash(facts)),
        by_own(facts, own),
        open_here[0] if open_here else None,
    )


def told_afresh(card: RegistrationCard, now: Afresh) -> Iterator[Say]:
    """Say what registering again takes (pure)."""
    if now.number is not None:
        sentence = mark("You are registered here again, with number {number}.")
        yield Say(sentence, {"number": f"{now.number:03d}"})
    elif isinstance(now.own, AlreadyCompleted):
        yield Say(mark("You have completed this course this year, so nothing more is needed."))
    elif isinstance(now.refused, ClassClosed) and now.own is not None:
        yield Say(mark("This class takes no more registrations."))
    elif isinstance(now.refused, ClassClosed):
        yield Say(mark("This class takes no more registrations; another class of the course may."))
    elif isinstance(now.refused, NotOpenYet):
        yield Say(mark("Registration for this class is not open yet."))
    elif isinstance(now.refused, FULL):
        yield Say(
            mark("You can register here again once fewer of your choices of this course are open.")
        )
    elif isinstance(now.refused, SeatOverlaps):
        yield Say(
            mark("You can register here again once you hold no confirmed seat on the same days.")
        )
    elif now.refused is not None:
        yield Say(mark("You can register here again once you hold no seat in this course."))
    elif card.status is Status.INELIGIBLE:
        yield Say(
            mark(
                "Once your records or papers have changed, register again: you get a new number "
                "at the end of the queue."
            )
        )
    else:
        yield Say(mark("Register again: you get a new number at the end of the queue."))
