"""The public tier: what everybody may see of the dashboards, through the small-number rule.

Only a year can be chosen: every other filter would let two tables be subtracted from each other.
Tables of the same people lay their totals side by side: seats by a trait are published only while
every total is. How long the queues are stands on each class page, so it is told here as it is.
Shares are made of the rounded counts, or they would undo the rounding. What persons are like is
told of the end of a month: followed step by step, a table would tell whose step it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import select

from analytics import equity, labels
from analytics.asking import Ask, ask_demand, ask_equity, ask_fill_rate, ask_waiting
from analytics.cache import Found
from analytics.charts import Bar, Figure, Part, bars, stacked
from analytics.demand import Demand
from analytics.disclosure import protect, with_totals
from analytics.fill_rate import FillRate
from analytics.filters import Filters, seen_from
from analytics.freshness import freshness
from analytics.sheet import Column, Name, Sheet
from analytics.source import source, true_as_of
from analytics.waiting import BANDS, Waiting
from services.catalogue.records import annual_plan
from services.kernel.clock import TAIPEI, taipei_day
from services.kernel.work import Look
from services.words import Words, mark

WITHHELD = mark("not published")
CAME, EMPTY = (
    Part("came", mark("Came"), "confirmed"),
    Part("empty", mark("Stayed empty"), "free"),
)
QUALIFIED, OTHER = (
    Part("qualified", mark("Qualified"), "confirmed"),
    Part("other", mark("Not qualified or undecided"), "closed"),
)
SEAT, NO_SEAT = (
    Part("seat", mark("Got a seat"), "confirmed"),
    Part("no_seat", mark("No seat so far"), "closed"),
)
WAITS = (Part("waiting", mark("Still waiting"), "waiting"),)
Rows = Sequence[tuple[str, Sequence[int]]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may be shown: code, parts and their sum; None is hidden; the total apart."""

    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    total: tuple[int | None, ...]

    @classmethod
    def of(cls, rows: Rows) -> "Published":
        """Put a table through the small-number rule."""
        return cls._laid_out(rows, protect([counts for _, counts in rows]))

    @classmethod
    def plain(cls, rows: Rows) -> "Published":
        """Tell a table as it is."""
        return cls._laid_out(rows, with_totals([counts for _, counts in rows]) if rows else [])

    @classmethod
    def _laid_out(cls, rows: Rows, table: Sequence[Sequence[int | None]]) -> "Published":
        shown = [tuple(row) for row in table]
        codes = [code for code, _ in rows]
        return cls(tuple(zip(codes, shown[:-1], strict=True)), shown[-1] if shown else ())

    def withheld(self) -> "Published":
        """Hide every cell."""
        nothing = (None,) * len(self.total)
        return Published(tuple((code, nothing) for code, _ in self.rows), nothing)

    @property
    def share(self) -> float | None:
        """The first part of the whole."""
        return _share(self.total)


def _share(counts: Sequence[int | None]) -> float | None:
    """Give the share that bars, table and sentence tell, in whole percent.

    It is of the rounded parts as the bars draw them; these need not add up to their rounded sum.
    """
    parts = [n for n in counts[:-1] if n is not None]
    whole = sum(parts) if None not in counts else 0
    return round(parts[0] / whole, 2) if whole else None


@dataclass(frozen=True, slots=True)
class Public:
    """One public table; `measure` is its definition, {share} or {n} stands in its sentence."""

    code: str
    measure: str
    heading: str
    parts: tuple[Part, ...]
    rows: Callable[[Look, Filters], Found[Rows]]
    name: Callable[[Words, str, Look], str]
    said: str  # the finding, with {share} and {n}
    measured: str  # the subtitle, with {period}
    told: bool = False  # on the pages of classes anyway
    beside: tuple[str, ...] = ()  # tables with totals of the same people
    monthly: bool = False  # of what persons are like: as of the last whole month

    def ask(self, look: Look, filters: Filters) -> Found[Published]:
        """Answer it; what it is made of is remembered, the rule is quick."""
        if self.monthly:
            filters = replace(filters, as_of=_month_end(look))
            if not source(look.connection).sums:  # past days cannot be told
                nothing = Published((), (None,) * (len(self.parts) + 1))
                return Found(nothing, seen_from(look, filters).now)
        rows = self.rows(look, filters)
        return Found(self._shown(rows.value, look, filters), _since(look, rows.as_of))

    def _shown(self, rows: Rows, look: Look, filters: Filters) -> Published:
        if self.told:
            return Published.plain(rows)
        found = Published.of(rows)
        others = [Published.of(PUBLIC[code].rows(look, filters).value) for code in self.beside]
        if self.beside and any(None in each.total for each in (found, *others)):
            return found.withheld()
        return found

    def finding(self, found: Published, words: Words) -> str:
        """Say the one thing the published numbers say."""
        if not found.rows and found.total:
            return words("Not published until the sums are complete again")
        if not found.rows or found.total[-1] in (None, 0):
            return words("Too few cases to publish")
        n = words.number(found.total[-1] or 0)
        return words(self.said, share=words.percent(found.share, 0), n=n)

    def figure(
        self, found: Published, look: Look, words: Words, theme: str, narrow: bool
    ) -> Figure:
        """Draw the rows that are published whole."""
        whole = [(code, [n for n in row if n is not None]) for code, row in found.rows
                 if None not in row and row[-1]]  # fmt: skip
        names = [self.name(words, code, look) for code, _ in whole]
        if len(self.parts) > 1:
            counts = [row[:-1] for _, row in whole]
            return stacked(names, self.parts, counts, words, theme, narrow=narrow)
        drawn = [Bar(name, row[0], words.number(row[0]))
                 for name, (_, row) in zip(names, whole, strict=True)]  # fmt: skip
        return bars(drawn, theme, narrow=narrow)

    def sheet(self, found: Published, look: Look, words: Words) -> Sheet:
        """Give every row and the total; a hidden cell says so."""
        columns = [Column(words(self.heading).capitalize(), "name")]
        columns += [Column(words(part.name), "number") for part in self.parts]
        several = len(self.parts) > 1
        if several:
            columns += [Column(words("Together"), "number"), Column(words("Share"), "rounded")]

        def line(name: str, counts: Sequence[int | None]) -> tuple[object, ...]:
            cells = [words(WITHHELD) if n is None else n for n in counts]
            share = _share(counts)
            if not several:
                return (name, cells[0])
            return (name, *cells, words(WITHHELD) if share is None else share)

        rows = [
            line(Name(self.name(words, code, look), code), counts) for code, counts in found.rows
        ]
        if found.rows:
            rows.append(line(Name(words("All together")), found.total))
        return Sheet.of(columns, rows)


def _month_end(look: Look) -> date:
    """Give the last day of the last month whose steps are all taken in."""
    return taipei_day(true_as_of(look)).replace(day=1) - timedelta(days=1)


def _since(look: Look, as_of: datetime) -> datetime:
    """Give since when a table is as it is: the newest step or this midnight, if they are in it."""
    newest = freshness(look).newest
    midnight = datetime.combine(look.today, time(0), TAIPEI)
    return min(max(newest, midnight) if newest else midnight, as_of)


def years(look: Look) -> list[int]:
    """Give the plan years that are published, the newest first."""
    query = select(annual_plan.c.year).where(annual_plan.c.published_at.is_not(None))
    return list(look.connection.scalars(query.order_by(annual_plan.c.year.desc())))


def _of(ask: Ask[T], rows: Callable[[T], Rows]) -> Callable[[Look, Filters], Found[Rows]]:
    """Make the rows of a table of what a dashboard asks; they are true of the same moment."""

    def of(look: Look, filters: Filters) -> Found[Rows]:
        found = ask(look, filters)
        return Found(rows(found.value), found.as_of)

    return of


def _fill(found: FillRate) -> Rows:
    return [
        (code, (min(s.attended, s.planned), max(s.planned - s.attended, 0)))
        for code, s in found.by_category
    ]


def _demand(found: Demand) -> Rows:
    rows = [(r.course, (r.qualified, r.persons - r.qualified)) for r in found.courses if r.persons]
    return sorted(rows, key=lambda row: -sum(row[1]))


def _waiting(found: Waiting) -> Rows:
    return [(str(n), (count,)) for n, count in enumerate(found.bands)]


def _seats(trait: str) -> Callable[[equity.Equity], Rows]:
    return lambda found: [
        (g.key, (g.counts[0], g.counts[1] + g.counts[2])) for g in found.every[trait]
    ]


def _group(trait: str) -> Callable[[Words, str, Look], str]:
    return lambda words, code, _look: equity.named(trait, code, words)


SEATS = ("seats-region", "seats-rank", "seats-age", "seats-sex")

_TABLE = (
    Public(
        "fill", "fill-rate", mark("Course category"), (CAME, EMPTY), _of(ask_fill_rate, _fill),
        lambda words, code, _: labels.category(words, code),
        mark("{share} of the planned seats were used"),
        mark("People who came and empty seats, % of planned seats; classes begun in {period}"),
    ),
    Public(
        "demand", "demand", mark("Course"), (QUALIFIED, OTHER), _of(ask_demand, _demand),
        lambda words, code, _: labels.course(words, code),
        mark("{n} persons and courses; {share} qualified"),
        mark("Persons and courses, each once, %; classes of {period}"),
        monthly=True,
    ),
    Public(
        "waiting", "waiting-now", mark("Waiting for"), WAITS, _of(ask_waiting, _waiting),
        lambda words, code, _: words(BANDS[int(code)][1]),
        mark("{n} people wait for a seat (once per course)"),
        mark(
            "Persons and courses without a seat, by days since they registered; classes of {period}"
        ),
        told=True,
    ),
    *(
        Public(
            f"seats-{trait}", "equity", equity.TITLES[trait], (SEAT, NO_SEAT),
            _of(ask_equity, _seats(trait)), _group(trait), said,
            mark("Qualified persons and courses, %; classes of {period}"),
            beside=("demand", *SEATS), monthly=True,
        )
        for trait, said in (
            ("region", mark("Seats by region: {share} of all got one")),
            ("rank", mark("Seats by rank: {share} of all got one")),
            ("age", mark("Seats by age: {share} of all got one")),
            ("sex", mark("Seats by sex: {share} of all got one")),
        )
    ),
)  # fmt: skip
PUBLIC: Mapping[str, Public] = {table.code: table for table in _TABLE}
