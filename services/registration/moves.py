"""One step to take, before it is taken (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.registration.lifecycle import HELD, SEATED, Event, Notice, Reason, Seat, Status


@dataclass(frozen=True, slots=True)
class Move:
    """One step to take: who moves, by which event, where to, holding what."""

    registration_id: int
    class_id: int
    person_id: int
    source: Status | None
    held: Seat
    event: Event
    target: Status
    takes: Seat
    reason: Reason | None = None
    asks: bool = False  # its notice carries a request
    quiet: bool = False  # its notice stays in the inbox: a letter about another step tells it
    notice: Notice | None = None  # instead of the table's
    how_seated: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def frees(self) -> bool:
        """Whether a held seat becomes free."""
        return self.held in HELD and self.takes is Seat.NONE

    @property
    def seats(self) -> bool:
        """Whether the person learns of a seat for certain."""
        return self.takes in SEATED and self.held not in SEATED

    @property
    def says_yes(self) -> bool:
        """Whether it makes the seat final."""
        return self.target in SAID_YES and self.source not in SAID_YES


def move_of(row: Any, event: Event, target: Status, takes: Seat, **more: Any) -> Move:
    """Make a move for a registration row read under the lock."""
    return Move(
        row.id,
        row.class_id,
        row.person_id,
        Status(row.status),
        Seat(row.seat),
        event,
        target,
        takes,
        **more,
    )


SAID_YES = (Status.CONFIRMED, Status.SELF_FUNDED)
