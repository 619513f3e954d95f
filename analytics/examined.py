"""Do the promises of the queue hold? What the last examination found, one by one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from analytics.charts import Figure
from analytics.sheet import Column, Sheet
from services.invariants import SENTENCES
from services.kernel.records import examination
from services.words import Words

ORDER = 2  # nobody is seated ahead of a better rank


@dataclass(frozen=True, slots=True)
class Examined:
    """The invariants as (number, things looked at, faults), and when they were examined.

    Only the last examination is kept: nothing is `known` of a past day.
    """

    rows: tuple[tuple[int, int, int], ...]
    at: datetime | None
    known: bool = True

    @property
    def broken(self) -> int:
        """How many do not hold."""
        return sum(faults > 0 for _, _, faults in self.rows)

    def of(self, number: int) -> tuple[int, int] | None:
        """Give what was looked at and the faults of one invariant."""
        return next(((looked, faults) for n, looked, faults in self.rows if n == number), None)


def extract(connection: Connection) -> Examined:
    """Read the last examination."""
    rows = list(connection.execute(select(examination).order_by(examination.c.number)))
    at = rows[0].at if rows else None
    return Examined(tuple((row.number, row.looked_at, row.faults) for row in rows), at)


class _Eyes:
    def finding(self, found: Examined, words: Words) -> str:
        """Say whether every promise holds."""
        if not found.known:
            return words("Whether the promises held is not known for a past day")
        if found.at is None:
            return words("The queue has not been examined yet")
        if found.broken:
            return words.many(
                "{n} promise of the queue is broken", "{n} promises of the queue are broken",
                found.broken,
            )  # fmt: skip
        return words("All {n} promises of the queue hold", n=len(found.rows))

    def subtitle(self, found: Examined, words: Words, period: str) -> str:  # noqa: ARG002
        """Say when the whole database was examined."""
        if found.at is None:
            return ""
        return words(
            "Counted over the whole database, all years; examined {moment}",
            moment=words.deadline(found.at),
        )

    def figure(self, _found: Examined, _words: Words, _theme: str, _narrow: bool) -> Figure:
        """Draw nothing: sentences with a count are a table."""
        return {"data": [], "layout": {"height": 0}}

    def sheet(self, found: Examined, words: Words) -> Sheet:
        """Give every promise with what was looked at and what broke it."""
        columns = (
            Column(words("Promise")),
            Column(words("Looked at"), "number"),
            Column(words("Broken"), "number"),
        )
        return Sheet.of(
            columns, [(words(SENTENCES[n]), looked, bad) for n, looked, bad in found.rows]
        )


EYES = _Eyes()
