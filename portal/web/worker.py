"""A web worker that leaves who comes to the worker with fewer connections.

A connection stays with the worker that took it, and whoever wakes first takes it. Of two workers
one may so hold five times as many people as the other, who then wait five times as long. How many
each holds stands in memory that all share; whoever holds more looks away for a moment.
"""

import time
from multiprocessing.sharedctypes import RawArray
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PLACES = 256  # more workers than a machine has, those included that are being replaced
FREE = -1
PATIENCE = 0.05  # seconds that a connection is left to another worker, who may be stuck

held = RawArray("i", [FREE] * PLACES)  # connections of the worker at a place


class EvenWorker(ThreadWorker):
    """gunicorn's worker with threads, who counts its connections where the others see them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # gunicorn makes all its workers in one process, before they part
        self.place = held[:].index(FREE)
        self._looked_away: float | None = None
        super().__init__(*args, **kwargs)

    @property
    def nr_conns(self) -> int:
        """Give how many connections are held."""
        return int(held[self.place])

    @nr_conns.setter
    def nr_conns(self, connections: int) -> None:
        held[self.place] = connections

    def accept(self, listener: Any) -> None:
        """Take a connection, unless another worker has fewer and is awake to take it."""
        if self._another_has_fewer():
            now = time.monotonic()
            if self._looked_away is None:
                self._looked_away = now
            if now < self._looked_away + PATIENCE:
                return
        self._looked_away = None
        super().accept(listener)

    def _another_has_fewer(self) -> bool:
        mine = self.nr_conns
        return any(FREE < theirs < mine for theirs in held)


def child_exit(_server: Any, worker: EvenWorker) -> None:
    """Free the place of a worker that has ended, however it ended."""
    held[worker.place] = FREE
