"""Do reminders reach people, and what do those who were reminded answer?

Whether a reminder makes somebody answer cannot be read from this: who answers early is never
reminded. So nobody is compared with people who were not, and what the reminded answered is called
an association.
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

WAYS = {"mail": mark("By e-mail"), "text": mark("By text message")}
PARTS = (
    Part("sent", mark("Handed over"), "confirmed"),
    Part("dead", mark("Came back"), "problem"),
    Part("none", mark("No address"), "closed"),
    Part("due", mark("Not sent yet"), "waiting"),
)


@dataclass(frozen=True, slots=True)
class Reminders:
    """Reminders by way, counted as PARTS say; of the reminded whose time is up, who said yes."""

    rows: tuple[tuple[str, tuple[int, ...]], ...]
    yes: int
    answered: int
    over: int

    @property
    def sent(self) -> int:
        """Every reminder, by whatever way."""
        return sum(sum(counts) for _, counts in self.rows)


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[str, str, int], ...]:
    """Count reminders by way and fate, and what the reminded said."""
    found: Counter[tuple[str, str]] = Counter()
    for key, n in sums(connection, filters, "reminders", now, filters.year):
        way, fate = key.split(":")
        found[way, fate] += n
    return tuple((*key, n) for key, n in sorted(found.items()))


def measure(rows: Iterable[tuple[str, str, int]]) -> Reminders:
    """Lay the counts out by way."""
    counts = {(way, fate): n for way, fate, n in rows}
    each = [(way, tuple(counts.get((way, p.code), 0) for p in PARTS)) for way in WAYS]
    yes, no, silent = (counts.get(("said", said), 0) for said in ("yes", "no", "silent"))
    shown = tuple(row for row in each if sum(row[1]))
    return Reminders(shown, yes, yes + no, yes + no + silent)


def finding(found: Reminders, words: Words) -> str:
    """Say how many reminders could not be handed over."""
    closed = [(n[0], n[1] + n[2]) for _, n in found.rows]
    handed, lost = sum(n for n, _ in closed), sum(n for _, n in closed)
    if not handed + lost:
        return words("Nobody has been reminded yet")
    if not lost:
        return words("Every reminder could be handed over")
    share = words.percent(lost / (handed + lost), 1)
    return words("{share} of the reminders could not be handed over", share=share)


def subtitle(found: Reminders, words: Words, period: str) -> str:
    """Say what is measured, of how many, and what the reminded answered without saying why."""
    measured = words(
        "Reminders by what became of them, %; classes of {period}, {n} reminders.",
        period=period, n=words.number(found.sent),
    )  # fmt: skip
    if not found.over:
        return measured
    share = words.percent(found.answered / found.over, 0)
    more = words(
        "Of {n} reminded, {share} answered; this does not show that reminders work.",
        n=words.number(found.over), share=share,
    )  # fmt: skip
    return measured + ("" if words.zh else " ") + more


def figure(found: Reminders, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw one full bar per way."""
    names = [words(WAYS[way]) for way, _ in found.rows]
    return stacked(names, PARTS, [n for _, n in found.rows], words, theme, narrow=narrow)


def sheet(found: Reminders, words: Words) -> Sheet:
    """Give the bars as a table of reminders."""
    columns = [Column(words("Way"), "name")]
    columns += [Column(words(part.name), "number") for part in PARTS]
    return Sheet.of(columns, [(Name(words(WAYS[way]), way), *n) for way, n in found.rows])
