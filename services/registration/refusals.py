"""What refuses a registration before anything is judged (rules.md 4 and 5)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.kernel.errors import DomainError
from services.kernel.work import Look
from services.registration.lifecycle import OPEN, Status
from services.registration.seats import ClassFacts
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


class TooManyChoices(DomainError):
    """The plan allows no more choices at a time."""

    code = "register.too_many_choices"
    sentence = mark(
        "You have {n} choices of this course open, the most the plan allows. "
        "Cancel one of them first. Nothing was sent."
    )


class SeatHeld(DomainError):
    """A lower choice would be left behind at once."""

    code = "register.seat_held"
    sentence = mark(
        "You hold a seat of this course in class {code}, so a further choice would not count. "
        "Give that seat up first if you prefer another class. Nothing was sent."
    )


class AlreadyConfirmed(DomainError):
    """A yes is final and leaves all other choices."""

    code = "register.already_confirmed"
    sentence = mark(
        "You have said yes to class {code} of this course; no further choice can be added. "
        "Nothing was sent."
    )


class DifferentCourses(DomainError):
    """Choices are classes of one course in one plan year."""

    code = "register.different_courses"
    sentence = mark("All choices must be classes of one course and plan year. Nothing was sent.")


class SeatOverlaps(DomainError):
    """The person has confirmed another class on the same days."""

    code = "register.seat_overlaps"
    sentence = mark(
        "You have confirmed class {code} on overlapping days ({days}). Nothing was sent."
    )


_OPEN = frozenset(status.value for status in OPEN)
_SAID_YES = (Status.CONFIRMED.value, Status.SELF_FUNDED.value)


def refusal(
    look: Look, facts: ClassFacts, own: Sequence[Any], clash: Row[Any] | None
) -> DomainError | None:
    """Say which rule refuses a further registration of a person in a class; None if none does."""
    found = _of_class(look, facts) or by_own(facts, own)
    if found is None and clash is not None and clash.status in _SAID_YES:
        return SeatOverlaps(code=clash.code, days=(clash.starts_on, clash.ends_on))
    return found


def _of_class(look: Look, facts: ClassFacts) -> DomainError | None:
    if facts.state != "published" or look.now >= facts.freeze_at:
        return ClassClosed()
    if facts.opens_at is None or look.now < facts.opens_at:
        return NotOpenYet(opens_at=facts.opens_at)
    return None


def by_own(facts: ClassFacts, own: Sequence[Any]) -> DomainError | None:
    """Say what a person's own registrations for the course refuse, in whichever of its classes."""
    if any(row.status == Status.COMPLETED.value for row in own):
        return AlreadyCompleted()
    mine = [row for row in own if row.status in _OPEN]
    if facts.max_choices == 1 and mine:
        return AlreadyInCohort(code=mine[0].code)
    for row in mine:
        if row.status in _SAID_YES:
            return AlreadyConfirmed(code=row.code)
        if row.status == Status.ADMITTED.value:
            return SeatHeld(code=row.code)
    return TooManyChoices(n=len(mine)) if len(mine) >= facts.max_choices else None
