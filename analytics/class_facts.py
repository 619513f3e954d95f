"""One row per training class: what was planned, who came, how they got the seat, who waits.

Registrations are counted by the database, class by class; nothing smaller leaves it. Both the
chosen year and the one before are read, because every rate is shown beside last year's.
"""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, FromClause, Select, func, select, union_all

from analytics.filters import Filters, classes, classes_within, registrations, scope
from analytics.sheet import Name
from analytics.source import source
from services.catalogue.records import course, institution
from services.kernel.db import made_once
from services.kernel.straight import read
from services.tally.counts import NAMES, by_class, moments
from services.tally.records import class_tally
from services.tally.rows import booked_by
from services.words import Words


class ClassFact(NamedTuple):
    """A training class in figures."""

    id: int
    code: str
    year: int
    course: str
    category: str
    institution: str
    short_zh: str
    short_en: str
    starts_on: date
    state: str  # published | opened | cancelled
    kind: str  # funded | self_funded: what its seats are
    cap: int  # seats to be given
    planned: int  # seats the fill is measured by: those cut after the confirmation call included
    min_size: int
    held: int  # seats held now, under review included
    attended: int
    marked: int  # people the roll has a result for
    coming: int  # confirmed, or confirmed self-funded; the roll not yet written
    waiting: int  # open registrations without a seat
    by_register: int  # attended, by how they got the seat ...
    by_backfill: int
    by_promotion: int
    by_own_cost: int
    at_promotion: int  # confirmed at each checkpoint ...
    at_offer: int
    at_freeze: int
    at_start: int
    registered: int
    by_staff: int
    reviewing: int

    def begun(self, day: date) -> bool:
        """Say whether the class's first day lies before a day (or would have)."""
        return self.starts_on < day

    @property
    def known(self) -> bool:
        """Say whether attendance is known: cancelled, or opened and nobody is still to be marked.

        A partly written roll is not known yet; an opened class that everybody left is.
        """
        return self.state == "cancelled" or (self.state == "opened" and not self.coming)

    def place(self, words: Words) -> Name:
        """Name the institution."""
        return Name(self.short_zh if words.zh else self.short_en, self.institution)

    @property
    def free(self) -> int:
        """Seats nobody holds."""
        return self.cap - self.held


def extract(connection: Connection, filters: Filters) -> tuple[ClassFact, ...]:
    """Count the registrations of every class of the selection and of the same months last year."""
    statement = _classes(filters, summed=source(connection).sums)
    return tuple(map(ClassFact._make, read(connection, statement, {})))


@lru_cache(256)
def _classes(filters: Filters, *, summed: bool) -> Select[Any]:
    years = (filters.year, filters.year - 1)
    of, counted = classes(filters, *years), counts(filters, *years, summed=summed)
    c = of.c
    return (
        select(
            c.id,
            c.code,
            c.year,
            c.course,
            course.c.category,
            c.institution,
            institution.c.short_zh,
            institution.c.short_en,
            c.starts_on,
            c.state,
            c.kind,
            c.cap,
            func.coalesce(c.cut_from, c.cap),
            c.min_size,
            c.seats_held,
            *(func.coalesce(counted.c[name], 0) for name in NAMES),
        )
        .join(course, course.c.code == c.course)
        .join(institution, institution.c.code == c.institution)
        .join(counted, counted.c.class_id == c.id, isouter=True)
        .where(classes_within(filters, *years, of=of))
        .order_by(c.starts_on, c.code)
    )


def counts(filters: Filters, *years: int, summed: bool) -> FromClause:
    """Give the counts of every class: kept, or counted at the selection's moment.

    Of a past day only those whose people had not come to their end are counted.
    """
    of = classes(filters)
    if summed and filters.day is None:
        return class_tally
    chosen = of.c.id.in_(scope(filters, *years))
    if filters.day is None:
        every = by_class(registrations(filters, *years), moments(of, chosen))
        return made_once(every, "counted")
    booked = booked_by(filters.day, *years)
    kept = select(class_tally).where(class_tally.c.class_id.in_(booked))
    due = moments(of, chosen, of.c.id.not_in(booked))
    rest = by_class(registrations(filters, *years, booked=False), due)
    return made_once(union_all(kept, rest), "counted")
