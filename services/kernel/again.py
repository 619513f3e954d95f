"""Do it again when the database gave way to somebody else: a deadlock is broken by refusing one."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

WAITS = (0.02, 0.1, 0.3, 0.8)  # seconds at most before each further try
GAVE_WAY = ("40P01", "40001", "55P03")  # PostgreSQL: deadlock, serialization, lock not available
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
Outcome = TypeVar("Outcome")
log = logging.getLogger("portal.work")


def again(act: Callable[[], Outcome]) -> Outcome:
    """Run a piece of work that opens its own transaction; run it again where it gave way.

    Nothing of a refused try is kept, so act may run several times and counts once.
    """
    for most in WAITS:
        try:
            return act()
        except DBAPIError as refusal:
            if not gave_way(refusal):
                raise
            log.warning("the work gave way to another and is done again: %s", refusal.orig)
        time.sleep(random.uniform(0, most))  # noqa: S311  apart, so that they do not meet again
    return act()


def gave_way(refusal: DBAPIError) -> bool:
    """Tell whether only the moment was wrong: another transaction stood in the way."""
    state = getattr(refusal.orig, "sqlstate", None)
    return state in GAVE_WAY or str(getattr(refusal.orig, "sqlite_errorname", "")).startswith(BUSY)
