"""Demand counts persons, not registrations; who waits is demand, who is seated is not unmet."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from analytics import charts, demand, demand_facts, sign_up, unmet
from analytics import wanted as part
from analytics.definitions import definition
from analytics.filters import Filters
from services.catalogue.records import plan_window
from services.kernel.clock import taipei
from services.words import words_for

EN, ZH = words_for("en"), words_for("zh-Hant-TW")
NOW = taipei(date(2027, 4, 1), 10)
YEAR = Filters(2027)


def slip(hours, **more):
    at = taipei(date(2027, 1, 5), 9)
    return {"at": at, "ended_at": at + timedelta(hours=hours), **more}


@pytest.fixture
def worked(season):
    """Seven people want BST, one only slipped; 20 seats are offered, two are still free."""
    held = season.a_class(date(2027, 3, 1))
    ahead = season.a_class(date(2027, 5, 3), state="published", seats_held=8)
    called_off = season.a_class(date(2027, 3, 15), state="cancelled")
    season.rows(held, completed=1)  # came
    waits = season.a_person()  # waits for two classes: one person, unmet
    season.a_row(held, "unplaced", waits)
    season.a_row(ahead, "waitlisted", waits)
    seated = season.a_person()  # has a seat in one class and still waits in another
    season.a_row(held, "completed", seated)
    season.a_row(ahead, "waitlisted", seated)
    season.a_row(ahead, "cancelled", **slip(47))
    season.a_row(ahead, "cancelled", **slip(49))  # changed the mind: wanted it once
    season.a_row(ahead, "ineligible")
    season.a_row(ahead, "in_review")
    season.a_row(called_off, "cancelled", reason="class_cancelled")  # still wants a seat
    return season


def measured(ask, filters=YEAR, now=NOW):
    rows, carried = ask(demand_facts.extract, filters, now)
    return demand.measure(rows, carried, filters.year)


def test_a_worked_course(worked, ask):
    (only,) = measured(ask).courses
    assert only.persons == 7
    assert only.qualified == 5
    assert only.pending == 1
    assert only.unmet == 2
    assert (only.seats, only.free) == (20, 2)
    assert only.pressure == 5 / 20


def test_seats_held_are_never_taken_for_demand(worked, ask):
    """Trap: two people hold or used a seat; seven wanted one."""
    assert measured(ask).total.persons == 7


def test_who_has_a_seat_elsewhere_is_not_unmet_in_the_chosen_class(season, ask):
    """Trap: the seat may lie outside the selection, the person is still placed."""
    person = season.a_person()
    season.a_row(season.a_class(date(2027, 3, 1), at="NTOU"), "completed", person)
    other = season.a_class(date(2027, 5, 3), at="NKUST", state="published")
    season.a_row(other, "waitlisted", person)
    season.rows(other, waitlisted=1)
    total = measured(ask, Filters(2027, institution="NKUST")).total
    assert (total.persons, total.unmet) == (2, 1)


def test_demand_holds_both_tracks_as_its_definition_says(season, ask):
    ahead = season.a_class(date(2027, 5, 3), state="published")
    season.rows(ahead, waitlisted=2)
    season.a_row(ahead, "waitlisted", track="self_funded")
    assert measured(ask).total.persons == 3
    assert "people of the self-funded track are in it" in definition("demand").caveat


def test_a_person_in_two_courses_is_two_person_courses(season, ask):
    person = season.a_person()
    for code in ("BST", "ECDIS"):
        season.a_row(season.a_class(date(2027, 3, 1), code=code), "unplaced", person)
    found = measured(ask)
    assert (found.total.persons, found.total.unmet) == (2, 2)
    assert unmet.finding(unmet.measure(found), ZH).startswith("還沒有名額的2人次中")
    assert {
        definition(code).unit for code in ("demand", "net-unmet", "mismatch", "carry-over")
    } == {"persons and courses"}


def test_unmet_is_split_by_the_free_seats_of_the_same_course(worked, ask):
    """Two people without a seat and two free seats ahead: they could move."""
    found = unmet.measure(measured(ask))
    assert found.rows == (("BST", 2, 0, 0),)
    assert (
        unmet.finding(found, EN)
        == "2 of 2 persons and courses without a seat could move to another class"
    )


def test_free_seats_of_another_course_help_nobody(season, ask):
    ahead = date(2027, 5, 3)
    season.rows(season.a_class(ahead, state="published", seats_held=10), waitlisted=3)
    season.a_class(ahead, state="published", code="ECDIS")
    found = unmet.measure(measured(ask))
    assert (found.elsewhere, found.short) == (0, 3)


def test_a_seat_that_must_be_paid_for_is_no_way_out(season, ask):
    """Of a class that is wholly self-funded, and of one past its self-funded call: two weeks."""
    season.rows(season.a_class(date(2027, 6, 7), state="published", seats_held=10), waitlisted=3)
    season.a_class(date(2027, 6, 7), state="published", kind="self_funded")
    season.a_class(date(2027, 4, 15), state="published")
    assert unmet.measure(measured(ask)).rows[0][1:3] == (0, 3)
    season.a_class(date(2027, 4, 16), state="published", seats_held=9)
    assert unmet.measure(measured(ask)).rows[0][1:3] == (1, 2)


def test_of_who_is_without_a_seat_some_still_wait(season, ask):
    """Three were left over when their class was frozen, two wait for one ahead."""
    season.rows(season.a_class(date(2027, 3, 1)), unplaced=3)
    season.rows(season.a_class(date(2027, 6, 7), state="published"), waitlisted=2, admitted=4)
    total = measured(ask).total
    assert (total.unmet, total.waiting) == (5, 2)


def test_what_is_missing_is_told_in_classes(season, ask):
    """Classes of ten: for fourteen people one more, for fifteen two."""
    full = season.a_class(date(2027, 6, 7), state="published", seats_held=10)
    season.rows(full, waitlisted=14)
    assert unmet.measure(measured(ask)).rows[0][3] == 1
    season.rows(full, waitlisted=1)
    found = unmet.measure(measured(ask))
    assert found.classes == 2
    assert unmet.finding(found, EN) == (
        "About 2 more classes would be needed, most of Basic safety: 2"
    )


def test_a_seat_is_free_wherever_the_class_is_held(season, ask):
    """Trap: two wait at NTOU; one seat is free at NKUST in another month. The filter narrows the
    persons and their seats, never where they could go.
    """
    season.rows(season.a_class(date(2027, 5, 3), state="published", seats_held=10), waitlisted=2)
    season.a_class(date(2027, 9, 6), state="published", at="NKUST", seats_held=9)
    season.a_class(date(2028, 5, 3), state="published", at="NKUST")
    for narrowed in ({"institution": "NTOU"}, {"region": "north"}, {"first_month": 5,
                     "last_month": 5}, {"course": "BST"}, {"category": "safety"}):  # fmt: skip
        found = measured(ask, Filters(2027, **narrowed))
        assert unmet.measure(found).rows == (("BST", 1, 1, 0),), narrowed
    at_ntou = measured(ask, Filters(2027, institution="NTOU")).total
    assert (at_ntou.unmet, at_ntou.seats, at_ntou.free) == (2, 10, 1)


def test_seats_of_cancelled_or_begun_classes_are_not_free(season, ask):
    season.rows(season.a_class(date(2027, 3, 1)), unplaced=2)
    season.a_class(date(2027, 5, 3), state="cancelled", seats=50)
    (only,) = measured(ask).courses
    assert (only.seats, only.free, only.unmet) == (10, 0, 2)


def test_last_year_is_compared_on_the_same_day(season, ask):
    """On 1 April 2026 two of last year's three had registered."""
    held = season.a_class(date(2026, 6, 1))
    for day in (date(2026, 1, 5), date(2026, 3, 31), date(2026, 4, 2)):
        season.a_row(held, "completed", at=taipei(day))
    season.rows(season.a_class(date(2027, 6, 1)), waitlisted=4)
    found = measured(ask)
    assert found.total.persons == 4
    assert found.total_last.by_now == 2


def test_who_was_left_without_a_seat_and_comes_again_is_carried_over(season, ask):
    """Trap: three were left last year, one comes again; a fourth had a seat and is new demand."""
    last, this = season.a_class(date(2026, 6, 1)), season.a_class(date(2027, 6, 1))
    again, seated = season.a_person(), season.a_person()
    season.a_row(last, "unplaced", again)
    season.rows(last, unplaced=2)
    season.a_row(last, "completed", seated)
    for person in (again, seated):
        season.a_row(this, "waitlisted", person)
    found = measured(ask)
    assert (found.carried, found.unseated_last) == (1, 3)


def test_small_courses_are_not_ranked_but_listed(season, ask):
    season.rows(season.a_class(date(2027, 6, 1), seats=1, code="POLA"), waitlisted=4)
    season.rows(season.a_class(date(2027, 6, 1), seats=10), waitlisted=5)
    found = measured(ask)
    assert [row.course for row in demand.ranked(found)] == ["BST"]
    assert [row.course for row in found.courses] == ["BST", "POLA"]
    assert demand.finding(found, EN) == "Every course has a seat for each qualified person"


def test_the_tightest_course_leads(season, ask):
    season.rows(season.a_class(date(2027, 6, 1), seats=4), waitlisted=5)
    season.rows(season.a_class(date(2027, 6, 1), seats=4, code="ECDIS"), waitlisted=7)
    found = measured(ask)
    assert [row.course for row in found.courses] == ["ECDIS", "BST"]
    assert demand.finding(found, EN) == (
        "2 of 2 courses have more people than seats; ECDIS leads with 1.75"
    )


def test_a_course_without_any_seat_leads_and_is_told_so(season, ask):
    """Trap: its only class was cancelled, so people for each seat is no number."""
    season.rows(season.a_class(date(2027, 6, 1), seats=4), waitlisted=9)
    gone = season.a_class(date(2027, 6, 1), code="ECDIS", state="cancelled")
    for _ in range(5):
        season.a_row(gone, "cancelled", reason="class_cancelled")
    found = measured(ask)
    assert [row.course for row in demand.ranked(found)] == ["ECDIS", "BST"]
    assert demand.finding(found, EN) == (
        "2 of 2 courses have more people than seats; ECDIS has no seats"
    )
    written = [
        text for trace in demand.figure(found, EN, "light")["data"] for text in trace["text"]
    ]
    assert any("no seats" in text and "5/0 seats" in text for text in written)
    assert demand.figure(found, EN, "light")["layout"]["meta"]["keys"] == ["BST", "ECDIS"]
    assert demand.sheet(found, EN).rows[0][:2] == ("ECDIS", None)


def test_only_what_chance_does_not_explain_above_all_has_the_colour_of_alarm(season, ask):
    """All three have more people than seats: 64 for 40 is as usual, 30 for 10 is not."""
    for code, seats, n in (("BST", 40, 64), ("AFF", 40, 62), ("ECDIS", 10, 30)):
        season.rows(season.a_class(date(2027, 6, 1), seats=seats, code=code), waitlisted=n)
    found = measured(ask)
    assert [demand.tight(found, row) for row in demand.ranked(found)] == [True, False, False]
    assert [row.course for row in found.courses] == ["ECDIS", "BST", "AFF"]


def test_nobody_is_said_plainly(season, ask):
    season.a_class(date(2027, 6, 1))
    assert demand.finding(measured(ask), EN) == "Nobody has registered in this selection yet"
    assert unmet.finding(unmet.measure(measured(ask)), EN).startswith("Everybody who qualified")


def test_weeks_begin_on_monday_at_midnight_in_taipei(season, ask):
    """Trap: Sunday 16:30 UTC is Monday half past midnight in Taipei."""
    ahead = season.a_class(date(2027, 6, 1))
    season.a_row(ahead, "waitlisted", at=taipei(date(2027, 3, 7), 23, 59))
    season.a_row(ahead, "waitlisted", at=taipei(date(2027, 3, 8), 0, 1))
    counts = ask(sign_up.extract, YEAR)
    assert counts == {(2027, date(2027, 3, 1)): 1, (2027, date(2027, 3, 8)): 1}


def test_every_registration_is_work_at_the_counter(season, ask):
    person, ahead = season.a_person(), season.a_class(date(2027, 6, 1))
    season.a_row(ahead, "cancelled", person, **slip(1))
    season.a_row(ahead, "waitlisted", person, at=taipei(date(2027, 1, 6)))
    assert sum(ask(sign_up.extract, YEAR).values()) == 2


def test_the_running_week_is_not_over_and_not_counted():
    """1 April 2027 is a Thursday: its week is unknown, the one before is known."""
    counts = {(2027, date(2027, 3, 22)): 30, (2027, date(2027, 3, 29)): 4,
              (2026, date(2026, 3, 23)): 20, (2026, date(2026, 12, 21)): 900}  # fmt: skip
    found = sign_up.measure(counts, 2027, date(2027, 4, 1))
    assert found.now[found.weeks - 1] == 30
    assert found.now[found.weeks] is None
    assert sum(found.last) == 920
    assert sign_up.finding(found, EN) == (  # 1.4 standard errors of their difference
        "Registrations differ from last year no more than chance: 30 so far, then 20"
    )
    counts[2027, date(2027, 3, 15)] = 10
    busier = sign_up.measure(counts, 2027, date(2027, 4, 1))
    assert sign_up.finding(busier, EN) == (
        "100% more registrations than in the same weeks of last year"
    )
    assert sign_up.added(found.now)[found.weeks - 1 : found.weeks + 1] == [30, None]


def test_the_days_on_which_registration_opened_stand_over_the_line(season, office, ask):
    """5 April is yet to come; 10 December and 2 February begin in the season's 7th and 15th week.

    The line through stands at the end of the week before: there the registrations jump.
    """
    season.a_class(date(2027, 6, 1))
    for n, opens in enumerate((date(2027, 2, 2), date(2026, 12, 10), date(2027, 4, 5))):
        span = {"classes_from": date(2027, 1 + n, 1), "classes_to": date(2027, 1 + n, 28)}
        row = {"year": 2027, "opens_at": taipei(opens, 9), **span}
        with office.open() as work:
            work.run(insert(plan_window), row)
    opened = ask(sign_up.openings, YEAR)
    assert opened == (date(2026, 12, 10), date(2027, 2, 2), date(2027, 4, 5))
    found = sign_up.measure({(2027, date(2026, 12, 7)): 5}, 2027, date(2027, 4, 1), opened)
    drawn = sign_up.figure(found, EN, "light")["layout"]
    assert [shape["x0"] for shape in drawn["shapes"]] == [5, 13]
    assert [found.mondays[n] for n in (6, 14)] == [date(2026, 12, 7), date(2027, 2, 1)]
    assert [each["text"] for each in drawn["annotations"][-2:]] == ["opens", ""]
    assert drawn["xaxis"]["ticktext"] == ["Nov<br>2026", "Feb<br>2027", "May", "Aug", "Nov"]


def test_a_season_without_a_registration_has_no_rows():
    found = sign_up.measure({}, 2027, date(2027, 4, 1))
    assert sign_up.sheet(found, EN).rows == ()
    assert sign_up.finding(found, EN) == "Registration has not begun in this selection"


def test_a_thin_part_is_not_painted_over_by_the_line_around_it():
    drawn = charts.stacked(["a", "b"], part.PARTS, [(97, 2, 1), (60, 1, 9)], EN, "light",
                           hundred=False, ends=["100", "70"])  # fmt: skip
    assert [trace["marker"]["line"]["width"] for trace in drawn["data"]] == [[2, 2], [0, 2], [2, 0]]


def test_courses_are_parted_by_who_qualified_and_the_most_wanted_stands_first(season, ask):
    """BST: three qualified, one under review, one refused, one left; ECDIS: one, refused."""
    bst = season.a_class(date(2027, 6, 1), code="BST")
    season.rows(bst, waitlisted=3, in_review=1, ineligible=1)
    at = taipei(date(2027, 1, 5), 9)
    season.a_row(bst, "cancelled", verdict="review", at=at, ended_at=at + timedelta(days=9))
    season.rows(season.a_class(date(2027, 6, 1), code="ECDIS"), ineligible=1)
    found = measured(ask)
    assert [(r.course, part.split(r)) for r in part.most(found)] == [
        ("BST", (3, 1, 2)), ("ECDIS", (0, 0, 1)),
    ]  # fmt: skip
    assert part.EYES.finding(found, EN) == (
        "Basic safety is wanted most: 6 persons and courses, 50% of them qualified"
    )
    drawn = part.EYES.figure(found, EN, "light")["layout"]
    assert drawn["meta"]["keys"] == ["ECDIS", "BST"]
    assert [each["text"] for each in drawn["annotations"]] == ["6 · 50%", "1 · 0%"]
    assert sum(sum(row[2:]) for row in part.EYES.sheet(found, EN).rows) == found.total.persons
