"""The review case of a person and cohort: with the institution of the best choice under review."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, select, update

from services.catalogue.records import training_class
from services.kernel.db import among
from services.kernel.work import Look, Work
from services.registration.lifecycle import OPEN, Status
from services.registration.records import CASE_WAITS, registration, review_case

_OPEN = [status.value for status in OPEN]


def appealed() -> ColumnElement[bool]:
    """Whether MPB is deciding an appeal about a registration: its other reviews leave it alone."""
    theirs = review_case.alias("appeal")
    return exists().where(
        theirs.c.registration_id == registration.c.id,
        theirs.c.statement.is_not(None),
        among(theirs.c.state, CASE_WAITS),
    )


def open_case_of(look: Look, cohort_id: int, person_id: int) -> Row[Any] | None:
    """Give the open case of a person in a cohort, appeals aside: id, registration_id, status."""
    key = {"cohort_id": cohort_id, "person_id": person_id}
    found: Row[Any] | None = look.one_or_none(_OPEN_CASE, key)
    return found


_OPEN_CASE: Select[Any] = (
    select(review_case.c.id, review_case.c.registration_id, registration.c.status)
    .join(registration, registration.c.id == review_case.c.registration_id)
    .where(
        review_case.c.cohort_id == bindparam("cohort_id"),
        review_case.c.person_id == bindparam("person_id"),
        review_case.c.state.in_(CASE_WAITS),
        review_case.c.statement.is_(None),
    )
)


def rest_cases(work: Work, cohort_id: int, person_ids: Collection[int]) -> None:
    """Bring open cases whose registration has left to the next best choice, or close them."""
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), 500):
        left = work.all(
            select(review_case.c.id)
            .join(registration, registration.c.id == review_case.c.registration_id)
            .where(
                review_case.c.person_id.in_(ids[start : start + 500]),
                review_case.c.cohort_id == cohort_id,
                review_case.c.state.in_(CASE_WAITS),
                registration.c.status.not_in(_OPEN),
            )
        )
        for row in left:
            move_on(work, row.id)


def move_on(work: Work, case_id: int) -> None:
    """Bring an open case to the person's best choice under review; with none left, close it.

    An appeal is about one registration and ends with it.
    """
    best = work.all(
        select(registration.c.id.label("registration_id"), training_class.c.institution)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(
            review_case,
            and_(
                review_case.c.cohort_id == registration.c.cohort_id,
                review_case.c.person_id == registration.c.person_id,
            ),
        )
        .where(
            review_case.c.id == case_id,
            review_case.c.statement.is_(None),
            registration.c.status == Status.IN_REVIEW.value,
            ~appealed(),
        )
        .order_by(registration.c.preference)
        .limit(1)
    )
    values = dict(best[0]._mapping) if best else {"state": "void", "decided_at": work.now}
    work.run(update(review_case).where(review_case.c.id == case_id).values(**values))
