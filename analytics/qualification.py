"""Who qualifies, and who decides it: the records or a person?

One person and course counts once, with the last decision. Who is still under review is shown,
never counted as decided; who left before a decision is shown in the table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from analytics import labels
from analytics.charts import Figure, Part, clickable, stacked
from analytics.class_facts import counts
from analytics.filters import Filters, classes, classes_within
from analytics.person_courses import count
from analytics.sheet import Column, Sheet
from analytics.source import source
from services.kernel.straight import read
from services.words import Words, mark

PARTS = (
    Part("by_records", mark("Qualified by the records"), "confirmed"),
    Part("by_review", mark("Qualified by review"), "admitted"),
    Part("not_qualified", mark("Not qualified"), "problem"),
    Part("pending", mark("Still under review"), "reviewing"),
)
AHEAD = timedelta(days=28)
FEWEST = 10  # decided persons; fewer are shown but not spoken of


@dataclass(frozen=True, slots=True)
class Outcome:
    """Person-courses of one course (or group) by what was decided."""

    year: int
    course: str
    category: str
    by_records: int
    by_review: int
    refused_by_records: int
    refused_by_review: int
    pending: int
    left: int  # cancelled or unplaced before a decision

    @property
    def qualified(self) -> int:
        return self.by_records + self.by_review

    @property
    def decided(self) -> int:
        """Everybody who has been answered."""
        return self.qualified + self.refused_by_records + self.refused_by_review

    @property
    def rate(self) -> float | None:
        """Qualified over decided; pending people are not in it."""
        return self.qualified / self.decided if self.decided else None

    @property
    def alone(self) -> int:
        """Decided by the records alone."""
        return self.by_records + self.refused_by_records


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer for a selection."""

    total: Outcome
    last: Outcome
    groups: tuple[Outcome, ...]  # by category, or by course where one category is chosen
    by: str  # category | course
    pending_soon: int  # undecided, the class begins within 28 days


def extract(
    connection: Connection, filters: Filters, today: date
) -> tuple[tuple[Outcome, ...], int]:
    """Count decisions by course, this year and last, and the undecided of classes near."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for row in count(connection, filters, filters.year, filters.year - 1):
        outcomes = found.setdefault((row.year, row.course, row.category), [0] * 6)
        outcomes[row.unit.outcome] += row.n
    rows = tuple(Outcome(*key, *outcomes) for key, outcomes in sorted(found.items()))
    return rows, _pending_soon(connection, filters, today)


def _pending_soon(connection: Connection, filters: Filters, today: date) -> int:
    statement = _reviewing(filters, summed=source(connection).sums)
    [[n]] = read(connection, statement, {"first": today, "last": today + AHEAD})
    return int(n)


@lru_cache(256)
def _reviewing(filters: Filters, *, summed: bool) -> Select[Any]:
    """Add up who is under review in classes that begin between two days."""
    of, counted = classes(filters), counts(filters, filters.year, summed=summed)
    soon = of.c.starts_on.between(bindparam("first"), bindparam("last"))
    return (
        select(func.coalesce(func.sum(counted.c.reviewing), 0))
        .join_from(counted, of, of.c.id == counted.c.class_id)
        .where(classes_within(filters, filters.year, of=of), of.c.state == "published", soon)
    )


def add(rows: Iterable[Outcome], course: str = "", category: str = "") -> Outcome:
    """Add outcomes up."""
    found = list(rows)
    names = (
        "by_records", "by_review", "refused_by_records", "refused_by_review", "pending", "left",
    )  # fmt: skip
    sums = [sum(getattr(row, name) for row in found) for name in names]
    return Outcome(found[0].year if found else 0, course, category, *sums)


def measure(rows: Sequence[Outcome], pending_soon: int, year: int) -> Qualification:
    """Measure a year's decisions, worst first."""
    now = [row for row in rows if row.year == year]
    categories = {row.category for row in now}
    if len(categories) == 1:
        by, groups = "course", list(now)
    else:
        by = "category"
        groups = [add((r for r in now if r.category == c), category=c) for c in sorted(categories)]
    groups.sort(key=lambda g: (1 if g.rate is None else g.rate, g.category, g.course))
    last = add(row for row in rows if row.year == year - 1)
    return Qualification(add(now), last, tuple(groups), by, pending_soon)


def _namer(found: Qualification, words: Words) -> Callable[[Outcome], str]:
    if found.by == "course":
        return lambda row: labels.course(words, row.course)
    return lambda row: labels.category(words, row.category)


def finding(found: Qualification, words: Words) -> str:
    """Say where most are refused."""
    spoken = [row for row in found.groups if row.decided >= FEWEST]
    if found.total.rate is None or not spoken:
        return words("Too few decisions in this selection to compare")
    refused = 1 - (spoken[0].rate or 0)
    overall = 1 - found.total.rate
    if len(spoken) < 2 or refused < 0.01:
        return words("{rate} of those decided qualify", rate=words.percent(found.total.rate))
    return words(
        "{name}: {refused} do not qualify; over all courses {overall}",
        name=_namer(found, words)(spoken[0]),
        refused=words.percent(refused, 0),
        overall=words.percent(overall, 0),
    )


def subtitle(found: Qualification, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many persons."""
    return words(
        "Persons and courses by the last decision, %; classes of {period}, {n} decided",
        period=period, n=words.number(found.total.decided),
    )  # fmt: skip


def figure(found: Qualification, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw every group as one full bar, most refused first."""
    name = _namer(found, words)
    counts = [_counts(row) for row in found.groups]
    names = [name(row) for row in found.groups]
    keys = [row.course if found.by == "course" else row.category for row in found.groups]
    figure_ = stacked(names, PARTS, counts, words, theme, narrow=narrow)
    return clickable(figure_, "course", keys)


def _counts(row: Outcome) -> tuple[int, int, int, int]:
    refused = row.refused_by_records + row.refused_by_review
    return row.by_records, row.by_review, refused, row.pending


def sheet(found: Qualification, words: Words) -> Sheet:
    """Give the bars as a table of persons."""
    name = _namer(found, words)
    first = words("Course") if found.by == "course" else words("Course category")
    columns = [Column(first, "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    columns += [
        Column(words("Left before a decision"), "number"),
        Column(words("Qualification rate"), "percent"),
    ]
    return Sheet.of(columns, [(name(r), *_counts(r), r.left, r.rate) for r in found.groups])
