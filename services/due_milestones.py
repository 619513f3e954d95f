"""Which milestones of a cohort are due: each waits for its moment and for those still answering."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.exc import OperationalError

from services.catalogue.records import milestone, training_class
from services.kernel.clock import taipei
from services.kernel.work import Work
from services.milestones import ORDER, Milestone
from services.registration.records import request
from services.registration.seats import ClassFacts, facts_of

Due = tuple[ClassFacts, Milestone, bool]  # the last: it no longer fits before the freeze
LATEST_SETTLEMENT = timedelta(days=6)
log = logging.getLogger("portal.milestones")


def find_due(work: Work, cohort_id: int, bad: set[int]) -> list[Due]:
    """Find the next milestone of each class, if it is due and nobody still has time to answer.

    The freeze never waits: what no longer fits before it is skipped and shown as skipped.
    """
    key = {"cohort_id": cohort_id, "now": work.now}
    due: list[Due] = []
    for class_id in work.connection.scalars(_DUE_CLASSES, key).all():
        if class_id in bad:
            continue
        try:
            one = _next(work, class_id)
        except OperationalError:
            raise
        except Exception:
            log.exception("the milestones of class %s cannot be read", class_id)
            bad.add(class_id)
        else:
            due += [one] if one else []
    return due


def _next(work: Work, class_id: int) -> Due | None:
    facts = facts_of(work, class_id)
    kind = ORDER[facts.stage]
    rows = {row.kind: row for row in _rows(work, facts)}
    if work.now >= rows[Milestone.FREEZE].due_at and kind is not Milestone.FREEZE:
        return facts, kind, True
    if facts.undrawn and kind is not Milestone.FREEZE:
        return None  # no call before the draw has said who has a seat
    if work.now < rows[kind].due_at or _still_answering(work, facts, rows, kind):
        return None
    return facts, kind, False


_DUE_CLASSES = (
    select(milestone.c.class_id)
    .distinct()
    .join(training_class, training_class.c.id == milestone.c.class_id)
    .where(
        training_class.c.cohort_id == bindparam("cohort_id"),
        training_class.c.state == "published",
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.reached_at.is_(None),
        milestone.c.due_at <= bindparam("now"),
    )
    .order_by(milestone.c.class_id)
)
_ROWS = select(milestone).where(
    milestone.c.class_id == bindparam("class_id"), milestone.c.schedule == bindparam("schedule")
)


def _rows(work: Work, facts: ClassFacts) -> Sequence[Row[Any]]:
    key = {"class_id": facts.id, "schedule": facts.schedule}
    return work.all(_ROWS, key)


def _still_answering(
    work: Work, facts: ClassFacts, rows: dict[str, Row[Any]], kind: Milestone
) -> bool:
    """Tell whether a request this milestone waits for is still within its deadline.

    It waits for requests made before its due moment or by the milestone before it, so that a
    clock that was down never asks and expires in the same second. The size check and the freeze
    wait for nobody, the settlement at the longest until six days before class.
    """
    settle_by = taipei(facts.starts_on - LATEST_SETTLEMENT, facts.policy.milestone_hour)
    if kind in (Milestone.SIZE_CHECK, Milestone.FREEZE) or (
        kind is Milestone.SETTLEMENT and work.now >= settle_by
    ):
        return False
    asked_by: datetime = rows[kind].due_at
    if facts.stage > 0:
        asked_by = max(asked_by, rows[ORDER[facts.stage - 1]].reached_at)
    key = {"class_id": facts.id, "asked_by": asked_by, "now": work.now}
    return work.connection.execute(_ANSWERING, key).first() is not None


_ANSWERING = (
    select(request.c.id)
    .where(
        request.c.class_id == bindparam("class_id"),
        request.c.closed_at.is_(None),
        request.c.asked_at <= bindparam("asked_by"),
        or_(request.c.deadline.is_(None), request.c.deadline > bindparam("now")),
    )
    .limit(1)
)
