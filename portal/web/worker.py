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
        self._fewer: list[int] = []  # what the others held when this one looked away ...
        self._since = 0.0  # ... and when that was
        super().__init__(*args, **kwargs)

    @property
    def nr_conns(self) -> int:
        """Give how many connections are held."""
        return int(held[self.place])

    @nr_conns.setter
    def nr_conns(self, connections: int) -> None:
        held[self.place] = connections

    def accept(self, listener: Any) -> None:
        """Take a connection, unless another worker has fewer and does not stand still."""
        fewer = self._others_with_fewer()
        if fewer:
            now = time.monotonic()
            if fewer != self._fewer:  # somebody took the last one, or hung up
                self._fewer, self._since = fewer, now
            if now < self._since + PATIENCE:
                return
        self._fewer = []
        super().accept(listener)

    def _others_with_fewer(self) -> list[int]:
        mine = self.nr_conns
        return [theirs for theirs in held if FREE < theirs < mine]


def child_exit(_server: Any, worker: EvenWorker) -> None:
    """Free the place of a worker that has ended, however it ended."""
    held[worker.place] = FREE
