"""The tasks that were opened for staff: people to reach by phone, public values to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, exists, func, select

from services.catalogue.records import course, plan_window, training_class
from services.catalogue.scope import scope_of
from services.identity.records import person
from services.kernel.work import Look
from services.notices.records import notice, staff_task
from services.notices.undelivered import came_back, on_its_way
from services.registration.records import registration, request


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An open task: of a class, or of a person who registered for it."""

    id: int
    kind: str
    class_id: int
    code: str
    name_zh: str
    name_en: str
    starts_on: date
    opened_at: datetime
    registration_id: int | None
    who_zh: str | None
    who_en: str | None
    asked: bool  # an answer is wanted
    letter: str | None  # of the person's letters: one came back, or all go again


def tasks(look: Look) -> list[TaskLine]:
    """List the open tasks of the actor's institution (MPB: of all), oldest first.

    A person stands there once, however many letters came back.
    """
    own = scope_of(look.actor)
    letters = exists().where(notice.c.registration_id == staff_task.c.registration_id)
    statement = (
        select(
            staff_task.c.id,
            staff_task.c.kind,
            staff_task.c.class_id,
            training_class.c.code,
            course.c.name_zh,
            course.c.name_en,
            training_class.c.starts_on,
            staff_task.c.opened_at,
            staff_task.c.registration_id,
            person.c.name_zh.label("who_zh"),
            func.coalesce(person.c.name_latin, person.c.name_zh).label("who_en"),
            exists()
            .where(
                request.c.registration_id == staff_task.c.registration_id,
                request.c.closed_at.is_(None),
            )
            .label("asked"),
            case(
                (letters.where(came_back()), "back"), (letters.where(on_its_way()), "again")
            ).label("letter"),
        )
        .join(training_class, training_class.c.id == staff_task.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .outerjoin(registration, registration.c.id == staff_task.c.registration_id)
        .outerjoin(person, person.c.id == registration.c.person_id)
        .where(staff_task.c.closed_at.is_(None))
        .order_by(staff_task.c.opened_at, staff_task.c.id)
        .limit(50)
    )
    if own:
        statement = statement.where(staff_task.c.institution == own)
    return _once([TaskLine(**row._mapping) for row in look.all(statement)])


def _once(lines: Iterable[TaskLine]) -> list[TaskLine]:
    """Keep a person's first task; whoever does it sees every letter."""
    seen: set[int] = set()
    kept = []
    for line in lines:
        if line.registration_id not in seen:
            kept.append(line)
        if line.registration_id is not None:
            seen.add(line.registration_id)
    return kept


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
