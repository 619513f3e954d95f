"""The statements by which events are taken in, made once for each kind of database."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, and_, bindparam, select

from services.catalogue.records import cohort, milestone, training_class
from services.identity.records import person
from services.milestones import Milestone
from services.registration.records import registration, registration_event, review_case
from services.tally.counts import by_class, by_place, moments, took
from services.tally.fold import State
from services.tally.hand import ids, pairs
from services.tally.records import standing, watermark
from services.tally.rows import live
from services.tally.traits import traits

_E, _R, _W = registration_event.c, registration.c, watermark.c
DECIDED = ("approved", "rejected")


@dataclass(frozen=True, slots=True)
class Reading:
    """Prepared statements; each takes what it is about as a text of ids."""

    hold: Select[Any]  # the watermarks of the cohorts that are late
    pending: Select[Any]  # the next events of one cohort
    facts: Select[Any]  # what their registrations know themselves
    states: Select[Any]  # last known states
    cases: Select[Any]  # decided reviews
    units: Select[Any]  # persons and courses in hand, by place
    took: Select[Any]
    classes: Select[Any]  # counts of the registrations in hand, by class
    registered: Select[Any]  # the registrations of persons in hand


@cache
def reading(dialect: str) -> Reading:
    """Give the statements for a kind of database."""
    hand = pairs(dialect, "hand")
    of = (standing.c.cohort_id == hand.c.cohort_id) & (standing.c.person_id == hand.c.person_id)
    r = select(*_columns()).join_from(hand, standing, of).where(live()).subquery("r")
    mine = ids(dialect, "mine")
    changed = (
        select(*_columns())
        .join_from(mine, standing, standing.c.registration_id == mine.c.id)
        .where(live())
        .subquery("changed")
    )
    wanted = ids(dialect, "classes")
    due = moments(training_class, training_class.c.id.in_(select(wanted.c.id)))
    return Reading(
        _hold(dialect),
        _pending(),
        _facts(mine),
        _states(mine),
        _cases(mine),
        by_place(r),
        took(r),
        by_class(changed, due),
        select(
            *(standing.c.cohort_id, standing.c.person_id, standing.c.registration_id),
            standing.c.class_id,
        )
        .join_from(hand, standing, of)
        .where(live()),
    )


def _columns() -> list[Any]:
    return [c.label("id") if c.name == "registration_id" else c for c in standing.c]


def _hold(dialect: str) -> Select[Any]:
    late = ids(dialect, "late")
    mine = select(_W.cohort_id).where(_W.cohort_id.in_(select(late.c.id))).order_by(_W.cohort_id)
    return mine.with_for_update()


def _pending() -> Select[Any]:
    return (
        select(
            *(_E.cohort_id, _E.seq, _E.registration_id, _E.event, _E.held, _E.target, _E.takes),
            *(_E.reason, _E.at),
        )
        .where(_E.cohort_id == bindparam("cohort_id"), _E.seq > bindparam("seq"))
        .order_by(_E.seq)
        .limit(bindparam("at_most"))
    )


def _facts(mine: FromClause) -> Select[Any]:
    promoted = and_(
        milestone.c.class_id == _R.class_id,
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.kind == Milestone.PROMOTION_CALL.value,
    )
    return (
        select(
            *(_R.id, _R.cohort_id, _R.person_id, _R.class_id, _R.registered_at, _R.status),
            *(_R.seat, _R.moved_at, _R.verdict, _R.seated_at, _R.how_seated, _R.failing),
            milestone.c.reached_at.label("promoted_at"),
            traits().label("traits"),
        )
        .join_from(mine, registration, _R.id == mine.c.id)
        .join(cohort, cohort.c.id == _R.cohort_id)
        .join(person, person.c.id == _R.person_id)
        .join(training_class, training_class.c.id == _R.class_id)
        .join(milestone, promoted, isouter=True)
    )


def _states(mine: FromClause) -> Select[Any]:
    names = State.__dataclass_fields__.keys()
    return (
        select(*(standing.c[name] for name in names))
        .join_from(mine, standing, standing.c.registration_id == mine.c.id)
        .where(live())
    )


def _cases(mine: FromClause) -> Select[Any]:
    case = review_case.c
    return (
        select(case.registration_id, case.state, case.reason, case.decided_at)
        .join_from(mine, review_case, case.registration_id == mine.c.id)
        .where(case.state.in_(DECIDED))
        .order_by(case.registration_id, case.reason)
    )
