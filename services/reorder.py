"""Change the order of choices (志願序): the person's own wish, until a seat is held for certain."""

from collections.abc import Sequence

from sqlalchemy import select

from services.cancel import owned_by
from services.catalogue.records import training_class
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition
from services.registration.cases import move_on, open_case_of
from services.registration.lifecycle import OPEN, SEATED, Status
from services.registration.preferences import renumber
from services.registration.records import registration
from services.registration.seats import facts_of, hold
from services.registration.skips import lift_own
from services.words import mark


class OrderStands(DomainError):
    """Lower choices have ended already, and better ones still count."""

    code = "reorder.order_stands"
    sentence = mark("You hold a seat in class {code}, so the order of your choices stands.")


def reorder(work: Work, registration_ids: Sequence[int]) -> list[int]:
    """Put all open choices of one person and course in order, best first.

    A seat only reserved moves on if a better choice now has one free. Return who is seated by it.

    Raises:
        NotFound: they are not the actor's.
        IllegalTransition: they are not exactly the open choices; the page is old.
        OrderStands: the person holds a seat for certain.
    """
    if not registration_ids:
        raise IllegalTransition()
    row = hold(work, registration_ids[0])
    owned_by(work, row, facts_of(work, row.class_id))
    choices = work.all(
        select(registration.c.id, registration.c.seat, training_class.c.code)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .where(
            registration.c.cohort_id == row.cohort_id,
            registration.c.person_id == row.person_id,
            registration.c.status.in_([status.value for status in OPEN]),
        )
    )
    if sorted(registration_ids) != sorted(choice.id for choice in choices):
        raise IllegalTransition()
    for choice in choices:
        if choice.seat in SEATED:
            raise OrderStands(code=choice.code)
    renumber(work, registration_ids)
    lift_own(work, row.cohort_id, row.person_id)
    case = open_case_of(work, row.cohort_id, row.person_id)
    if case is not None and case.status == Status.IN_REVIEW.value:
        move_on(work, case.id)
    return fill_cohort(work, row.cohort_id)
