"""When people are asked, do they come? Answers by the occasion they were asked on.

The denominator is requests that were sent and not called back; who has time left is shown apart.
A self-funded offer that nobody claimed was not answered.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.charts import Figure, Part, stacked
from analytics.filters import Filters
from analytics.sheet import Column, Name, Sheet
from services.words import Words, mark

OCCASIONS = {
    "call": mark("Confirmation call"),
    "backfill": mark("After a cancellation"),
    "promoted": mark("Promoted"),
    "claim": mark("Self-funded offer"),
}
PARTS = (
    Part("yes", mark("Yes"), "confirmed"),
    Part("no", mark("No"), "closed"),
    Part("silent", mark("No answer"), "problem"),
)
FEWEST = 10  # answers; fewer are shown but not spoken of


@dataclass(frozen=True, slots=True)
class Answers:
    """Requests by occasion: answered as PARTS say, and those with time left."""

    rows: tuple[tuple[str, tuple[int, int, int, int]], ...]
    last: tuple[int, int]  # last year: yes, and everything whose time is up

    @property
    def yes(self) -> tuple[int, int]:
        """Give how many said yes, and of how many the time is up."""
        return sum(n[0] for _, n in self.rows), sum(sum(n[:3]) for _, n in self.rows)


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[int, str, str, int], ...]:
    """Count requests by plan year, occasion and answer."""
    found: Counter[tuple[int, str, str]] = Counter()
    years = filters.year, filters.year - 1
    for year, key, n in sums(connection, filters, "answers", now, *years, by=("year",)):
        occasion, said = key.split(":")
        found[year, occasion, said] += n
    return tuple((*key, n) for key, n in sorted(found.items()))


def measure(rows: Iterable[tuple[int, str, str, int]], year: int) -> Answers:
    """Lay the answers of a year out by occasion."""
    found = list(rows)

    def count(occasion: str, said: str) -> int:
        return sum(n for y, o, a, n in found if (y, o, a) == (year, occasion, said))

    last = [(said, n) for of, _, said, n in found if of == year - 1 and said != "open"]
    each = [
        (o, (count(o, "yes"), count(o, "no"), count(o, "silent"), count(o, "open")))
        for o in OCCASIONS
    ]
    yes = sum(n for said, n in last if said == "yes")
    return Answers(tuple(row for row in each if sum(row[1])), (yes, sum(n for _, n in last)))


def finding(found: Answers, words: Words) -> str:
    """Say on which occasion most do not answer."""
    closed = [(o, n) for o, n in found.rows if sum(n[:3]) >= FEWEST]
    if not closed:
        return words("Too few people have been asked to compare")
    occasion, counts = max(closed, key=lambda row: row[1][2] / sum(row[1][:3]))
    return words(
        "{occasion}: {share} do not answer",
        occasion=words(OCCASIONS[occasion]),
        share=words.percent(counts[2] / sum(counts[:3]), 0),
    )


def subtitle(found: Answers, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many requests."""
    return words(
        "Requests by answer, %; classes of {period}, {n} requests, {open} with time left not shown",
        period=period, n=words.number(sum(sum(counts) for _, counts in found.rows)),
        open=words.number(sum(counts[3] for _, counts in found.rows)),
    )  # fmt: skip


def figure(found: Answers, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw one full bar per occasion, in their order."""
    names = [words(OCCASIONS[occasion]) for occasion, _ in found.rows]
    return stacked(names, PARTS, [n[:3] for _, n in found.rows], words, theme, narrow=narrow)


def sheet(found: Answers, words: Words) -> Sheet:
    """Give the bars as a table of requests."""
    columns = [Column(words("Occasion"), "name"), *(Column(words(p.name), "number") for p in PARTS)]
    columns.append(Column(words("Still time"), "number"))
    return Sheet.of(columns, [(Name(words(OCCASIONS[o]), o), *counts) for o, counts in found.rows])
