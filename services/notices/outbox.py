"""Promise a notice inside the transaction that causes it; a worker delivers it later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from services.kernel.work import Work
from services.notices.records import notice


@dataclass(frozen=True, slots=True)
class Promise:
    """One notice to one person about one registration; `occurrence` makes the key unique."""

    kind: str
    registration_id: int
    person_id: int
    occurrence: str
    asks: bool = False
    quiet: bool = False  # in the inbox only: another letter of the same step tells it
    facts: Mapping[str, Any] = field(default_factory=dict)


_INSERT = insert(notice).inline()  # nobody asks for the new id


def promise(work: Work, promises: Sequence[Promise]) -> None:
    """Write outbox rows; an existing key is a defect and raises IntegrityError."""
    if promises:
        work.run(
            _INSERT,
            [
                {
                    "key": f"{p.registration_id}:{p.kind}:{p.occurrence}",
                    "kind": p.kind,
                    "registration_id": p.registration_id,
                    "person_id": p.person_id,
                    "asks": p.asks,
                    "facts": dict(p.facts),
                    "mail": "none" if p.quiet else "due",
                    "made_at": work.now,
                    "next_try_at": work.now,
                }
                for p in promises
            ],
        )
