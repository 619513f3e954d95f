"""The statements by which events are taken in, made once for each kind of database.

Instants stay as the driver gives them: they are only compared and written again.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
    type_coerce,
)

from services.catalogue.records import cohort, milestone, training_class
from services.identity.records import person
from services.kernel.db import Raw
from services.milestones import Milestone
from services.registration.lifecycle import Event
from services.registration.records import registration, registration_event
from services.tally.counts import CHECKPOINTS, moments
from services.tally.decisions import decisions
from services.tally.fold import State, Step
from services.tally.hand import ids, pairs
from services.tally.places import WIDE, lying
from services.tally.records import several, standing, watermark
from services.tally.rows import day_of, live
from services.tally.traits import traits

_E, _R, _W, _C = registration_event.c, registration.c, watermark.c, training_class.c


@dataclass(frozen=True, slots=True)
class Reading:
    """Prepared statements; each takes what it is about as a text of ids, but `pending`."""

    pending: Select[Any]  # events of one cohort, with what their registrations know themselves
    beside: Select[Any]  # the same courses a year before and after
    persons: Select[Any]  # all that is known of persons in hand
    begun: Select[Any]  # what is noted with the first step of a registration
    cases: Select[Any]  # decided reviews
    classes: Select[Any]  # the wide places of classes, and their checkpoints


@cache
def reading(dialect: str) -> Reading:
    """Give the statements for a kind of database."""
    return Reading(
        _pending(),
        _beside(ids(dialect, "mine")),
        _persons(pairs(dialect, "hand")),
        _begun(ids(dialect, "mine")),
        _cases(ids(dialect, "mine")),
        _classes(ids(dialect, "mine")),
    )


BEHIND = (
    select(
        cohort.c.id,
        cohort.c.events,
        func.coalesce(_W.seq, 0).label("seq"),
        func.coalesce(_W.day, 0).label("day"),
    )
    .join(watermark, _W.cohort_id == cohort.c.id, isouter=True)
    .where(cohort.c.events > func.coalesce(_W.seq, 0))
    .order_by(cohort.c.id)
)  # the cohorts whose chain is longer than what was taken in


def _as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read a column as the driver gives it; a flag is 0 or 1."""
    flag = isinstance(column.type, Boolean)
    return type_coerce(cast(column, Integer) if flag else column, Raw())


def _pending() -> Select[Any]:
    newest = and_(_R.moved_at == _E.at, _R.status == _E.target, _R.seat == _E.takes)
    called = exists().where(
        milestone.c.class_id == _R.class_id,
        _C.id == _R.class_id,
        milestone.c.schedule == _C.schedule,
        milestone.c.kind == Milestone.PROMOTION_CALL.value,
        milestone.c.reached_at <= _E.at,
    )
    columns = {
        **dict(_E.items()),
        "person_id": _R.person_id,
        "day": day_of(_E.at),
        "at": _as_it_is(_E.at),
        "registered_at": _as_it_is(_R.registered_at),
        "failing": _R.failing,
        "verdict": case((newest, _R.verdict)),
        "how_seated": case((_R.seated_at == _E.at, _R.how_seated)),
        "called": _as_it_is(case((_E.event == Event.PROMOTE.value, called))),
    }
    return (
        select(*(columns[name].label(name) for name in Step._fields))
        .join_from(registration_event, registration, _R.id == _E.registration_id)
        .where(
            _E.cohort_id == bindparam("cohort_id"),
            _E.seq > bindparam("after"),
            _E.seq <= bindparam("until"),
        )
        .order_by(_E.seq)
    )


def _beside(mine: FromClause) -> Select[Any]:
    then, after = cohort.alias("then"), cohort.alias("after")
    last = and_(then.c.course == cohort.c.course, then.c.year == cohort.c.year - 1)
    following = and_(after.c.course == cohort.c.course, after.c.year == cohort.c.year + 1)
    return (
        select(cohort.c.id, then.c.id.label("last"), after.c.id.label("next"))
        .join_from(mine, cohort, cohort.c.id == mine.c.id)
        .join(then, last, isouter=True)
        .join(after, following, isouter=True)
    )


def _persons(hand: FromClause) -> Select[Any]:
    s, more = standing.c, several.c
    noted = and_(
        more.cohort_id == s.cohort_id,
        more.person_id == s.person_id,
        more.registration_id == s.registration_id,
    )
    return (
        select(
            *(_as_it_is(s[name]).label(name) for name in State._fields),
            s.from_day,
            _as_it_is(more.registration_id.is_not(None)).label("several"),
        )
        .join_from(
            hand, standing, and_(s.cohort_id == hand.c.cohort_id, s.person_id == hand.c.person_id)
        )
        .join(several, noted, isouter=True)
        .where(live())
    )


def _begun(mine: FromClause) -> Select[Any]:
    return (
        select(
            *(_R.cohort_id, _R.person_id, _R.id, _R.class_id),
            day_of(_R.registered_at).label("registered_day"),
            traits().label("traits"),
        )
        .join_from(mine, registration, _R.id == mine.c.id)
        .join(cohort, cohort.c.id == _R.cohort_id)
        .join(person, person.c.id == _R.person_id)
    )


def _cases(mine: FromClause) -> Select[Any]:
    some = select(_R.id).join_from(mine, registration, _R.id == mine.c.id)
    found = decisions(some).subquery("found").c
    return select(found.id, found.state, found.reason, day_of(found.decided_at)).order_by(
        found.id, found.reason
    )


def _classes(mine: FromClause) -> Select[Any]:
    due, at = moments(training_class, _C.id.in_(select(mine.c.id))), lying()
    checkpoints = (_as_it_is(due.c[name]).label(name) for name in CHECKPOINTS)
    wide = (at.c[name] for name in WIDE)
    found = select(due.c.class_id, *wide, *checkpoints)
    return found.join_from(due, at, at.c.class_id == due.c.class_id)
