"""Counting sea service (rules.md 6): what is sure, what could still be, and what cannot."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import START, aboard, record, verdict

from services.screening.sea_service import OPERATIONAL, count, length, months_after

SEA = {"kind": "sea_service_months", "months": 3, "department": "any"}


def sure(*periods, on=START, **rule):
    return count(record(sea_service=list(periods)), {**SEA, **rule}, on).sure


def at_most(*periods, on=START, **rule):
    return count(record(sea_service=list(periods)), {**SEA, **rule}, on).at_most


@pytest.mark.parametrize(
    ("signed_on", "signed_off", "days"),
    [
        ("2026-01-01", "2026-01-01", 1),  # both ends count
        ("2026-01-01", "2026-01-31", 30),  # a calendar month is a month, be it of 31 days
        ("2026-02-01", "2026-02-28", 30),  # or of 28
        ("2024-02-01", "2024-02-28", 28),  # a leap February lacks a day
        ("2026-01-15", "2026-02-14", 30),
        ("2026-01-15", "2026-02-13", 30),  # thirty days are a month too
        ("2026-01-31", "2026-02-28", 30),  # the missing 31 February is 1 March
        ("2025-01-01", "2025-12-31", 360),
        ("2025-03-10", "2026-03-09", 360),
        ("2025-01-01", "2025-11-24", 324),
    ],
)
def test_months_are_calendar_months_and_what_is_left_are_days(signed_on, signed_off, days):
    assert sure(aboard(signed_on, signed_off)) == days


def test_shorter_periods_add_up_to_months_of_thirty_days():
    short = [aboard(f"2026-0{m}-01", f"2026-0{m}-15") for m in (1, 3, 5, 7, 8, 9)]
    assert sure(*short) == 90
    assert verdict(SEA, record(sea_service=short)) == "pass"
    assert sure(*short[:3]) == 45


def test_overlapping_days_count_once():
    assert sure(aboard("2026-01-01", "2026-02-28"), aboard("2026-01-10", "2026-02-10")) == 60
    assert sure(aboard("2026-01-01", "2026-01-31"), aboard("2026-01-01", "2026-01-31")) == 30


def test_service_counts_to_the_day_before_the_class():
    period = aboard("2027-01-12", "2027-06-30")
    assert sure(period) == 90
    assert verdict(SEA, record(sea_service=[period]), START) == "pass"
    assert verdict(SEA, record(sea_service=[period]), START - timedelta(days=2)) != "pass"


def test_a_window_of_years_or_months_is_counted_back_from_the_class():
    assert sure(aboard("2022-04-01", "2022-04-30"), within_years=5) == 19  # from 12 April on
    assert sure(aboard("2026-10-01", "2026-10-31"), within_months=6) == 20  # from 12 October on
    assert sure(aboard("2020-01-01", "2022-04-11"), within_years=5) == 0


class TestWithoutSignOff:
    def test_it_is_never_sure(self):
        assert sure(aboard("2020-01-01", None)) == 0

    def test_it_could_last_to_the_day_before_the_class_however_long(self):
        assert at_most(aboard("2024-04-12", None)) == 36 * 30

    def test_a_shortfall_it_could_fill_is_for_review(self):
        assert verdict(SEA, record(sea_service=[aboard("2026-06-01", None)])) == "unknown"

    def test_a_shortfall_it_cannot_fill_fails(self):
        assert verdict(SEA, record(sea_service=[aboard("2027-03-01", None)])) == "fail"

    def test_a_later_sign_on_contradicts_it(self):
        open_end = aboard("2026-01-01", None)
        later = aboard("2026-06-01", "2026-06-30")
        assert at_most(open_end, later, on=date(2026, 7, 1)) == 180
        assert sure(open_end, later) == 30
        told = record(sea_service=[open_end, later])
        assert verdict({**SEA, "months": 6}, told, date(2026, 7, 1)) == "unknown"

    def test_a_sign_on_of_the_same_day_does_not(self):
        twice = (aboard("2026-01-01", None), aboard("2026-01-01", "2026-01-31"))
        assert at_most(*twice) == at_most(*reversed(twice)) == at_most(aboard("2026-01-01", None))


class TestUnrecordedDays:
    def test_they_run_from_the_day_after_the_last_sign_off(self):
        ended = aboard("2026-01-01", "2027-03-31")
        assert at_most(ended) - sure(ended) == 11

    def test_but_for_at_most_180_days(self):
        ended = aboard("2026-01-01", "2026-01-31")
        assert at_most(ended) == length([(date(2026, 1, 1), date(2026, 7, 30))])

    def test_they_could_be_of_any_kind(self):
        bulk = aboard("2025-01-01", "2026-12-31", ship_type="bulk")
        tanker = {**SEA, "ship_types": ["oil_tanker"]}
        assert verdict(tanker, record(sea_service=[bulk])) == "unknown"
        assert verdict({**tanker, "months": 4}, record(sea_service=[bulk])) == "fail"

    def test_the_last_sign_off_counts_even_where_a_shorter_period_began_later(self):
        nested = (aboard("2025-01-01", "2027-04-01"), aboard("2025-02-01", "2025-03-01"))
        assert at_most(*nested) - sure(*nested) == 10

    def test_without_any_record_there_are_none(self):
        assert at_most() == 0
        assert verdict(SEA, record(sea_service=[])) == "fail"


class TestGovernmentShips:
    def test_two_thirds_are_the_most_and_never_sure(self):
        service = aboard("2025-01-01", "2025-12-31", service="government")
        assert sure(service) == 0
        assert at_most(service, on=date(2026, 1, 1)) == 240

    @pytest.mark.parametrize("kind", ["government", "government_dual_purpose_shift"])
    @pytest.mark.parametrize(("months", "expected"), [(8, "unknown"), (9, "fail")])
    def test_it_is_reviewed_unless_even_two_thirds_fall_short(self, kind, months, expected):
        told = record(sea_service=[aboard("2025-01-01", "2025-12-31", service=kind)])
        assert verdict({**SEA, "months": months}, told, date(2026, 1, 1)) == expected

    def test_merchant_service_that_is_enough_passes_beside_it(self):
        told = record(sea_service=[
            aboard("2024-01-01", "2024-12-31"),
            aboard("2025-01-01", "2025-12-31", service="government"),
        ])  # fmt: skip
        assert verdict({**SEA, "months": 12}, told) == "pass"

    def test_its_kind_of_ship_is_for_a_person_to_tell(self):
        told = record(sea_service=[aboard("2025-01-01", "2025-12-31", service="government",
                                          ship_type="government")])  # fmt: skip
        assert verdict({**SEA, "ship_types": ["oil_tanker"]}, told, date(2026, 1, 1)) == "unknown"

    def test_a_kind_of_service_nobody_knows_is_never_sure(self):
        assert sure(aboard("2025-01-01", "2025-12-31", service="naval")) == 0


@pytest.mark.parametrize(
    ("limit", "fits", "misses", "silent"),
    [
        ({"department": "engine"}, {"department": "engine"}, {"department": "deck"},
         {"department": None}),
        ({"ranks": ["AB_DECK"]}, {"rank": "AB_DECK"}, {"rank": "COOK"}, {"rank": None}),
        ({"role": "oow"}, {"rank": "ETO"}, {"rank": "AB_DECK"}, {"rank": None}),
        ({"ship_types": ["igf"]}, {"ship_type": "igf"}, {"ship_type": "bulk"},
         {"ship_type": None}),
        ({"voyage": "domestic"}, {"voyage": "domestic"}, {"voyage": "international"},
         {"voyage": None}),
        ({"area": "polar"}, {"area": "polar"}, {"area": "coastal"}, {"area": None}),
        ({"min_gt": 3000}, {"gt": 3000}, {"gt": 2999}, {"gt": None}),
        ({"min_kw": 750}, {"kw": 750}, {"kw": 749}, {"kw": None}),
        ({"min_gt": 3000}, {"gt": 3000}, {"gt": 0}, {"gt": "3000"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_limit_is_met_missed_or_not_told(limit, fits, misses, silent):
    day = date(2026, 5, 1)
    for told, expected in ((fits, "pass"), (misses, "fail"), (silent, "unknown")):
        period = aboard("2026-01-01", "2026-04-30", **told)
        rule = {**SEA, **limit, "months": 4}
        assert verdict(rule, record(sea_service=[period]), day) == expected, told


def test_role_oow_means_operational_or_management_level():
    ratings = {"AB_DECK", "AB_ENGINE", "WATCH_RATING_DECK", "BOSUN", "MOTORMAN", "COOK",
               "CADET_DECK", "CADET_ENGINE", "CADET_ETO", "TRAINEE_RATING", "ETR"}  # fmt: skip
    assert len(OPERATIONAL) == 17
    assert not ratings & set(OPERATIONAL)


def test_a_period_told_by_a_paper_is_for_review():
    told = record(sea_service=[aboard("2025-01-01", "2025-12-31", source="paper")])
    assert verdict({**SEA, "months": 12}, told, date(2026, 1, 1)) == "unknown"


def test_a_period_that_cannot_be_read_keeps_a_shortfall_open_but_takes_nothing_away():
    good = aboard("2026-01-01", "2026-03-31")
    assert verdict(SEA, record(sea_service=[good, "?"])) == "pass"
    assert verdict({**SEA, "months": 60}, record(sea_service=[good, "?"])) == "unknown"


def test_a_month_after_a_day_that_is_missing_is_the_first_of_the_next():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 3, 1)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 3, 1)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert months_after(date(9999, 12, 31), 60) == date.max


DAY = st.dates(date(2024, 1, 1), date(2026, 12, 31))
SPAN = st.tuples(DAY, st.integers(0, 90)).map(lambda s: (s[0], s[0] + timedelta(days=s[1])))


@settings(deadline=None)
@given(st.lists(SPAN, max_size=6), SPAN)
def test_more_days_on_board_never_make_the_service_shorter(spans, one_more):
    assert length([*spans, one_more]) >= length(spans)


@settings(deadline=None)
@given(st.lists(SPAN, max_size=6), st.integers(1, 40))
def test_a_later_sign_off_never_makes_it_shorter(spans, days):
    longer = [(first, last + timedelta(days=days)) for first, last in spans]
    assert length(longer) >= length(spans)


@settings(deadline=None)
@given(st.lists(SPAN, min_size=1, max_size=6))
def test_the_order_of_the_periods_does_not_matter(spans):
    assert length(spans) == length(reversed(spans)) == length(spans + spans)


@settings(deadline=None)
@given(SPAN)
def test_a_length_is_the_days_give_or_take_the_months(span):
    days = (span[1] - span[0]).days + 1
    assert abs(length([span]) - days) <= 3
