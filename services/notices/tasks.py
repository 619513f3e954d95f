"""Open a task for an institution's staff; the same task is opened once."""

from sqlalchemy import insert, select

from services.kernel.work import Work
from services.notices.records import staff_task


def open_task(
    work: Work,
    key: str,
    kind: str,
    institution: str,
    class_id: int,
    registration_id: int | None = None,
) -> None:
    """Open a staff task under a unique key; an existing one stays as it is."""
    if work.scalar(select(staff_task.c.id).where(staff_task.c.key == key)) is None:
        work.run(
            insert(staff_task),
            {
                "key": key,
                "kind": kind,
                "institution": institution,
                "class_id": class_id,
                "registration_id": registration_id,
                "opened_at": work.now,
            },
        )
