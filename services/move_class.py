"""Move or postpone a published class: new days, a schedule of its own, everybody told.

The milestones of the new schedule that have come already are due at once; the clock catches them
up in their order, waits for everybody's answer, and skips what no longer fits before the freeze.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.catalogue.caps import check_caps
from services.catalogue.checks import Checks
from services.catalogue.records import milestone, training_class
from services.class_changes import check_note, hold_changeable, hold_people, record_change
from services.classes import check_days
from services.kernel.work import Look, Work
from services.milestones import ORDER, Milestone, due_at, schedule
from services.notices.outbox import Promise, promise
from services.notices.tasks import close_class_tasks, close_tasks
from services.promote import fill_cohort
from services.publish import TOO_SOON, StaleVersion, windows_of
from services.registration.advance import advance
from services.registration.aftermath import remember_conflicts
from services.registration.lifecycle import HELD, Event, Notice, Seat, Status
from services.registration.moves import Move, move_of
from services.registration.overlaps import flag_overlaps
from services.registration.records import registration, request
from services.registration.seats import ClassFacts, facts_of
from services.registration.skips import lift
from services.words import mark


@dataclass(frozen=True, slots=True)
class NewDays:
    """Where a class moves to; a place of None stays."""

    starts_on: date
    ends_on: date
    place_zh: str | None = None
    place_en: str | None = None


def move_class(work: Work, class_id: int, to: NewDays, *, version: int, note: str = "") -> int:
    """Move a class; return how many people are asked again whether they will come.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's.
        NotPublished, ClassFixed: this is not the moment.
        StaleVersion: somebody saved since that version was read.
        InvalidInput: days that cannot be used.
    """
    facts = hold_changeable(work, class_id)
    this = training_class.c.id == class_id
    if work.scalar(select(training_class.c.version).where(this)) != version:
        raise StaleVersion
    checks = check_move(work, facts, to)
    check_note(checks, note)
    checks.settle()
    people = hold_people(work, facts)
    record_change(work, facts, "moved", note)
    _new_days(work, facts, to, version)
    moved = facts_of(work, class_id)
    _new_schedule(work, moved)
    _take_back_answers(work, moved, people)
    codes = flag_overlaps(work, class_id, moved.starts_on, moved.ends_on)
    _tell(work, facts, moved, people, codes, note)
    remember_conflicts(work, moved.cohort_id, [row.person_id for row in people if row.seat in HELD])
    fill_cohort(work, facts.cohort_id)
    return sum(row.status in _YES for row in people)


_YES = (Status.CONFIRMED.value, Status.SELF_FUNDED.value)
UNCHANGED = mark("These are the days it has. Nothing would change.")


def check_move(look: Look, facts: ClassFacts, to: NewDays) -> Checks:
    """Note what speaks against the new days: the calendar, the plan and its caps."""
    checks = Checks()
    check_days(checks, facts.year, to.starts_on, to.ends_on)
    checks.short("place_zh", to.place_zh, 80)
    checks.short("place_en", to.place_en, 120)
    if (to.starts_on, to.ends_on) == (facts.starts_on, facts.ends_on):
        checks.refuse("starts_on", UNCHANGED)
    if "starts_on" in checks.found:
        return checks
    freeze = due_at(facts.policy, to.starts_on, Milestone.FREEZE)
    if freeze < look.now + timedelta(hours=facts.policy.response_hours):
        hours = facts.policy.response_hours
        checks.refuse("starts_on", TOO_SOON, day=to.starts_on, hours=hours)
    windows = windows_of(look, facts.year)
    if not any(w.classes_from <= to.starts_on <= w.classes_to for w in windows):
        sentence = mark("No registration window of the plan covers classes starting on {day}.")
        checks.refuse("starts_on", sentence, day=to.starts_on)
    if not facts.wholly_self_funded:
        check_caps(
            look,
            checks,
            cohort_id=facts.cohort_id,
            institution=facts.institution,
            seats=facts.cap,
            class_id=facts.id,
        )
    return checks


def _new_days(work: Work, facts: ClassFacts, to: NewDays, version: int) -> None:
    places = {"place_zh": to.place_zh, "place_en": to.place_en}
    work.run(
        update(training_class)
        .where(training_class.c.id == facts.id)
        .values(
            starts_on=to.starts_on,
            ends_on=to.ends_on,
            schedule=facts.schedule + 1,
            version=version + 1,
            **{name: place for name, place in places.items() if place is not None},
        )
    )
    close_class_tasks(work, facts.id, "too_small")


def _new_schedule(work: Work, facts: ClassFacts) -> None:
    due = schedule(facts.policy, facts.starts_on)
    work.run(
        insert(milestone),
        [
            {
                "class_id": facts.id,
                "schedule": facts.schedule,
                "kind": kind.value,
                "due_at": max(due[kind], work.now),
                "facts": {},
            }
            for kind in ORDER
        ],
    )


def _take_back_answers(work: Work, facts: ClassFacts, people: Sequence[Row[Any]]) -> None:
    """Every answer was for the old days: seats stay with their kind, all questions are void."""
    moves = [move for row in people if (move := _rescheduled(row))]
    advance(work, facts.cohort_id, moves)
    asked = request.c.class_id == facts.id, request.c.closed_at.is_(None)
    work.run(update(request).where(*asked).values(closed_at=work.now, answer="void"))
    close_tasks(work, [row.id for row in people])
    lift(work, facts.cohort_id, [row.id for row in people if row.skip_reason])  # on the new days
    if people:
        work.run(
            update(registration)
            .where(registration.c.id.in_([row.id for row in people]))
            .values(claimed_at=None, standing_yes_at=None)
        )


def _rescheduled(row: Row[Any]) -> Move | None:
    if row.status in _YES:
        return move_of(row, Event.RESCHEDULE, Status.ADMITTED, Seat(row.seat))
    if row.status == Status.OFFERED.value:
        return move_of(row, Event.RESCHEDULE, Status.WAITLISTED, Seat.NONE)
    return None


def _tell(
    work: Work,
    was: ClassFacts,
    now: ClassFacts,
    people: Sequence[Row[Any]],
    codes: Mapping[int, str],
    note: str,
) -> None:
    days = {
        "was": [was.starts_on.isoformat(), was.ends_on.isoformat()],
        "to": [now.starts_on.isoformat(), now.ends_on.isoformat()],
        "note": note,
    }
    promise(
        work,
        [
            Promise(
                Notice.CLASS_CHANGED.value,
                row.id,
                row.person_id,
                str(now.schedule),
                facts={
                    **days,
                    "seated": row.seat in HELD,
                    "again": row.status in _YES,
                    "code": codes.get(row.id),
                },
            )
            for row in people
        ],
    )
