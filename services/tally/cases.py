"""Reviews decided without a step of the registration: who decided is noted all the same."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from services.kernel.clock import taipei_day
from services.kernel.work import Work
from services.registration.records import review_case
from services.tally.reading import DECIDED
from services.tally.records import standing
from services.tally.rows import live
from services.tally.take_in import settle, states


def take_in(work: Work) -> None:
    """Note who decided, from the day of the decision or of the last step, whichever is later."""
    for row in _decided(work):
        before = states(work, [row.registration_id])
        after = {key: replace(state, by_person=True) for key, state in before.items()}
        day = taipei_day(row.decided_at).toordinal()
        day = max(day, row.from_day)
        settle(work, before, {key: {day: state} for key, state in after.items()})


def _decided(work: Work) -> list[Any]:
    case = review_case.c
    return work.all(
        select(
            case.registration_id, standing.c.from_day, func.min(case.decided_at).label("decided_at")
        )
        .join_from(review_case, standing, standing.c.registration_id == case.registration_id)
        .where(case.state.in_(DECIDED), live(), ~standing.c.by_person)
        .group_by(case.registration_id, standing.c.from_day)
        .order_by(case.registration_id)
    )
