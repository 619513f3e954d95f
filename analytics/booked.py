"""What the books of classes that are over hold, with what is counted of those that are not."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, FromClause, Select, and_, false, func, or_, select

from analytics.counted_persons import within
from analytics.filters import Filters, classes, classes_within
from analytics.once import once
from analytics.source import source
from services.catalogue.records import cohort, course, institution
from services.kernel.straight import read
from services.registration.records import registration
from services.tally.books import in_hand
from services.tally.hand import ids, write_ids
from services.tally.kinds import KINDS, at
from services.tally.records import book, entry, shelf
from services.tally.rows import classes as stood_classes
from services.tally.rows import stood

NAMES = {
    "institution": institution.c.code,
    "zh": institution.c.short_zh,
    "en": institution.c.short_en,
}
Years = tuple[int, ...]
By = tuple[str, ...]


def sums(
    connection: Connection, filters: Filters, kind: str, now: datetime, *years: int, by: By = ()
) -> list[tuple[Any, ...]]:
    """Add up what a kind counts over the classes of a selection: the key it came out by, and n.

    by: what stands before them, each a sum of its own: year, course, institution, zh, en.
    """
    found, kept = list[Any](), source(connection).sums
    if kept:
        held = (_shelved if _by_place(filters, by) else _entered)(filters, kind, years, by)
        found += read(connection, held, {})
    rest = once(connection, ("rest", filters, years), lambda: _rest(connection, filters, years))
    if rest:  # in hand, or SQLite might look for their rows in whole tables
        counted = _counted(connection.dialect.name, filters.day, kind, by)
        found += read(connection, counted, {"rest_json": write_ids(rest), **at(now)})
    return [(*row[:-1], int(row[-1])) for row in found]


def _by_place(filters: Filters, by: By) -> bool:
    """Tell whether books are added up for a whole selection; else they are by class."""
    named = not NAMES.keys().isdisjoint(by)
    return filters.day is None and filters.place is not None and not (named and filters.kind)


@lru_cache(512)
def _shelved(filters: Filters, kind: str, years: Years, by: By) -> Select[Any]:
    """Read what books hold of a whole place."""
    s = shelf.c
    of = shelf.join(cohort, cohort.c.id == s.cohort_id)
    of = of.join(course, course.c.code == cohort.c.course)
    terms = [s.kind == kind, s.n > 0, *within(filters, years)]
    if NAMES.keys().isdisjoint(by):
        terms.append(s.place == filters.place)
    else:
        of = of.join(institution, institution.c.code == s.place)
        terms += [
            institution.c[name] == chosen
            for name, chosen in (("code", filters.institution), ("region", filters.region))
            if chosen
        ]
    apart = [{**NAMES, "year": cohort.c.year, "course": cohort.c.course}[name] for name in by]
    summed = select(*apart, s.key, func.sum(s.n)).select_from(of).where(*terms)
    return summed.group_by(*apart, s.key)


@lru_cache(512)
def _entered(filters: Filters, kind: str, years: Years, by: By) -> Select[Any]:
    """Add up what the books of single classes hold; of a past day, of those that stood still."""
    of = classes(filters)
    kept = of.join(entry, and_(entry.c.class_id == of.c.id, entry.c.kind == kind))
    if filters.day is not None:
        kept = kept.join(book, and_(book.c.class_id == of.c.id, book.c.last_day <= filters.day))
    return _added(of, kept, entry, by).where(classes_within(filters, *years, of=of))


@lru_cache(512)
def _counted(dialect: str, day: int | None, kind: str, by: By) -> Select[Any]:
    """Count what classes in hand and their registrations come to, at the selection's moment."""
    of, (mine, r) = stood_classes(day), _in_hand(dialect, day)
    each = KINDS[kind](mine, r).subquery("each")
    return _added(of, of.join(each, each.c.class_id == of.c.id), each, by)


def _in_hand(dialect: str, day: int | None) -> tuple[FromClause, FromClause]:
    """Give the classes in hand and their registrations at the selection's moment."""
    if day is None:
        return in_hand(dialect, "rest"), registration
    of, hand = stood_classes(day), ids(dialect, "rest")
    then = select(of).join(hand, hand.c.id == of.c.id)
    return then.subquery("in_rest"), stood(day)


def _added(of: FromClause, rows: FromClause, each: FromClause, by: By) -> Select[Any]:
    if not NAMES.keys().isdisjoint(by):
        rows = rows.join(institution, institution.c.code == of.c.institution)
    apart = [NAMES[name] if name in NAMES else of.c[name] for name in by]
    summed = select(*apart, each.c.key, func.sum(each.c.n)).select_from(rows)
    return summed.group_by(*apart, each.c.key)


def _rest(connection: Connection, filters: Filters, years: Years) -> list[int]:
    """Give the classes no book answers for; without a rollup all of the selection."""
    statement = _open(filters, years, booked=source(connection).sums)
    return [row.id for row in read(connection, statement, {})]


@lru_cache(512)
def _open(filters: Filters, years: Years, *, booked: bool) -> Select[Any]:
    of, day = classes(filters), filters.day
    found = select(of.c.id).where(classes_within(filters, *years, of=of))
    if booked:
        found = found.join(book, book.c.class_id == of.c.id, isouter=True)
        later = book.c.last_day > day if day is not None else false()
        found = found.where(or_(book.c.class_id.is_(None), later))
    return found
