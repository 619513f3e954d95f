"""The fixed numbers of the window lottery, and when its public value may be known (pure)."""

from datetime import date, datetime, timedelta

from services.kernel.clock import taipei, taipei_day
from services.milestones import Milestone, Policy, due_at

FIRST_COME, LOTTERY = "first_come", "window_lottery"
DRAW_DAYS = 7  # from the closing to the first call: time for the value and for two planners

SOURCE_ZH = "台灣彩券今彩539，報名截止次日起第一期開出的五個號碼，由小到大，以空格分隔"
SOURCE_EN = (
    "Taiwan Lottery Daily Cash: the five numbers of the first draw from the day after the closing "
    "on, in ascending order, with blanks between"
)
"""What a new lottery plan proposes as its public value; planners may name another."""


def latest_closing(policy: Policy, classes_from: date) -> datetime:
    """Give the last moment a window may close: a week before its first confirmation call."""
    call = due_at(policy, classes_from, Milestone.CONFIRMATION_CALL)
    return call - timedelta(days=DRAW_DAYS)


def value_from(closes_at: datetime) -> datetime:
    """Give the moment from which the public value is taken: the day after the closing."""
    return taipei(taipei_day(closes_at) + timedelta(days=1))
