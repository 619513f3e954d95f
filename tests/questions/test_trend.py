"""Trends: twelve points or none, months in their order with their gaps, nothing unfinished."""

from datetime import date

import pytest
from season import fact as a_fact

from analytics.fill_rate import seats_of
from analytics.trend import by_month
from pages.components.figures import spark
from services.words import words_for

EN, TODAY = words_for("en"), date(2027, 4, 15)


def a_year(*left_out):
    """One class of 10 seats each month from March 2026 to April 2027; as many came as its month."""
    months = [(2026, m) for m in range(3, 13)] + [(2027, m) for m in range(1, 5)]
    return [
        a_fact(starts_on=date(y, m, 1), year=y, planned=10, attended=min(m, 10), marked=10)
        for y, m in months
        if (y, m) not in left_out
    ]


def test_the_last_twelve_months_with_a_class_are_a_trend():
    found = by_month(a_year(), 2027, TODAY, seats_of, EN)
    assert found.points == (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 0.1, 0.2, 0.3, 0.4)
    assert found.name == "12 months to April 2027"
    assert found.texts[-1] == "40%"


def test_a_month_without_a_class_is_a_gap_and_not_counted():
    found = by_month(a_year((2026, 8)), 2027, TODAY, seats_of, EN)
    assert found.points[:6] == (0.4, 0.5, 0.6, 0.7, None, 0.9)
    assert sum(point is not None for point in found.points) == 12


@pytest.mark.parametrize(
    ("year", "today"),
    [
        (2027, date(2027, 1, 15)),  # eleven months
        (2026, date(2027, 4, 15)),  # the year has ten months, and nothing before
        (2028, date(2027, 4, 15)),  # nothing of the year has begun
    ],
)
def test_fewer_than_twelve_points_are_no_trend(year, today):
    assert by_month(a_year(), year, today, seats_of, EN) is None


def test_a_month_is_not_told_before_it_has_begun():
    found = by_month(a_year(), 2027, date(2027, 3, 15), seats_of, EN)
    assert found.name == "12 months to March 2027"


def test_the_bars_begin_at_zero_and_are_heard_as_numbers():
    drawn = spark("by month", (0.5, None, 1.0), ("50%", "–", "100%")).children[0]
    assert [bar.style["height"] for bar in drawn.children] == ["50%", "0%", "100%"]
    assert drawn.to_plotly_json()["props"]["aria-label"] == "by month: 50%, –, 100%"
