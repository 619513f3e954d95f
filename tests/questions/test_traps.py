"""The fourteen traps of the field, one test each; the answer is worked out by hand."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from season import fact

from analytics import (
    class_facts,
    demand,
    demand_facts,
    disclosure,
    fill_rate,
    funnel,
    institutions,
    qualification,
    review_time,
    sign_up,
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
    assert review_time.median([(4, True, 2), (8, True, 1), (20, False, 3)]) == 2.0


def test_trap_05_balking_makes_registrations_a_lower_bound(season, ask):
    """12 qualified for 10 seats: who came later saw a hopeless list. 11 for 10 is not hopeless."""
    season.rows(season.a_class(date(2027, 6, 1), code="BST"), waitlisted=12)
    season.rows(season.a_class(date(2027, 6, 1), code="ECDIS"), waitlisted=11)
    found = wanted(ask)
    assert {row.course: row.lower_bound for row in found.courses} == {"BST": True, "ECDIS": False}
    said = {row[0]: row[-1] for row in demand.sheet(found, EN).rows}
    assert said == {"Basic safety": "at least this", "ECDIS": "as registered"}


def test_trap_06_immature_cohorts(season, ask):
    """Two completed; five wait for June: nobody is lost yet."""
    season.rows(season.a_class(date(2027, 6, 1)), waitlisted=5)
    for _ in range(2):
        season.a_row(season.a_class(date(2027, 3, 1)), "completed", **LIKELY)
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert (found.reached[0], found.reached[-1], found.open) == (2, 2, 5)


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
    """8 seats at the confirmation call, 12 at the start, 10 came: 83 % of what was planned at last.
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


def test_trap_14_small_cells():
    """Three of a region in a course identify people: hidden, and so is what would tell them."""
    shown = disclosure.protect([[3, 40], [50, 60]])
    assert shown[0][0] is None
    assert [cell for row in shown for cell in row].count(None) >= 4
    assert all(cell % 5 == 0 for row in shown for cell in row if cell is not None)


def test_every_trap_has_its_test():
    named = re.findall(r"^def test_trap_(\d\d)_", Path(__file__).read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number in named] == list(range(1, 15))
