"""Tasks for an institution's staff: opened once, closed by what they wait for."""

from collections.abc import Collection

from sqlalchemy import bindparam, insert, select, update

from services.kernel.work import Work
from services.notices.records import staff_task


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
