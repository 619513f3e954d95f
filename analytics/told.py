"""How soon is somebody told of a seat that came free?

A freed seat is given in the same transaction, so the time runs from that step to the moment the
mail server took the letter. In the portal's own inbox the notice stands at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, or_, select

from analytics.charts import Bar, Figure, bars
from analytics.filters import Filters, by_then, scope
from analytics.instants import seconds
from analytics.sheet import Column, Sheet
from services.notices.records import notice
from services.registration.lifecycle import Notice
from services.registration.records import registration
from services.words import Words, mark

KINDS = (Notice.ADMITTED.value, Notice.PROMOTED.value)
BANDS = (
    (60, mark("within a minute")),
    (600, mark("within 10 minutes")),
    (3600, mark("within an hour")),
    (86_400, mark("within a day")),
    (10**9, mark("later")),
)
WAITING, NO_MAIL = mark("not sent yet"), mark("in the inbox only")


@dataclass(frozen=True, slots=True)
class Told:
    """Notices of a freed seat by band, those not sent yet, those without an address; median."""

    bands: tuple[int, ...]
    waiting: int
    no_mail: int
    median: int | None  # seconds

    @property
    def sent(self) -> int:
        return sum(self.bands)


def extract(connection: Connection, filters: Filters) -> tuple[tuple[int | None, str, int], ...]:
    """Count notices by minutes from the step to the mail server, and by what became of them."""
    n = notice.c
    sent = and_(n.sent_at.is_not(None), by_then(n.sent_at, filters))
    minute = case((sent, (seconds(n.sent_at) - seconds(n.made_at)) // 60)).label("minute")
    waits = or_(n.mail.in_(("due", "dead")), ~by_then(n.sent_at, filters))
    state = case((n.mail == "none", "none"), (waits, "waiting"), else_="sent").label("state")
    statement = (
        select(minute, state, func.count())
        .join(registration, registration.c.id == n.registration_id)
        .where(n.kind.in_(KINDS), by_then(n.made_at, filters))
        .where(registration.c.class_id.in_(scope(filters, filters.year)))
        .group_by(minute, state)
    )
    return tuple((m if m is None else int(m), s, c) for m, s, c in connection.execute(statement))


def measure(rows: Sequence[tuple[int | None, str, int]]) -> Told:
    """Sort them into bands."""
    sent = sorted(
        (minute * 60, n) for minute, state, n in rows if state == "sent" and minute is not None
    )
    bands, low = [], 0
    for high, _ in BANDS:
        bands.append(sum(n for after, n in sent if low <= after < high))
        low = high
    total, passed, median = sum(n for _, n in sent), 0, None
    for after, n in sent:
        passed += n
        if median is None and passed * 2 >= total:
            median = after
    by_state = {of: sum(n for _, state, n in rows if state == of) for of in ("waiting", "none")}
    return Told(tuple(bands), by_state["waiting"], by_state["none"], median)


def spoken(seconds_: int, words: Words) -> tuple[str, str]:
    """Give a duration as number and unit."""
    if seconds_ < 60:
        return "<1", words("minutes")
    if seconds_ < 3600:
        return words.number(seconds_ // 60), words("minutes")
    return f"{seconds_ / 3600:.1f}", words("h")


class _Eyes:
    def finding(self, found: Told, words: Words) -> str:
        """Say how soon half of them were told by mail."""
        if found.median is None:
            return words("Nobody has been told of a freed seat by mail yet")
        number, unit = spoken(found.median, words)
        return words("Half are told of a freed seat within {time}", time=f"{number} {unit}"
                     if not words.zh else f"{number}{unit}")  # fmt: skip

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
        columns = (Column(words("Told")), Column(words("Notices"), "number"))
        rows = [(words(name), n) for (_, name), n in zip(BANDS, found.bands, strict=True)]
        rows += [(words(WAITING), found.waiting), (words(NO_MAIL), found.no_mail)]
        return Sheet.of(columns, rows if any(n for _, n in rows) else [])


EYES = _Eyes()
