"""Tasks for an institution's staff: opened once, closed by what they wait for."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from services.catalogue.scope import require_own
from services.kernel.errors import DomainError, NotFound
from services.kernel.work import Look, Work
from services.notices.records import staff_task
from services.words import mark

_DEAD_LETTER = "dead_letter:"


class TaskDone(DomainError):
    """The task is closed: somebody did it, or its matter has ended."""

    code = "desk.task_done"
    sentence = mark("This task is closed already. Nothing was changed.")


def open_task(
    work: Work,
    key: str,
    kind: str,
    institution: str | None = None,
    class_id: int | None = None,
    registration_id: int | None = None,
    window_id: int | None = None,
) -> None:
    """Open a staff task under a unique key; an existing one stays as it is.

    A task of no institution is one for MPB's planners.
    """
    if work.scalar(select(staff_task.c.id).where(staff_task.c.key == key)) is None:
        work.run(
            insert(staff_task),
            {
                "key": key,
                "kind": kind,
                "institution": institution,
                "class_id": class_id,
                "registration_id": registration_id,
                "window_id": window_id,
                "opened_at": work.now,
            },
        )


def unreached_key(request_id: int) -> str:
    """Give the key of the task to phone somebody whom a request did not reach."""
    return f"unreached:{request_id}"


def dead_letter_key(notice_id: int) -> str:
    """Give the key of the task about a letter that asks nothing and came back."""
    return f"{_DEAD_LETTER}{notice_id}"


def task_about(look: Look, task_id: int) -> Row[Any]:
    """Give a task about a person of the actor's institution, open or closed.

    Raises:
        NotFound: there is no such task about a person, or it is another institution's.
        NotPermitted: the actor is no staff.
    """
    row = look.one_or_none(select(staff_task).where(staff_task.c.id == task_id))
    if row is None or row.registration_id is None:
        raise NotFound
    require_own(look.actor, row.institution)
    return row


def open_task_about(look: Look, task_id: int) -> Row[Any]:
    """Give a task about a person while it is open.

    Raises:
        NotFound, NotPermitted: as `task_about`.
        TaskDone: it is closed.
    """
    row = task_about(look, task_id)
    if row.closed_at is not None:
        raise TaskDone
    return row


_CLOSE = (
    update(staff_task)
    .where(
        staff_task.c.registration_id == bindparam("b_registration"),
        staff_task.c.closed_at.is_(None),
    )
    .values(closed_at=bindparam("b_now"))
)


def close_tasks(work: Work, registration_ids: Collection[int]) -> None:
    """Close what was open about these registrations: they have been reached, or have left."""
    if registration_ids:
        rows = [{"b_registration": each, "b_now": work.now} for each in registration_ids]
        work.run(_CLOSE, rows)


def close_tasks_called(work: Work, keys: Collection[str]) -> None:
    """Close the tasks of these keys where they are open: their letters have arrived after all."""
    called = staff_task.c.key.in_(keys), staff_task.c.closed_at.is_(None)
    work.run(update(staff_task).where(*called).values(closed_at=work.now))


def close_letter_tasks(work: Work, registration_id: int) -> int:
    """Close what is open about a registration's letters that ask nothing; return how many."""
    mine = (
        staff_task.c.registration_id == registration_id,
        staff_task.c.key.startswith(_DEAD_LETTER, autoescape=True),
        staff_task.c.closed_at.is_(None),
    )
    return int(work.run(update(staff_task).where(*mine).values(closed_at=work.now)).rowcount)


def close_class_tasks(work: Work, class_id: int, kind: str) -> None:
    """Close a class's own task of one kind: the matter is settled."""
    work.run(
        update(staff_task)
        .where(
            staff_task.c.class_id == class_id,
            staff_task.c.kind == kind,
            staff_task.c.closed_at.is_(None),
        )
        .values(closed_at=work.now)
    )
