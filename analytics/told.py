"""How soon is somebody told of a seat that came free?

A freed seat is given in the same transaction, so the time runs from that step to the moment the
mail server took the letter. In the portal's own inbox the notice stands at once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters
from analytics.sheet import Column, Sheet
from analytics.waiting import MOST, within
from services.words import Words, mark

BANDS = (
    (60, mark("within a minute")),
    (600, mark("1 to 10 minutes")),
    (3600, mark("10 to 60 minutes")),
    (86_400, mark("1 to 24 hours")),
    (10**9, mark("later")),
)
Row = tuple[int, int | None, str, int]  # plan year, minutes, fate, notices
WAITING, NO_MAIL = mark("not sent yet"), mark("in the inbox only")


@dataclass(frozen=True, slots=True)
class Told:
    """Notices of a freed seat by band, those not sent yet, those without an address; seconds.

    The median and what all but a tenth took; the median of the year before, all of it.
    """

    bands: tuple[int, ...]
    waiting: int
    no_mail: int
    median: int | None
    late: int | None
    last: int | None

    @property
    def sent(self) -> int:
        return sum(self.bands)


def extract(connection: Connection, filters: Filters, now: datetime) -> tuple[Row, ...]:
    """Count notices by plan year, minutes until the mail server had them, and their fate."""
    found: Counter[tuple[int, str, int]] = Counter()
    years = filters.year, filters.year - 1
    for year, key, n in sums(connection, filters, "told", now, *years, by=("year",)):
        state, minute = key.split(":")
        found[year, state, int(minute)] += n
    return tuple((year, m if m >= 0 else None, of, n) for (year, of, m), n in sorted(found.items()))


def measure(every: Sequence[Row], year: int) -> Told:
    """Sort those of a year into bands."""
    rows = [row[1:] for row in every if row[0] == year]
    sent, last = _sent(rows), _sent([row[1:] for row in every if row[0] == year - 1])
    bands, low = [], 0
    for high, _ in BANDS:
        bands.append(sum(n for after, n in sent if low <= after < high))
        low = high
    by_state = {of: sum(n for _, state, n in rows if state == of) for of in ("waiting", "none")}
    return Told(
        tuple(bands), by_state["waiting"], by_state["none"], within(sent), within(sent, MOST),
        within(last),
    )  # fmt: skip


def _sent(rows: Sequence[tuple[int | None, str, int]]) -> list[tuple[int, int]]:
    """Give the seconds that letters took, with how many they were."""
    return [(minute * 60, n) for minute, of, n in rows if of == "sent" and minute is not None]


def spoken(seconds_: int, words: Words) -> tuple[str, str]:
    """Give a duration as number and unit."""
    if seconds_ < 60:
        return "<1", words("minutes")
    if seconds_ < 3600:
        return words.number(seconds_ // 60), words("minutes")
    return f"{seconds_ / 3600:.1f}", words("h")


def timed(seconds_: int, words: Words) -> str:
    """Say a duration in one."""
    number, unit = spoken(seconds_, words)
    return f"{number}{unit}" if words.zh else f"{number} {unit}"


class _Eyes:
    def finding(self, found: Told, words: Words) -> str:
        """Say how soon half of them were told by mail."""
        if found.median is None:
            return words("Nobody has been told of a freed seat by mail yet")
        half, late = (timed(at or 0, words) for at in (found.median, found.late))
        return words(
            "Half are told of a freed seat within {time}, 9 in 10 within {late}",
            time=half, late=late,
        )  # fmt: skip

    def subtitle(self, found: Told, words: Words, period: str) -> str:
        """Say what is measured, of when, and of how many notices."""
        return words(
            "From the step that gave the seat to the mail server taking the letter; classes of "
            "{period}, {n} notices",
            period=period, n=words.number(found.sent + found.waiting + found.no_mail),
        )  # fmt: skip

    def figure(self, found: Told, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the bands from soonest to latest, then those without a letter."""
        drawn = [
            Bar(words(name), n, words.number(n))
            for (_, name), n in zip(BANDS, found.bands, strict=True)
        ]
        drawn.append(Bar(words(WAITING), found.waiting, words.number(found.waiting),
                         low=found.waiting > 0))  # fmt: skip
        drawn.append(Bar(words(NO_MAIL), found.no_mail, words.number(found.no_mail)))
        return bars(drawn, theme, narrow=narrow)

    def sheet(self, found: Told, words: Words) -> Sheet:
        """Give the bands as a table."""
        columns = (Column(words("Told")), Column(words("Number of notices"), "number"))
        rows = [(words(name), n) for (_, name), n in zip(BANDS, found.bands, strict=True)]
        rows += [(words(WAITING), found.waiting), (words(NO_MAIL), found.no_mail)]
        return Sheet.of(columns, rows if any(n for _, n in rows) else [])


EYES = _Eyes()
