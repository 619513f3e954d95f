"""Which registrations a decided review decided, said once for the rollup and its recount.

A review hangs on one registration and decides every choice of its person that is under review
(services/review.py); an appeal decides its own. Each of them takes a step at that very moment. A
merge takes the verdict along to the registration that it makes.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select

from services.kernel.db import made_once
from services.registration.lifecycle import Reason, Status
from services.registration.records import registration, registration_event, review_case

DECIDED = ("approved", "rejected")


def decisions(some: Select[Any]) -> Select[Any]:
    """Give what decided some registrations: id, state, reason, decided_at; one row per review.

    some: a query of `registration`, of whichever columns.
    """
    r, c = registration.c, review_case.c
    theirs = and_(c.cohort_id == r.cohort_id, c.person_id == r.person_id)
    at_issue = (
        some.with_only_columns(r.id, r.cohort_id, r.person_id, r.registered_at)
        .add_columns(c.registration_id, c.state, c.reason, c.decided_at)
        .join(review_case, theirs)
        .where(c.state.in_(DECIDED))
    )
    x = made_once(at_issue, "at_issue")  # few: only of these are the steps looked at
    came = registration.alias("came")
    before = select(came.c.id).where(
        came.c.cohort_id == x.c.cohort_id,
        came.c.person_id == x.c.person_id,
        came.c.reason == Reason.MERGED.value,
        came.c.ended_at == x.c.registered_at,
        or_(came.c.id == x.c.registration_id, _moved(came, x)),
    )
    mine = or_(x.c.id == x.c.registration_id, _moved(x, x), before.correlate(x).exists())
    return select(x.c.id, x.c.state, x.c.reason, x.c.decided_at).where(mine)


def _moved(of: FromClause, x: FromClause) -> ColumnElement[bool]:
    """Say that a registration left its review when the review was decided."""
    e = registration_event.c
    then = e.at == x.c.decided_at, e.source == Status.IN_REVIEW.value
    step = select(e.seq).where(e.registration_id == of.c.id, *then)
    return step.correlate(of, x).exists()
