"""Dashboards over years of registrations: every figure of a callback, nothing remembered.

Beside each bar stands the naive way on the same database: the rows of two plan years into pandas,
grouped there. The same count by DuckDB over a Parquet file of these rows is a line of its own: what
the fastest engine for one such question takes once the rows have been written out for it.
"""

import gc
import json
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine
from workers import together

from analytics import cache
from analytics.boards import BOARDS
from bench.bulk import NOW, SIZES, Made, bulk, bytes_of
from bench.lines import Bar, Line
from bench.place import Place, url_of
from bench.taking_in import taken_in
from bench.yardsticks import into_pandas, over_parquet
from callbacks.dashboards import show
from callbacks.desk import Desk
from portal.web.components import plain, quicken
from services.invariants import check_invariants
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.reconcile import reconcile
from services.words import words_for

PLANNER, EN = Actor(Role.PLANNER, name="規劃"), words_for("en")
QUERIES: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "one institution": {"institution": "NTOU"},
    "region": {"region": "north"},
    "kind": {"kind": "funded"},
    "region, months": {"region": "north", "from": "3", "to": "8"},
    "past": {"asof": "2027-06-30"},
}
BARS = {"20 k": (60, 150), "200 k": (60, 150), "1 M": (100, 250), "10 M": (300, 800)}
SMALL = Bar("figures", 150, below=True)
LEAN = Bar("memory", 350, below=True)
AS_OF = Bar("as-of", 1000, below=True)
TURNS = 9
LATE = "p95" if TURNS >= 20 else f"longest of {TURNS}"
CHECKED = ("20 k", "200 k")  # more would take longer than everything else


def run(place: Place) -> Iterator[Line]:
    """Measure what the service gathers in eight years."""
    yield from measured(place, place.size("200 k", "20 k"))


def measured(place: Place, name: str) -> Iterator[Line]:
    """Fill, check, then ask for every dashboard in a process of its own."""
    engine = place.fresh()
    yield from _filled(name, bulk(engine, SIZES[name]))
    yield from taken_in(name, engine)
    yield Line(f"{name}: on disk", bytes_of(engine) / 1e6, "MB")
    if name in CHECKED:
        assert _faults(engine) == []
        assert reconcile(Office(engine, StandingClock(NOW))) == 0
    yield from _asked(name, engine)
    engine.dispose()


def _filled(name: str, made: Made) -> Iterator[Line]:
    yield Line(f"{name}: registrations written", made.registrations, "")
    yield Line(f"{name}: writing them, with {made.events:,} events", made.seconds, "s")


def _faults(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [f.sentence for f in check_invariants(connection, NOW) if not f.holds]


def _asked(name: str, engine: Engine) -> Iterator[Line]:
    _, (found,) = together(_reader, [(url_of(engine),)])
    for query in QUERIES:
        for board in BOARDS if query != "past" else ():
            yield from _board(name, board, query, found)
    slowest = max(BOARDS, key=lambda board: median(found["past", board]))
    past = median(found["past", slowest])
    yield Line(f"{name}: {slowest}, as of a past day (the slowest)", past, "ms", bar=AS_OF)
    yield Line(f"{name}: largest figures of a dashboard", found["bytes"] / 1000, "kB", bar=SMALL)
    pandas = ("rows into pandas", found["naive"])
    yield Line(f"{name}: the same count by DuckDB over Parquet", found["duckdb"], "ms", *pandas)
    naive = ("rows into pandas", found["naive memory"])
    yield Line(f"{name}: memory of the asking process", found["memory"], "MB", *naive, LEAN)


def _board(name: str, board: str, query: str, found: Mapping[Any, Any]) -> Iterator[Line]:
    times, cpu = found[query, board], found["cpu", query, board]
    p50, p95 = (Bar(f"{name}", ms, below=True) for ms in BARS[name])
    what, naive = f"{name}: {board}, {query}", ("rows into pandas", found["naive"])
    yield Line(f"{what}, p50", median(times), "ms", *naive, p50)
    yield Line(f"{what}, {LATE}", late(times), "ms", "its own CPU", cpu, p95)


def late(times: list[float]) -> float:
    """Give the 95th of a hundred; of fewer than twenty the largest, as nothing lies beyond it."""
    return max(times) if len(times) < 20 else quantiles(times, n=20)[-1]


def _reader(ready: Callable[[], None], url: str) -> dict[Any, Any]:
    """Ask for every dashboard, warm, with nothing remembered; then once the naive way."""
    engine = engine_for(url)
    desk = Desk(
        office=Office(engine, StandingClock(NOW)), mtnet=None, unseal=lambda *_: "",
        uploads=None, actor=lambda: PLANNER, words=lambda: EN,
    )  # type: ignore[arg-type]  # fmt: skip
    quicken()
    gc.collect()
    gc.freeze()  # as the web processes do
    ready()
    found: dict[Any, Any] = {"bytes": 0}
    for query, chosen in QUERIES.items():
        for board in BOARDS:
            times, cpu, size = _times(desk, board, chosen, 3 if query == "past" else TURNS)
            found[query, board], found["cpu", query, board] = times, cpu
            found["bytes"] = max(found["bytes"], size)
    found["memory"] = _memory()
    naive, frame = into_pandas(engine)
    return {**found, "naive": naive, "naive memory": _memory(), "duckdb": over_parquet(frame)}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _times(
    desk: Desk, board: str, query: Mapping[str, str], turns: int
) -> tuple[list[float], float, int]:
    """Give wall times in ms, the median of our own CPU, and the bytes of the figures."""
    times, cpu, size = [], [], 0
    for _ in range(turns + 1):
        cache.forget()
        began, worked = time.perf_counter(), time.process_time()
        parts = show(desk, {"board": board, "query": dict(query)}, False)
        written = json.dumps(plain(parts))
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
        size = _figures(json.loads(written))
    return times[1:], median(cpu[1:]), size


def _figures(node: Any) -> int:
    """Add the bytes of all figures up."""
    if isinstance(node, dict):
        if node.get("type") == "Graph":
            return len(json.dumps(node["props"]["figure"]))
        return sum(map(_figures, node.values()))
    return sum(map(_figures, node)) if isinstance(node, list) else 0
