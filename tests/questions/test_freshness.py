"""Freshness: every source has its age, silence is not freshness, who is late is named."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from analytics import freshness_numbers, missing_rolls, sources
from analytics.filters import Filters
from services.catalogue.records import cohort
from services.kernel.clock import taipei
from services.kernel.records import examination, heartbeat
from services.tally.records import reconciliation
from services.words import words_for

EN, YEAR = words_for("en"), Filters(2027)
NOW = taipei(date(2027, 4, 1), 10)


@pytest.fixture
def found_now(office, clock):
    def look_now():
        clock.go_to(NOW)
        with office.look() as look:
            return sources.extract(look)

    return look_now


def beat(office, process, at):
    with office.open() as work:
        work.run(insert(heartbeat), {"process": process, "at": at})


def test_a_clock_that_beat_a_minute_ago_is_on_time_and_an_hour_ago_is_late(office, found_now):
    beat(office, "clock", NOW - timedelta(minutes=1))
    beat(office, "mailer", NOW - timedelta(hours=1))
    found = found_now()
    assert found.of(sources.CLOCK).late(NOW) is False
    assert found.of(sources.MAILER).late(NOW) is True


def test_a_source_that_was_never_seen_is_counted_as_silent_not_as_fresh(found_now):
    """Clock, mailer, examination and recount have left no trace yet."""
    found = found_now()
    assert found.of(sources.CLOCK).late(NOW) is None
    assert sources.EYES.finding(found, EN) == "4 sources are late, silent or differ"


@pytest.fixture
def in_order(office, season):
    """Everything has beaten or been looked at, and nothing waits."""
    for process in ("clock", "mailer"):
        beat(office, process, NOW)
    with office.open() as work:
        found = {"number": 1, "at": NOW, "looked_at": 9, "faults": 0}
        work.run(insert(examination), found)

    def recounted(differences):
        night = {"day": 1, "at": NOW - timedelta(hours=7), "events": 9, "compared": 50,
                 "differences": differences, "seconds": 1, "facts": []}  # fmt: skip
        with office.open() as work:
            work.run(insert(reconciliation), night)

    return recounted


def head(office):
    """Give the title of the sources and the first number of the page."""
    with office.look() as look:
        return (
            sources.EYES.finding(sources.extract(look), EN),
            freshness_numbers.numbers(look, YEAR, EN)[0],
        )


def test_differences_of_the_recount_alarm_however_fresh_it_is(office, in_order, found_now):
    in_order(37)
    said, number = head(office)
    assert said == "1 source is late, silent or differs"
    assert (number.value, number.unit, number.alarm) == ("37", "differences", True)
    assert number.note == "recounted 7 hours ago"
    found = found_now()
    assert sources.state(EN, found.of(sources.RECOUNT), NOW) == "differs"


def test_a_recount_without_differences_is_in_order(office, in_order):
    in_order(0)
    said, number = head(office)
    assert said == "Every source with a limit is on time"
    assert (number.value, number.alarm) == ("0", False)


@pytest.mark.parametrize(("minutes", "late"), [(4, False), (6, True)])
def test_steps_that_wait_for_the_sums_are_late_after_five_minutes(
    office, season, in_order, minutes, late
):
    in_order(0)
    row = season.a_row(season.a_class(date(2027, 5, 3)), "waitlisted")
    season.an_event(row, "register", seq=1, at=NOW - timedelta(minutes=minutes))
    with office.open() as work:
        work.run(update(cohort).values(events=1))
    said, number = head(office)
    assert (said == "1 source is late, silent or differs") is late
    assert number.alarm is late
    assert ("1 step is not in the sums" in number.note) is late


def test_letters_wait_by_the_oldest_that_is_due(season, found_now):
    """One due for 20 minutes, one due for a minute, one to be tried again tomorrow."""
    held = season.a_class(date(2027, 5, 3))
    for minutes in (20, 1, -600):
        row = season.a_row(held, "admitted")
        season.a_notice(row, "admitted", NOW - timedelta(minutes=minutes), None, mail="due")
    letters = found_now().of(sources.LETTERS)
    assert (letters.waiting, letters.newest) == (2, NOW - timedelta(minutes=20))
    assert letters.late(NOW) is True


def test_an_age_is_said_in_its_largest_fitting_unit():
    ages = {
        -3600: "later than this moment", -5: "just now", 0: "just now", 60: "1 minute ago",
        7100: "118 minutes ago", 7200: "2 hours ago", 172_800: "2 days ago",
    }  # fmt: skip
    for ago, said in ages.items():
        assert sources.age(EN, NOW - timedelta(seconds=ago), NOW) == said


def test_a_roll_is_overdue_from_the_eighth_day_and_its_institution_is_named(season, ask):
    """Ended 24 March (8 days ago) and 25 March (7); a third class is written but for one person."""
    for ends, at in ((date(2027, 3, 24), "甲"), (date(2027, 3, 25), "乙")):
        held = season.a_class(ends - timedelta(days=4), at=at)
        season.rows(held, confirmed=2)
    partly = season.a_class(date(2027, 3, 1), at="甲")
    season.rows(partly, completed=3, self_funded=1)
    season.rows(season.a_class(date(2027, 2, 1), at="甲"), completed=3, absent=1)
    season.a_class(date(2027, 2, 8), at="丙")  # nobody came to mark
    found = ask(missing_rolls.extract, YEAR, date(2027, 4, 1))
    assert found.rows == (("甲", "甲", "甲", 2, 3, date(2027, 3, 5)),)
    assert missing_rolls.EYES.finding(found, EN) == "2 rolls are overdue by more than a week"
    figure = missing_rolls.EYES.figure(found, EN, "light")
    assert figure["layout"]["meta"] == {"filter": "institution", "keys": ["甲"]}


def test_written_rolls_are_said_plainly(ask):
    found = ask(missing_rolls.extract, YEAR, date(2027, 4, 1))
    assert missing_rolls.EYES.finding(found, EN) == "No roll is overdue by more than a week"


def test_a_roll_that_may_still_be_written_is_told_and_not_called_written(season, ask):
    """31 March, 25 March: running, ended a week ago; 1 April, 1 May: not begun before today."""
    for starts in (date(2027, 3, 31), date(2027, 3, 21), date(2027, 4, 1), date(2027, 5, 1)):
        season.rows(season.a_class(starts), confirmed=2)
    season.rows(season.a_class(date(2027, 3, 22)), completed=2)
    found = ask(missing_rolls.extract, YEAR, date(2027, 4, 1))
    assert (found.rows, found.open) == ((), 2)
    assert missing_rolls.EYES.finding(found, EN) == (
        "No roll is overdue; 2 classes are running or ended within the week"
    )
