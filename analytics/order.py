"""Who was served out of the plain order, and by which rule? Every way is counted."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, select

from analytics.charts import Bar, Figure, bars
from analytics.class_facts import counts
from analytics.filters import Filters, by_then, classes, classes_within, scope
from analytics.number import Counted
from analytics.sheet import Column, Name, Sheet
from analytics.source import source
from services.catalogue.records import institution, training_class
from services.kernel.straight import read
from services.notices.records import notice
from services.registration.lifecycle import Notice
from services.registration.records import rare, registration, registration_event
from services.words import Words, mark

WAYS = {
    "overlap": mark("Passed over: dates overlap"),
    "better_reserved": mark("Suspended: better choice"),
    "override": mark("Override, two planners"),
    "merge": mark("By a merged class"),
    "reopen": mark("Class cancelled, back"),
    "appeal": mark("By an appeal, back"),
    "reschedule": mark("Class moved, asked again"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """Registrations by the way they left the plain order, and all registrations, by channel.

    Of a past day it is not known who was suspended then: that way is not among them.
    """

    ways: tuple[tuple[str, int], ...]
    registered: int
    by_staff: int
    last: Counted  # of the year before, all of it: by staff, registered
    places: tuple[tuple[str, str, str, int, int], ...]  # code, names, overrides, registered

    def of(self, way: str) -> int:
        """Give the count of one way."""
        return dict(self.ways)[way]

    @property
    def staff_share(self) -> float | None:
        """The share registered at the counter or by phone."""
        return self.by_staff / self.registered if self.registered else None


def extract(connection: Connection, filters: Filters) -> Order:
    """Count registrations of the selection by each way, each once a way."""
    found, summed = Counter[str](), source(connection).sums
    overrides = Counter[str]()
    for event, at, n in read(connection, _steps(filters), {}):
        found[str(event)] += int(n)
        overrides[at] += int(n) * (event == "override")
    [[found["overlap"]]] = read(connection, _passed_over(filters), {})
    ways = list(WAYS)
    if filters.as_of is None:
        [[found["better_reserved"]]] = read(connection, _suspended(filters), {})
    else:  # why somebody is passed over has no history
        ways.remove("better_reserved")
    sums = [
        (year, place, int(n or 0), int(by_staff or 0))
        for year, *place, n, by_staff in read(connection, _of_places(filters, summed), {})
    ]
    now = [row[1:] for row in sums if row[0] == filters.year]
    last = [row[1:] for row in sums if row[0] != filters.year]
    return Order(
        tuple((way, found[way]) for way in ways),
        sum(n for _, n, _ in now),
        sum(n for _, _, n in now),
        (sum(n for _, _, n in last), sum(n for _, n, _ in last)),
        tuple((code, zh, en, overrides[code], n) for (code, zh, en), n, _ in now),
    )


def _ours(filters: Filters) -> ColumnElement[bool]:
    r = registration.c
    mine = (r.class_id + 0).in_(scope(filters, filters.year))  # from the few, not from the class
    return and_(mine, by_then(r.registered_at, filters))


@lru_cache(256)
def _steps(filters: Filters) -> Select[Any]:
    e, c = registration_event.c, training_class.c
    return (
        select(e.event, c.institution, func.count(func.distinct(e.registration_id)))
        .join(registration, registration.c.id == e.registration_id)
        .join(training_class, c.id == registration.c.class_id + 0)
        .where(_ours(filters), rare(e.event), by_then(e.at, filters))
        .group_by(e.event, c.institution)
    )


@lru_cache(256)
def _suspended(filters: Filters) -> Select[Any]:
    held_back = registration.c.skip_reason == "better_reserved"
    return select(func.count()).where(_ours(filters), held_back)


@lru_cache(256)
def _of_places(filters: Filters, summed: bool) -> Select[Any]:
    """Count registrations of this year and the one before by institution, and those by staff."""
    years = filters.year, filters.year - 1
    of, counted = classes(filters), counts(filters, *years, summed=summed)
    by = of.c.year, institution.c.code, institution.c.short_zh, institution.c.short_en
    return (
        select(*by, func.sum(counted.c.registered), func.sum(counted.c.by_staff))
        .join_from(counted, of, of.c.id == counted.c.class_id)
        .join(institution, institution.c.code == of.c.institution)
        .where(classes_within(filters, *years, of=of))
        .group_by(*by)
        .order_by(institution.c.code)
    )


@lru_cache(256)
def _passed_over(filters: Filters) -> Select[Any]:
    """Count who was told of being passed over, and whose dates overlap now."""
    r, ours = registration.c, _ours(filters)
    skipped: ColumnElement[str] = literal_column(f"'{Notice.SKIPPED.value}'")  # as its index says
    told = and_(notice.c.kind == skipped, by_then(notice.c.made_at, filters))
    letters: Any = select(r.id).where(r.id.in_(select(notice.c.registration_id).where(told)), ours)
    if filters.as_of is None:
        letters = letters.union(select(r.id).where(ours, r.skip_reason == "overlap"))
    return select(func.count(func.distinct(letters.subquery().c.id)))


class _Eyes:
    def finding(self, found: Order, words: Words) -> str:
        """Say how many overrides there were."""
        n = found.of("override")
        if n:
            return words.many(
                "{n} registration was served ahead of the order by an override",
                "{n} registrations were served ahead of the order by an override",
                n,
            )
        skipped = found.of("overlap")
        if not skipped:
            return words("Nobody was served ahead of the order or passed over")
        return words.many(
            "No override; {n} registration was passed over and kept the place",
            "No override; {n} registrations were passed over and kept their place",
            skipped,
        )

    def subtitle(self, found: Order, words: Words, period: str) -> str:
        """Say what is counted, of when, and of how many."""
        return words(
            "Registrations by each way out of the plain order; classes of {period}, {n} "
            "registrations",
            period=period, n=words.number(found.registered),
        )  # fmt: skip

    def figure(self, found: Order, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw every way, most first, none left out because it is zero, unless all are."""
        if not any(n for _, n in found.ways):
            return {"data": [], "layout": {"height": 0}}
        rows = sorted(found.ways, key=lambda row: -row[1])
        drawn = [Bar(words(WAYS[way]), n, words.number(n), low=way == "override" and n > 0)
                 for way, n in rows]  # fmt: skip
        return bars(drawn, theme, narrow=narrow)

    def sheet(self, found: Order, words: Words) -> Sheet:
        """Give every way as a table."""
        columns = (
            Column(words("Way out of the plain order"), "name"),
            Column(words("Number of registrations"), "number"),
        )
        rows = [(Name(words(WAYS[way]), way), n) for way, n in found.ways]
        return Sheet.of(columns, rows, nothing=not any(n for _, n in rows))


EYES = _Eyes()
