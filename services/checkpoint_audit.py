"""Compare the chains with the checkpoints kept of them, and with those saved elsewhere.

A chain rewritten with all its later links is whole in itself; its checkpoints tell (invariant 8).
"""

import json
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, select

from services.checkpoints.check_checkpoints import is_sound, root
from services.checkpoints.kept import salted
from services.checkpoints.records import checkpoint, checkpoint_head
from services.event_audit import AT_MOST, event_faults
from services.kernel.vault import signed_by
from services.registration.records import registration_event

_KEPT = (
    select(checkpoint_head, registration_event.c.hash)
    .outerjoin(
        registration_event,
        (registration_event.c.cohort_id == checkpoint_head.c.cohort_id)
        & (registration_event.c.seq == checkpoint_head.c.events),
    )
    .order_by(checkpoint_head.c.number, checkpoint_head.c.cohort_id)
)


def checkpoint_faults(connection: Connection) -> Iterator[str]:
    """Name checkpoints that are missing, not linked, not signed, or unlike the chains of today."""
    moved: dict[int, list[tuple[int, int, str]]] = {}
    for row in connection.execute(_KEPT):
        if row.head != salted(row.salt, row.hash or ""):
            yield f"checkpoint {row.number}: cohort {row.cohort_id} event {row.events}"
        moved.setdefault(row.number, []).append((row.cohort_id, row.events, row.head))
    heads: dict[int, tuple[int, int, str]] = {}
    due, previous = 1, ""
    for row in connection.execute(select(checkpoint).order_by(checkpoint.c.number)):
        if row.number != due:
            yield f"checkpoint {due} is missing"
        heads |= {head[0]: head for head in moved.get(row.number, ())}
        listed = list(heads.values())
        counts = (len(listed), sum(events for _, events, _ in listed))
        made = root(previous, row.number, row.made_at.isoformat(), listed)
        if (row.previous, row.root, row.cohorts, row.events) != (previous, made, *counts):
            yield f"checkpoint {row.number}: root"
        if not signed_by(row.public_key, row.root, row.signature):
            yield f"checkpoint {row.number}: signature"
        due, previous = row.number + 1, row.root


def saved_faults(connection: Connection, text: bytes) -> Iterator[str]:
    """Say in what a checkpoint saved elsewhere, as its file tells it, differs from the one here."""
    try:
        saved = json.loads(text)
        if not is_sound(saved):
            yield "it was changed after it was published: its root does not follow from its heads"
            return
        if not signed_by(saved["public_key"], saved["root"], saved["signature"]):
            yield "its signature does not fit its root"
    except (ValueError, KeyError, TypeError, AttributeError):
        yield "this is no file of a checkpoint"
        return
    same = select(checkpoint.c.public_key).where(checkpoint.c.root == saved["root"])
    key = connection.execute(same).scalar()
    if key is None:
        yield f"this database has no checkpoint {saved['number']} with this root"
    elif key != saved["public_key"]:
        yield f"checkpoint {saved['number']} of this database names another key"


def chain_faults(connection: Connection) -> Iterator[str]:
    """Name what is wrong with the chains, in themselves or beside the checkpoints kept of them."""
    for number, _, faults in event_faults(connection):
        if number == 8:
            yield from faults
    yield from islice(checkpoint_faults(connection), AT_MOST)
