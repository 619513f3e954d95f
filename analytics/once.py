"""Ask the database once what several figures of a page want to know.

A reading sees one state from its beginning to its end, so asking again would find the same.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

T = TypeVar("T")
_KNOWN: WeakKeyDictionary[Connection, dict[Hashable, Any]] = WeakKeyDictionary()


def once(connection: Connection, question: Hashable, ask: Callable[[], T]) -> T:
    """Give what a reading found to a question before, or ask."""
    known = _KNOWN.setdefault(connection, {})
    if question not in known:
        known[question] = ask()
    found: T = known[question]
    return found
