"""Who is served before whom in a queue: by an override first, then by rank."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_


def served_before(other: Any, mine: Any) -> ColumnElement[bool]:
    """Tell whether one registration of a queue is served before another; both are column sets."""
    plain, own_plain = other.overridden_at.is_(None), mine.overridden_at.is_(None)
    return or_(
        and_(other.overridden_at.is_not(None), own_plain),
        and_(plain == own_plain, other.rank < mine.rank),
    )
