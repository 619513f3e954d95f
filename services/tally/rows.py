"""Registrations and classes as they stand now, or as they stood at the end of a past day.

Both readings have the same columns, so one question is asked of either in the same words.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy import extract as sql_extract

from services.catalogue.records import cohort, training_class
from services.registration.lifecycle import HELD, Reason, Seat, Status
from services.registration.records import registration, review_case
from services.tally.records import FOREVER, class_day, standing
from services.tally.units import OFF_THE_LIST

SLIP = 48 * 3600  # seconds: cancelled sooner was a slip of the hand
DAY, TAIPEI_AHEAD, EPOCH = 86_400, 8 * 3600, date(1970, 1, 1).toordinal()
DRAFT = "draft"
_HOLDS = [*(seat.value for seat in HELD), Seat.SPENT.value]


def seconds(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give an instant as whole seconds, on every database."""
    return cast(sql_extract("epoch", instant), BigInteger)


def day_of(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give the Taipei day of an instant as an ordinal number."""
    return cast((seconds(instant) + TAIPEI_AHEAD) // DAY + EPOCH, Integer)


def of_years(years: Iterable[int], course: str | None = None) -> Select[tuple[int]]:
    """Give the ids of the cohorts of plan years, of one course or all."""
    found = select(cohort.c.id).where(cohort.c.year.in_(years))
    return found.where(cohort.c.course == course) if course else found


def registrations(cohorts: Any, day: int | None) -> FromClause:
    """Give the registrations of cohorts as they stand, or stood at the end of a day."""
    return _now(cohorts) if day is None else _then(cohorts, day)


def _now(cohorts: Any) -> FromClause:
    r = registration.c
    said = (
        select(
            review_case.c.registration_id,
            func.max(case((review_case.c.state == "rejected", review_case.c.reason))).label("why"),
        )
        .where(review_case.c.state.in_(("approved", "rejected")))
        .group_by(review_case.c.registration_id)
        .subquery("said")
    )
    waited = and_(r.how_seated.in_(OFF_THE_LIST), r.seated_at.is_not(None))
    return (
        select(
            r.id,
            r.class_id,
            r.cohort_id,
            r.person_id,
            r.status,
            r.seat,
            r.reason,
            r.verdict,
            said.c.registration_id.is_not(None).label("by_person"),
            r.how_seated,
            day_of(r.registered_at).label("registered_day"),
            case((waited, cast((seconds(r.seated_at) - seconds(r.registered_at)) // DAY, Integer)))
            .label("took"),
            r.seated_at.is_not(None).label("seated"),
            _slip().label("slip"),
            r.confirmed_at,
            r.ended_at,
            func.coalesce(said.c.why, r.failing).label("failing"),
        )
        .join(said, said.c.registration_id == r.id, isouter=True)
        .where(r.cohort_id.in_(cohorts))
        .subquery("r")
    )  # fmt: skip


def _slip() -> ColumnElement[bool]:
    r = registration.c
    withdrew = and_(r.status == Status.CANCELLED.value, r.reason == Reason.WITHDREW.value)
    soon = seconds(r.ended_at) - seconds(r.registered_at) < SLIP
    return case((withdrew, case((soon, 1), else_=0)), else_=0) == 1


def _then(cohorts: Any, day: int) -> FromClause:
    s = standing.c
    names = [c for c in s if c.name not in ("registration_id", "from_day", "until_day")]
    return (
        select(s.registration_id.label("id"), *names)
        .where(s.cohort_id.in_(cohorts), s.from_day <= day, s.until_day > day)
        .subquery("r")
    )


def classes(day: int | None) -> FromClause:
    """Give the training classes as they stand, or stood at the end of a day; never drafts."""
    if day is None:
        return training_class
    c, d = training_class.c, class_day.c
    held = (
        select(standing.c.class_id, func.count().label("n"))
        .where(standing.c.from_day <= day, standing.c.until_day > day)
        .where(standing.c.seat.in_(_HOLDS))
        .group_by(standing.c.class_id)
        .subquery("held")
    )
    fixed = (c.id, c.code, c.cohort_id, c.year, c.course, c.institution, c.kind)
    return (
        select(
            *fixed, d.starts_on, d.state, d.cap, d.min_size, d.schedule,
            func.coalesce(held.c.n, 0).label("seats_held"),
        )
        .join(class_day, d.class_id == c.id)
        .join(held, held.c.class_id == c.id, isouter=True)
        .where(d.from_day <= day, d.until_day > day)
        .subquery("then")
    )  # fmt: skip


def live() -> ColumnElement[bool]:
    """Say which states still hold."""
    return standing.c.until_day == literal_column(str(FOREVER))
