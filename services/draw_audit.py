"""Recompute every draw from what is public and compare: ranks, logs, anchors (invariants 2, 8)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select, text

from services.lottery.check_draw import list_hash, order, sha256
from services.lottery.log import link
from services.lottery.records import draw, draw_event, draw_ticket

_RANKS = """SELECT r.id FROM registration r
    JOIN training_class c ON c.id = r.class_id
    LEFT JOIN draw d ON d.id = c.draw_id
    LEFT JOIN draw_ticket t ON t.id = r.ticket_id
    WHERE r.rank <> CASE WHEN d.state = 'drawn' THEN COALESCE(t.rank, r.number + d.tickets)
        ELSE r.number END
    OR (t.id IS NOT NULL AND (t.person_id <> r.person_id OR t.draw_id <> COALESCE(d.id, 0)))
    ORDER BY r.id LIMIT 20"""


def rank_faults(connection: Connection) -> Iterator[str]:
    """Name tickets whose rank is not the recomputed one, and registrations not ranked by it."""
    for row in connection.execute(select(draw).where(draw.c.state == "drawn").order_by(draw.c.id)):
        tickets = connection.execute(
            select(draw_ticket.c.code, draw_ticket.c.rank).where(draw_ticket.c.draw_id == row.id)
        ).all()
        ranked = order(row.seed, row.value or "", [ticket.code for ticket in tickets])
        due = {code: rank for rank, code in enumerate(ranked, start=1)}
        yield from (
            f"draw {row.id} ticket {ticket.code}"
            for ticket in tickets
            if ticket.rank != due[ticket.code]
        )
    for registration_id in connection.execute(text(_RANKS)).scalars():
        yield f"registration {registration_id}: rank"


def log_faults(connection: Connection) -> Iterator[str]:
    """Name draws whose log is broken, or which are not what their log says."""
    draws = {row.id: row for row in connection.execute(select(draw))}
    codes: dict[int, list[str]] = {draw_id: [] for draw_id in draws}
    for ticket in connection.execute(select(draw_ticket.c.draw_id, draw_ticket.c.code)):
        codes[ticket.draw_id].append(ticket.code)
    rows = connection.execute(
        select(draw_event).order_by(draw_event.c.draw_id, draw_event.c.seq)
    ).all()
    told = {key: list(group) for key, group in groupby(rows, key=lambda row: row.draw_id)}
    for draw_id, row in draws.items():
        events = told.get(draw_id, [])
        if not _unbroken(events):
            yield f"draw {draw_id}: log"
            continue
        if not _as_told(row, events, codes[draw_id]):
            yield f"draw {draw_id}: not what its log says"
        for event in events:
            if not _anchored(connection, row.cohort_id, event.facts):
                yield f"draw {draw_id}: anchor of entry {event.seq}"


def _unbroken(events: Sequence[Row[Any]]) -> bool:
    head = ""
    for seq, event in enumerate(events, start=1):
        head = link(head, {str(name): value for name, value in event._mapping.items()})
        if (event.seq, event.hash) != (seq, head):
            return False
    return bool(events)


def _as_told(row: Row[Any], events: Sequence[Row[Any]], codes: list[str]) -> bool:
    """Compare a draw with its log: the commitment, what was frozen and revealed, the value."""
    facts = {event.event: event.facts for event in events}
    steps = {"committed": ["committed"], "revealed": ["committed", "closed"]}
    drawn = ["committed", "closed"] if row.tickets == 0 else ["committed", "closed", "drawn"]
    if [event.event for event in events] != steps.get(row.state, drawn):
        return False
    if facts["committed"]["commitment"] != row.commitment:
        return False
    if row.state == "committed":
        return True
    frozen = {name: facts["closed"][name] for name in ("seed", "tickets", "list_hash")}
    return (
        frozen == {name: row._mapping[name] for name in frozen}
        and (sha256(row.seed), list_hash(codes), len(codes))
        == (row.commitment, row.list_hash, row.tickets)
        and facts.get("drawn", {}).get("value") == row.value
    )


def _anchored(connection: Connection, cohort_id: int, facts: dict[str, Any]) -> bool:
    """Whether the cohort's chain still has the head that an entry was written beside."""
    if facts["cohort_events"] == 0:
        return facts["cohort_head"] == ""
    key = {"cohort": cohort_id, "seq": facts["cohort_events"]}
    kept = text("SELECT hash FROM registration_event WHERE cohort_id = :cohort AND seq = :seq")
    return connection.execute(kept, key).scalar() == facts["cohort_head"]
