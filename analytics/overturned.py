"""Which decisions of a review were turned round on appeal? Counted by institution and course."""

from datetime import datetime

from sqlalchemy import Connection

from analytics.booked import sums
from analytics.filters import Filters
from analytics.institutions import Unit


def extract(connection: Connection, filters: Filters, now: datetime) -> tuple[Unit, ...]:
    """Count the decided reviews, and those whose person appealed and was found eligible."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    unit = ("institution", "zh", "en", "course")
    for *of, key, n in sums(connection, filters, "turned", now, filters.year, by=unit):
        counts = found.setdefault((of[0], of[1], of[2], of[3]), [0, 0])
        counts[0] += n if key == "turned" else 0
        counts[1] += n
    return tuple((*key, up, n) for key, (up, n) in sorted(found.items()))
