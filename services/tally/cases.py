"""Reviews decided without a step of their registration: who decided is noted all the same."""

from typing import Any

from sqlalchemy import func, select

from services.kernel.clock import taipei_day
from services.kernel.work import Look, Work
from services.registration.records import review_case
from services.tally.decisions import DECIDED
from services.tally.persons import take
from services.tally.records import standing
from services.tally.rows import live
from services.tally.take_in import settle


def take_in(work: Work) -> None:
    """Note who decided, from the day of the decision or of the last step, whichever is later."""
    rows = decided(work)
    if not rows:
        return
    pairs = {row.registration_id: (row.cohort_id, row.person_id) for row in rows}
    hand = take(work, pairs)
    for row in rows:
        day = max(taipei_day(row.decided_at).toordinal(), row.from_day)
        hand.move(hand.known[row.registration_id]._replace(by_person=1), day)
    settle(work, hand)


def decided(look: Look) -> list[Any]:
    """Find the registrations whose review is decided and not noted."""
    case, s = review_case.c, standing.c
    mine = s.cohort_id, s.person_id, s.registration_id, s.from_day
    of = (
        (s.cohort_id == case.cohort_id)
        & (s.person_id == case.person_id)
        & (s.registration_id == case.registration_id)
    )
    return look.all(
        select(*mine, func.min(case.decided_at).label("decided_at"))
        .join_from(review_case, standing, of)
        .where(case.state.in_(DECIDED), live(), ~s.by_person)
        .group_by(*mine)
        .order_by(s.registration_id)
    )
