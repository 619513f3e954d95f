"""Which decisions of a review were turned round on appeal? Counted by institution and course."""

from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.filters import Filters
from analytics.institutions import Unit


def extract(connection: Connection, filters: Filters, now: datetime) -> tuple[Unit, ...]:
    """Count the decided reviews, and those whose person appealed and was found eligible."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for row in sums(connection, filters, "turned", now, filters.year):
        counts = found.setdefault((row.institution, row.zh, row.en, row.course), [0, 0])
        counts[0] += row.n if row.key == "turned" else 0
        counts[1] += row.n
    return tuple((*key, up, n) for key, (up, n) in sorted(found.items()))
