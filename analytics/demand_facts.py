"""Person-courses counted by the database: who wants a course, who qualified, who has no seat.

The unit is one person and one course in one plan year, however often the person registered. Two
years are read in one pass, because every number is shown beside last year's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)

from analytics.filters import Filters, classes_within
from analytics.instants import seconds
from services.catalogue.records import cohort, course, institution, training_class
from services.registration.lifecycle import Reason, Seat, Status
from services.registration.records import registration

SLIP = 48 * 3600  # seconds: cancelled sooner was a slip of the hand
SEATED = (Seat.FUNDED.value, Seat.SELF_FUNDED.value, Seat.SPENT.value)
_WAITS = (Status.WAITLISTED.value, Status.OFFERED.value, Status.UNPLACED.value)


@dataclass(frozen=True, slots=True)
class CourseDemand:
    """One course of one plan year in figures."""

    year: int
    course: str
    persons: int
    by_now: int  # of them, registered by this day a year ago (last year's row only)
    qualified: int
    pending: int
    unmet: int  # qualified, wanting, without a seat in any class of the course
    seats: int = 0  # of classes not cancelled
    free: int = 0  # of classes that have not begun

    @property
    def pressure(self) -> float | None:
        """Qualified persons for each seat."""
        return self.qualified / self.seats if self.seats else None


def add(rows: Sequence[CourseDemand]) -> CourseDemand:
    """Add courses up; a person in two courses is two person-courses."""
    names = ("persons", "by_now", "qualified", "pending", "unmet", "seats", "free")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return CourseDemand(rows[0].year if rows else 0, "", **sums)


def _flag(term: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((term, 1), else_=0))


def scope(filters: Filters, *years: int) -> Select[tuple[int]]:
    """Give the ids of the classes of the selection."""
    return (
        select(training_class.c.id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(classes_within(filters, *years))
    )


def meant(table: FromClause) -> ColumnElement[bool]:
    """Leave out registrations that the person cancelled as a slip."""
    r = table.c
    slip = and_(
        r.status == Status.CANCELLED.value,
        r.reason == Reason.WITHDREW.value,
        seconds(r.ended_at) - seconds(r.registered_at) < SLIP,
    )
    return case((slip, 1), else_=0) == 0


def persons(filters: Filters, *years: int) -> Subquery:
    """One row per person-course with a registration in the selection; the seat may be anywhere."""
    r = registration.c
    wants = or_(
        r.status.in_(_WAITS),
        and_(r.status == Status.CANCELLED.value, r.reason == Reason.CLASS_CANCELLED.value),
    )
    courses = select(cohort.c.id).where(cohort.c.year.in_(years))
    if filters.course:
        courses = courses.where(cohort.c.course == filters.course)
    return (
        select(
            r.cohort_id,
            r.person_id,
            func.min(r.registered_at).label("since"),
            _flag(r.verdict == "eligible").label("qualified"),
            _flag(r.status == Status.IN_REVIEW.value).label("pending"),
            _flag(r.seat.in_(SEATED)).label("seated"),
            _flag(and_(wants, r.verdict == "eligible")).label("wants"),
        )
        .where(r.cohort_id.in_(courses), meant(registration))
        .group_by(r.cohort_id, r.person_id)
        .having(_flag(r.class_id.in_(scope(filters, *years))) == 1)
        .subquery()
    )


def _unmet(who: Subquery) -> ColumnElement[bool]:
    return and_(who.c.qualified == 1, who.c.wants == 1, who.c.seated == 0)


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[CourseDemand, ...], tuple[int, int]]:
    """Count persons by course for the year and the one before, and those carried over."""
    years = (filters.year, filters.year - 1)
    moments = {year: now - timedelta(days=365 * (filters.year - year)) for year in years}
    who = persons(filters, *years)
    early = or_(*(and_(cohort.c.year == year, who.c.since <= at) for year, at in moments.items()))
    counts = (
        func.count(),
        func.sum(case((early, 1), else_=0)),
        func.sum(who.c.qualified),
        func.sum(case((and_(who.c.pending == 1, who.c.qualified == 0), 1), else_=0)),
        func.sum(case((_unmet(who), 1), else_=0)),
    )
    statement = (
        select(cohort.c.year, cohort.c.course, *counts)
        .join(cohort, cohort.c.id == who.c.cohort_id)
        .group_by(cohort.c.year, cohort.c.course)
    )
    found: dict[tuple[int, str], tuple[int, int, int, int, int]] = {
        (year, code): (n, by_now, qualified, pending, unmet)
        for year, code, n, by_now, qualified, pending, unmet in connection.execute(statement)
    }
    rows = []
    for year, moment in moments.items():
        seats = _seats(connection, filters, year, moment)
        known = sorted({code for of, code in found if of == year} | set(seats))
        rows += [
            CourseDemand(
                year, code, *found.get((year, code), (0, 0, 0, 0, 0)), *seats.get(code, (0, 0))
            )
            for code in known
        ]
    return tuple(rows), _carried(connection, filters)


def _seats(
    connection: Connection, filters: Filters, year: int, moment: datetime
) -> dict[str, tuple[int, int]]:
    """Count the seats of classes that were not cancelled, and those still free to be given."""
    c = training_class.c
    ahead = and_(c.state == "published", c.starts_on > moment.date())
    statement = (
        select(
            c.course,
            func.sum(c.cap),
            func.sum(case((ahead, c.cap - c.seats_held), else_=0)),
        )
        .join(course, course.c.code == c.course)
        .join(institution, institution.c.code == c.institution)
        .where(classes_within(filters, year), c.state != "cancelled")
        .group_by(c.course)
    )
    return {code: (int(cap), int(free)) for code, cap, free in connection.execute(statement)}


def _carried(connection: Connection, filters: Filters) -> tuple[int, int]:
    """Count those of last year's unseated persons who registered again, and all of them."""
    last, then, again = persons(filters, filters.year - 1), cohort.alias(), cohort.alias()
    new = registration.alias()
    returned = exists().where(
        again.c.year == filters.year,
        again.c.course == then.c.course,
        new.c.cohort_id + 0 == again.c.id,  # SQLite: read the person's few rows, not the cohort
        new.c.person_id == last.c.person_id,
        new.c.class_id.in_(scope(filters, filters.year)),
        meant(new),
    )
    statement = (
        select(func.coalesce(func.sum(case((returned, 1), else_=0)), 0), func.count())
        .select_from(last.join(then, then.c.id == last.c.cohort_id))
        .where(_unmet(last))
    )
    came, everyone = connection.execute(statement).one()
    return int(came), int(everyone)
