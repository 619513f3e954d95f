"""Appeal to MPB against a refusal: the same number, and a case that only planners decide.

Source: rules.md 4 (appeal, within the plan's days) and 6 (appeals go to MPB).
"""

from typing import Any

from sqlalchemy import Row, insert, select, update

from services.cancel import owned_by
from services.catalogue.checks import Checks
from services.catalogue.holidays import add_working_days
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition, advance
from services.registration.appeals import last_day, refused_before
from services.registration.lifecycle import HELD, OPEN, Event, Seat, Status
from services.registration.moves import move_of
from services.registration.records import registration, review_case
from services.registration.seats import ClassFacts, facts_of, hold
from services.requests import ask_to_claim
from services.words import mark

SHORTEST, LONGEST = 10, 2000


class TooLateToAppeal(DomainError):
    """The plan's days for an appeal are over, or the class is fixed."""

    code = "appeal.too_late"
    sentence = mark("An appeal was possible until {day}. Nothing was changed.")


class AlreadyAppealed(DomainError):
    """MPB has decided an appeal on the same grounds."""

    code = "appeal.already_appealed"
    sentence = mark("MPB has already decided your appeal; it cannot be repeated.")


class StillRegistered(DomainError):
    """One open registration per person and class."""

    code = "appeal.still_registered"
    sentence = mark(
        "You have registered for this class again (number {number}). Cancel that one first if you "
        "want to appeal with your old number."
    )


class NoChoiceLeft(DomainError):
    """The other registrations in the cohort leave no room for this one."""

    code = "appeal.no_choice_left"
    sentence = mark(
        "You hold a seat in this course, have completed it, or have no choice left. Nothing was "
        "changed."
    )


def appeal(work: Work, registration_id: int, *, statement: str) -> int:
    """Appeal against a refusal; return the case that MPB's planners decide.

    Raises:
        NotFound, NotPermitted: it is not the actor's.
        IllegalTransition: it was not refused, or the class is over.
        TooLateToAppeal, AlreadyAppealed, StillRegistered, NoChoiceLeft: as they say.
        InvalidInput: the statement is too short or too long.
    """
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    owned_by(work, row, facts)
    text = statement.strip()
    checks = Checks()
    if len(text) < SHORTEST:
        sentence = mark("Say in at least {least} characters why the refusal is wrong.")
        checks.refuse("statement", sentence, least=SHORTEST)
    checks.short("statement", text, LONGEST)
    checks.settle()
    check_appeal(work, row, facts)
    preference = _preference(work, row, facts)
    work.run(
        update(registration)
        .where(registration.c.id == row.id)
        .values(
            verdict="review",
            preference=preference,
            ended_at=None,
            qualified_at=None,
            skip_reason=None,
            claimed_at=None,
            standing_yes_at=None,
        )
    )
    advance(work, facts.cohort_id, [move_of(row, Event.APPEAL, Status.IN_REVIEW, Seat.NONE)])
    case = {
        "registration_id": row.id,
        "cohort_id": facts.cohort_id,
        "person_id": row.person_id,
        "institution": facts.institution,
        "opened_at": work.now,
        "due_on": add_working_days(work.today, facts.review_days),
        "statement": text,
    }
    case_id = int(work.run(insert(review_case), case).inserted_primary_key[0])
    if facts.self_funding:
        ask_to_claim(work, facts, [(row.id, row.person_id)])
    fill_cohort(work, facts.cohort_id)  # a seat nobody waits for is kept for the person at once
    return case_id


def check_appeal(look: Look, row: Row[Any], facts: ClassFacts) -> None:
    """Refuse whoever was not refused, comes too late, or has appealed on these grounds before.

    Raises:
        IllegalTransition, TooLateToAppeal, AlreadyAppealed: as they say.
    """
    if row.status != Status.INELIGIBLE.value or facts.state != "published":
        raise IllegalTransition
    until = last_day(look, row, facts)
    if look.today > until or facts.fixed:
        raise TooLateToAppeal(day=until)
    if refused_before(look, row):
        raise AlreadyAppealed


_OPEN = [status.value for status in OPEN]


def _preference(work: Work, row: Row[Any], facts: ClassFacts) -> int:
    """Find a preference that is free, the old one if it may be.

    Raises:
        StillRegistered, NoChoiceLeft: there is no room for another open registration.
    """
    rows = work.all(
        select(registration).where(
            registration.c.cohort_id == facts.cohort_id,
            registration.c.person_id == row.person_id,
            registration.c.status.in_([*_OPEN, Status.COMPLETED.value]),
        )
    )
    again = next((r for r in rows if r.class_id == row.class_id and r.status in _OPEN), None)
    if again is not None:
        raise StillRegistered(number=again.number)
    taken = {r.preference for r in rows}
    done = any(r.status == Status.COMPLETED.value for r in rows)
    if done or any(r.seat in HELD for r in rows) or len(rows) >= facts.max_choices:
        raise NoChoiceLeft
    return next(n for n in range(row.preference, 10_000) if n not in taken)
