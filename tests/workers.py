"""Worker processes that start together: a clean server forks them with everything imported."""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerContext
from typing import Any

PATIENCE = 300  # seconds until a worker that says nothing is an error
IMPORTED = ["databases", "world", "services.schema", "services.sweep", "psycopg"]


def context(*more: str) -> ForkServerContext:
    """Give the way to make processes; they share neither connections nor threads with this one."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([*IMPORTED, *more])
    return made


def together(act: Callable[..., Any], lanes: Sequence[Sequence[Any]]) -> tuple[float, list[Any]]:
    """Run act(ready, *lane) in a process per lane; give the seconds from start to last end.

    `ready()` is called by each when it is prepared; it returns when all are.
    """
    ctx = context(act.__module__)
    barrier, answers = ctx.Barrier(len(lanes)), ctx.SimpleQueue()
    crew = [
        ctx.Process(target=_lane, args=(act, barrier, answers, n, lane), daemon=True)
        for n, lane in enumerate(lanes)
    ]
    for process in crew:
        process.start()
    told = [answers.get() for _ in crew]
    for process in crew:
        process.join(PATIENCE)
    failed = [answer for _, _, _, answer in told if isinstance(answer, Exception)]
    if failed:  # the others only say that somebody left the start
        raise next((each for each in failed if "BrokenBarrier" not in str(each)), failed[0])
    told.sort(key=lambda each: each[0])
    seconds = max(end for _, _, end, _ in told) - min(began for _, began, _, _ in told)
    return seconds, [answer for _, _, _, answer in told]


def _lane(act: Callable[..., Any], barrier: Any, answers: Any, n: int, lane: Sequence[Any]) -> None:
    began = [time.monotonic()]

    def ready() -> None:
        barrier.wait(PATIENCE)
        began[0] = time.monotonic()

    try:
        answer = act(ready, *lane)
    except Exception as refusal:
        barrier.abort()
        told = "".join(traceback.format_exception(refusal)[-3:])
        answer = RuntimeError(f"{type(refusal).__name__}: {refusal}\n{told}")
    answers.put((n, began[0], time.monotonic(), answer))
