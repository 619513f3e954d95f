"""What the clock does: run due milestones, lapse deadlines, remind, look again, hand over.

Truth about what is due lies in the database. A missed night is caught up, a second run does
nothing, and one bad class stops no other: each piece is a unit of work of its own.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from services.catalogue.records import milestone, training_class
from services.draw import close_draw, draws_to_close, draws_to_make, make_draw
from services.kernel.actor import SYSTEM
from services.kernel.work import Look, Office, Work
from services.milestone_steps import run_due
from services.milestones import SELF_FUNDING
from services.notices.outbox import Promise, promise
from services.notices.records import notice, staff_task
from services.notices.tasks import open_task, unreached_key
from services.promote import fill_cohort
from services.public_value import ask_for_value, windows_to_value
from services.registration.advance import advance
from services.registration.lifecycle import Event, Notice, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.records import (
    look_again,
    registration,
    request,
    review_case,
)
from services.registration.seats import facts_of, hold, lock_cohort
from services.registration.skips import end_conflicts
from services.requests import CONFIRM, reached
from services.review import decided_by

UNREACHED_AFTER = timedelta(hours=24)
REACHED_AFTER_TASK = timedelta(hours=72)
REMIND_BEFORE = timedelta(days=2)
Act = Callable[[Work, Any], int | Counter[str]]  # counts, under its own name or several
log = logging.getLogger("portal.sweep")


def sweep(office: Office) -> Counter[str]:
    """Do everything that is due now; return how often each thing was done."""
    done: Counter[str] = Counter()
    for name, find, act in DUTIES:
        with office.look(SYSTEM) as look:
            due = find(look)
        for key in due:
            try:
                counted = _once(office, act, key)
                done += counted if isinstance(counted, Counter) else Counter({name: counted})
            except Exception:
                log.exception("sweep: %s of %s failed; the others go on", name, key)
                done["failed"] += 1
    return done


def _once(office: Office, act: Act, key: Any) -> int | Counter[str]:
    return office.do(SYSTEM, lambda work: act(work, key))


def _due_cohorts(look: Look) -> list[int]:
    statement = (
        select(training_class.c.cohort_id)
        .distinct()
        .join(milestone, milestone.c.class_id == training_class.c.id)
        .where(
            milestone.c.reached_at.is_(None),
            milestone.c.due_at <= look.now,
            milestone.c.schedule == training_class.c.schedule,
            training_class.c.state == "published",
        )
        .order_by(training_class.c.cohort_id)
    )
    return list(look.connection.scalars(statement))


def _run_milestones(work: Work, cohort_id: int) -> Counter[str]:
    ran, failed = run_due(work, cohort_id)
    return Counter({"milestones": ran, "failed": failed})


def _passed_deadlines(look: Look) -> list[int]:
    """Find confirm requests past their personal deadline; before T-14 only the milestone lapses."""
    statement = select(request.c.registration_id).where(
        request.c.closed_at.is_(None),
        request.c.kind == CONFIRM,
        request.c.deadline <= look.now,
    )
    return list(look.connection.scalars(statement))


def _lapse(work: Work, registration_id: int) -> int:
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    passed = exists().where(
        request.c.registration_id == row.id,
        request.c.closed_at.is_(None),
        request.c.deadline <= work.now,
    )
    admitted = row.status == Status.ADMITTED.value and facts.stage >= SELF_FUNDING
    if not admitted or not work.scalar(select(passed)):
        return 0
    move = move_of(row, Event.LAPSE, Status.LAPSED, Seat.NONE, reason=Reason.NO_ANSWER)
    advance(work, facts.cohort_id, [move])
    fill_cohort(work, facts.cohort_id)
    return 1


def _look_again_cohorts(look: Look) -> list[int]:
    statement = select(look_again.c.cohort_id).distinct().order_by(look_again.c.cohort_id)
    return list(look.connection.scalars(statement))


def _look_again(work: Work, cohort_id: int) -> int:
    """Let those whose conflicts ended stand in line again, all of them; then fill by rank."""
    lock_cohort(work, cohort_id)
    people = end_conflicts(work, cohort_id)
    fill_cohort(work, cohort_id)
    return people


def _late_supplements(look: Look) -> list[tuple[int, int]]:
    return [
        (row.id, row.registration_id) for row in look.all(select(review_case).where(_late(look)))
    ]


def _late(look: Look) -> ColumnElement[bool]:
    """A paper that has come puts its case back to 'open', so these still wait for one."""
    return (review_case.c.state == "supplement") & (review_case.c.supplement_due_at <= look.now)


def _unplace_for_supplement(work: Work, key: tuple[int, int]) -> int:
    """The paper did not come in time: the seat moves on; a person seated already keeps it.

    One paper is asked for all choices under review, so they end together.
    """
    case_id, registration_id = key
    row = hold(work, registration_id)
    this = review_case.c.id == case_id
    case = work.one_or_none(select(review_case).where(this, _late(work)))
    if case is None:
        return 0
    if row.status != Status.IN_REVIEW.value:
        work.run(update(review_case).where(this).values(state="open"))
        return 1
    reason = Reason.SUPPLEMENT_MISSING
    moves = [
        move_of(each, Event.UNPLACE, Status.UNPLACED, Seat.NONE, reason=reason)
        for each in decided_by(work, case, row)
    ]
    advance(work, row.cohort_id, moves)
    fill_cohort(work, row.cohort_id)
    return 1


def _reminders(look: Look) -> list[tuple[int, int]]:
    statement = (
        select(request.c.id, request.c.registration_id)
        .join(registration, registration.c.id == request.c.registration_id)
        .where(
            request.c.closed_at.is_(None),
            request.c.reminded_at.is_(None),
            request.c.deadline > look.now,
            request.c.deadline <= look.now + REMIND_BEFORE,
            registration.c.claimed_at.is_(None),
        )
    )
    return [(row.id, row.registration_id) for row in look.all(statement)]


def _remind(work: Work, key: tuple[int, int]) -> int:
    """Remind once per person and deadline; who was asked less than two days ahead just was."""
    request_id, registration_id = key
    hold(work, registration_id)
    row = work.connection.execute(
        select(request, registration.c.person_id)
        .join(registration, registration.c.id == request.c.registration_id)
        .where(
            request.c.id == request_id,
            request.c.closed_at.is_(None),
            request.c.reminded_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return 0
    work.run(update(request).where(request.c.id == request_id).values(reminded_at=work.now))
    if row.asked_at > row.deadline - REMIND_BEFORE:
        return 0
    kind = Notice.REMINDER.value
    promise(work, [Promise(kind, row.registration_id, row.person_id, str(request_id))])
    return 1


def _paper_reminders(look: Look) -> list[tuple[int, int]]:
    """Find papers due within two days that were asked for earlier and not reminded of."""
    since = review_case.c.supplement_due_at
    rows = look.all(
        select(review_case.c.id, review_case.c.registration_id, since.label("due")).where(
            review_case.c.state == "supplement",
            since > look.now,
            since <= look.now + REMIND_BEFORE,
        )
    )
    return [
        (row.id, row.registration_id)
        for row in rows
        if not look.scalar(
            select(
                exists().where(
                    notice.c.registration_id == row.registration_id,
                    notice.c.kind.in_((Notice.REMINDER.value, Notice.SUPPLEMENT_ASKED.value)),
                    notice.c.made_at >= row.due - REMIND_BEFORE,
                )
            )
        )
    ]


def _remind_of_paper(work: Work, key: tuple[int, int]) -> int:
    case_id, registration_id = key
    row = hold(work, registration_id)
    if key not in _paper_reminders(work):
        return 0  # somebody was faster
    case = work.connection.execute(select(review_case).where(review_case.c.id == case_id)).one()
    facts = {"ask": case.ask, "due": case.supplement_due_at.isoformat()}
    occurrence = f"paper.{case_id}.{case.supplement_due_at:%Y%m%d}"
    promise(
        work,
        [Promise(Notice.REMINDER.value, row.id, row.person_id, occurrence, facts=facts)],
    )
    return 1


def _unreached(look: Look) -> list[tuple[int, int]]:
    statement = select(request.c.id, request.c.registration_id).where(
        request.c.closed_at.is_(None),
        request.c.reached_at.is_(None),
        request.c.asked_at <= look.now - UNREACHED_AFTER,
    )
    return [(row.id, row.registration_id) for row in look.all(statement)]


def _chase(work: Work, key: tuple[int, int]) -> int:
    """Open the institution's task to phone; 72 hours later the request counts as reached.

    A dead letter may have opened the same task before.
    """
    request_id, registration_id = key
    row = hold(work, registration_id)
    task = work.one_or_none(select(staff_task).where(staff_task.c.key == unreached_key(request_id)))
    if task is None:
        of = facts_of(work, row.class_id)
        open_task(
            work, unreached_key(request_id), "unreached", of.institution, of.id, registration_id
        )
        return 1
    if task.opened_at <= work.now - REACHED_AFTER_TASK:
        reached(work, request_id, by="task")
        return 1
    return 0


DUTIES: tuple[tuple[str, Callable[[Any], Iterable[Any]], Act], ...] = (
    ("windows closed", draws_to_close, close_draw),
    ("values asked for", windows_to_value, ask_for_value),
    ("drawn", draws_to_make, make_draw),
    ("looked again", _look_again_cohorts, _look_again),
    ("chased", _unreached, _chase),
    ("supplements missed", _late_supplements, _unplace_for_supplement),
    ("milestones", _due_cohorts, _run_milestones),
    ("lapsed", _passed_deadlines, _lapse),
    ("reminded", _reminders, _remind),
    ("reminded of papers", _paper_reminders, _remind_of_paper),
)
