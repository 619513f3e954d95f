"""Measures without a figure: worked out by hand, the year before only where it is alike."""

from datetime import date, timedelta

import pytest

from analytics import also, cache
from analytics.also import ALSO, ask_also
from analytics.filters import Filters
from analytics.questions import QUESTIONS
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.words import words_for

PLANNER, EN, ZH = Actor(Role.PLANNER), words_for("en"), words_for("zh-Hant-TW")
YEAR = Filters(2027)  # today is 1 April 2027


@pytest.fixture
def measured(season):
    """Measure a board: `measured("demand")["registrations-each"]`."""

    def of(board, filters=YEAR, actor=PLANNER):
        cache.forget()
        with season.office.look(actor) as look:
            found = ask_also(board)(look, filters).value
        return {line.measure: tuple(of) for line, of in found.rows}

    return of


def test_registrations_each_counts_every_registration_over_persons_who_want_a_seat(
    season, measured
):
    """Two people, one of them in two classes; a slip is a registration of nobody: 4 / 2."""
    first, second = season.a_class(date(2027, 5, 3)), season.a_class(date(2027, 6, 7))
    both = season.a_person()
    season.a_row(first, "waitlisted", both)
    season.a_row(second, "waitlisted", both, preference=2)
    season.a_row(first, "admitted")
    at = taipei(date(2027, 1, 5), 9)
    season.a_row(first, "cancelled", at=at, ended_at=at + timedelta(hours=2))
    season.rows(season.a_class(date(2026, 5, 4)), completed=3)
    season.rows(season.a_class(date(2025, 5, 5)), completed=1)
    assert measured("demand")["registrations-each"] == (2.0, 4, 2, None)
    assert measured("demand", Filters(2026))["registrations-each"] == (1.0, 3, 3, 1.0)


def test_a_registration_of_the_running_week_is_counted_with_its_person(season, measured):
    ahead = season.a_class(date(2027, 5, 3))
    season.a_row(ahead, "waitlisted", at=taipei(date(2027, 3, 31), 9))
    assert measured("demand")["registrations-each"][:3] == (1.0, 1, 1)


def test_a_review_is_in_time_within_seven_days_and_late_without_a_decision_too(season, measured):
    """In time after 2 and 6.9 days, late after 7; open for 31 days is late, for 3 not due yet."""
    ahead = season.a_class(date(2027, 5, 3))
    opened = taipei(date(2027, 3, 1), 10)
    for days in (2, 6.9, 7):
        season.a_case(season.a_row(ahead, "waitlisted"), "approved", opened, days)
    season.a_case(season.a_row(ahead, "in_review"), "open", opened, None)
    season.a_case(season.a_row(ahead, "in_review"), "open", taipei(date(2027, 3, 29), 10), None)
    assert measured("qualification")["review-in-time"] == (0.5, 2, 4, None)


def test_a_cancelled_class_was_planned_and_not_held(season, measured):
    """Begun: two of three held; last year by the same day one of two, its May class is not over."""
    for month in (1, 2):
        season.a_class(date(2027, month, 8))
    season.a_class(date(2027, 3, 8), state="cancelled")
    season.a_class(date(2027, 4, 1), state="cancelled")  # begins today
    season.a_class(date(2026, 2, 9))
    season.a_class(date(2026, 3, 9), state="cancelled")
    season.a_class(date(2026, 5, 11))
    assert measured("fill-rate")["classes-held"] == (2 / 3, 2, 3, 0.5)


def test_funded_and_self_funded_seats_make_the_fill_rate_together(season, measured):
    """30 seats: 4 funded and 2 bought in one class, 3 in a wholly self-funded; one is cancelled."""
    mixed = season.a_class(date(2027, 3, 1))
    season.rows(mixed, completed=3, failed=1, absent=1)
    for _ in range(2):
        season.a_row(mixed, "completed", track="self_funded", how_seated="self_funded")
    own = season.a_class(date(2027, 3, 8), kind="self_funded")
    season.rows(own, completed=3)
    season.a_class(date(2027, 3, 15), state="cancelled")
    season.rows(season.a_class(date(2027, 3, 22)), confirmed=9)  # no roll yet: left out
    found = measured("fill-rate")
    assert found["funded-seats"] == (4 / 30, 4, 30, None)
    assert found["own-cost-seats"] == (5 / 30, 5, 30, None)


def test_a_half_written_roll_is_in_neither_the_used_nor_the_planned_seats(season, measured):
    """1 of 10 came to the class that is told; of the other one person is marked and one is not."""
    told, open_ = season.a_class(date(2027, 3, 1)), season.a_class(date(2027, 3, 8))
    paid = {"how_seated": "self_funded"}
    season.a_row(told, "completed", **paid)
    for status in ("completed", "self_funded"):
        season.a_row(open_, status, **paid)
    season.a_row(open_, "failed")
    found = measured("fill-rate")
    assert found["funded-seats"][1:3] == (0, 10)
    assert found["own-cost-seats"][1:3] == (1, 10)


@pytest.mark.parametrize(("without", "told"), [(5, (0.5, 5, 10)), (4, (None, None, None))])
def test_who_has_no_region_or_rank_is_counted_unless_they_are_few(season, measured, without, told):
    """A deck officer has both; without a rank, or with neither, somebody is in no group."""
    held = season.a_class(date(2027, 3, 1), seats=24)
    for n in range(10):
        traits = {} if n >= without else {"region": None} if n % 2 else {"rank": None}
        person = season.a_person(**({"rank": "MASTER_2"} | traits))
        season.a_row(held, "completed", person)
    assert measured("equity")["without-traits"][:3] == told


def test_the_card_says_how_many_measures_it_has_and_writes_each_as_its_unit(season):
    season.rows(season.a_class(date(2027, 3, 1)), completed=3)
    season.rows(season.a_class(date(2026, 3, 2)), completed=5)
    question = QUESTIONS["also-fill-rate"]
    with season.office.look(PLANNER) as look:
        found = question.ask(look, YEAR).value
    assert also.EYES.finding(found, EN) == "5 more measures"
    assert also.EYES.finding(found, ZH) == "其他5項指標"
    sheet = also.EYES.sheet(found, EN)
    assert sheet.texts(EN)[1] == ["Funded seats that were used", "30.0%", "3/10", "50.0%"]
    in_files = sheet.in_files(EN)
    assert [c.title for c in in_files.columns] == [
        "Measure code", "Measure", "2027", "Counted", "Divided by", "2026",
    ]  # fmt: skip
    assert in_files.rows[1] == (
        "funded-seats", "Funded seats that were used", 0.3, 3, 10, 0.5,
    )  # fmt: skip
    assert sheet.links[1] == "/definitions#funded-seats"


@pytest.mark.parametrize(("year", "shown"), [(2027, 3), (2026, 4)])
def test_the_year_before_stands_on_the_page_only_where_some_row_has_it(season, year, shown):
    """Of 2026 the year before is whole; of 2027 nothing began by the same day of 2026."""
    for on in (date(2027, 3, 1), date(2026, 6, 1), date(2025, 6, 2)):
        season.rows(season.a_class(on), completed=3)
    with season.office.look(PLANNER) as look:
        found = ask_also("fill-rate")(look, Filters(year)).value
    sheet = also.EYES.sheet(found, EN)
    assert len(sheet.columns) == 4
    assert len(sheet.on_page.columns) == shown
    assert {len(row) for row in sheet.on_page.texts(EN)} == {shown}


def test_a_single_measure_is_told_in_the_title(season):
    season.rows(season.a_class(date(2027, 3, 1)), completed=3)
    with season.office.look(PLANNER) as look:
        found = ask_also("demand")(look, YEAR).value
    assert also.EYES.finding(found, EN) == "Registrations for each person and course: 1.00"


def test_a_selection_without_anything_says_so_and_tells_no_number(measured, season):
    season.a_cohort(2027, "BST", "safety")
    for board in ALSO:
        for value, *_ in measured(board).values():
            assert value is None
    with season.office.look(PLANNER) as look:
        found = ask_also("fill-rate")(look, YEAR).value
    assert also.EYES.finding(found, EN) == "Nothing else can be told of this selection yet"
    assert also.EYES.sheet(found, EN).texts(EN)[0][1:] == ["–", "0/0", "–"]


def test_an_institution_is_told_of_its_own_classes(season, measured):
    season.rows(season.a_class(date(2027, 3, 1)), completed=3)
    season.rows(season.a_class(date(2027, 3, 1), at="NKUST"), completed=9)
    officer = Actor(Role.INSTITUTION, institution="NTOU")
    mine = YEAR.locked_to(officer)
    assert measured("fill-rate", mine, officer)["funded-seats"][1:3] == (3, 10)
    assert measured("demand", mine, officer)["registrations-each"][1:3] == (3, 3)


@pytest.fixture
def filled(season):
    """Give a class of 1 March: two weeks before is 15 February, 24 January the call before."""
    class_id = season.a_class(date(2027, 3, 1))
    early, late = taipei(date(2027, 2, 1), 9), taipei(date(2027, 2, 20), 9)
    held = {"confirmed_at": early, "seated_at": early}
    for _ in range(3):
        season.a_row(class_id, "completed", **held)
    season.a_row(class_id, "cancelled", ended_at=late, **held)  # late, by the person
    season.a_row(class_id, "cancelled", ended_at=late, reason="staff", **held)  # for the person
    season.a_row(class_id, "cancelled", ended_at=late, reason="superseded", **held)  # not by them
    season.a_row(class_id, "cancelled", ended_at=taipei(date(2027, 2, 10), 9), **held)  # early
    season.a_row(class_id, "lapsed", ended_at=late, seated_at=early)  # never confirmed
    season.a_row(class_id, "cancelled", ended_at=late)  # never had a seat
    for how in ("backfill", "promoted"):
        season.a_row(class_id, "completed", how_seated=how, seated_at=late, confirmed_at=late)
    season.a_row(class_id, "absent", confirmed_at=early, seated_at=early,
                 ended_at=taipei(date(2027, 3, 1), 20))  # fmt: skip
    return class_id


def test_a_late_cancellation_is_the_persons_own_after_two_weeks_before(filled, measured):
    """Confirmed by 15 February: 3 who came, 3 cancelled after it, 1 absent; 2 of them late."""
    assert measured("queues")["late-cancellations"] == (2 / 7, 2, 7, None)


def test_a_freed_seat_is_filled_by_the_list_of_its_own_class(season, filled, measured):
    """Five seats were given back, two went to the list; elsewhere one was, and three went."""
    assert measured("queues")["freed-filled"] == (2 / 5, 2, 5, None)
    other = season.a_class(date(2027, 3, 8))
    at = taipei(date(2027, 2, 1), 9)
    season.a_row(other, "cancelled", seated_at=at, ended_at=at)
    for _ in range(3):
        season.a_row(other, "completed", how_seated="promoted", seated_at=at)
    assert measured("queues")["freed-filled"] == (3 / 6, 3, 6, None)


def test_a_list_ran_out_where_nobody_was_left_on_it(season, filled, measured):
    """Two seats from the first list, which ran out; none from the second; a third had no list."""
    season.rows(season.a_class(date(2027, 3, 8)), unplaced=2, completed=1)
    season.rows(season.a_class(date(2027, 3, 9)), completed=1)
    found = measured("queues")
    assert found["lists-ran-out"] == (0.5, 1, 2, None)
    assert found["list-reached"] == (0, None, 2, None)


def test_only_classes_held_and_begun_tell_how_they_filled(season, filled, measured):
    at = taipei(date(2027, 1, 5), 9)
    for on, state in ((date(2027, 4, 1), "opened"), (date(2027, 3, 2), "cancelled")):
        class_id = season.a_class(on, state=state)
        season.a_row(class_id, "cancelled", seated_at=at, confirmed_at=at, ended_at=at)
        season.rows(class_id, unplaced=1)
    found = measured("queues")
    assert found["late-cancellations"][1:3] == (2, 7)
    assert found["freed-filled"][1:3] == (2, 5)
    assert found["lists-ran-out"][1:3] == (1, 1)


def test_how_classes_filled_is_compared_with_a_whole_year_only(season, filled, measured):
    at = taipei(date(2026, 1, 5), 9)
    season.a_row(season.a_class(date(2026, 3, 2)), "completed", confirmed_at=at, seated_at=at)
    season.office.clock.go_to(taipei(date(2028, 1, 3), 10))
    assert measured("queues")["late-cancellations"] == (2 / 7, 2, 7, 0.0)


def test_who_the_records_alone_let_in_and_turned_away_make_the_decided_by_the_records(
    season, measured
):
    """Ten decided: 4 let in and 2 turned away by the records, 3 and 1 by a person; one waits."""
    ahead = season.a_class(date(2027, 5, 3))
    season.rows(ahead, waitlisted=4, ineligible=2, in_review=1)
    opened = taipei(date(2027, 3, 1), 10)
    for status, state, n in (("waitlisted", "approved", 3), ("ineligible", "rejected", 1)):
        for _ in range(n):
            season.a_case(season.a_row(ahead, status), state, opened, 2)
    season.rows(season.a_class(date(2026, 5, 4)), completed=1, ineligible=3)
    found = measured("qualification")
    assert found["passed-by-records"] == (0.4, 4, 10, None)
    assert found["refused-by-records"] == (0.2, 2, 10, None)
    last = measured("qualification", Filters(2026))
    assert (last["passed-by-records"][0], last["refused-by-records"][0]) == (0.25, 0.75)


def test_a_refusal_that_an_appeal_overturned_was_no_decision_of_the_records(season, measured):
    ahead = season.a_class(date(2027, 5, 3))
    season.rows(ahead, ineligible=1)
    overturned = season.a_row(ahead, "waitlisted")
    opened = taipei(date(2027, 3, 1), 10)
    season.a_case(overturned, "approved", opened, 2, statement="I hold the certificate.")
    found = measured("qualification")
    assert found["refused-by-records"][1:3] == (1, 2)
    assert found["passed-by-records"][1:3] == (0, 2)


def test_whom_one_kind_of_rule_stopped_is_told_among_all_refused(season, measured):
    ahead = season.a_class(date(2027, 5, 3))
    for failing in ("min_age", "holds_certificate,min_age", "holds_certificate"):
        season.a_row(ahead, "ineligible", failing=failing)
    assert measured("qualification")["one-rule"] == (2 / 3, 2, 3, None)


def test_a_class_was_too_small_if_too_few_had_confirmed_two_weeks_before(season, measured):
    """Two weeks before 1 March is 15 February: two are needed; the second came a day too late."""
    for day in (14, 16):
        held = season.a_class(date(2027, 3, 1), min_size=2)
        for at in (1, day):
            said = taipei(date(2027, 2, at), 9)
            season.a_row(held, "completed", confirmed_at=said, seated_at=said)
    season.a_class(date(2027, 3, 2), state="cancelled", min_size=2)
    season.a_class(date(2027, 4, 1), min_size=2)  # begins today
    assert measured("fill-rate")["too-small"] == (2 / 3, 2, 3, None)


def test_a_seat_stayed_empty_only_beside_somebody_who_qualified_and_was_left_over(season, measured):
    """Empty 2 beside three left over, 4 beside one, 5 beside nobody qualified, 0 beside two.

    Of forty seats three; a class that was cancelled, or begins today, tells nothing yet.
    """
    for month, held, left in ((1, 8, 3), (2, 6, 1), (3, 10, 2)):
        class_id = season.a_class(date(2027, month, 8), seats_held=held)
        season.rows(class_id, unplaced=left)
    alone = season.a_class(date(2027, 3, 15), seats_held=5)
    season.a_row(alone, "unplaced", verdict="review", reason="review_undecided")
    season.rows(alone, cancelled=2)
    for day, state in ((date(2027, 3, 22), "cancelled"), (date(2027, 4, 1), "opened")):
        season.rows(season.a_class(day, state=state), unplaced=4)
    season.rows(season.a_class(date(2026, 3, 9), seats_held=9), unplaced=1)
    assert measured("fill-rate")["empty-with-queue"] == (3 / 40, 3, 40, 1 / 10)


def test_who_came_and_did_not_pass_did_not_complete(season, measured):
    season.rows(season.a_class(date(2027, 3, 1)), completed=3, failed=1, absent=1)
    season.rows(season.a_class(date(2027, 6, 1)), waitlisted=2)
    assert measured("queues")["completed"] == (0.75, 3, 4, None)


def test_a_tenth_waits_longest_and_nine_in_ten_were_seated_sooner(season, measured):
    """Ten wait for 10 to 100 days: nine in ten no more than 90. Ten were seated after 1 to 10."""
    now = taipei(date(2027, 4, 1), 10)
    ahead = season.a_class(date(2027, 6, 1), state="published", seats=20)
    for n in range(1, 11):
        season.a_row(ahead, "waitlisted", at=now - timedelta(days=10 * n))
        at = now - timedelta(days=60)
        season.a_row(ahead, "admitted", at=at, how_seated="promoted",
                     seated_at=at + timedelta(days=n))  # fmt: skip
    found = measured("queues")
    assert found["longest-waits"] == (90, None, 10, None)
    assert found["latest-seats"] == (9, None, 10, None)
