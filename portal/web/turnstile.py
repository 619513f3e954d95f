"""One request at a time is worked on in a process; who has waited long enough goes in beside it.

Threads of Python share one processor anyway. Taking turns at every question to the database, each
finds the processor's caches full of the others' data, and needs a connection of its own, with plans
of its own: four at once cost a fifth more for each request than one after the other.
"""

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

PATIENCE = (
    0.1  # seconds: several pages' time, and the most that a slow request costs its neighbours
)
SMALL = 64 * 1024  # bytes of a body that is read before the turnstile

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def turnstile(application: Application) -> Application:
    """Let requests in one at a time; large bodies, which come slowly, go in beside."""
    place = threading.Lock()

    def through(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > SMALL:
            return application(environ, start_response)
        if length:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        alone = place.acquire(timeout=PATIENCE)
        try:
            return application(environ, start_response)
        finally:
            if alone:
                place.release()

    return through
