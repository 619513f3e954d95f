"""How old are the data, source by source, and what is still on its way?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from analytics.charts import Figure
from analytics.freshness import freshness
from analytics.sheet import Column, Sheet
from services.kernel.records import examination, heartbeat
from services.kernel.work import Look
from services.mtnet.records import mtnet_record
from services.notices.records import notice
from services.registration.records import handover, registration
from services.words import Words, mark


@dataclass(frozen=True, slots=True)
class Source:
    """What the portal lives on; `within` is how old it may be, `waiting` what is not done yet."""

    name: str
    newest: datetime | None
    within: timedelta | None = None
    waiting: int | None = None
    backlog: bool = False  # `newest` is the oldest thing that still waits: none is good
    compared: bool = False  # what is `waiting` are differences: none may be found

    @property
    def differs(self) -> bool:
        """Tell whether a comparison found what should have been equal."""
        return self.compared and bool(self.waiting)

    def late(self, now: datetime) -> bool | None:
        """Tell whether it is older than it may be; None where nothing is promised or known."""
        if self.within is None or (self.newest is None and not self.backlog):
            return None
        return self.newest is not None and now - self.newest > self.within


@dataclass(frozen=True, slots=True)
class Sources:
    """Every source at this moment; nothing is `known` of a past one, so then there are no rows."""

    rows: tuple[Source, ...]
    now: datetime
    known: bool = True

    @property
    def wrong(self) -> list[Source]:
        """Those older than they may be, never seen though promised, or found to differ."""
        return [row for row in self.rows if self.is_wrong(row)]

    def is_wrong(self, row: Source) -> bool:
        """Tell whether somebody has to look after a source."""
        never = row.newest is None and row.within is not None and not row.backlog
        return never or row.differs or bool(row.late(self.now))

    def of(self, name: str) -> Source:
        """Give a source by its name."""
        return next(row for row in self.rows if row.name == name)


STEP, CLOCK, MAILER = mark("Newest step of a registration"), mark("Clock"), mark("Mailer")
LETTERS, SILENT, MTNET = (
    mark("Letters that are due"),
    mark("Waiting for an answer of MTNet"),
    mark("Records of MTNet"),
)
SUMS, RECOUNT = mark("Steps not in the sums yet"), mark("Recount of the sums: differences")
HANDED, EXAMINED = mark("Rosters and results for MTNet"), mark("Nightly examination of the queue")


def extract(look: Look) -> Sources:
    """Read the newest instant of each source; every query reads an index or a handful of rows."""
    connection, now, sums = look.connection, look.now, freshness(look)

    def beat(process: str) -> datetime | None:
        return connection.scalar(select(heartbeat.c.at).where(heartbeat.c.process == process))

    def backlog(name: str, since: ColumnElement[Any], waits: Any, within: timedelta) -> Source:
        n, oldest = connection.execute(select(func.count(), func.min(since)).where(waits)).one()
        return Source(name, oldest, within, int(n), backlog=True)

    due = and_(notice.c.mail == "due", notice.c.next_try_at <= now)
    return Sources(
        (
            Source(STEP, sums.newest),
            Source(SUMS, sums.missing, timedelta(minutes=5), sums.behind, backlog=True),
            Source(RECOUNT, sums.checked.at if sums.checked else None, timedelta(hours=26),
                   sums.checked.differences if sums.checked else None, compared=True),
            Source(CLOCK, beat("clock"), timedelta(minutes=2)),
            Source(MAILER, beat("mailer"), timedelta(minutes=2)),
            backlog(LETTERS, notice.c.next_try_at, due, timedelta(minutes=15)),
            Source(MTNET, connection.scalar(select(func.max(mtnet_record.c.as_of)))),
            backlog(SILENT, registration.c.screened_at, registration.c.rescreen_due,
                    timedelta(days=1)),
            backlog(HANDED, handover.c.made_at, handover.c.sent_at.is_(None), timedelta(days=1)),
            Source(EXAMINED, connection.scalar(select(func.max(examination.c.at))),
                   timedelta(hours=26)),
        ),
        now,
    )  # fmt: skip


def age(words: Words, since: datetime | None, now: datetime) -> str:
    """Say how long ago something was."""
    if since is None:
        return "–"
    minutes = int((now - since).total_seconds() // 60)
    if minutes < -1:
        return words("later than this moment")
    if minutes < 1:
        return words("just now")
    if minutes < 120:
        return words.many("{n} minute ago", "{n} minutes ago", minutes)
    if minutes < 48 * 60:
        return words.many("{n} hour ago", "{n} hours ago", minutes // 60)
    return words.many("{n} day ago", "{n} days ago", minutes // (24 * 60))


def state(words: Words, row: Source, now: datetime) -> str:
    """Say whether a source keeps its time."""
    late = row.late(now)
    if row.differs:
        return words("differs")
    if row.backlog and row.waiting == 0:
        return words("nothing waits")
    if late is None:
        return words("never seen") if row.newest is None else "–"
    return words("late") if late else words("on time")


class _Eyes:
    def finding(self, found: Sources, words: Words) -> str:
        """Say how many somebody has to look after."""
        if not found.known:
            return words("How old the sources were is not known for a past day")
        if n := len(found.wrong):
            return words.many(
                "{n} source is late, silent or differs", "{n} sources are late, silent or differ", n
            )
        return words("Every source with a limit is on time")

    def subtitle(self, _found: Sources, words: Words, _period: str) -> str:
        """Say what is listed."""
        return words("Age of what the numbers are made from; the filters do not apply")

    def figure(self, _found: Sources, _words: Words, _theme: str, _narrow: bool) -> Figure:
        """Draw nothing: moments are a table."""
        return {"data": [], "layout": {"height": 0}}

    def sheet(self, found: Sources, words: Words) -> Sheet:
        """Give every source with its newest moment, its age and what waits."""
        columns = (
            Column(words("Data source")),
            Column(words("State")),
            Column(words("Newest, or oldest that waits"), "moment"),
            Column(words("Age")),
            Column(words("Waiting or differing"), "number"),
        )
        rows = [
            (
                words(row.name),
                state(words, row, found.now),
                row.newest,
                age(words, row.newest, found.now),
                row.waiting,
            )
            for row in found.rows
        ]
        return Sheet.of(columns, rows)


EYES = _Eyes()
