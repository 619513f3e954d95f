"""What the events tell: the states replayed (7), the chain (8), the notices owed (9)."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from services.registration.chain import link
from services.registration.lifecycle import STEPS
from services.registration.records import registration, registration_event

AT_MOST = 20  # faults named per invariant


def event_faults(connection: Connection) -> Iterator[tuple[int, int, list[str]]]:
    """Walk every cohort's events once; give invariant, number of things looked at, faults."""
    replay, chain, owed = _Faults(), _Faults(), _Faults()
    states: dict[int, tuple[str, str]] = {}
    due: set[tuple[int, str]] = set()
    heads = {
        row.id: (row.events, row.head)
        for row in connection.execute(text("SELECT id, events, head FROM cohort"))
    }
    notices = {
        (s.event.value, s.source and s.source.value, s.target.value): s.notice for s in STEPS
    }
    rows = connection.execution_options(yield_per=5000).execute(
        registration_event.select().order_by(
            registration_event.c.cohort_id, registration_event.c.seq
        )
    )
    for cohort_id, events in groupby(rows, key=lambda row: row.cohort_id):
        head, seq = "", 0
        for row in events:
            seq += 1
            facts = {str(name): value for name, value in row._mapping.items()}
            head = link(head, facts)
            if row.seq != seq or head != row.hash:
                chain.add(f"cohort {cohort_id} event {row.seq}")
                head = row.hash
            before = states.get(row.registration_id, (None, "none"))
            if before != (row.source, row.held):
                replay.add(f"registration {row.registration_id} event {row.seq}")
            states[row.registration_id] = (row.target, row.takes)
            if notices[(row.event, row.source, row.target)] is not None:
                due.add((row.registration_id, str(row.seq)))
        if heads.pop(cohort_id) != (seq, head):
            chain.add(f"cohort {cohort_id}: head")
    chain.extend(f"cohort {c}: head without events" for c, (n, _) in heads.items() if n)
    now = connection.execute(
        registration.select().with_only_columns(
            registration.c.id, registration.c.status, registration.c.seat
        )
    )
    current = {row.id: (row.status, row.seat) for row in now}
    replay.extend(f"registration {i}" for i in current.keys() ^ states.keys())
    replay.extend(f"registration {i}" for i, s in current.items() if states.get(i, s) != s)
    owed.extend(_owed(connection, due))
    looked = sum(events for events, _ in _heads(connection))
    yield 7, len(current), replay.named
    yield 8, looked, chain.named
    yield 9, len(due), owed.named


def _heads(connection: Connection) -> list[tuple[int, str]]:
    return [(r.events, r.head) for r in connection.execute(text("SELECT events, head FROM cohort"))]


def _owed(connection: Connection, due: set[tuple[int, str]]) -> Iterator[str]:
    told: set[tuple[int, str]] = set()
    own = (
        "reminder", "confirm_request", "skipped", "standby", "supplement_asked", "drawn",
        "opening", "class_changed", "may_claim", "claim_lost",
    )  # fmt: skip
    for row in connection.execute(text("SELECT registration_id, kind, key FROM notice")):
        if row.kind in own:
            continue
        key = (row.registration_id, row.key.rsplit(":", 1)[1])
        if key in told or key not in due:
            yield f"notice {row.key}"
        told.add(key)
    yield from (f"registration {r} event {s} owes a notice" for r, s in due - told)
    yield from connection.execute(text(_ASKING)).scalars()
    yield from connection.execute(text(_MOVED)).scalars()
    yield from connection.execute(text(_UNASKED)).scalars()


_ASKING = """SELECT 'registration ' || a.id || ' was asked ' || a.n || ' times, told ' ||
    COALESCE(b.n, 0) FROM
    (SELECT registration_id AS id, COUNT(*) AS n FROM request GROUP BY registration_id) a
    LEFT JOIN (SELECT registration_id AS id, COUNT(*) AS n FROM notice WHERE asks
    GROUP BY registration_id) b ON b.id = a.id WHERE a.n <> COALESCE(b.n, 0)"""

_MOVED = """SELECT 'registration ' || a.id || ' was moved ' || a.n || ' times, told ' ||
    COALESCE(b.n, 0) FROM
    (SELECT registration_id AS id, COUNT(DISTINCT at) AS n FROM registration_event
    WHERE event = 'reschedule' AND target = 'admitted' GROUP BY registration_id) a
    LEFT JOIN (SELECT registration_id AS id, COUNT(*) AS n FROM notice
    WHERE kind = 'class_changed' GROUP BY registration_id) b ON b.id = a.id
    WHERE a.n > COALESCE(b.n, 0)"""

_UNASKED = """SELECT 'registration ' || r.id || ' was never asked to confirm' FROM registration r
    JOIN training_class c ON c.id = r.class_id AND c.state = 'published'
    JOIN milestone m ON m.class_id = c.id AND m.schedule = c.schedule
    AND m.kind = 'confirmation_call' AND m.outcome = 'done'
    WHERE r.status = 'admitted' AND NOT EXISTS
    (SELECT 1 FROM request q WHERE q.registration_id = r.id AND q.closed_at IS NULL)"""


class _Faults:
    """The first few faults of one invariant."""

    def __init__(self) -> None:
        self.named: list[str] = []

    def add(self, fault: str) -> None:
        if len(self.named) < AT_MOST:
            self.named.append(fault)

    def extend(self, faults: Any) -> None:
        for fault in faults:
            self.add(fault)
