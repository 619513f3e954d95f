"""What the books of classes that are over hold, with what is counted of those that are not."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Select, and_, false, func, or_, select

from analytics.filters import Filters, classes, classes_within
from analytics.once import once
from analytics.source import source
from services.catalogue.records import institution
from services.registration.records import registration
from services.tally.books import KINDS
from services.tally.hand import ids, write_ids
from services.tally.records import book, entry
from services.tally.rows import stood

NAMES = {"zh": institution.c.short_zh, "en": institution.c.short_en}


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
        kept = of.join(entry, and_(entry.c.class_id == of.c.id, entry.c.kind == kind))
        if filters.day is not None:
            kept = kept.join(book, and_(book.c.class_id == of.c.id, book.c.last_day <= filters.day))
        within = classes_within(filters, *years, of=of)
        found += connection.execute(_added(of, kept, entry, by).where(within))
    rest = once(connection, ("rest", filters, years), lambda: _rest(connection, filters, years))
    if rest:  # in hand, or SQLite might look for their rows in whole tables
        hand = ids(connection.dialect.name, "rest")
        r = registration if filters.day is None else stood(filters.day)
        each = KINDS[kind](hand, r, now).subquery("each")
        counted = _added(of, of.join(each, each.c.class_id == of.c.id), each, by)
        found += connection.execute(counted, {"rest_json": write_ids(rest)})
    return [(*row[:-1], int(row[-1])) for row in found]


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
