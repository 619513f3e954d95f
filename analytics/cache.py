"""Remember what a question found, for a minute and only while the data have not moved.

The key holds the question, the selection, who asks (role and institution) and the data's version:
a figure computed for one role is never shown to another.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from analytics.filters import Filters
from analytics.source import source, true_as_of
from services.kernel.actor import Actor
from services.kernel.work import Look

TTL = timedelta(seconds=60)
MOST = 512

T = TypeVar("T")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An answer and the instant it is true of."""

    value: T
    as_of: datetime


@dataclass(slots=True)
class _Shelf:
    kept: OrderedDict[Key, tuple[Found[Any], datetime]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


_SHELVES: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()  # one per database


def forget() -> None:
    """Forget everything that was remembered in this process."""
    _SHELVES.clear()


def scope(actor: Actor) -> tuple[str, str | None]:
    """Give what of an actor decides which rows may be seen."""
    return actor.role.value, actor.institution


def version(look: Look, asked: Any) -> tuple[Any, ...]:
    """Give what moves with everything that answers are made of, and the day.

    A past day whose events are all in the sums moves with its classes only: what happens later is
    not of that day.
    """
    found = source(look.connection)
    end = asked.end if isinstance(asked, Filters) and found.sums else None
    over = end is not None and (found.missing_since is None or found.missing_since > end)
    return (*(found.stamp[1:] if over else found.stamp), look.today)


def remembered(look: Look, question: str, asked: Any, compute: Callable[[], T]) -> Found[T]:
    """Give the remembered answer to a question, or compute and remember it."""
    shelf = _SHELVES.setdefault(look.connection.engine, _Shelf())
    key = (question, asked, scope(look.actor), version(look, asked))
    with shelf.lock:
        kept = shelf.kept.get(key)
    if kept is not None and timedelta(0) <= look.now - kept[1] < TTL:
        return kept[0]
    found = Found(compute(), true_as_of(look))
    with shelf.lock:
        shelf.kept[key] = found, look.now
        shelf.kept.move_to_end(key)
        while len(shelf.kept) > MOST:
            shelf.kept.popitem(last=False)
    return found
