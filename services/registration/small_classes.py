"""Classes too small at their size check: what staff are asked to cancel, postpone or merge."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from services.catalogue.records import course, institution, milestone, training_class
from services.catalogue.scope import scope_of
from services.kernel.work import Look
from services.milestones import Milestone
from services.notices.records import staff_task
from services.registration.moves import SAID_YES
from services.registration.records import registration


@dataclass(frozen=True, slots=True)
class SmallClass:
    """One class with an open size-check task."""

    id: int
    code: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    starts_on: date
    ends_on: date
    min_size: int
    coming: int
    freeze_at: datetime  # undecided by then, it is cancelled


def small_classes(look: Look) -> list[SmallClass]:
    """List the classes that are too small, soonest freeze first (MPB: of all institutions).

    Raises:
        NotPermitted: the actor is no staff.
    """
    own = scope_of(look.actor)
    coming = (
        select(func.count())
        .where(
            registration.c.class_id == training_class.c.id,
            registration.c.status.in_([status.value for status in SAID_YES]),
        )
        .scalar_subquery()
    )
    statement = (
        select(
            *(training_class.c[n] for n in ("id", "code", "starts_on", "ends_on", "min_size")),
            course.c.name_zh,
            course.c.name_en,
            institution.c.short_zh,
            institution.c.short_en,
            coming.label("coming"),
            milestone.c.due_at.label("freeze_at"),
        )
        .join(staff_task, staff_task.c.class_id == training_class.c.id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .join(
            milestone,
            (milestone.c.class_id == training_class.c.id)
            & (milestone.c.schedule == training_class.c.schedule)
            & (milestone.c.kind == Milestone.FREEZE.value),
        )
        .where(
            staff_task.c.kind == "too_small",
            staff_task.c.closed_at.is_(None),
            training_class.c.state == "published",
        )
        .order_by(milestone.c.due_at, training_class.c.code)
    )
    if own:
        statement = statement.where(training_class.c.institution == own)
    return [SmallClass(**row._mapping) for row in look.all(statement)]
