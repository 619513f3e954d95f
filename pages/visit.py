"""What a face is handed: the reader's words, who is visiting, and one reading of the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.actor import Actor
from services.kernel.work import Look
from services.words import Words


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page; `query` holds only the names the room declares."""

    words: Words
    actor: Actor
    look: Look
    theme: str  # light | dark
    path: str
    query: Mapping[str, str]
    unread: int = 0  # notices in the inbox not yet opened
