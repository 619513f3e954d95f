"""Take years of events into the rollup, and how long the newest thousand of them take."""

import time
from collections.abc import Iterator
from statistics import median

from sqlalchemy import Engine, Select, func, select, text, update

from bench.bulk import NOW
from bench.lines import Bar, Line
from portal.garbage import collecting_rarely
from services.catalogue.records import cohort
from services.kernel.clock import StandingClock
from services.kernel.work import Office
from services.registration.records import registration_event
from services.take_in import AT_ONCE
from services.take_in import take_in as catch_up
from services.tally.take_in import take_in

NEW, TURNS = 1_000, 9
REFRESH = Bar("refresh", 20, below=True)
E = registration_event.c
MINE = E.cohort_id == cohort.c.id


def taken_in(name: str, engine: Engine) -> Iterator[Line]:
    """Take all but the newest events in, then these again and again, then close the books."""
    office, began = Office(engine, StandingClock(NOW)), time.monotonic()
    with collecting_rarely(after=50_000):  # as the clock does
        _hold_back(engine)
        while _some(office) == AT_ONCE:
            pass
        yield Line(f"{name}: taking the events in", time.monotonic() - began, "s")
        _let_happen(engine)
        times, cpu = zip(*(_again(office) for _ in range(TURNS + 1)), strict=True)
        began = time.monotonic()
        catch_up(office)
    closing = time.monotonic() - began
    with engine.connect().execution_options(portal_writes=True) as connection, connection.begin():
        connection.execute(text("ANALYZE"))
    yield Line(f"{name}: closing the books of classes that are over", closing, "s")
    yield Line(f"{name}: taking in {NEW:,} new events", median(times[1:]), "ms",
               "its own CPU", median(cpu[1:]), REFRESH)  # fmt: skip


def _some(office: Office) -> int:
    with office.open() as work:
        return take_in(work, AT_ONCE)


def _hold_back(engine: Engine) -> None:
    """Let every chain end before the newest events of all."""
    newest = select(E.at).order_by(E.at.desc()).limit(1).offset(NEW - 1).scalar_subquery()
    _end(engine, select(func.count()).where(MINE, E.at < newest))


def _let_happen(engine: Engine) -> None:
    """Let every chain end where it ends."""
    _end(engine, select(func.count()).where(MINE))


def _end(engine: Engine, known: Select[tuple[int]]) -> None:
    with engine.connect().execution_options(portal_writes=True) as connection, connection.begin():
        connection.execute(update(cohort).values(events=known.scalar_subquery()))


def _again(office: Office) -> tuple[float, float]:
    """Take in events that nobody has heard of; all is rolled back. Give ms by the clock, and CPU.

    Raises:
        AssertionError: there were not so many.
    """
    try:
        with office.open() as work:
            began, worked = time.perf_counter(), time.process_time()
            assert take_in(work, NEW) == NEW
            spent = time.perf_counter() - began, time.process_time() - worked
            raise _Back
    except _Back:
        return spent[0] * 1000, spent[1] * 1000


class _Back(Exception):
    """Nothing of it is kept."""
