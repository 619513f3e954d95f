"""The only place that asks what time it is; everybody else is handed the moment."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")


class Clock(Protocol):
    """Tell the present instant, timezone-aware, in UTC."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StandingClock:
    """A clock that stands until it is moved; for tests and the demo years."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def go_to(self, instant: datetime) -> None:
        """Stand at another instant (backwards too)."""
        self.instant = instant

    def pass_by(self, span: timedelta) -> None:
        """Move on by a span."""
        self.instant += span


def taipei(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Give the UTC instant of a Taipei day and time."""
    return datetime.combine(day, time(hour, minute), TAIPEI).astimezone(UTC)


def taipei_day(instant: datetime) -> date:
    """Give the calendar day an instant falls on in Taipei."""
    return instant.astimezone(TAIPEI).date()
