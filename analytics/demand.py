"""How many people want each course, and are there seats for them?

The unit of demand is one person and one course in one plan year, however often the person
registered. Who waits is demand, not only who got a seat; seats held are never taken for demand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Subquery,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy import extract as sql_extract

from analytics import labels
from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters, classes_within
from analytics.sheet import Column, Sheet
from services.catalogue.records import cohort, course, institution, training_class
from services.registration.lifecycle import Reason, Seat, Status
from services.registration.records import registration
from services.words import Words

SHOWN = 12  # courses in the figure; the table has them all
FEW = 5  # persons; a smaller course says nothing about pressure
SLIP = 48 * 3600  # seconds: cancelled sooner was a slip of the hand
_SEATED = (Seat.FUNDED.value, Seat.SELF_FUNDED.value, Seat.SPENT.value)


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


@dataclass(frozen=True, slots=True)
class Demand:
    """The answer for a selection, with last year's."""

    courses: tuple[CourseDemand, ...]  # this year, highest pressure first
    last: tuple[CourseDemand, ...]
    carried: int  # without a seat last year and registered again
    unseated_last: int

    @property
    def total(self) -> CourseDemand:
        """All courses together."""
        return add(self.courses)

    @property
    def total_last(self) -> CourseDemand:
        """All courses of last year together."""
        return add(self.last)


def add(rows: Sequence[CourseDemand]) -> CourseDemand:
    """Add courses up; a person in two courses is two person-courses."""
    names = ("persons", "by_now", "qualified", "pending", "unmet", "seats", "free")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return CourseDemand(rows[0].year if rows else 0, "", **sums)


def seconds(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give an instant as whole seconds, on every database."""
    return cast(sql_extract("epoch", instant), BigInteger)


def _flag(term: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((term, 1), else_=0))


def persons(filters: Filters, year: int) -> Subquery:
    """One row per person-course with a registration in the selection; the seat may be anywhere."""
    scope = (
        select(training_class.c.id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(classes_within(filters, year))
    )
    r = registration.c
    slip = and_(
        r.status == Status.CANCELLED.value,
        r.reason == Reason.WITHDREW.value,
        seconds(r.ended_at) - seconds(r.registered_at) < SLIP,
    )
    wants = or_(
        r.status.in_((Status.WAITLISTED.value, Status.OFFERED.value, Status.UNPLACED.value)),
        and_(r.status == Status.CANCELLED.value, r.reason == Reason.CLASS_CANCELLED.value),
    )
    courses = select(cohort.c.id).where(cohort.c.year == year)
    if filters.course:
        courses = courses.where(cohort.c.course == filters.course)
    return (
        select(
            r.cohort_id,
            r.person_id,
            func.min(r.registered_at).label("since"),
            _flag(r.verdict == "eligible").label("qualified"),
            _flag(r.status == Status.IN_REVIEW.value).label("pending"),
            _flag(r.seat.in_(_SEATED)).label("seated"),
            _flag(and_(wants, r.verdict == "eligible")).label("wants"),
        )
        .where(r.cohort_id.in_(courses), case((slip, 1), else_=0) == 0)
        .group_by(r.cohort_id, r.person_id)
        .having(_flag(r.class_id.in_(scope)) == 1)
        .subquery()
    )


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[CourseDemand, ...], tuple[int, int]]:
    """Count persons by course for the year and the one before, and those carried over."""
    rows = []
    for year in (filters.year, filters.year - 1):
        moment = now - timedelta(days=365 * (filters.year - year))
        rows += _by_course(connection, filters, year, moment)
    return tuple(rows), _carried(connection, filters)


def _by_course(
    connection: Connection, filters: Filters, year: int, moment: datetime
) -> list[CourseDemand]:
    who = persons(filters, year)
    unmet = and_(who.c.qualified == 1, who.c.wants == 1, who.c.seated == 0)
    counts = (
        func.count(),
        func.sum(case((who.c.since <= moment, 1), else_=0)),
        func.sum(who.c.qualified),
        func.sum(case((and_(who.c.pending == 1, who.c.qualified == 0), 1), else_=0)),
        func.sum(case((unmet, 1), else_=0)),
    )
    statement = (
        select(cohort.c.course, *counts)
        .join(cohort, cohort.c.id == who.c.cohort_id)
        .group_by(cohort.c.course)
    )
    seats = _seats(connection, filters, year, moment)
    found: dict[str, tuple[int, int, int, int, int]] = {
        code: (n, by_now, qualified, pending, unmet_)
        for code, n, by_now, qualified, pending, unmet_ in connection.execute(statement)
    }
    nobody = (0, 0, 0, 0, 0)
    codes = sorted({*found, *seats})
    return [
        CourseDemand(year, code, *found.get(code, nobody), *seats.get(code, (0, 0)))
        for code in codes
    ]


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
    """Count last year's unseated persons, and those of them who registered again."""
    last, this = persons(filters, filters.year - 1), persons(filters, filters.year)
    then, again = cohort.alias("then"), cohort.alias("again")
    unseated = (
        select(then.c.course, last.c.person_id)
        .join(then, then.c.id == last.c.cohort_id)
        .where(last.c.qualified == 1, last.c.wants == 1, last.c.seated == 0)
        .subquery()
    )
    came = (
        select(again.c.course, this.c.person_id)
        .join(again, again.c.id == this.c.cohort_id)
        .subquery()
    )
    same = and_(came.c.course == unseated.c.course, came.c.person_id == unseated.c.person_id)
    statement = select(func.count(), func.count(came.c.person_id)).select_from(
        unseated.join(came, same, isouter=True)
    )
    everyone, returned = connection.execute(statement).one()
    return int(returned), int(everyone)


def measure(rows: Sequence[CourseDemand], carried: tuple[int, int], year: int) -> Demand:
    """Order the courses by pressure; too small ones stand last."""
    now = [row for row in rows if row.year == year and (row.persons or row.seats)]
    now.sort(key=lambda row: (row.persons < FEW, -(row.pressure or 0), row.course))
    last = tuple(row for row in rows if row.year == year - 1)
    return Demand(tuple(now), last, *carried)


def ranked(found: Demand) -> list[CourseDemand]:
    """Give the courses the figure shows."""
    return [row for row in found.courses if row.pressure is not None and row.persons >= FEW]


def finding(found: Demand, words: Words) -> str:
    """Say where people outnumber seats."""
    rows = ranked(found)
    over = [row for row in rows if (row.pressure or 0) > 1]
    if not rows:
        return words("Nobody has registered in this selection yet")
    if not over:
        return words("Every course has a seat for each qualified person")
    top = over[0]
    return words(
        "{n} of {all} courses have more people than seats; {name} leads with {ratio}",
        n=len(over), all=len(rows), name=labels.course(words, top.course),
        ratio=f"{top.pressure:.2f}",
    )  # fmt: skip


def subtitle(found: Demand, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many courses."""
    return words(
        "Qualified persons for each seat offered; {period}, the {n} tightest of {all} courses",
        period=period, n=min(SHOWN, len(ranked(found))), all=len(ranked(found)),
    )  # fmt: skip


def figure(found: Demand, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw qualified persons for each seat, the tightest course first."""
    drawn = [
        Bar(
            labels.course(words, row.course),
            row.pressure or 0,
            f"{row.pressure:.2f}",
            words("{n}/{all} seats", n=words.number(row.qualified), all=words.number(row.seats)),
            low=(row.pressure or 0) > 1,
        )
        for row in ranked(found)[:SHOWN]
    ]
    return bars(drawn, theme, reference=(1.0, words("One person a seat")), narrow=narrow)


def sheet(found: Demand, words: Words) -> Sheet:
    """Give every course as a table."""
    columns = (
        Column(words("Course")),
        Column(words("Persons a seat"), "ratio"),
        Column(words("Persons"), "number"),
        Column(words("Qualified"), "number"),
        Column(words("In review"), "number"),
        Column(words("Seats offered"), "number"),
        Column(words("Without a seat"), "number"),
        Column(words("Free seats ahead"), "number"),
    )
    rows = [
        (labels.course(words, r.course), r.pressure, r.persons, r.qualified, r.pending, r.seats,
         r.unmet, r.free)
        for r in found.courses
    ]  # fmt: skip
    return Sheet.of(columns, rows)
