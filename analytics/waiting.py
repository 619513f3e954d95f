"""How long have people waited, and how long did it take those who got a seat?

Two statistics that are never mixed: who still waits has not waited to the end, and who was seated
is no longer waiting. A person and course counts once, however many classes are waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters
from analytics.person_courses import days, took
from analytics.sheet import Column, Sheet
from services.kernel.clock import taipei_day
from services.words import Words, mark

BANDS = (
    (30, mark("less than 30 days")),
    (60, mark("30 to 59 days")),
    (90, mark("60 to 89 days")),
    (180, mark("90 to 179 days")),
    (10**6, mark("180 days or more")),
)
MOST = 9  # tenths
Days = Sequence[tuple[int, int]]  # whole days, persons


@dataclass(frozen=True, slots=True)
class Waiting:
    """Persons waiting now by band, their days so far; persons seated from the list, theirs.

    Each time is a median, and what all but a tenth come to.
    """

    bands: tuple[int, ...]
    so_far: int | None
    so_far_late: int | None
    seated: int
    until: int | None
    until_late: int | None

    @property
    def people(self) -> int:
        """Everybody who waits."""
        return sum(self.bands)


def extract(connection: Connection, filters: Filters, now: datetime) -> tuple[Days, Days]:
    """Count by whole days: who waits and has no seat; who came off the list this year."""
    today = taipei_day(now).toordinal()
    still = days(connection, filters, "waits", filters.year)
    off = took(connection, filters, filters.year)
    return tuple((today - day, n) for day, n in sorted(still.items())), tuple(sorted(off.items()))


def within(days: Days, tenths: int = 5) -> int | None:
    """Give the day that so many tenths lie within; the median: of two in the middle the lower."""
    total, passed = sum(n for _, n in days), 0
    for day, n in sorted(days):
        passed += n
        if passed * 10 >= total * tenths:
            return day
    return None


def measure(still: Days, off: Days) -> Waiting:
    """Sort who waits into bands."""
    bands, low = [], 0
    for high, _ in BANDS:
        bands.append(sum(n for day, n in still if low <= day < high))
        low = high
    seated = sum(n for _, n in off)
    return Waiting(
        tuple(bands), within(still), within(still, MOST), seated, within(off), within(off, MOST)
    )


def finding(found: Waiting, words: Words) -> str:
    """Say how long half of them have waited."""
    if not found.people:
        return words("Nobody is waiting for a seat")
    return words(
        "Half of those waiting ({people}) have waited {n} days or more",
        people=words.number(found.people),
        n=found.so_far,
    )


def subtitle(found: Waiting, words: Words, period: str) -> str:
    """Say what is measured and when."""
    return words(
        "Persons and courses without a seat, by days since they registered; a tenth for {n} days "
        "or more; classes of {period}",
        n=found.so_far_late, period=period,
    ) if found.people else ""  # fmt: skip


def figure(found: Waiting, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the bands as bars, the shortest wait on top."""
    drawn = [
        Bar(words(name), n, words.number(n))
        for (_, name), n in zip(BANDS, found.bands, strict=True)
    ]
    return bars(drawn, theme, narrow=narrow)


def sheet(found: Waiting, words: Words) -> Sheet:
    """Give the bands as a table."""
    columns = (Column(words("Waiting for")), Column(words("Persons and courses"), "number"))
    rows = [(words(name), n) for (_, name), n in zip(BANDS, found.bands, strict=True)]
    return Sheet.of(columns, rows if found.people else [])
