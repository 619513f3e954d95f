"""Numbers beside last year's: like with like, no arrow for chance, nothing ahead of a year gone."""

from datetime import date

import pytest

from analytics import demand_numbers, fill_numbers, qualification_numbers, queue_numbers
from analytics.filters import Filters
from analytics.like_with_like import looks_ahead
from analytics.number import growth, points
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.words import words_for

EN, PLANNER = words_for("en"), Actor(Role.PLANNER)
LAST, THIS = Filters(2026), Filters(2027)


@pytest.mark.parametrize(
    ("now", "then", "wider", "said"),
    [
        ((60, 100), (50, 100), 1, "+10.0 points, no more than chance; "),  # 1.4 standard errors
        ((64, 100), (50, 100), 1, "▲ 14.0 points, "),  # 2.0
        ((64, 100), (50, 100), 4, "+14.0 points, no more than chance; "),  # 1.0: seats of a class
        ((36, 100), (50, 100), 1, "▼ 14.0 points, "),
    ],
)
def test_only_what_chance_does_not_explain_has_an_arrow(now, then, wider, said):
    assert points(EN, now, then, wider) == said


def test_the_change_of_a_share_is_the_difference_of_what_is_written():
    many = 1_000_000
    assert points(EN, (709_400, many), (729_600, many)) == "▼ 2.1 points, "  # 70.9 and 73.0
    assert points(EN, (34_300, many), (34_700, many)) == (
        "−0.1 points, no more than chance; "  # 3.4 and 3.5
    )
    assert points(EN, (65, 100), (65, 100)) == "±0.0 points, no more than chance; "
    assert points(EN, (1, 2), (0, 0)) == ""


def test_a_count_grows_only_beyond_chance():
    """115 beside 100 is 1.0 standard error of their difference; 130 is 2.0."""
    assert growth(EN, 115, 100) == "+15.0%, no more than chance; "
    assert growth(EN, 130, 100) == "▲ 30.0%, "
    assert growth(EN, 5, 0) == ""


def test_no_card_measures_a_running_year_against_a_whole_one(season, office):
    """A year that is over is measured against the whole before; a running one stands beside it."""
    season.rows(season.a_class(date(2025, 6, 1)), completed=80, ineligible=20)
    season.rows(season.a_class(date(2026, 6, 1)), completed=60, ineligible=40)
    season.rows(season.a_class(date(2027, 3, 1)), completed=90, ineligible=10)
    with office.look(PLANNER) as look:
        running, *_ = qualification_numbers.numbers(look, THIS, EN)
        over, *_ = qualification_numbers.numbers(look, LAST, EN)
        yes = queue_numbers.numbers(look, THIS, EN)[2]
    assert (running.delta, running.note) == ("", "whole of 2026: 60.0%")
    assert (over.delta, over.note) == ("▼ 20.0 points, ", "whole of 2025: 80.0%")
    assert (yes.delta, yes.note) == ("", "There is no year before to compare with.")


def test_demand_names_what_stands_beside_it(season, office):
    for year, n in ((2025, 3), (2026, 4), (2027, 5)):
        season.rows(season.a_class(date(year, 3, 1)), completed=n)
    with office.look(PLANNER) as look:
        notes = [demand_numbers.numbers(look, of, EN)[0].note for of in (THIS, LAST)]
    assert notes == ["by this day of 2026: 4", "whole of 2025: 3"]


def test_what_lies_ahead_is_told_of_the_running_year_only(season, office, clock):
    season.rows(season.a_class(date(2026, 6, 1)), completed=9)
    for year, shown in ((2026, False), (2027, True), (2028, False)):
        with office.look(PLANNER) as look:
            filters = Filters(year)
            assert looks_ahead(look, filters) is shown
            fill = {n.name for n in fill_numbers.numbers(look, filters, EN)}
            decided = {n.name for n in qualification_numbers.numbers(look, filters, EN)}
            ahead = {"Free seats ahead while people wait", "Below the minimum size"}
            assert (fill & ahead == ahead, bool(fill & ahead)) == (shown, shown)
            assert ("Undecided four weeks before" in decided) is shown
    clock.go_to(taipei(date(2027, 12, 10), 10))
    with office.look(PLANNER) as look:
        assert looks_ahead(look, Filters(2028))
