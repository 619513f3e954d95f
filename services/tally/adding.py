"""Add differences to sums that are kept: one upsert each, the same on every database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from services.kernel.db import upsert
from services.kernel.work import Work
from services.tally.counts import NAMES
from services.tally.records import class_tally


def add(work: Work, table: Table, keys: Sequence[str], changes: Mapping[Any, int]) -> None:
    """Add differences to sums; a sum seen for the first time begins with its difference."""
    rows = [
        {**dict(zip(keys, key, strict=True)), "n": n} for key, n in sorted(changes.items()) if n
    ]
    if rows:
        enter = upsert(work.connection, table)
        added = {"n": table.c.n + enter.excluded.n}
        work.run(enter.on_conflict_do_update(index_elements=list(keys), set_=added), rows)


def add_classes(work: Work, changes: Mapping[tuple[int, str], int]) -> None:
    """Add differences to what is counted of classes."""
    rows: dict[int, dict[str, int]] = {}
    for (class_id, name), n in changes.items():
        if n:
            rows.setdefault(class_id, dict.fromkeys(NAMES, 0))[name] = n
    if rows:
        enter = upsert(work.connection, class_tally)
        added = {name: class_tally.c[name] + enter.excluded[name] for name in NAMES}
        work.run(
            enter.on_conflict_do_update(index_elements=["class_id"], set_=added),
            [{"class_id": class_id, **counts} for class_id, counts in sorted(rows.items())],
        )
