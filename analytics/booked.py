"""What the books of classes that are over hold, with what is counted of those that are not."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Select, and_, false, func, or_, select

from analytics.counted_persons import within
from analytics.filters import Filters, classes, classes_within
from analytics.once import once
from analytics.source import source
from services.catalogue.records import cohort, course, institution
from services.registration.records import registration
from services.tally.books import in_hand
from services.tally.hand import ids, write_ids
from services.tally.kinds import KINDS
from services.tally.records import book, entry, shelf
from services.tally.rows import stood

NAMES = {
    "institution": institution.c.code,
    "zh": institution.c.short_zh,
    "en": institution.c.short_en,
}


def sums(
    connection: Connection,
    filters: Filters,
    kind: str,
    now: datetime,
    *years: int,
    by: Collection[str] = (),
) -> list[tuple[Any, ...]]:
    """Add up what a kind counts over the classes of a selection: the key it came out by, and n.

    by: what stands before them, each a sum of its own: year, course, institution, zh, en.
    """
    of, found = classes(filters), list[Any]()
    if source(connection).sums:
        shelved = _shelved(filters, kind, years, by)
        found += connection.execute(
            _entered(of, filters, kind, years, by) if shelved is None else shelved
        )
    rest = once(connection, ("rest", filters, years), lambda: _rest(connection, filters, years))
    if rest:  # in hand, or SQLite might look for their rows in whole tables
        mine, r = _in_hand(connection.dialect.name, filters)
        each = KINDS[kind](mine, r, now).subquery("each")
        counted = _added(of, of.join(each, each.c.class_id == of.c.id), each, by)
        found += connection.execute(counted, {"rest_json": write_ids(rest)})
    return [(*row[:-1], int(row[-1])) for row in found]


def _shelved(
    filters: Filters, kind: str, years: tuple[int, ...], by: Collection[str]
) -> Select[Any] | None:
    """Read what books hold of a whole place; None where it is kept by class only."""
    by_institution, s = not NAMES.keys().isdisjoint(by), shelf.c
    if filters.day is not None or filters.place is None or (by_institution and filters.kind):
        return None
    rows = shelf.join(cohort, cohort.c.id == s.cohort_id)
    rows = rows.join(course, course.c.code == cohort.c.course)
    terms = [s.kind == kind, s.n > 0, *within(filters, years)]
    if by_institution:
        rows = rows.join(institution, institution.c.code == s.place)
        terms += [
            institution.c[name] == chosen
            for name, chosen in (("code", filters.institution), ("region", filters.region))
            if chosen
        ]
    else:
        terms.append(s.place == filters.place)
    apart = [{**NAMES, "year": cohort.c.year, "course": cohort.c.course}[name] for name in by]
    summed = select(*apart, s.key, func.sum(s.n)).select_from(rows).where(*terms)
    return summed.group_by(*apart, s.key)


def _entered(
    of: FromClause, filters: Filters, kind: str, years: tuple[int, ...], by: Collection[str]
) -> Select[Any]:
    """Add up what the books of single classes hold; of a past day, of those that stood still."""
    kept = of.join(entry, and_(entry.c.class_id == of.c.id, entry.c.kind == kind))
    if filters.day is not None:
        kept = kept.join(book, and_(book.c.class_id == of.c.id, book.c.last_day <= filters.day))
    return _added(of, kept, entry, by).where(classes_within(filters, *years, of=of))


def _in_hand(dialect: str, filters: Filters) -> tuple[FromClause, FromClause]:
    """Give the classes in hand and their registrations at the selection's moment."""
    if filters.day is None:
        return in_hand(dialect, "rest"), registration
    of, hand = classes(filters), ids(dialect, "rest")
    then = select(of).join(hand, hand.c.id == of.c.id)
    return then.subquery("in_rest"), stood(filters.day)


def _added(of: FromClause, rows: FromClause, each: FromClause, by: Collection[str]) -> Select[Any]:
    if not NAMES.keys().isdisjoint(by):
        rows = rows.join(institution, institution.c.code == of.c.institution)
    apart = [NAMES[name] if name in NAMES else of.c[name] for name in by]
    summed = select(*apart, each.c.key, func.sum(each.c.n)).select_from(rows)
    return summed.group_by(*apart, each.c.key)


def _rest(connection: Connection, filters: Filters, years: tuple[int, ...]) -> list[int]:
    """Give the classes no book answers for; without a rollup all of the selection."""
    of, day = classes(filters), filters.day
    found = select(of.c.id).where(classes_within(filters, *years, of=of))
    if source(connection).sums:
        found = found.join(book, book.c.class_id == of.c.id, isouter=True)
        later = book.c.last_day > day if day is not None else false()
        found = found.where(or_(book.c.class_id.is_(None), later))
    return list(connection.scalars(found))
