"""The class calendar: when each milestone is due, counted back from the first class day (pure).

Source: the bureau's deck (four, three and two weeks before class) and rules.md 7; T-5 is the
legal freeze of the class plan (Rules Governing Seafarer Professional Training Organizations, 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.kernel.clock import taipei, taipei_day
from services.words import mark


class Milestone(StrEnum):
    """The six milestones, in the order in which they run."""

    CONFIRMATION_CALL = "confirmation_call"
    PROMOTION_CALL = "promotion_call"
    SELF_FUNDED_CALL = "self_funded_call"
    SETTLEMENT = "settlement"
    SIZE_CHECK = "size_check"
    FREEZE = "freeze"


ORDER = tuple(Milestone)
"""A class's stage is the number of its milestones that have been reached."""
CALLED, PROMOTED, SELF_FUNDING, SETTLED, SIZED, FROZEN = range(1, 7)

TITLES: Mapping[Milestone, str] = {
    Milestone.CONFIRMATION_CALL: mark("Confirmation"),
    Milestone.PROMOTION_CALL: mark("Promotion"),
    Milestone.SELF_FUNDED_CALL: mark("Self-funded offer"),
    Milestone.SETTLEMENT: mark("Self-funded seats given"),
    Milestone.SIZE_CHECK: mark("Size check"),
    Milestone.FREEZE: mark("Freeze"),
}
EXPLANATIONS: Mapping[Milestone, str] = {
    Milestone.CONFIRMATION_CALL: mark("Admitted people are asked whether they will come."),
    Milestone.PROMOTION_CALL: mark("Seats nobody confirmed go down the queue by rank."),
    Milestone.SELF_FUNDED_CALL: mark("Seats still free are offered at one's own cost."),
    Milestone.SETTLEMENT: mark("Self-funded seats go to those who claimed one, by rank."),
    Milestone.SIZE_CHECK: mark("Too few people: the class may be cancelled."),
    Milestone.FREEZE: mark("Nothing changes any more; the roster goes to MTNet."),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy numbers of an annual plan that the clock needs (days, hours, people)."""

    confirm_days: int = 28
    promote_days: int = 21
    self_fund_days: int = 14
    settle_days: int = 11
    size_check_days: int = 7
    freeze_days: int = 5
    milestone_hour: int = 9
    batch_size: int = 100
    response_hours: int = 72
    late_response_hours: int = 24

    def days(self) -> tuple[int, ...]:
        """Days before class of each milestone, in ORDER."""
        return (
            self.confirm_days,
            self.promote_days,
            self.self_fund_days,
            self.settle_days,
            self.size_check_days,
            self.freeze_days,
        )


def due_at(policy: Policy, starts_on: date, kind: Milestone) -> datetime:
    """Give the instant a milestone of a class is due."""
    days = policy.days()[ORDER.index(kind)]
    return taipei(starts_on - timedelta(days=days), policy.milestone_hour)


def schedule(policy: Policy, starts_on: date) -> dict[Milestone, datetime]:
    """Give all six due instants of a class."""
    return {kind: due_at(policy, starts_on, kind) for kind in ORDER}


def answer_by(policy: Policy, starts_on: date, kind: str, now: datetime) -> datetime:
    """Give the calendar deadline of a request made now: the next call, at last the freeze.

    kind: 'confirm' for a funded seat, 'claim' for an offered self-funded one.
    """
    stops: tuple[Milestone, ...] = (Milestone.SETTLEMENT, Milestone.FREEZE)
    if kind == "confirm":
        stops = (Milestone.PROMOTION_CALL, Milestone.SELF_FUNDED_CALL, *stops)
    return min(
        (moment for stop in stops if (moment := due_at(policy, starts_on, stop)) > now),
        default=due_at(policy, starts_on, Milestone.FREEZE),
    )


def window_hours(policy: Policy, starts_on: date, now: datetime) -> int:
    """Give the minimum response window: shorter on the days after T-14."""
    late = taipei_day(now) > starts_on - timedelta(days=policy.self_fund_days)
    return policy.late_response_hours if late else policy.response_hours


def personal_deadline(
    calendar: datetime, reached: datetime, hours: int, freeze: datetime
) -> datetime:
    """Give the later of calendar deadline and reached + window, never after the freeze."""
    return min(max(calendar, reached + timedelta(hours=hours)), freeze)
