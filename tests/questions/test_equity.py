"""Equity and queue order: even within chance, small groups unspoken, every exception counted."""

from datetime import date, datetime, timedelta

import pytest

from analytics import equity, equity_groups, examined, order, overrides, told
from analytics.filters import Filters
from analytics.theme import LIGHT
from services.examine import examine
from services.kernel.clock import taipei
from services.words import words_for

YEAR, EN, ZH = Filters(2027), words_for("en"), words_for("zh-Hant-TW")
REGION = equity.TraitEyes("region")


def row(course, region, seated, waiting=0, without=0, **traits):
    known = {"rank": "support", "sex": "M", "channel": "online", "age": "35"} | traits
    return (course, region, *(known[t] for t in equity.TRAITS[1:]), seated, waiting, without)


def test_a_group_that_wants_crowded_courses_is_not_treated_unfairly():
    """East asks for the crowded course, where everybody has half a chance."""
    rows = [row("CROWDED", "east", 40, 0, 40), row("CROWDED", "north", 10, 0, 10),
            row("EASY", "north", 100)]  # fmt: skip
    found = equity.measure(rows)
    east, north = sorted(found.groups["region"], key=lambda g: g.key)
    assert (east.rate, east.expected) == (0.5, 40)
    assert north.rate > 0.9
    assert (east.far, north.far) == (0, 0)
    assert REGION.finding(found, EN) == "By region, seats differ no more than chance"


def test_a_group_with_fewer_seats_than_chance_explains_is_named():
    """Of 100 each, north 90 and east 50: 70 expected of 100, 4.6 a standard error."""
    found = equity.measure([row("BST", "north", 90, 0, 10), row("BST", "east", 50, 20, 30)])
    assert REGION.finding(found, EN) == "By region: East low, North high"
    drawn = REGION.figure(found, EN, "light")
    assert drawn["layout"]["yaxis"]["ticktext"] == ["▼ East", "▲ North", "<b>Region</b>"]
    assert drawn["data"][1]["marker"]["symbol"] == ["triangle-up", "triangle-down"]


def test_the_sentence_follows_the_limits_it_is_shown_beside():
    """Of 400 and 100 with 400 seated, east's 72 lie 2.2 standard errors under the 80 expected."""
    found = equity.measure([row("BST", "north", 328, 0, 72), row("BST", "east", 72, 20, 8)])
    north, east = (next(g for g in found.groups["region"] if g.key == k) for k in ("north", "east"))
    assert (north.far, east.far) == (0, -1)
    assert REGION.finding(found, EN) == "By region: East low, but not far enough to ask"
    _, dots = REGION.figure(found, EN, "light")["data"]
    assert dots["customdata"] == ["North", "East"]
    assert dots["marker"]["color"][1] == LIGHT.surface  # outlined, where the clear ones are filled
    assert dots["marker"]["line"]["color"] == [LIGHT.surface, LIGHT.alarm]
    shown = dict(zip((c.title for c in REGION.sheet(found, EN).columns), *[
        r for r in REGION.sheet(found, EN).rows if r[0] == "East"], strict=True))  # fmt: skip
    assert shown["Share that got a seat"] == 0.72
    assert shown["95% limit, lower"] == pytest.approx(0.8 - 1.96 * (0.16 / 100) ** 0.5, abs=1e-5)
    assert shown["95% limit, upper"] == pytest.approx(0.8 + 1.96 * (0.16 / 100) ** 0.5, abs=1e-5)


def test_a_small_group_is_not_spoken_of_and_not_given_away_by_the_rest():
    rows = [row("BST", "north", 50), row("BST", "south", 20), row("BST", "east", 3)]
    found = equity.measure(rows)
    assert [g.key for g in found.groups["region"]] == ["north"]
    assert set(found.too_small["region"]) == {"east", "south"}
    assert "2 small groups are not shown." in REGION.subtitle(found, EN, "2027")
    assert [r[0] for r in REGION.sheet(found, EN).rows] == ["North"]


def test_nobody_to_compare_is_said_plainly():
    assert (
        REGION.finding(equity.measure([]), EN)
        == "Too few qualified persons and courses to compare by region"
    )


def test_person_courses_are_counted_by_what_became_of_them(season, ask):
    """A: seated once, given back, waits again: got a seat. B waits in two classes: once. C left."""
    first, second = season.a_class(date(2027, 5, 3)), season.a_class(date(2027, 6, 7))
    a, b, c = (season.a_person(sex="F") for _ in range(3))
    season.a_row(first, "cancelled", a, seated_at=taipei(date(2027, 3, 5)))
    season.a_row(second, "waitlisted", a)
    season.a_row(first, "waitlisted", b)
    season.a_row(second, "waitlisted", b, on_behalf=True, preference=2)
    season.a_row(first, "unplaced", c)
    season.a_row(second, "ineligible")
    rows = ask(equity.extract, YEAR)
    assert sorted(r[2 + equity.TRAITS.index("channel") - 1] for r in rows) == ["online", "staff"]
    assert tuple(sum(r[n] for r in rows) for n in (6, 7, 8)) == (1, 1, 1)


def test_traits_are_those_the_database_holds(season, ask):
    who = season.a_person(birth_date=date(2001, 1, 2), rank="MASTER_1", sex=None, region=None)
    season.a_row(season.a_class(date(2027, 5, 3)), "waitlisted", who)
    (only,) = ask(equity.extract, YEAR)
    assert dict(zip(equity.TRAITS, only[1:6], strict=True)) == {
        "region": "-", "rank": "management", "sex": "-", "channel": "online", "age": "35",
    }  # fmt: skip


def test_an_age_is_that_of_new_years_day(season, ask):
    held = season.a_class(date(2027, 5, 3))
    for born in (date(2002, 1, 1), date(2002, 1, 2), date(1960, 6, 1)):
        season.a_row(held, "waitlisted", season.a_person(birth_date=born))
    where = 1 + equity.TRAITS.index("age")
    assert sorted(r[where] for r in ask(equity.extract, YEAR)) == ["25", "35", "99"]


def test_every_way_out_of_the_order_is_counted_and_none_left_out(season, ask):
    held = season.a_class(date(2027, 5, 3))
    season.a_row(held, "waitlisted", skip_reason="overlap")
    one = season.a_row(held, "confirmed", on_behalf=True)
    for event in ("override", "override", "confirm"):
        season.an_event(one, event)
    found = ask(order.extract, YEAR)
    assert dict(found.ways) == dict.fromkeys(order.WAYS, 0) | {"overlap": 1, "override": 1}
    assert (found.by_staff, found.registered, found.staff_share) == (1, 2, 0.5)
    assert order.EYES.finding(found, EN).startswith("1 registration was served ahead")


def test_overrides_are_told_by_institution_with_all_its_registrations(season, ask):
    """Two of three at NTOU, none at NKUST; two overrides of one registration are one."""
    here, there = season.a_class(date(2027, 5, 3)), season.a_class(date(2027, 5, 3), at="NKUST")
    first, second, _ = (season.a_row(here, "confirmed") for _ in range(3))
    season.rows(there, waitlisted=4)
    for row in (first, first, second):
        season.an_event(row, "override")
    found = ask(order.extract, YEAR)
    assert found.places == (("NKUST", "NKUST", "NKUST", 0, 4), ("NTOU", "NTOU", "NTOU", 2, 3))
    assert (found.of("override"), found.registered) == (2, 7)
    assert overrides.EYES.finding(found, EN) == "2 overrides at 1 of 2 institutions"
    figure = overrides.EYES.figure(found, EN, "light")
    assert figure["layout"]["meta"] == {"filter": "institution", "keys": ["NTOU"]}
    assert overrides.EYES.sheet(found, EN).texts(EN) == [
        ["NKUST", "0", "4", "0.0%"], ["NTOU", "2", "3", "66.7%"],
    ]  # fmt: skip


def test_the_share_registered_by_staff_stands_beside_the_year_before(season, ask):
    season.a_row(season.a_class(date(2026, 5, 4)), "completed", on_behalf=True)
    season.rows(season.a_class(date(2026, 6, 1)), completed=3)
    season.rows(season.a_class(date(2027, 5, 3)), waitlisted=2)
    found = ask(order.extract, YEAR)
    assert (found.by_staff, found.registered, found.last) == (0, 2, (1, 4))


def test_the_seats_for_each_expected_hold_one_where_chance_explains_them():
    """Of 400 and 100 with 400 seated: 72 of the 80 expected, 4 a standard error.

    0.80 to 0.998: 1 is just not in it. The others got 328 for 320: 0.976 to 1.074.
    """
    found = equity.measure([row("BST", "north", 328, 0, 72), row("BST", "east", 72, 20, 8)])
    east, north = sorted(found.groups["region"], key=lambda g: g.key)
    assert east.ratio == pytest.approx((0.9, 0.9 - 1.96 * 4 / 80, 0.9 + 1.96 * 4 / 80), abs=1e-5)
    assert east.ratio[2] < 1
    assert north.ratio == pytest.approx((1.025, 1.025 - 1.96 * 8 / 320, 1.025 + 1.96 * 8 / 320),
                                        abs=1e-5)  # fmt: skip
    assert (east.far, north.far) == (-1, 0)


def test_of_many_groups_a_sentence_names_two():
    rows = [row("BST", "north", 100 if age == "25" else 10, 0, 0 if age == "25" else 90, age=age)
            for age in ("25", "35", "45", "55", "99")]  # fmt: skip
    said = equity.TraitEyes("age").finding(equity.measure(rows), EN)
    assert said == "By age: 25 to 34, 35 to 44 and 2 more low, under 25 high"


def test_every_trait_stands_in_one_figure_with_the_band_its_courses_explain():
    """Of 100 each, north 90 and east 50, alike in every other trait: one trait has two groups."""
    found = equity.measure([row("BST", "north", 90, 0, 10), row("BST", "east", 50, 20, 30)])
    assert equity_groups.EYES.finding(found, EN) == (
        "East low, North high; the other groups differ by chance"
    )
    band, dots = equity_groups.EYES.figure(found, EN, "light")["data"]
    north = next(g for g in found.groups["region"] if g.key == "north")
    assert (dots["x"][:2], dots["y"][:2]) == ([0.9, 0.5], [9, 8])  # five headings, six groups
    assert band["base"][0] == pytest.approx(north.limits[0], abs=1e-4)
    assert band["base"][0] + band["x"][0] == pytest.approx(north.limits[1], abs=1e-4)
    told = equity_groups.EYES.sheet(found, EN)
    assert [row[:2] for row in told.texts(EN)] == [
        ["Region", "North"], ["Region", "East"], ["Rank", "Ratings"], ["Sex", "Men"],
        ["Way of registering", "Online"], ["Age", "25 to 34"],
    ]  # fmt: skip


def test_one_group_a_little_low_is_told_beside_one_far_off_and_each_way_of_its_own():
    """East's 72 of 80 expected are 2.2 standard errors low; of the young 20 of 80 are far low."""
    young = row("PSCRB", "north", 20, 0, 80, age="25")
    rows = [row("BST", "north", 328, 0, 72), row("BST", "east", 72, 20, 8), young,
            row("PSCRB", "north", 380, 0, 20)]  # fmt: skip
    said = equity_groups.EYES.finding(equity.measure(rows), EN)
    assert said == "under 25 low, 25 to 34 high; East low, but not far enough to ask"


def test_a_group_nobody_knows_the_trait_of_is_named_by_its_trait():
    rows = [row("BST", "north", 90, 0, 10), row("BST", "-", 50, 20, 30)]
    said = equity_groups.EYES.finding(equity.measure(rows), ZH)
    assert said == "地區不詳偏低、北部偏高，其餘族群的差異屬於偶然"


def test_where_chance_explains_every_group_the_sentence_says_so():
    rows = [row("BST", "north", 40, 0, 40), row("BST", "east", 41, 0, 39)]
    said = equity_groups.EYES.finding(equity.measure(rows), EN)
    assert said == "What groups get of seats differs by chance only"
    nobody = equity.measure([])
    assert (
        equity_groups.EYES.finding(nobody, EN) == "Too few qualified persons and courses to compare"
    )
    assert not equity_groups.EYES.figure(nobody, EN, "light")["data"]


def test_who_was_suspended_on_a_past_day_is_not_known_and_never_told_as_nobody(season, ask):
    season.rows(season.a_class(date(2027, 5, 3)), waitlisted=1)
    past = Filters(2027, as_of=date(2027, 3, 5))
    assert set(order.WAYS) - dict(ask(order.extract, past).ways).keys() == {"better_reserved"}


def test_without_an_override_the_sentence_says_so(season, ask):
    season.rows(season.a_class(date(2027, 5, 3)), waitlisted=1)
    said = order.EYES.finding(ask(order.extract, YEAR), EN)
    assert said == "Nobody was served ahead of the order or passed over"


@pytest.mark.parametrize("eyes", [order.EYES, overrides.EYES], ids=["order", "overrides"])
def test_a_table_of_zeros_says_that_its_counts_came_to_nothing(season, ask, eyes):
    held = season.a_class(date(2027, 5, 3))
    row = season.a_row(held, "confirmed")
    found = ask(order.extract, YEAR)
    assert eyes.sheet(found, EN).nothing
    assert not eyes.figure(found, EN, "light")["data"]
    season.an_event(row, "override")
    found = ask(order.extract, YEAR)
    assert not eyes.sheet(found, EN).nothing
    assert eyes.figure(found, EN, "light")["data"]


def test_the_time_until_somebody_is_told_is_a_median_of_letters_that_left(season, ask):
    """30 s, 5 min and 2 h until sent: the median is 5 minutes; two are not letters yet."""
    held = season.a_class(date(2027, 5, 3))
    made = taipei(date(2027, 3, 5), 9)
    for after in (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=2)):
        season.a_notice(season.a_row(held, "admitted"), "admitted", made, made + after)
    season.a_notice(season.a_row(held, "admitted"), "promoted", made, None, mail="due")
    season.a_notice(season.a_row(held, "admitted"), "promoted", made, None, mail="none")
    season.a_notice(season.a_row(held, "admitted"), "receipt", made, made)
    found = told.measure(ask(told.extract, YEAR, taipei(date(2027, 4, 1), 10)), 2027)
    assert found.bands == (1, 1, 0, 1, 0)
    assert (found.waiting, found.no_mail, found.median, found.late) == (1, 1, 300, 7200)
    assert told.EYES.finding(found, EN) == (
        "Half are told of a freed seat within 5 minutes, 9 in 10 within 2.0 h"
    )


def test_nothing_is_claimed_before_the_first_examination(ask):
    found = ask(lambda connection, _: examined.extract(connection), YEAR)
    assert found.at is None
    assert examined.EYES.finding(found, EN) == "The queue has not been examined yet"


def test_the_night_examines_once_and_its_result_is_kept(season, office, clock, ask):
    def last() -> examined.Examined:
        return ask(lambda connection, _: examined.extract(connection), YEAR)

    clock.go_to(taipei(date(2027, 4, 1), 23))
    assert examine(office) == 14
    assert examined.EYES.finding(last(), EN) == "All 14 promises of the queue hold"
    clock.go_to(taipei(date(2027, 4, 2), 2))
    assert examine(office) == 0
    season.rows(season.a_class(date(2027, 3, 1)), confirmed=1)  # held by nobody's counter
    clock.go_to(taipei(date(2027, 4, 2), 3))
    assert examine(office) == 14
    now = last()
    assert isinstance(now.at, datetime)
    assert now.broken > 0
    assert now.of(1) == (1, 1)
    assert "broken" in examined.EYES.finding(now, EN)
