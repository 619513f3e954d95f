"""Writers of a SQLite file take turns in the order they came.

SQLite lets waiting writers poll, with longer and longer naps: at eight processes some wait for
seconds while others write a hundred times. A lock on a file beside the database queues them; the
system hands it on in order, and takes it back from a process that dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Wait for this writer's turn; it ends with the block, after the commit."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if not path or path == ":memory:":
        yield
        return
    place = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)
