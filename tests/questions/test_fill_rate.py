"""Fill rate: planned seats are the denominator, seats weigh, and nothing is hidden."""

from datetime import date, timedelta

import pytest
from season import fact

from analytics import class_facts, classes_behind, fill_by_month, fill_rate
from analytics.filters import Filters
from analytics.sheet import LEAF
from services.words import words_for

TODAY = date(2027, 4, 1)
EN = words_for("en")


def came(n, planned=10, **more):
    return fact(attended=n, marked=n, planned=planned, **more)


def test_a_cancelled_class_stays_in_the_planned_seats():
    found = fill_rate.measure([came(8), fact(state="cancelled")], 2027, TODAY)
    assert (found.planned.attended, found.planned.planned) == (8, 20)
    assert found.planned.rate == 0.4
    assert found.held.rate == 0.8
    assert found.cancelled == 1


def test_seats_weigh_not_classes():
    """Rates 1.0 and 0.5: their mean is 0.75, but 10 + 15 of 40 seats were used."""
    found = fill_rate.measure([came(10), came(15, planned=30)], 2027, TODAY)
    assert found.planned.rate == 25 / 40


def test_a_class_whose_roll_is_not_written_is_left_out_and_counted():
    found = fill_rate.measure([came(5), fact(coming=9, held=9)], 2027, TODAY)
    assert found.planned.rate == 0.5
    assert found.without_roll == 1


def test_a_partly_written_roll_is_left_out_until_everybody_is_marked(season, ask):
    """2 of 10 are marked: not 20 %, as nobody says yet who else came; nor 7 of 20. When the other
    8 are marked, of whom 6 came, 8 and 5 came to 20 seats."""
    whole, part = (season.a_class(date(2027, 3, day)) for day in (1, 8))
    season.rows(whole, completed=5)
    season.rows(part, completed=2, confirmed=7, self_funded=1)
    first, second = ask(class_facts.extract, Filters(2027))
    found = fill_rate.measure((first, second), 2027, TODAY)
    assert (second.marked, second.coming, second.known) == (2, 8, False)
    assert (found.planned.attended, found.planned.planned, found.without_roll) == (5, 10, 1)
    done = second._replace(marked=10, coming=0, attended=8)
    assert fill_rate.measure((first, done), 2027, TODAY).planned.rate == 13 / 20


def test_an_opened_class_that_everybody_left_counts_with_nobody(season, ask):
    """5 of 10 came to one class; all 4 of the other left after its freeze: 5 of 20, not 5 of 10."""
    season.rows(season.a_class(date(2027, 3, 1)), completed=5)
    season.rows(season.a_class(date(2027, 3, 8)), cancelled=4)
    found = fill_rate.measure(ask(class_facts.extract, Filters(2027)), 2027, TODAY)
    assert (found.planned.rate, found.without_roll) == (5 / 20, 0)


def test_a_class_the_clock_neither_opened_nor_cancelled_says_nothing():
    found = fill_rate.measure([came(5), fact(state="published")], 2027, TODAY)
    assert (found.planned.rate, found.without_roll) == (0.5, 1)


def test_a_class_that_begins_today_or_later_is_not_begun():
    today, tomorrow = fact(starts_on=TODAY), fact(starts_on=date(2027, 4, 2), state="cancelled")
    found = fill_rate.measure([today, tomorrow], 2027, TODAY)
    assert found.planned.rate is None
    assert found.without_roll == 0
    assert fill_rate.finding(found, EN) == "No class with a written roll in this selection yet"


def test_last_year_counts_only_to_the_same_day():
    earlier = came(6, year=2026, starts_on=date(2026, 3, 31))
    later = came(1, year=2026, starts_on=date(2026, 4, 1))
    found = fill_rate.measure([came(5), earlier, later], 2027, TODAY)
    assert (found.last.attended, found.last.planned) == (6, 10)


def test_the_29th_of_february_is_compared_with_the_28th():
    assert fill_rate.same_day(date(2028, 2, 29), 2027) == date(2027, 2, 28)


def test_a_past_year_is_measured_whole():
    late = came(7, year=2026, starts_on=date(2026, 12, 28))
    assert fill_rate.measure([late], 2026, TODAY).planned.rate == 0.7


def test_the_bars_are_sorted_and_the_finding_names_what_chance_does_not_explain():
    """Passenger ships fill 40 of 100 seats, the others 170 of 200: over 4 standard errors below."""
    facts = [came(90, planned=100, category="radio"), came(80, planned=100, category="tanker"),
             came(40, planned=100, category="passenger", course="PAX")]  # fmt: skip
    found = fill_rate.measure(facts, 2027, TODAY)
    assert [name for name, _ in found.by_category] == ["radio", "tanker", "passenger"]
    said = fill_rate.finding(found, EN)
    assert said == "Clearly less full: Passenger ships 40%; all courses 70%"
    facts = [*facts, *facts[:2], came(36, planned=100, category="polar", course="POLB")]
    both = fill_rate.finding(fill_rate.measure(facts, 2027, TODAY), EN)
    assert both == "Clearly less full: Passenger ships 40% and Polar waters 36%; all courses 69%"


def test_a_few_empty_seats_of_a_small_category_are_no_exception():
    """6 of 10 where all fill 8 of 10: chance does that; so nothing is marked, nothing is blamed."""
    facts = [came(9, category="radio"), came(9, category="tanker"), came(6, category="passenger")]
    found = fill_rate.measure(facts, 2027, TODAY)
    assert not any(found.low(share) for _, share in found.by_category)
    assert fill_rate.finding(found, EN) == "Every kind of course is about as full as all: 80%"


def test_classes_that_fill_or_stay_empty_whole_need_a_larger_gap():
    """The same 60 against 80 of 100 is marked only while classes of a course fill alike."""
    alike = [came(8, category="tanker", course="BOCT") for _ in range(40)]
    alike += [came(6, category="passenger", course="PAX") for _ in range(40)]
    found = fill_rate.measure(alike, 2027, TODAY)
    assert [c for c, s in found.by_category if found.low(s)] == ["passenger"]
    whole = {"marked": 10, "planned": 10}  # everybody came, or everybody was absent
    torn = [fact(attended=10 * (n % 5 > 0), category="tanker", course="BOCT", **whole)
            for n in range(10)]  # fmt: skip
    torn += [fact(attended=10 * (n % 5 > 1), category="passenger", course="PAX", **whole)
             for n in range(10)]  # fmt: skip
    found = fill_rate.measure(torn, 2027, TODAY)
    assert found.wider > 5
    assert not any(found.low(share) for _, share in found.by_category)


def test_one_category_left_is_compared_by_course():
    found = fill_rate.measure([came(9, course="PSCRB"), came(6, course="BST")], 2027, TODAY)
    kind, rows = fill_rate.rows_of(found)
    assert kind == "course"
    assert [name for name, _ in rows] == ["PSCRB", "BST"]


def test_a_month_without_a_class_is_no_zero():
    facts = [
        came(20, planned=100, starts_on=date(2027, 2, 1), course="PAX"),
        came(90, planned=100, starts_on=date(2027, 3, 1)),
        came(
            70,
            planned=100,
            starts_on=date(2027, 3, 1),
            institution="X",
            short_zh="甲",
            short_en="X",
        ),
    ]
    found = fill_by_month.measure(facts, 2027, TODAY)
    assert found.months == ((2027, 2), (2027, 3))
    assert found.rates == ((0.2, 0.9), (None, 0.7))
    assert found.low() == [(0, 0)]
    assert fill_by_month.finding(found, EN) == "The gap is at NTOU"


def half_a_year(*low):
    """Five fill 88 of 100 seats each month from July; where low says so 50, the next 47 ..."""
    return [
        came(50 - 3 * n if (at, month) in low else 88, planned=100, year=2026, institution=at,
             short_zh=at, short_en=at, starts_on=date(2026, month, 3))
        for n, at in enumerate("ABCDE")
        for month in range(7, 13)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "said"),
    [
        ([("A", 8), ("A", 9)], "The gap is at A"),
        ([("A", 11), ("B", 11), ("C", 11), ("C", 8)], "Clearly below all in Nov: C, B and A"),
        ([(at, 11) for at in "ABCD"], "In Nov 4 lie clearly below all, lowest: D and C"),
        (
            [("A", 11), ("B", 9), ("C", 8)],
            "3 cells lie clearly below all; lowest: C in Aug, B in Sep",
        ),
    ],
)
def test_cells_that_share_a_month_are_told_by_it_and_others_by_the_two_lowest(low, said):
    found = fill_by_month.measure(half_a_year(*low), 2026, TODAY)
    assert sorted(found.low()) == sorted(("ABCDE".index(at), month - 7) for at, month in low)
    assert fill_by_month.finding(found, EN) == said


def test_a_phone_shows_the_months_that_the_words_above_it_count():
    found = fill_by_month.measure(half_a_year(), 2026, TODAY)
    assert "latest 6 months" in fill_by_month.subtitle(found, EN, "2026")
    for narrow in (False, True):
        (cells,) = fill_by_month.figure(found, EN, "light", narrow)["data"]
        assert len(cells["x"]) == 6


def test_a_cell_knows_its_row_and_its_month():
    """Rows from below, months in the order of the columns."""
    meta = fill_by_month.figure(fill_by_month.measure(half_a_year(), 2026, TODAY), EN, "light")
    assert meta["layout"]["meta"] == {
        "filter": "institution", "keys": list("EDCBA"), "months": ["7", "8", "9", "10", "11", "12"],
    }  # fmt: skip


def test_a_month_adds_its_classes_up_by_seats():
    found = fill_by_month.measure([came(10), came(5, planned=30)], 2027, TODAY)
    assert found.rates == ((15 / 40,),)


def test_the_roll_is_counted_from_the_rows(season, ask):
    """Of 10 seats: 3 completed, 1 failed, 1 absent, 2 cancelled; 4 came."""
    held = season.a_class(date(2027, 3, 1))
    season.rows(held, completed=3, failed=1, absent=1, cancelled=2)
    gone = season.a_class(date(2027, 3, 8), state="cancelled", seats=20)
    season.rows(gone, cancelled=4)
    first, second = ask(class_facts.extract, Filters(2027))
    assert (first.attended, first.marked, first.planned) == (4, 5, 10)
    assert (second.attended, second.planned, second.known) == (0, 20, True)
    found = fill_rate.measure((first, second), 2027, TODAY)
    assert found.planned.rate == 4 / 30
    assert found.held.rate == 4 / 10


def test_a_class_without_a_registration_is_a_row_of_zeros(season, ask):
    season.a_class(date(2027, 3, 1))
    (only,) = ask(class_facts.extract, Filters(2027))
    assert (only.attended, only.waiting, only.at_start) == (0, 0, 0)


def test_the_selection_brings_the_year_before_with_the_same_months(season, ask):
    for day in (date(2026, 3, 2), date(2026, 5, 4), date(2027, 3, 1), date(2027, 5, 3)):
        season.a_class(day)
    found = ask(class_facts.extract, Filters(2027, first_month=3, last_month=4))
    assert [f.starts_on for f in found] == [date(2026, 3, 2), date(2027, 3, 1)]


def test_drafts_are_never_counted(season, ask):
    season.a_class(date(2027, 3, 1), state="draft")
    assert ask(class_facts.extract, Filters(2027)) == ()


def test_an_institution_alone_compares_its_kinds_of_course():
    facts = [came(25, planned=100, category="tanker", course="AOT"),
             came(90, planned=100, category="radio", course="GOC")]  # fmt: skip
    found = fill_by_month.measure(facts, 2027, TODAY)
    assert (found.rows.by, found.rates) == ("category", ((0.9,), (0.25,)))
    assert fill_by_month.finding(found, EN) == "The gap is at Tankers"
    assert fill_by_month.sheet(found, EN).columns[0].title == "Course category"


def test_a_class_whose_list_is_frozen_is_ahead_until_it_begins():
    begun, frozen = fact(state="opened"), fact(state="opened", starts_on=TODAY + timedelta(days=2))
    found = classes_behind.measure([begun, frozen], 2027, TODAY)
    assert [row[5] for row in classes_behind.sheet(found, EN).rows] == ["Held", "Ahead"]


def test_a_list_of_classes_is_read_fifty_at_a_time_and_nothing_is_lost_between_pages():
    found = classes_behind.measure([fact(id=n) for n in range(2 * LEAF + 1)], 2027, TODAY)
    whole = classes_behind.sheet(found, EN)
    pages = [whole.page(n) for n in range(1, whole.pages + 1)]
    assert [len(page.texts(EN)) for page in pages] == [LEAF, LEAF, 1]
    assert tuple(link for page in pages for link in page.links) == whole.links
    assert classes_behind.sheet(classes_behind.measure([], 2027, TODAY), EN).pages == 1


def test_the_fill_rate_stands_beside_the_class():
    sheet = classes_behind.sheet(classes_behind.measure([came(90, planned=100)], 2027, TODAY), EN)
    assert [column.title for column in sheet.columns[:2]] == ["Class", "Fill rate"]
    assert sheet.rows[0][1] == 0.9
