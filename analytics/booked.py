"""What the books of classes that are over hold, with what is counted of those that are not."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, FromClause, Select, func, or_, select

from analytics.filters import Filters, classes, classes_within, registrations
from analytics.source import source
from services.catalogue.records import course, institution
from services.registration.records import registration
from services.tally.books import KINDS
from services.tally.records import book, entry


class Sum(NamedTuple):
    """How often something came out one way in the classes of a course at an institution."""

    year: int
    course: str
    institution: str
    zh: str
    en: str
    key: str
    n: int


def sums(
    connection: Connection, filters: Filters, kind: str, now: datetime, *years: int
) -> list[Sum]:
    """Add up what a kind counts over the classes of a selection."""
    of = classes(filters)
    found = list[Sum]()
    for statement in _statements(connection, filters, of, kind, now, years):
        each = statement.subquery("each")
        c = of.c
        by = (c.year, c.course, c.institution, institution.c.short_zh, institution.c.short_en)
        summed = (
            select(*by, each.c.key, func.sum(each.c.n))
            .join_from(each, of, c.id == each.c.class_id)
            .join(course, course.c.code == c.course)
            .join(institution, institution.c.code == c.institution)
            .where(classes_within(filters, *years, of=of))
            .group_by(*by, each.c.key)
        )
        found += [Sum(*row[:6], int(row[6])) for row in connection.execute(summed)]
    return found


def _statements(
    connection: Connection,
    filters: Filters,
    of: FromClause,
    kind: str,
    now: datetime,
    years: tuple[int, ...],
) -> list[Select[Any]]:
    """Give the kept sums and the counting of the rest; without a rollup everything is counted."""
    chosen = (
        select(of.c.id)
        .join(course, course.c.code == of.c.course)
        .join(institution, institution.c.code == of.c.institution)
        .where(classes_within(filters, *years, of=of))
    )
    r = registration if filters.day is None else registrations(filters, *years, booked=False)
    if not source(connection).sums:
        return [KINDS[kind](chosen.subquery("chosen"), r, now)]
    closed = book.c.class_id.is_not(None)
    kept = select(entry.c.class_id, entry.c.key, entry.c.n).where(entry.c.kind == kind)
    kept = kept.join(book, book.c.class_id == entry.c.class_id)
    rest = chosen.join(book, book.c.class_id == of.c.id, isouter=True)
    if filters.day is None:
        rest = rest.where(~closed)
    else:
        kept = kept.where(book.c.last_day <= filters.day)
        rest = rest.where(or_(~closed, book.c.last_day > filters.day))
    return [kept, KINDS[kind](rest.subquery("chosen"), r, now)]
