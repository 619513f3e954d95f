"""The event chain of a cohort: append-only, each row hashed over the one before."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from services.catalogue.records import cohort
from services.kernel.work import Work
from services.registration.moves import Move
from services.registration.records import registration_event


class Head(NamedTuple):
    """The end of a cohort's chain: how many events it has, and the last one's hash."""

    seq: int
    hash: str


_HEAD = select(cohort.c.events, cohort.c.head).where(cohort.c.id == bindparam("cohort_id"))
_SET_HEAD = update(cohort).where(cohort.c.id == bindparam("b_cohort"))
_EVENT = insert(registration_event)


def head_of(work: Work, cohort_id: int) -> Head:
    """Read where the chain of a locked cohort ends."""
    return Head(*work.connection.execute(_HEAD, {"cohort_id": cohort_id}).one())


def append(work: Work, cohort_id: int, moves: Sequence[Move], end: Head) -> int:
    """Append events to the end of a cohort's chain; return the sequence number of the first.

    An end that was read before somebody appended is refused by the primary key.
    """
    seq, head = end
    first = seq + 1
    rows = []
    for move in moves:
        seq += 1
        row: dict[str, Any] = {
            "cohort_id": cohort_id,
            "seq": seq,
            "registration_id": move.registration_id,
            "event": move.event.value,
            "source": move.source.value if move.source else None,
            "held": move.held.value,
            "target": move.target.value,
            "takes": move.takes.value,
            "reason": move.reason.value if move.reason else None,
            "role": work.actor.role.value,
            "account_id": work.actor.account_id,
            "at": work.now,
        }
        head = link(head, row)
        rows.append({**row, "hash": head})
    work.run(_EVENT, rows)
    work.run(_SET_HEAD, {"b_cohort": cohort_id, "events": seq, "head": head})
    return first


def link(head: str, row: Mapping[str, Any]) -> str:
    """Give the hash of an event: SHA-256 over the hash before it and the event's own facts."""
    facts = [row[name] for name in CHAINED] + [row["at"].isoformat()]
    return sha256((head + json.dumps(facts, separators=(",", ":"))).encode()).hexdigest()


CHAINED = (
    "cohort_id",
    "seq",
    "registration_id",
    "event",
    "source",
    "held",
    "target",
    "takes",
    "reason",
    "role",
    "account_id",
)
