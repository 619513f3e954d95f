"""How many of those who wait in a class could take a free seat of it today?

Seats of a class go to its own track; from the self-funded call on both tracks stand in one line
(services/registration/seats.py). Whom a seat goes past keeps the place and takes none, and a queue
still to be drawn gives none. Asked of a few classes only.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select

from analytics.filters import Filters
from services.catalogue.records import milestone, training_class
from services.kernel.db import among
from services.kernel.work import Look
from services.lottery.records import draw
from services.milestones import Milestone
from services.registration.records import registration, registration_event, skip
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
        .where(~_passed_over(r.id.table, day), ~_undrawn())
        .group_by(c.id)
    )


def _passed_over(r: FromClause, day: int | None) -> ColumnElement[bool]:
    """Say whom seats go past; on a past day by the events beside: for whom it ends is seated."""
    if day is None:
        return registration.c.skip_reason.is_not(None)
    s, e = skip.c, registration_event.c

    def seen(seq: ColumnElement[int]) -> ColumnElement[bool]:
        return exists().where(e.cohort_id == s.cohort_id, e.seq == seq, e.at <= NOW)

    begun = or_(s.since_seq == 0, seen(s.since_seq))
    return exists().where(s.registration_id == r.c.id, begun, ~seen(s.until_seq + 1))


def _undrawn() -> ColumnElement[bool]:
    made = and_(draw.c.drawn_at.is_not(None), draw.c.drawn_at <= NOW)
    return exists().where(draw.c.id == training_class.c.draw_id, ~made)
