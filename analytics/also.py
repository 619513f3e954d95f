"""What else is measured: at the foot of a board one table of measures that have no figure.

A measure is one line of ALSO: its code in the dictionary, how its value is written, how it comes
about. All are made of what the figures of the board have asked already.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from analytics import also_counted
from analytics.also_counted import Measured
from analytics.asking import Ask, at_its_moment
from analytics.cache import Found
from analytics.charts import Figure
from analytics.definitions import definition
from analytics.filters import Filters
from analytics.sheet import Amount, Column, Kind, Name, Sheet
from analytics.source import true_as_of
from services.kernel.work import Look
from services.words import Words


class Line(NamedTuple):
    """One measure of a board."""

    measure: str
    kind: Kind  # of its value
    ask: Callable[[Look, Filters], Measured]


@dataclass(frozen=True, slots=True)
class Also:
    """The measures of a board with what they came to, in their order."""

    year: int
    rows: tuple[tuple[Line, Measured], ...]


ALSO: Mapping[str, Sequence[Line]] = {
    "demand": (Line("registrations-each", "ratio", also_counted.registrations_each),),
    "qualification": (
        Line("review-in-time", "percent", also_counted.reviews_in_time),
        Line("passed-by-records", "percent", also_counted.passed_by_records),
        Line("refused-by-records", "percent", also_counted.refused_by_records),
        Line("one-rule", "percent", also_counted.stopped_by_one_rule),
    ),
    "fill-rate": (
        Line("classes-held", "percent", also_counted.classes_held),
        Line("funded-seats", "percent", also_counted.funded_seats),
        Line("own-cost-seats", "percent", also_counted.own_cost_seats),
        Line("too-small", "percent", also_counted.too_small),
        Line("empty-with-queue", "percent", also_counted.empty_with_queue),
    ),
    "queues": (
        Line("late-cancellations", "percent", also_counted.late_cancellations),
        Line("freed-filled", "percent", also_counted.freed_seats_filled),
        Line("lists-ran-out", "percent", also_counted.lists_ran_out),
        Line("list-reached", "number", also_counted.list_reached),
        Line("longest-waits", "number", also_counted.longest_waits),
        Line("latest-seats", "number", also_counted.latest_seats),
        Line("completed", "percent", also_counted.passed_at_the_end),
    ),
    "equity": (Line("without-traits", "percent", also_counted.without_traits),),
}


@cache
def ask_also(board: str) -> Ask[Also]:
    """Ask what else is measured on a board."""

    @at_its_moment
    def ask(look: Look, filters: Filters) -> Found[Also]:
        rows = tuple((line, line.ask(look, filters)) for line in ALSO[board])
        return Found(Also(filters.year, rows), true_as_of(look))

    return ask


class _Eyes:
    def finding(self, found: Also, words: Words) -> str:
        """Say how many they are; of a single one what it came to, and the year before."""
        known = [(line, of) for line, of in found.rows if of.value is not None]
        if not known:
            return words("Nothing else can be told of this selection yet")
        if len(found.rows) > 1:
            return words("{n} more measures", n=len(found.rows))
        line, of = known[0]
        name, value = words(definition(line.measure).name), _written(line, of.value, words)
        if of.before is None:
            return words("{name}: {value}", name=name, value=value)
        return words(
            "{name}: {value}; {year}: {before}",
            name=name, value=value, year=words.year(found.year - 1),
            before=_written(line, of.before, words),
        )  # fmt: skip

    def subtitle(self, _found: Also, words: Words, period: str) -> str:
        """Say of when they are."""
        return words("Classes of {period}", period=period)

    def figure(self, _found: Also, _words: Words, _theme: str, _narrow: bool) -> Figure:
        """Draw nothing: measures of several units are a table."""
        return {"data": [], "layout": {"height": 0}}

    def sheet(self, found: Also, words: Words) -> Sheet:
        """Give every measure with what it is made of, and the year before where it is alike."""
        columns = (
            Column(words("Measure"), "name"),
            Column(words.year(found.year), "amount"),
            Column(
                words("Counted/divided by"), "fraction", (words("Counted"), words("Divided by"))
            ),
            Column(words.year(found.year - 1), "amount", spare=True),
        )
        rows = [
            (Name(words(definition(line.measure).name), line.measure), _amount(line, of.value),
             (of.counted, of.of), _amount(line, of.before))
            for line, of in found.rows
        ]  # fmt: skip
        return Sheet.of(columns, rows, [f"/definitions#{line.measure}" for line, _ in found.rows])


EYES = _Eyes()


def measures(board: str) -> tuple[str, ...]:
    """Give the codes of the measures of a board."""
    return tuple(line.measure for line in ALSO[board])


def _amount(line: Line, value: float | None) -> Amount | None:
    return None if value is None else Amount(value, line.kind)


def _written(line: Line, value: float | None, words: Words) -> str:
    amount = _amount(line, value)
    return "–" if amount is None else amount.written(words)
