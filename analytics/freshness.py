"""How old is what the dashboards show, and does it agree with a recount?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from analytics.source import MISSING
from services.catalogue.records import cohort
from services.kernel.work import Look
from services.registration.records import registration_event
from services.tally.records import reconciliation, watermark


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The latest comparison of the sums with a recount."""

    at: datetime
    events: int  # taken in by then
    compared: int
    differences: int
    seconds: float
    named: tuple[str, ...]  # the first differences


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the sums have followed the events."""

    newest: datetime | None  # the newest event of all
    behind: int  # events not in the sums yet
    missing: datetime | None  # the oldest of these
    checked: Reconciliation | None


def freshness(look: Look) -> Freshness:
    """Tell how fresh the sums are, at this moment."""
    e = registration_event.c
    last = select(e.at).where(e.cohort_id == cohort.c.id, e.seq == cohort.c.events)
    newest = look.scalar(select(func.max(last.scalar_subquery())).select_from(cohort))
    taken = look.scalar(select(func.coalesce(func.sum(watermark.c.seq), 0)))
    total = look.scalar(select(func.coalesce(func.sum(cohort.c.events), 0)))
    return Freshness(newest, int(total - taken), look.scalar(MISSING), _checked(look))


def _checked(look: Look) -> Reconciliation | None:
    row = look.one_or_none(select(reconciliation).order_by(reconciliation.c.day.desc()).limit(1))
    if row is None:
        return None
    return Reconciliation(
        row.at, row.events, row.compared, row.differences, row.seconds, tuple(row.facts)
    )
