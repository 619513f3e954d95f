"""Numbers beside last year's: like with like, no arrow for chance, nothing ahead of a year gone."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from analytics import demand_numbers, fill_numbers, qualification_numbers, queue_numbers
from analytics.filters import Filters
from analytics.like_with_like import a_year_ago, looks_ahead
from analytics.number import growth, points
from services.catalogue.records import cohort
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.tally.records import watermark
from services.words import words_for

EN, PLANNER = words_for("en"), Actor(Role.PLANNER)
LAST, THIS = Filters(2026), Filters(2027)


def known_to_the_rollup(office):
    with office.open() as work:
        for n in work.connection.scalars(select(cohort.c.id)).all():
            row = {"cohort_id": n, "seq": 1, "day": 1, "at": work.now, "taken_at": work.now}
            work.run(insert(watermark), row)


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


def test_a_running_year_stands_beside_the_same_day_a_year_over_beside_a_whole(season, office):
    """On 1 April 2027 the year 2027 is asked beside 1 April 2026, the year 2026 beside all 2025."""
    season.rows(season.a_class(date(2026, 6, 1)), completed=1)
    asked = []
    with office.look(PLANNER) as look:
        ask = lambda of: asked.append(of) or (1, 2)  # noqa: E731
        assert a_year_ago(look, THIS, (9, 9), ask) is None  # past days cannot be told yet
    known_to_the_rollup(office)
    with office.look(PLANNER) as look:
        assert a_year_ago(look, THIS, (9, 9), ask) == (1, 2)
        assert a_year_ago(look, LAST, (9, 9), ask) == (9, 9)
    assert asked == [Filters(2026, as_of=date(2026, 4, 1))]


def test_no_card_compares_a_running_year_with_a_whole_one(season, office):
    """Last year's decisions and answers all came after 1 April: nothing stands beside."""
    season.rows(season.a_class(date(2026, 6, 1)), completed=9, ineligible=3)
    season.rows(season.a_class(date(2027, 3, 1)), completed=4, ineligible=1)
    known_to_the_rollup(office)
    with office.look(PLANNER) as look:
        rate, alone, *_ = qualification_numbers.numbers(look, THIS, EN)
        yes = queue_numbers.numbers(look, THIS, EN)[2]
        for card in (rate, alone, yes):
            assert (card.delta, card.note) == ("", "There is no year before to compare with.")


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
            ahead = {"Free seats while people wait", "Below the minimum size"}
            assert (fill & ahead == ahead, bool(fill & ahead)) == (shown, shown)
            assert ("Undecided four weeks before" in decided) is shown
    clock.go_to(taipei(date(2027, 12, 10), 10))
    with office.look(PLANNER) as look:
        assert looks_ahead(look, Filters(2028))
