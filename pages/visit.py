"""What a face is handed: the reader's words, who is visiting, and one reading of the database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.kernel.actor import Actor
from services.kernel.work import Look
from services.mtnet.fetch import Fetched
from services.words import Words


def silent(_person_id: int) -> Fetched:
    """Stand where no MTNet is at hand: nothing is known."""
    return Fetched(None, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page; `query` holds only the names the room declares."""

    words: Words
    actor: Actor
    look: Look
    theme: str  # light | dark
    path: str
    query: Mapping[str, str]
    fetch: Callable[[int], Fetched] = silent  # asks MTNet about a person
    typed: str = ""  # what was typed into a plain form that came back
