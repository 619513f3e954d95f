"""The fourteen traps of the field, each with its tests; the answer is worked out by hand."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from attacker import found_out
from season import fact

from analytics import (
    class_facts,
    demand,
    demand_facts,
    disclosure,
    fill_by_month,
    fill_rate,
    funnel,
    institutions,
    number,
    qualification,
    review_time,
    seat_source,
    sign_up,
    waiting,
)
from analytics.filters import Filters
from services.catalogue.records import training_class
from services.kernel.clock import taipei
from services.tally import plans
from services.words import words_for

EN = words_for("en")
TODAY = date(2027, 4, 1)
NOW = taipei(TODAY, 10)
YEAR = Filters(2027)
LIKELY = {"seated_at": taipei(date(2027, 1, 2)), "confirmed_at": taipei(date(2027, 2, 2))}


def wanted(ask, filters=YEAR):
    rows, carried = ask(demand_facts.extract, filters, NOW)
    return demand.measure(rows, carried, filters.year)


def came(n, planned=10, **more):
    return fact(attended=n, marked=n, planned=planned, **more)


def test_trap_01_survivorship_in_fill_rate():
    """8 of 10 came, a second class of 10 was cancelled: 40 %, not 80 %."""
    found = fill_rate.measure([came(8), fact(state="cancelled")], 2027, TODAY)
    assert (found.planned.rate, found.held.rate) == (0.4, 0.8)


def test_trap_02_seats_taken_for_demand(season, ask):
    """Two seats, both used; five wanted one: demand is five."""
    held = season.a_class(date(2027, 3, 1), seats=2)
    season.rows(held, completed=2, unplaced=3)
    assert (wanted(ask).total.persons, wanted(ask).total.pressure) == (5, 2.5)


def test_trap_03_one_person_on_several_waiting_lists(season, ask):
    """On two lists: one person unmet. Seated in one class and on another list: none."""
    first, second = (season.a_class(date(2027, 5, day), state="published") for day in (3, 17))
    twice, seated = season.a_person(), season.a_person()
    for class_id in (first, second):
        season.a_row(class_id, "waitlisted", twice, preference=class_id)
    season.a_row(first, "admitted", seated)
    season.a_row(second, "waitlisted", seated, preference=2)
    assert (wanted(ask).total.persons, wanted(ask).total.unmet) == (2, 1)


def test_trap_04_censored_waits():
    """Decided after 1, 1 and 2 days, three open for 5: median 2, though the decided alone say 1."""
    assert review_time.within([(4, "decided", 2), (8, "decided", 1), (20, "open", 3)]) == 2.0
    assert review_time.within([(4, "decided", 2), (20, "open", 3)]) is None  # under half decided


def test_trap_04_waits_so_far_and_until_seated_are_two_numbers(season, ask):
    """Three got a seat after 2, 4 and 6 days, three still wait for 30, 50 and 70: 4 and 50.

    Whoever read the first as the wait would promise 4 days to people who have waited for 50; all
    six in one would say 6 (the lower of the middle two) and be true of nobody.
    """
    ahead = season.a_class(date(2027, 6, 1), state="published")
    for days in (2, 4, 6):
        at = NOW - timedelta(days=20)
        season.a_row(ahead, "admitted", at=at, how_seated="promoted",
                     seated_at=at + timedelta(days=days))  # fmt: skip
    for days in (30, 50, 70):
        season.a_row(ahead, "waitlisted", at=NOW - timedelta(days=days))
    still, off = ask(waiting.extract, YEAR, NOW)
    found = waiting.measure(still, off)
    assert (found.people, found.so_far, found.seated, found.until) == (3, 50, 3, 4)
    assert waiting.within((*still, *off)) == 6
    assert "50 days or more" in waiting.finding(found, EN)


def test_trap_05_balking_makes_registrations_a_lower_bound(season, ask):
    """12 qualified for 10 seats: who came later saw a hopeless list. 11 for 10 is not hopeless, nor
    are 12 of whom 2 were refused; one for a course whose only class was called off is."""
    season.rows(season.a_class(date(2027, 6, 1), code="BST"), waitlisted=12)
    season.rows(season.a_class(date(2027, 6, 1), code="ECDIS"), waitlisted=11)
    season.rows(season.a_class(date(2027, 6, 1), code="GOC"), waitlisted=10, ineligible=2)
    gone = season.a_class(date(2027, 6, 1), code="ARPA", state="cancelled")
    season.a_row(gone, "cancelled", reason="class_cancelled")
    found = wanted(ask)
    known = {row.course: row.lower_bound for row in found.courses}
    assert known == {"BST": True, "ECDIS": False, "GOC": False, "ARPA": True}
    said = {row[0]: row[-1] for row in demand.sheet(found, EN).rows}
    assert (said["Basic safety"], said["ECDIS"]) == ("at least this", "as registered")


def test_trap_06_immature_cohorts(season, ask):
    """Of three who came to an end two completed, one was absent; five confirmed for June. Two in
    three complete, not two in eight; the five are named, and counted once they came to an end."""
    young = season.a_class(date(2027, 6, 1))
    held = season.a_class(date(2027, 3, 1))
    for status in ("completed", "completed", "absent"):
        season.a_row(held, status, **LIKELY)
    for _ in range(5):
        season.a_row(young, "confirmed", **LIKELY)
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert (found.reached, found.open) == ((3, 3, 3, 3, 2, 2), 5)
    assert "grey, in no share: 5 still on the way" in funnel.subtitle(found, EN, "2027")
    assert funnel.sheet(found, EN).rows[-1][:3] == ("Still on the way", 5, None)
    *_, hatched = funnel.figure(found, EN, "light")["data"]
    assert (hatched["x"][0], set(hatched["x"][1:])) == (5, {None})
    assert hatched["marker"]["pattern"]["shape"]
    assert found.leak == 4  # came; the five would have made it the worst by far
    for _ in range(5):
        season.a_row(held, "failed", **LIKELY)
    later = funnel.measure(ask(funnel.extract, YEAR))
    assert (later.reached, later.open) == ((8, 8, 8, 8, 7, 2), 5)


def test_trap_07_history_is_not_rewritten_by_todays_status(season, ask):
    """Five confirmed three weeks before. One left one week before, one in the last hour before the
    first day, two in its first hour, when the class was called off; one was absent, said the roll.
    Then five, five, four, and three as the first day began; today's statuses would say one."""
    on = date(2027, 3, 1)
    this, yes = season.a_class(on), {"confirmed_at": taipei(on - timedelta(days=25))}
    for left in (on - timedelta(days=7), on):
        season.a_row(this, "cancelled", ended_at=taipei(left) - timedelta(hours=1), **yes)
    for _ in range(2):
        off = {"reason": "class_cancelled", "ended_at": taipei(on, 1)}
        season.a_row(this, "cancelled", **off, **yes)
    season.a_row(this, "absent", ended_at=taipei(on, 17), **yes)
    (only,) = ask(class_facts.extract, YEAR)
    assert (only.at_promotion, only.at_offer, only.at_freeze, only.at_start) == (5, 5, 4, 3)


def test_trap_08_simpsons_institutions():
    """A fills 90 % of the easy course and 40 % of the hard one, B 80 % and 30 %: A is better at
    both, but mostly gives the hard one and looks worse by the plain rate."""
    units = [
        ("A", "A", "A", "easy", 18, 20), ("A", "A", "A", "hard", 80, 200),
        ("B", "B", "B", "easy", 160, 200), ("B", "B", "B", "hard", 6, 20),
    ]  # fmt: skip
    found = institutions.measure(units, None, None)
    a, b = sorted(found.places, key=lambda place: place.short_en)
    assert a.count / a.of < b.count / b.of
    assert a.adjusted(found.overall) > b.adjusted(found.overall)


def test_trap_09_who_comes_again_is_not_new(season, ask):
    """Refused, then qualified: one person. Left over last year and here again: carried over."""
    person, ahead = season.a_person(), season.a_class(date(2027, 6, 1))
    season.a_row(season.a_class(date(2026, 6, 1)), "unplaced", person)
    season.a_row(ahead, "ineligible", person)
    season.a_row(ahead, "waitlisted", person)
    assert (wanted(ask).total.persons, wanted(ask).carried) == (1, 1)
    rows, _ = ask(qualification.extract, YEAR, TODAY)
    total = qualification.measure(rows, 0, 2027).total
    assert (total.qualified, total.decided) == (1, 1)


def test_trap_10_capacity_changed_midway(season, ask, office, clock):
    """8 seats at the confirmation call, 12 at the start, 10 came: 83 % of the most there were.
    Against the 8 of the call it would be 125 %; both numbers of seats are still known."""
    on, called = date(2027, 3, 1), date(2027, 2, 1)
    held = season.a_class(on, seats=8)
    for day, seats in ((called, 8), (date(2027, 2, 10), 12)):
        clock.go_to(taipei(day, 10))
        with office.open() as work:
            this = training_class.c.id == held
            work.run(training_class.update().where(this).values(cap=seats))
            plans.take_in(work)
    season.rows(held, completed=10)
    clock.go_to(NOW)
    (now,) = ask(class_facts.extract, YEAR)
    (then,) = ask(class_facts.extract, Filters(2027, as_of=called))
    assert (then.planned, now.planned) == (8, 12)
    assert fill_rate.measure([now], 2027, TODAY).planned.rate == 10 / 12


def test_trap_10_a_cut_after_the_confirmation_call_raises_no_rate(season, ask, office, clock):
    """10 seats when people were asked, 8 at the start, 8 came: 80 %, not full. Nothing is empty,
    and of the day before the cut both numbers are ten."""
    held = season.a_class(date(2027, 3, 1), seats=10)
    for day, seats, before in ((date(2027, 2, 1), 10, None), (date(2027, 2, 10), 8, 10)):
        clock.go_to(taipei(day, 10))
        with office.open() as work:
            this = training_class.c.id == held
            work.run(training_class.update().where(this).values(cap=seats, cut_from=before))
            plans.take_in(work)
    season.rows(held, completed=8)
    clock.go_to(NOW)
    (now,) = ask(class_facts.extract, YEAR)
    (then,) = ask(class_facts.extract, Filters(2027, as_of=date(2027, 2, 9)))
    (later,) = ask(class_facts.extract, Filters(2027, as_of=date(2027, 2, 11)))
    assert [(f.cap, f.planned) for f in (then, later, now)] == [(10, 10), (8, 10), (8, 10)]
    assert fill_rate.measure([now], 2027, TODAY).planned.rate == 0.8


def test_trap_10_more_than_all_seats_is_told_and_explained():
    """9 came to 8 seats: 112.5% with both numbers beside it, no seat less than empty, and among
    institutions a full class, not one better than full."""
    over = came(9, planned=8, by_register=9)
    share = fill_rate.measure([over], 2027, TODAY).planned
    assert (share.rate, share.attended, share.planned) == (1.125, 9, 8)
    assert seat_source.measure([over], 2027, TODAY).counts == ((9, 0, 0, 0, 0),)
    assert [unit[4:] for unit in institutions.seats_used([over], 2027, TODAY)] == [(8, 8)]


def test_trap_11_averaged_rates():
    """10 of 10 and 15 of 30: 62.5 % of the seats, though the mean of the rates is 75 %."""
    found = fill_rate.measure([came(10), came(15, planned=30)], 2027, TODAY)
    assert found.planned.rate == 0.625


def test_trap_12_time_zone(season, ask):
    """Sunday 16:30 UTC is Monday in Taipei: the week is Taipei's."""
    season.a_row(season.a_class(date(2027, 6, 1)), "waitlisted", at=taipei(date(2027, 3, 8), 0, 30))
    assert ask(sign_up.extract, YEAR) == {(2027, date(2027, 3, 8)): 1}


@pytest.mark.parametrize(("classes", "outside"), [(1, False), (50, True)])
def test_trap_13_two_numbers_are_not_a_difference(classes, outside):
    """12 of 20 against 16 of 20: in one class each that is noise, in fifty it is not."""
    units = [("A", "A", "A", "BST", 12, 20), ("B", "B", "B", "BST", 16, 20)] * classes
    found = institutions.measure(units, None, None)
    assert any(abs(found.far(place)) == 2 for place in found.places) is outside


@pytest.mark.parametrize(
    ("classes", "wider", "arrow"), [(1, 1.0, False), (50, 1.0, True), (50, 100.0, False)]
)
def test_trap_13_two_years_are_not_a_trend(classes, wider, arrow):
    """12 of 20 last year, 16 of 20 this year: 20 points, limits of 95% at 28 points. With fifty
    times the seats they are at 4 points; where classes fill whole, a hundred-fold, at 40."""
    now, then = (16 * classes, 20 * classes), (12 * classes, 20 * classes)
    said = number.points(EN, now, then, wider)
    assert "20.0 points" in said
    assert ("no more than chance" not in said) is arrow
    assert any(sign in said for sign in "▲▼↑↓") is arrow


@pytest.mark.parametrize(("classes", "marked"), [(1, []), (50, [(0, 0)])])
def test_trap_13_no_cell_has_the_colour_of_alarm_for_noise(classes, marked):
    """12 of 20 beside 16 of 20, all 70%: at 20 seats chance reaches 34 points below and more,
    at 1000 seats 5. Ten points below get mark, outline and colour in the second case only."""
    one = [came(12, planned=20), came(16, planned=20, institution="X", short_zh="甲", short_en="X")]
    found = fill_by_month.measure(one * classes, 2027, TODAY)
    assert (found.whole.rate, found.low()) == (0.7, marked)
    drawn = fill_by_month.figure(found, EN, "light")
    texts = [each["text"] for each in drawn["layout"]["annotations"]]
    assert [text for text in texts if "▼" in text] == ["<b>▼60</b>"] * len(marked)
    assert sum(row.count(0) for row in drawn["data"][0]["z"]) == len(marked)
    assert len(drawn["layout"]["shapes"]) == len(marked)


def test_trap_14_small_cells():
    """Three of a region in a course identify people: hidden, and so is what would tell them."""
    shown = disclosure.protect([[3, 40], [50, 60]])
    assert shown[0][0] is None
    assert [cell for row in shown for cell in row].count(None) >= 4
    assert all(cell % 5 == 0 for row in shown for cell in row if cell is not None)


def test_trap_14_nobody_subtracts_their_way_to_a_small_cell():
    """North 3 and 6, south 7 and 8: hiding the 3 alone leaves 10 less 7. Four cells are hidden."""
    table = disclosure.with_totals([[3, 6], [7, 8]])
    bare = [[0 < n < disclosure.LEAST for n in row] for row in table]
    assert found_out(table, bare) == [(0, 0)]
    mask = disclosure.hidden(table)
    assert found_out(table, mask) == []
    assert mask == [[True, True, False], [True, True, False], [False, False, False]]


def test_every_trap_has_its_test():
    named = re.findall(r"^def test_trap_(\d\d)_", Path(__file__).read_text("utf-8"), re.MULTILINE)
    assert sorted({int(trap) for trap in named}) == list(range(1, 15))
