"""The draw's own hash chain, anchored in the event chain of its cohort at every entry."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from services.catalogue.records import cohort
from services.kernel.work import Work
from services.lottery.records import draw_event

CHAINED = ("draw_id", "seq", "event", "facts")


def write_down(work: Work, draw_id: int, cohort_id: int, event: str, **facts: Any) -> None:
    """Append an entry; it carries the head of the cohort's chain, so neither is rewritten alone."""
    rows = work.all(
        select(draw_event.c.seq, draw_event.c.hash)
        .where(draw_event.c.draw_id == draw_id)
        .order_by(draw_event.c.seq.desc())
        .limit(1)
    )
    seq, head = (rows[0].seq + 1, rows[0].hash) if rows else (1, "")
    chain = work.connection.execute(
        select(cohort.c.events, cohort.c.head).where(cohort.c.id == cohort_id)
    ).one()
    row: dict[str, Any] = {
        "draw_id": draw_id,
        "seq": seq,
        "event": event,
        "facts": {**facts, "cohort_events": chain.events, "cohort_head": chain.head},
        "at": work.now,
    }
    work.run(insert(draw_event), {**row, "hash": link(head, row)})


def link(head: str, row: Mapping[str, Any]) -> str:
    """Give the hash of an entry: SHA-256 over the hash before it and the entry's own facts."""
    facts = [row[name] for name in CHAINED] + [row["at"].isoformat()]
    text = json.dumps(facts, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return sha256((head + text).encode()).hexdigest()
