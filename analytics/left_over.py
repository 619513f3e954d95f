"""How many who qualified were left without a seat when the list of a class was frozen?

Asked of a few classes only, of those that began with empty seats.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from analytics.filters import Filters
from services.kernel.straight import read
from services.registration.lifecycle import Status
from services.registration.records import registration
from services.tally.hand import ids, write_ids
from services.tally.rows import stood


def extract(connection: Connection, filters: Filters, class_ids: Collection[int]) -> dict[int, int]:
    """Count them by class, as they stood at the selection's moment."""
    if not class_ids:
        return {}
    statement = _left(connection.dialect.name, filters.day)
    return dict(map(tuple, read(connection, statement, {"some_json": write_ids(class_ids)})))


@lru_cache(64)
def _left(dialect: str, day: int | None) -> Select[Any]:
    some = ids(dialect, "some")
    r = registration.c if day is None else stood(day).c
    return (
        select(r.class_id, func.count())
        .join_from(some, r.id.table, r.class_id == some.c.id)
        .where(r.status == Status.UNPLACED.value, r.verdict == "eligible")
        .group_by(r.class_id)
    )
