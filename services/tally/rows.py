"""Registrations and classes as they stand now, or as they stood at the end of a past day.

Both readings have the same columns, so one question is asked of either in the same words.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime
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
from services.identity.records import person
from services.kernel.db import among, made_once
from services.registration.lifecycle import HELD, Reason, Seat, Status
from services.registration.records import registration
from services.tally.decisions import decisions
from services.tally.records import FOREVER, book, class_day, standing
from services.tally.traits import traits
from services.tally.units import OFF_THE_LIST

SLIP = 48 * 3600  # seconds: cancelled sooner was a slip of the hand
DAY, TAIPEI_AHEAD, EPOCH = 86_400, 8 * 3600, date(1970, 1, 1).toordinal()
DRAFT = "draft"
_HOLDS = [*(seat.value for seat in HELD), Seat.SPENT.value]


def seconds(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give an instant as whole seconds, on every database."""
    return cast(sql_extract("epoch", instant), BigInteger)


def instant(raw: Any) -> datetime:
    """Give an instant as the driver gives it in UTC."""
    return datetime.fromisoformat(raw) if isinstance(raw, str) else raw.astimezone(UTC)


def day_of(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give the Taipei day of an instant as an ordinal number."""
    return cast((seconds(instant) + TAIPEI_AHEAD) // DAY + EPOCH, Integer)


def of_years(years: Collection[int], course: str | None = None) -> Select[tuple[int]]:
    """Give the ids of the cohorts of plan years, of one course or all."""
    found = select(cohort.c.id).where(among(cohort.c.year, years))
    return found.where(cohort.c.course == course) if course else found


def registrations(cohorts: Any, day: int | None, *, judged: bool = True) -> FromClause:
    """Give the registrations of cohorts as they stand, or stood at the end of a day.

    judged: say too who decided and which rules failed, which costs a look at the reviews.
    """
    if day is not None:
        return _then(standing.c.cohort_id.in_(cohorts), day)
    return (_judged(cohorts) if judged else select(*_now()).where(_in(cohorts))).subquery("r")


def on_the_way(day: int, years: Collection[int], course: str | None = None) -> Select[Any]:
    """Give the classes of plan years whose people had not all come to their end by a day."""
    c = training_class.c
    here = c.state != DRAFT, among(c.year, years), c.id.not_in(booked_by(day, *years))
    found = select(c.id).where(*here)
    return found.where(c.course == course) if course else found


def on_their_way(day: int, years: Collection[int], course: str | None = None) -> FromClause:
    """Give the registrations of these classes as they stood at the end of the day.

    PostgreSQL finds them by class, SQLite by course and year, where their rows lie together.
    """
    found, s = on_the_way(day, years, course), standing.c
    cohorts = found.with_only_columns(training_class.c.cohort_id)
    return _then(and_(s.class_id.in_(found), s.cohort_id.in_(cohorts)), day)


def _in(cohorts: Any) -> ColumnElement[bool]:
    return registration.c.cohort_id.in_(cohorts)


def _now() -> list[ColumnElement[Any]]:
    r = registration.c
    waited = and_(among(r.how_seated, OFF_THE_LIST), r.seated_at.is_not(None))
    took = case((waited, cast((seconds(r.seated_at) - seconds(r.registered_at)) // DAY, Integer)))
    return [
        r.id,
        r.class_id,
        r.cohort_id,
        r.person_id,
        r.status,
        r.seat,
        r.reason,
        r.verdict,
        r.how_seated,
        day_of(r.registered_at).label("registered_day"),
        took.label("took"),
        r.seated_at.is_not(None).label("seated"),
        _slip().label("slip"),
        r.confirmed_at,
        r.ended_at,
        _traits(),
    ]


def _traits() -> ColumnElement[int]:
    """Give the traits as noted at the first step, or as known now where nothing is noted yet."""
    r = registration.c
    s = standing.c
    mine = s.cohort_id == r.cohort_id, s.person_id == r.person_id, s.registration_id == r.id
    noted = select(s.traits).where(*mine, live())
    known = select(traits()).where(person.c.id == r.person_id, cohort.c.id == r.cohort_id)
    ours = known.correlate(registration), noted.correlate(registration)
    return func.coalesce(*(part.scalar_subquery() for part in reversed(ours))).label("traits")


def _judged(cohorts: Any) -> Select[Any]:
    found = decisions(select(registration.c.id).where(_in(cohorts))).subquery("found").c
    why = func.max(case((found.state == "rejected", found.reason))).label("why")
    said = select(found.id, why).group_by(found.id).subquery("said")
    by_person = said.c.id.is_not(None).label("by_person")
    failing = func.coalesce(said.c.why, registration.c.failing).label("failing")
    of = said.c.id == registration.c.id
    return select(*_now(), by_person, failing).join(said, of, isouter=True).where(_in(cohorts))


def _slip() -> ColumnElement[bool]:
    r = registration.c
    withdrew = and_(r.status == Status.CANCELLED.value, r.reason == Reason.WITHDREW.value)
    soon = seconds(r.ended_at) - seconds(r.registered_at) < SLIP
    return case((withdrew, case((soon, 1), else_=0)), else_=0) == 1


def booked_by(day: int, *years: int) -> Select[tuple[int]]:
    """Give the classes whose people had all come to their end by a day: their sums stand still.

    years: of these plan years, or of any.
    """
    found = select(book.c.class_id).where(book.c.last_day <= day)
    c = training_class.c
    return (
        found.join(training_class, c.id == book.c.class_id).where(among(c.year, years))
        if years
        else found
    )


def _then(mine: ColumnElement[bool], day: int) -> FromClause:
    s = standing.c
    names = [c for c in s if c.name not in ("registration_id", "from_day", "until_day")]
    return (
        select(s.registration_id.label("id"), *names)
        .where(mine, s.from_day <= day, s.until_day > day)
        .subquery("r")
    )


def stood(day: int) -> FromClause:
    """Give single registrations as they stood at the end of a day: each is found by its own key."""
    r, s = registration.c, standing.c
    mine = and_(s.cohort_id == r.cohort_id, s.person_id == r.person_id, s.registration_id == r.id)
    then = s.how_seated, s.verdict, s.status, s.reason, s.seated, s.confirmed_at, s.ended_at
    found = select(r.id, r.class_id, r.track, *then).join(standing, mine)
    return found.where(s.from_day <= day, s.until_day > day).subquery("r")


def classes(day: int | None, held_in: Collection[int] = ()) -> FromClause:
    """Give the training classes as they stand, or stood at the end of a day; then never drafts.

    held_in: the plan years of which a past day's held seats are counted; a past class has none
    without.
    """
    if day is None:
        return training_class
    c, d = training_class.c, class_day.c
    fixed = (c.id, c.code, c.cohort_id, c.year, c.course, c.institution, c.kind)
    dated = (d.starts_on, d.ends_on, d.state, d.cap, d.cut_from, d.min_size, d.schedule)
    then = (d.class_id == c.id) & (d.from_day <= day) & (d.until_day > day)
    if not held_in:
        return select(*fixed, *dated).join(class_day, then).subquery("c")
    held = _held(day, held_in)
    counted = func.coalesce(held.c.n, 0)
    seats = case((c.id.in_(booked_by(day)), c.seats_held), else_=counted).label("seats_held")
    found = select(*fixed, *dated, seats).join(class_day, then)
    return found.join(held, held.c.class_id == c.id, isouter=True).subquery("c")


def _held(day: int, years: Collection[int]) -> FromClause:
    r = on_their_way(day, years)
    counted = select(r.c.class_id, func.count().label("n")).where(among(r.c.seat, _HOLDS))
    return made_once(counted.group_by(r.c.class_id), "held")


def live() -> ColumnElement[bool]:
    """Say which states still hold."""
    return standing.c.until_day == literal_column(str(FOREVER))
