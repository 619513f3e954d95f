"""How many of those who wait in a class could take a free seat of it today?

Seats of a class go to its own track; from the self-funded call on both tracks stand in one line
(services/registration/seats.py). Asked of a few classes only.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from analytics.filters import Filters
from services.catalogue.records import milestone, training_class
from services.kernel.db import among
from services.kernel.work import Look
from services.milestones import Milestone
from services.registration.records import registration
from services.tally.hand import ids, write_ids
from services.tally.kinds import NOW
from services.tally.rows import stood
from services.tally.units import QUEUED


def extract(look: Look, filters: Filters, class_ids: Collection[int]) -> dict[int, int]:
    """Count them by class, as they stood at the selection's moment."""
    if not class_ids:
        return {}
    statement = _waiting(look.connection.dialect.name, filters.day)
    found = look.all(statement, {"some_json": write_ids(class_ids), "now": look.now})
    return {class_id: int(n) for class_id, n in found}


@lru_cache(64)
def _waiting(dialect: str, day: int | None) -> Select[Any]:
    some, m, c = ids(dialect, "some"), milestone.c, training_class.c
    r = registration.c if day is None else stood(day).c
    one_line = exists().where(
        m.class_id == c.id,
        m.schedule == c.schedule,
        m.kind == Milestone.SELF_FUNDED_CALL.value,
        m.reached_at <= NOW,
    )
    return (
        select(c.id, func.count())
        .join_from(some, training_class, c.id == some.c.id)
        .join(r.id.table, r.class_id == c.id)
        .where(among(r.status, QUEUED), or_(r.track == c.kind, one_line))
        .group_by(c.id)
    )
