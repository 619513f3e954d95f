"""What every outbox shares: nobody sends what another holds, tries grow apart, then it is dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table

from services.notices.gateway import Outcome

LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class After:
    """What a row of an outbox holds once a try has ended."""

    state: str  # sent | due | dead
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    error: str | None


def unheld(box: Table, now: datetime) -> ColumnElement[bool]:
    """Say which rows are due for a try and held by no other sender."""
    free = box.c.lease_until.is_(None) | (box.c.lease_until < now)
    return (box.c.next_try_at <= now) & free


def after(
    outcome: Outcome, why: str, *, attempts: int, now: datetime, back_off: Sequence[int]
) -> After:
    """Give what a try leaves behind: sent, dead, or due again after the next of `back_off` (min).

    A row that was leased and left untried keeps its count.
    """
    error = why[:500] or None
    if outcome is Outcome.LEFT:
        return After("due", attempts, now, None, error)
    attempts += 1
    if outcome is Outcome.ACCEPTED:
        return After("sent", attempts, now, now, error)
    if outcome is Outcome.RETRY and attempts <= len(back_off):
        return After("due", attempts, now + timedelta(minutes=back_off[attempts - 1]), None, error)
    return After("dead", attempts, now, None, error)
