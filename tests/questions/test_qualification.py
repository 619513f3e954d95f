"""Qualification: the last decision of each person and course; who waits is never decided."""

from datetime import date, timedelta

import pytest

from analytics import (
    charts,
    demand_facts,
    equity,
    failing_rules,
    pending,
    qualification,
    review_time,
)
from analytics.filters import Filters
from services.kernel.clock import taipei
from services.words import words_for

EN = words_for("en")
TODAY = date(2027, 4, 1)
YEAR = Filters(2027)
THEN = taipei(date(2027, 2, 1), 9)


def measured(ask, filters=YEAR):
    rows, soon = ask(qualification.extract, filters, TODAY)
    return qualification.measure(rows, soon, filters.year)


@pytest.fixture
def worked(season):
    """Five decided: three by the records (one refused), two by review (one refused); one waits."""
    ahead = season.a_class(date(2027, 6, 1))
    season.rows(ahead, admitted=2, ineligible=1)
    season.a_case(season.a_row(ahead, "waitlisted"), "approved", THEN, 3)
    season.a_case(season.a_row(ahead, "ineligible"), "rejected", THEN, 2)
    season.a_case(season.a_row(ahead, "in_review"), "open", THEN, None)
    season.a_row(ahead, "cancelled", verdict="review")  # left before a decision
    return season


def test_a_worked_course(worked, ask):
    total = measured(ask).total
    assert (total.by_records, total.by_review) == (2, 1)
    assert (total.refused_by_records, total.refused_by_review) == (1, 1)
    assert (total.pending, total.left) == (1, 1)
    assert total.decided == 5
    assert total.rate == 3 / 5
    assert (total.alone, total.decided) == (3, 5)


def test_the_last_decision_counts(season, ask):
    """Trap: refused in January, qualified in March is one person who qualified."""
    person, ahead = season.a_person(), season.a_class(date(2027, 6, 1))
    season.a_row(ahead, "ineligible", person)
    season.a_row(season.a_class(date(2027, 7, 1)), "waitlisted", person)
    total = measured(ask).total
    assert (total.decided, total.rate) == (1, 1.0)


def test_who_waits_does_not_move_the_rate(season, ask):
    ahead = season.a_class(date(2027, 6, 1))
    season.rows(ahead, admitted=1, ineligible=1, in_review=8)
    assert measured(ask).total.rate == 0.5


def test_nothing_decided_is_no_rate(season, ask):
    season.rows(season.a_class(date(2027, 6, 1)), in_review=2)
    found = measured(ask)
    assert found.total.rate is None
    assert qualification.finding(found, EN) == "Too few decisions in this selection to compare"


def test_groups_stand_worst_first_and_small_ones_are_not_spoken_of(season, ask):
    first = season.a_class(date(2027, 6, 1), code="BST", category="safety")
    season.rows(first, admitted=9, ineligible=1)
    second = season.a_class(date(2027, 6, 1), code="AOT", category="tanker")
    season.rows(second, admitted=6, ineligible=6)
    third = season.a_class(date(2027, 6, 1), code="GOC", category="radio")
    season.rows(third, ineligible=2)
    found = measured(ask)
    assert [group.category for group in found.groups] == ["radio", "tanker", "safety"]
    assert qualification.finding(found, EN) == ("Tankers: 50% do not qualify; over all courses 38%")


def test_one_category_is_shown_by_course(season, ask):
    for code in ("AOT", "ACT"):
        season.rows(season.a_class(date(2027, 6, 1), code=code, category="tanker"), admitted=1)
    assert measured(ask, Filters(2027, category="tanker")).by == "course"


def test_undecided_four_weeks_before_are_the_ones_of_published_classes_near(season, ask):
    near = season.a_class(TODAY + timedelta(days=28), state="published")
    season.rows(near, in_review=2, admitted=1)
    season.rows(season.a_class(TODAY + timedelta(days=29), state="published"), in_review=4)
    season.rows(season.a_class(TODAY - timedelta(days=1)), in_review=8)
    assert measured(ask).pending_soon == 2


def test_last_year_stands_beside(season, ask):
    season.rows(season.a_class(date(2026, 6, 1)), admitted=1, ineligible=3)
    season.rows(season.a_class(date(2027, 6, 1)), admitted=1)
    found = measured(ask)
    assert (found.total.rate, found.last.rate) == (1.0, 0.25)


def days(n):
    return round(n * 4)  # the question counts in quarter days


def test_the_median_counts_who_still_waits():
    """Trap: decided after 1, 1 and 2 days, three open for 5: the decided alone would say 1.

    After day 1 four of six wait (2/3), after day 2 three of four of them (1/2): the median is 2.
    """
    waits = [(days(1), "decided", 2), (days(2), "decided", 1), (days(5), "open", 3)]
    assert review_time.within(waits) == 2.0


def test_who_began_to_wait_yesterday_is_no_longer_at_risk_later():
    """One open since 1.5 days: after day 1 S = 3/4, after day 2 S = 3/4 x 1/2."""
    waits = [
        (days(1), "decided", 1),
        (days(1.5), "open", 1),
        (days(2), "decided", 1),
        (days(3), "decided", 1),
    ]
    assert review_time.within(waits) == 2.0


def test_a_case_open_as_long_as_another_took_counts_as_waiting_then():
    assert review_time.within([(days(1), "decided", 1), (days(1), "open", 1)]) == 1.0


@pytest.mark.parametrize("waits", [[], [(8, "open", 9)], [(4, "decided", 1), (8, "open", 2)]])
def test_no_median_while_fewer_than_half_are_decided(waits):
    assert review_time.within(waits) is None


def test_review_times_are_read_by_institution(season, ask):
    """NTOU: 4 and 6 days, NKUST: one open for 59 days; a void case is no decision. Most cases
    come first."""
    here = season.a_class(date(2027, 6, 1), at="NTOU")
    there = season.a_class(date(2027, 6, 1), at="NKUST")
    for took in (4, 6):
        season.a_case(season.a_row(here, "waitlisted"), "approved", THEN, took)
    season.a_case(season.a_row(here, "admitted"), "void", THEN, 1)
    season.a_case(season.a_row(there, "in_review"), "open", THEN, None)
    now = taipei(TODAY, 10)
    found = review_time.measure(ask(review_time.extract, YEAR, now), 2027)
    assert found.rows == (
        ("NTOU", "NTOU", "NTOU", 4.0, 6.0, 2, 1),
        ("NKUST", "NKUST", "NKUST", None, None, 0, 1),
    )
    assert (found.decided, found.waiting) == (2, 2)


def test_one_slow_review_is_no_reason_to_name_or_to_mark_its_institution():
    many, one = (
        (2027, "NTOU", "海大", "NTOU", days(1), "decided", 100),
        (2027, "TCMT", "北海", "TCMT", days(15), "decided", 1),
    )
    found = review_time.measure([one, many], 2027)
    assert review_time.finding(found, EN) == (
        "Half of the reviews are decided within 1.0 days, 9 in 10 within 1.0"
    )
    (drawn,) = review_time.figure(found, EN, "light")["data"]
    assert drawn["y"] == ["TCMT", "NTOU"]  # from below: most cases stand on top


def test_a_click_on_an_institution_chooses_it_and_one_without_a_time_has_no_bar():
    rows = [(2027, "NTOU", "海大", "NTOU", days(1), "open", 9),
            (2027, "TCMT", "北海", "TCMT", days(2), "decided", 1)]  # fmt: skip
    figure = review_time.figure(review_time.measure(rows, 2027), EN, "light")
    assert figure["data"][0]["y"] == ["TCMT"]
    assert figure["layout"]["meta"] == {"filter": "institution", "keys": ["TCMT"]}


def test_nine_in_ten_count_who_still_waits_and_are_not_told_too_early():
    """Of ten, eight are decided after 1 day and one after 6; the tenth is open for 9: 6 days.

    Were two open, fewer than nine in ten would be decided.
    """
    most = [(days(1), "decided", 8), (days(6), "decided", 1)]
    assert review_time.within([*most, (days(9), "open", 1)], 0.9) == 6.0
    assert review_time.within([*most, (days(9), "open", 2)], 0.9) is None


def test_the_year_before_has_its_own_median(season, ask):
    for year, took in ((2026, 9), (2027, 3)):
        held = season.a_class(date(year, 6, 1))
        opened = taipei(date(year, 2, 1), 9)
        season.a_case(season.a_row(held, "waitlisted"), "approved", opened, took)
    found = review_time.measure(ask(review_time.extract, YEAR, taipei(TODAY, 10)), 2027)
    assert (found.median, found.last, found.decided) == (3.0, 9.0, 1)


def test_undecided_reviews_are_told_by_how_long_they_wait(season, ask):
    """Waiting for 2, 7 and 59 days; one was decided, one ended with its registration."""
    ahead, now = season.a_class(date(2027, 6, 1)), taipei(TODAY, 10)
    for waited in (2, 7, 59):
        opened = now - timedelta(days=waited)
        season.a_case(season.a_row(ahead, "in_review"), "open", opened, None)
    season.a_case(season.a_row(ahead, "waitlisted"), "approved", THEN, 3)
    season.a_case(season.a_row(ahead, "cancelled"), "void", THEN, 40)
    found = review_time.measure(ask(review_time.extract, YEAR, now), 2027)
    assert [n for _, n, _ in pending.bands(found)] == [1, 0, 1, 0, 1]
    assert [over for _, _, over in pending.bands(found)] == [False, False, True, True, True]
    assert pending.EYES.finding(found, EN) == "2 of 3 undecided reviews have waited a week or more"
    assert (found.decided, found.waiting) == (1, 4)


def test_a_review_that_was_decided_later_still_waited_on_a_past_day(season, ask):
    row = season.a_row(season.a_class(date(2027, 6, 1)), "waitlisted")
    season.a_case(row, "approved", THEN, 20)
    then = review_time.measure(ask(review_time.extract, YEAR, THEN + timedelta(days=10)), 2027)
    assert sum(n for _, n in then.open) == 1
    now = review_time.measure(ask(review_time.extract, YEAR, taipei(TODAY, 10)), 2027)
    assert now.open == ()
    assert pending.EYES.finding(now, EN) == "No review waits for a decision"


def test_one_person_may_fail_several_rules(season, ask):
    ahead = season.a_class(date(2027, 6, 1))
    both = "medical_certificate_valid,holds_certificate"
    season.a_row(ahead, "ineligible", failing=both)
    season.a_row(ahead, "ineligible", failing="holds_certificate")
    found = failing_rules.measure(ask(failing_rules.extract, YEAR))
    assert found.refused == 2
    assert found.rules == (("holds_certificate", 2, 1), ("medical_certificate_valid", 1, 0))
    assert found.alone == 1
    assert failing_rules.finding(found, EN) == "A certificate is missing: 100% of those refused"
    assert "the 2 most frequent of 2 rules" in failing_rules.subtitle(found, EN, "2027")


def test_rules_left_out_of_the_figure_are_counted_and_a_phone_keeps_who_one_rule_alone_stopped():
    rules = tuple((kind, 90 - n, 40) for n, kind in enumerate(list(failing_rules.KINDS)[:9]))
    found = failing_rules.FailingRules(rules, 100)
    assert "the 7 most frequent of 9 rules" in failing_rules.subtitle(found, EN, "2027")
    desk, phone = (failing_rules.figure(found, EN, "light", narrow) for narrow in (False, True))
    assert "90 (40 alone)" in desk["data"][0]["text"][-1]
    assert phone["data"][0]["text"][-1] == "<b>90% (40)</b>"
    assert phone["layout"]["xaxis"]["ticktext"] == ["0", "50", "100%"]


@pytest.mark.parametrize(("narrow", "plot"), [(False, 454), (True, 326)])
def test_what_is_written_beside_a_bar_has_room_for_it(narrow, plot):
    """A note of 24 letters takes 168 px beside a full bar, its name of 10 letters 70."""
    row = charts.Bar("ten letter", 1.0, "x" * 12, "x" * 10)
    drawn = charts.bars([row], "light", percent=True, narrow=narrow, card=454)
    end, letters = drawn["layout"]["xaxis"]["range"][1], 12 if narrow else 24
    assert (1 - 1 / end) * (plot - 28 - 70) >= letters * 7


def test_the_reviews_reason_stands_for_the_rule(season, ask):
    ahead = season.a_class(date(2027, 6, 1))
    refused = season.a_row(ahead, "ineligible", failing="manual_evidence")
    season.a_case(refused, "rejected", THEN, 2, reason="paper_unreadable")
    found = failing_rules.measure(ask(failing_rules.extract, YEAR))
    assert found.rules == (("paper_unreadable", 1, 1),)


def test_an_unknown_rule_is_another_reason_and_nobody_is_lost():
    rows = [("a_rule_of_tomorrow", None, 3), ("", None, 2), ("one_more,another", None, 1)]
    found = failing_rules.measure(rows)
    assert (found.rules, found.refused) == ((("", 6, 5),), 6)


def test_who_qualified_at_last_is_not_among_the_refused(season, ask):
    person, ahead = season.a_person(), season.a_class(date(2027, 6, 1))
    season.a_row(ahead, "ineligible", person, failing="min_age")
    season.a_row(ahead, "waitlisted", person)
    found = failing_rules.measure(ask(failing_rules.extract, YEAR))
    assert found.refused == 0
    assert failing_rules.finding(found, EN) == "Nobody has been refused in this selection"


def test_demand_counts_who_qualified_once_and_the_rate_the_last_decision(season, ask):
    """Two slipped, one was refused after qualifying: each sum leaves others out."""
    first, second = season.a_class(date(2027, 6, 1)), season.a_class(date(2027, 7, 1))
    at = taipei(date(2027, 1, 5), 9)
    season.rows(first, admitted=1)
    for _ in range(2):
        season.a_row(first, "cancelled", at=at, ended_at=at + timedelta(hours=1))
    refused = season.a_person()
    season.a_row(first, "waitlisted", refused)
    season.a_row(second, "ineligible", refused)
    rows, _ = ask(demand_facts.extract, YEAR, taipei(TODAY, 10))
    assert sum(row.qualified for row in rows if row.year == 2027) == 2
    found = measured(ask).total
    assert (found.qualified, found.refused_by_records) == (3, 1)
    assert equity.measure(ask(equity.extract, YEAR)).size == 2


def test_an_appeal_is_no_review_of_the_institution(worked, ask):
    """MPB took two months over it: the institution's times stay as they were."""
    before = ask(review_time.extract, YEAR, taipei(TODAY, 10))
    again = worked.a_row(worked.a_class(date(2027, 6, 1)), "waitlisted")
    worked.a_case(again, "approved", THEN, 58, statement="請再看一次體檢證明。")
    assert ask(review_time.extract, YEAR, taipei(TODAY, 10)) == before
