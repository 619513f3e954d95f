"""Ask a person to answer by a deadline, and note when the asking has reached them (rules.md 7).

The deadline is the later of the calendar deadline and the moment of reaching plus the response
window, never after the freeze; it is unknown until the request has reached the person.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from services.kernel.work import Work
from services.milestones import answer_by, personal_deadline, window_hours
from services.notices.outbox import Promise, promise
from services.notices.records import notice
from services.notices.tasks import close_tasks
from services.registration.lifecycle import Notice
from services.registration.records import request
from services.registration.seats import ClassFacts

_ASK = insert(request)
CONFIRM, CLAIM = "confirm", "claim"


def ask(work: Work, facts: ClassFacts, registration_ids: Sequence[int], kind: str) -> None:
    """Open a request for each registration; the notice that carries it is promised elsewhere."""
    if registration_ids:
        asked = {
            "class_id": facts.id,
            "kind": kind,
            "asked_at": work.now,
            "calendar_deadline": answer_by(facts.policy, facts.starts_on, kind, work.now),
            "freeze_at": facts.freeze_at,
            "window_hours": window_hours(facts.policy, facts.starts_on, work.now),
        }
        work.run(_ASK, [{"registration_id": each, **asked} for each in registration_ids])


def ask_to_confirm(work: Work, facts: ClassFacts, people: Sequence[tuple[int, int]]) -> None:
    """Ask (registration, person) pairs to confirm and promise the notice that asks them."""
    ask(work, facts, [registration_id for registration_id, _ in people], CONFIRM)
    promise(
        work,
        [
            Promise(
                Notice.CONFIRM_REQUEST.value,
                registration_id,
                person_id,
                f"{facts.schedule}",
                asks=True,
            )
            for registration_id, person_id in people
        ],
    )


def ask_to_claim(work: Work, facts: ClassFacts, people: Sequence[tuple[int, int]]) -> None:
    """Ask (registration, person) pairs under review whether they claim a seat that is sold.

    They have the same time to answer as everybody else who is offered one.
    """
    ask(work, facts, [registration_id for registration_id, _ in people], CLAIM)
    occurrence = f"{facts.schedule}.{work.now:%Y%m%d%H%M%S}"  # an appeal may bring a second one
    promise(
        work,
        [
            Promise(Notice.MAY_CLAIM.value, registration_id, person_id, occurrence, asks=True)
            for registration_id, person_id in people
        ],
    )


def reached(work: Work, request_id: int, *, by: str) -> None:
    """Note that a request has reached the person and fix the deadline; the first way counts."""
    _reach(work, work.all(select(request).where(request.c.id == request_id)), by)


def reached_through(work: Work, notice_id: int, *, by: str = "portal") -> None:
    """Note that the request an asking notice carries has reached the person."""
    row = work.connection.execute(
        select(notice.c.registration_id, notice.c.made_at).where(
            notice.c.id == notice_id, notice.c.asks
        )
    ).one_or_none()
    if row is not None:
        reached_many(work, [(row.registration_id, row.made_at)], by=by)


def reached_many(work: Work, pairs: Iterable[tuple[int, datetime]], *, by: str) -> None:
    """Note it for many (registration, notice made at) pairs: open requests asked by then."""
    made: dict[int, datetime] = {}
    for registration_id, made_at in pairs:
        made[registration_id] = max(made_at, made.get(registration_id, made_at))
    rows = []
    ids = sorted(made)
    for start in range(0, len(ids), 500):
        rows += work.all(
            select(request).where(
                request.c.registration_id.in_(ids[start : start + 500]),
                request.c.closed_at.is_(None),
                request.c.reached_at.is_(None),
            )
        )
    _reach(work, [row for row in rows if row.asked_at <= made[row.registration_id]], by)


_REACH = (
    update(request)
    .where(request.c.id == bindparam("b_id"))
    .values(reached_at=bindparam("b_at"), reached_by=bindparam("b_by"), deadline=bindparam("b_due"))
)


def _reach(work: Work, rows: Sequence[Row[Any]], by: str) -> None:
    reaching = [
        {
            "b_id": row.id,
            "b_at": work.now,
            "b_by": by,
            "b_due": personal_deadline(
                row.calendar_deadline, work.now, row.window_hours, row.freeze_at
            ),
        }
        for row in rows
        if row.reached_at is None and row.closed_at is None
    ]
    if reaching:
        work.run(_REACH, reaching)
    if by != "task":  # the task counted the days; the institution still phones
        close_tasks(work, [row.registration_id for row in rows])
