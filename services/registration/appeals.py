"""Whether a refusal can be appealed against, and until when (rules.md 4 and 6)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from services.catalogue.records import annual_plan
from services.kernel.clock import taipei_day
from services.kernel.work import Look
from services.registration.lifecycle import Status
from services.registration.records import registration, review_case
from services.registration.seats import ClassFacts, facts_of


def last_day(look: Look, row: Row[Any], facts: ClassFacts) -> date:
    """Give the last day for an appeal: the plan's days, never beyond the freeze of the class."""
    days = look.scalar(select(annual_plan.c.appeal_days).where(annual_plan.c.year == facts.year))
    return min(taipei_day(row.ended_at) + timedelta(days=days), taipei_day(facts.freeze_at))


def refused_before(look: Look, row: Row[Any]) -> bool:
    """Tell whether MPB has refused the person's appeal in the cohort on the same grounds."""
    decided = (
        select(review_case.c.id)
        .join(registration, registration.c.id == review_case.c.registration_id)
        .where(
            review_case.c.cohort_id == row.cohort_id,
            review_case.c.person_id == row.person_id,
            review_case.c.statement.is_not(None),
            review_case.c.state == "rejected",
            registration.c.failing == row.failing,
        )
    )
    return bool(look.all(decided))


def appeal_until(look: Look, registration_id: int) -> date | None:
    """Give the last day on which the owner may still appeal against a refusal, if there is one."""
    row = look.one_or_none(select(registration).where(registration.c.id == registration_id))
    if row is None or row.status != Status.INELIGIBLE.value:
        return None
    facts = facts_of(look, row.class_id)
    until = last_day(look, row, facts)
    over = facts.state != "published" or facts.fixed or look.today > until
    return None if over or refused_before(look, row) else until
