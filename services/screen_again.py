"""Screen again at the confirmation call and the day before the freeze (rules.md 6).

A later failure opens a review case; status and seat stay until a person decides.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select, update

from services.catalogue.records import milestone, training_class
from services.judging import Judgement, judge
from services.kernel.actor import SYSTEM
from services.kernel.work import Look, Office, Work
from services.milestones import Milestone
from services.mtnet.fetch import Fetched
from services.open_case import open_case
from services.registration.known import known_of
from services.registration.lifecycle import OPEN, Status
from services.registration.records import registration
from services.registration.seats import ClassFacts, hold_class

DAY_BEFORE = timedelta(days=1)
STATUSES = tuple(status.value for status in OPEN if status is not Status.IN_REVIEW)
PATIENCE = 3  # silences of MTNet after which the rest waits for the next tick
log = logging.getLogger("portal.screen_again")


def screen_again(office: Office, fetch: Callable[[int], Fetched]) -> int:
    """Judge everybody whose class has passed one of the two moments since; return how many.

    MTNet is asked before the lock. When it is silent the rest waits for the next tick.
    """
    with office.look(SYSTEM) as look:
        due = _due(look)
    judged = 0
    for class_id, person_ids in due.items():
        answers = _ask(fetch, person_ids)
        if not answers:
            return judged
        try:
            judged += office.do(SYSTEM, partial(_judge_class, class_id=class_id, fetched=answers))
        except Exception:
            log.exception("screening class %s again failed; the others go on", class_id)
    return judged


def _ask(fetch: Callable[[int], Fetched], person_ids: Sequence[int]) -> dict[int, Fetched]:
    """Fetch records until MTNet has been silent a few times."""
    answers: dict[int, Fetched] = {}
    silences = 0
    for person_id in person_ids:
        answer = fetch(person_id)
        if answer.record is not None:
            answers[person_id] = answer
            continue
        silences += 1
        if silences == PATIENCE:
            break
    return answers


def _due(look: Look) -> dict[int, list[int]]:
    """Give, by class, the people screened before the latest of its moments that has come."""
    due: dict[int, list[int]] = {}
    moments = {"now": look.now, "freeze_by": look.now + DAY_BEFORE}
    for row in look.connection.execute(_PEOPLE, moments):
        latest = row.freeze_at - DAY_BEFORE if row.freeze_at - DAY_BEFORE <= look.now else row.call
        if row.screened_at < latest:
            due.setdefault(row.class_id, []).append(row.person_id)
    return due


_CALL, _FREEZE = milestone.alias("call"), milestone.alias("freeze")


def _of(class_milestone: Any, kind: Milestone) -> Any:
    return and_(
        class_milestone.c.class_id == training_class.c.id,
        class_milestone.c.schedule == training_class.c.schedule,
        class_milestone.c.kind == kind.value,
    )


_PEOPLE = (
    select(
        registration.c.class_id,
        registration.c.person_id,
        registration.c.screened_at,
        _CALL.c.due_at.label("call"),
        _FREEZE.c.due_at.label("freeze_at"),
    )
    .join(training_class, training_class.c.id == registration.c.class_id)
    .join(_CALL, _of(_CALL, Milestone.CONFIRMATION_CALL))
    .join(_FREEZE, _of(_FREEZE, Milestone.FREEZE))
    .where(
        training_class.c.state == "published",
        registration.c.status.in_(STATUSES),
        _CALL.c.due_at <= bindparam("now"),
        or_(
            registration.c.screened_at < _CALL.c.due_at,
            _FREEZE.c.due_at <= bindparam("freeze_by"),
        ),
    )
    .order_by(registration.c.class_id, registration.c.id)
)
_OPEN_IN_CLASS = select(registration).where(
    registration.c.class_id == bindparam("class_id"), registration.c.status.in_(STATUSES)
)


_JUDGED = (
    update(registration)
    .where(registration.c.id == bindparam("b_id"))
    .values(screened_at=bindparam("b_at"), rescreen_due=False)
)


def _judge_class(work: Work, class_id: int, fetched: Mapping[int, Fetched]) -> int:
    facts = hold_class(work, class_id)
    rows = work.all(_OPEN_IN_CLASS, {"class_id": class_id})
    mine = [row for row in rows if row.person_id in fetched]
    people = known_of(work, [row.person_id for row in mine])
    for row in mine:
        judgement = judge(facts, people[row.person_id], fetched[row.person_id], row.declared)
        if judgement.outcome == "ineligible":
            _doubt(work, facts, row, judgement)
    if mine:
        work.run(_JUDGED, [{"b_id": row.id, "b_at": work.now} for row in mine])
    return len(mine)


def _doubt(work: Work, facts: ClassFacts, row: Row[Any], judgement: Judgement) -> None:
    """Show an officer what fails now."""
    findings = judgement.screening.to_json()
    work.run(update(registration).where(registration.c.id == row.id).values(findings=findings))
    open_case(work, facts, row.id, row.person_id)
