"""The class calendar: Taipei days counted back, deadlines with their response window."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.kernel.clock import taipei
from services.milestones import (
    EXPLANATIONS,
    ORDER,
    TITLES,
    Milestone,
    Policy,
    answer_by,
    personal_deadline,
    schedule,
    window_hours,
)

STARTS = date(2027, 4, 12)
DUE = schedule(Policy(), STARTS)


def test_the_confirmation_call_is_four_weeks_before_at_nine_in_taipei():
    assert DUE[Milestone.CONFIRMATION_CALL] == datetime(2027, 3, 15, 1, 0, tzinfo=UTC)


def test_milestones_come_in_order_and_have_words():
    assert list(DUE) == list(ORDER)
    assert sorted(DUE.values()) == list(DUE.values())
    assert set(TITLES) == set(EXPLANATIONS) == set(Milestone)


@pytest.mark.parametrize(
    ("starts", "freeze"),
    [
        (date(2028, 3, 4), date(2028, 2, 28)),  # leap year: 29 February lies between
        (date(2027, 3, 4), date(2027, 2, 27)),
        (date(2027, 1, 3), date(2026, 12, 29)),  # over the year's end
    ],
)
def test_the_freeze_counts_calendar_days_over_leap_day_and_year_end(starts, freeze):
    assert schedule(Policy(), starts)[Milestone.FREEZE] == taipei(freeze, 9)


@pytest.mark.parametrize(
    ("days_before", "kind", "expected"),
    [
        (28, "confirm", Milestone.PROMOTION_CALL),
        (22, "confirm", Milestone.PROMOTION_CALL),
        (20, "confirm", Milestone.SELF_FUNDED_CALL),
        (13, "confirm", Milestone.SETTLEMENT),
        (8, "confirm", Milestone.FREEZE),
        (14, "claim", Milestone.SETTLEMENT),
        (10, "claim", Milestone.FREEZE),
        (3, "claim", Milestone.FREEZE),
    ],
)
def test_whoever_is_asked_later_gets_the_next_calendar_deadline(days_before, kind, expected):
    now = taipei(STARTS - timedelta(days=days_before), 10)
    assert answer_by(Policy(), STARTS, kind, now) == DUE[expected]


def test_the_window_is_shorter_only_on_days_after_two_weeks_before():
    on_the_day = taipei(STARTS - timedelta(days=14), 23)
    assert window_hours(Policy(), STARTS, on_the_day) == 72
    assert window_hours(Policy(), STARTS, on_the_day + timedelta(hours=1)) == 24


def test_a_late_arrival_extends_the_deadline_but_never_past_the_freeze():
    calendar, freeze = DUE[Milestone.PROMOTION_CALL], DUE[Milestone.FREEZE]
    early = calendar - timedelta(days=5)
    late = calendar - timedelta(hours=10)
    assert personal_deadline(calendar, early, 72, freeze) == calendar
    assert personal_deadline(calendar, late, 72, freeze) == late + timedelta(hours=72)
    assert personal_deadline(calendar, freeze - timedelta(hours=1), 72, freeze) == freeze
