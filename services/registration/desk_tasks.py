"""The tasks that were opened for staff: people to reach by phone, public values to read."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from services.catalogue.records import course, plan_window, training_class
from services.catalogue.scope import scope_of
from services.kernel.work import Look
from services.notices.records import staff_task


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An open task."""

    kind: str
    class_id: int
    code: str
    name_zh: str
    name_en: str
    starts_on: date
    opened_at: datetime


def tasks(look: Look) -> list[TaskLine]:
    """List the open tasks of the actor's institution (MPB: of all), oldest first."""
    own = scope_of(look.actor)
    statement = (
        select(
            staff_task.c.kind,
            staff_task.c.class_id,
            training_class.c.code,
            course.c.name_zh,
            course.c.name_en,
            training_class.c.starts_on,
            staff_task.c.opened_at,
        )
        .join(training_class, training_class.c.id == staff_task.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .where(staff_task.c.closed_at.is_(None))
        .order_by(staff_task.c.opened_at)
        .limit(50)
    )
    if own:
        statement = statement.where(staff_task.c.institution == own)
    return [TaskLine(**row._mapping) for row in look.all(statement)]


@dataclass(frozen=True, slots=True)
class ValueTask:
    """A draw that waits for its public value to be read and entered."""

    window_id: int
    year: int
    closes_at: datetime
    opened_at: datetime


def value_tasks(look: Look) -> list[ValueTask]:
    """List the draws whose public value MPB's planners have to read, oldest first."""
    if scope_of(look.actor):
        return []  # no institution's matter
    rows = look.all(
        select(
            staff_task.c.window_id, plan_window.c.year, plan_window.c.closes_at,
            staff_task.c.opened_at,
        )
        .join(plan_window, plan_window.c.id == staff_task.c.window_id)
        .where(staff_task.c.closed_at.is_(None))
        .order_by(staff_task.c.opened_at)
    )  # fmt: skip
    return [ValueTask(**row._mapping) for row in rows]
