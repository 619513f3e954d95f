"""How far people get, what they answer, how long they wait."""

from datetime import date, timedelta

import pytest
from season import fact
from sqlalchemy import func, select, update

from analytics import answers, funnel, lateness, no_shows, queue_numbers, reminders, waiting
from analytics.filters import Filters
from services.catalogue.records import milestone
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.notices.records import notice, text_message
from services.registration.records import request
from services.tally.books import close, reopen, to_close
from services.tally.records import book, entry, shelf
from services.tally.units import SEAT_GOT
from services.words import words_for

EN = words_for("en")
TODAY = date(2027, 4, 1)
NOW = taipei(TODAY, 10)
YEAR = Filters(2027)
SAID = {"seated_at": taipei(date(2027, 1, 2)), "confirmed_at": taipei(date(2027, 2, 2))}


def asked(season, registration_id, class_id, answer, kind="confirm"):
    season._add(
        request, registration_id=registration_id, class_id=class_id, kind=kind, asked_at=NOW,
        calendar_deadline=NOW, freeze_at=NOW, window_hours=72, answer=answer,
        closed_at=NOW if answer else None,
    )  # fmt: skip


def test_everybody_counts_at_every_step_passed(season, ask):
    """Seven: refused, never seated, lapsed, absent, failed, and two completed."""
    held = season.a_class(date(2027, 3, 1))
    season.rows(held, ineligible=1, unplaced=1)
    season.a_row(held, "lapsed", seated_at=taipei(date(2027, 1, 2)))
    for status in ("absent", "failed", "completed", "completed"):
        season.a_row(held, status, **SAID)
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert found.reached == (7, 6, 5, 4, 3, 2)
    assert found.open == 0


def test_who_is_still_on_the_way_is_left_out(season, ask):
    """Trap: a young class would look like a leak."""
    season.a_row(season.a_class(date(2027, 3, 1)), "completed", **SAID)
    season.rows(season.a_class(date(2027, 6, 1)), waitlisted=5, in_review=2)
    season.a_row(season.a_class(date(2027, 3, 29)), "confirmed", **SAID)  # roll not written yet
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert found.reached == (1, 1, 1, 1, 1, 1)
    assert found.open == 8
    assert funnel.finding(found, EN) == "Everybody who registered completed the course"


def test_the_furthest_step_counts_once_for_each_person(season, ask):
    person = season.a_person()
    season.a_row(season.a_class(date(2027, 2, 1)), "unplaced", person)
    season.a_row(season.a_class(date(2027, 3, 1)), "completed", person, **SAID)
    assert funnel.measure(ask(funnel.extract, YEAR)).reached == (1, 1, 1, 1, 1, 1)


def test_the_largest_leak_is_named(season, ask):
    held = season.a_class(date(2027, 3, 1))
    season.rows(held, unplaced=3, ineligible=1)
    season.a_row(held, "completed", **SAID)
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert found.leak == SEAT_GOT
    assert funnel.finding(found, EN) == "Most are lost between Qualified and Got a seat: 3 of 4"


def test_what_became_of_those_who_were_lost_stands_beside_the_bars(season, ask):
    """Three never qualified: one by the records, one by a review, one left before the decision."""
    held = season.a_class(date(2027, 3, 1))
    season.rows(held, ineligible=1)
    season.a_row(held, "ineligible", reason="review")
    season.a_row(held, "cancelled", verdict="review")
    season.a_row(held, "failed", **SAID)
    found = funnel.measure(ask(funnel.extract, YEAR))
    assert (found.reached[:2], found.refused, found.lost(1)) == ((4, 1), 2, 3)
    (usual, low) = funnel.figure(found, EN, "light")["data"]
    written = [a or b for a, b in zip(usual["text"], low["text"], strict=True)]
    assert "−3: 2 not qualified, 1 left undecided" in written[-2]
    assert "−1: not passed" in written[0]
    rows = funnel.sheet(found, EN).rows
    assert rows[1][-2:] == (3, "2 not qualified, 1 left undecided")
    assert rows[2][-2:] == (0, "–")


def test_the_share_of_the_step_before_stands_on_a_phone_too():
    found = funnel.Funnel((100, 80, 60, 60, 60, 60), 0)
    for narrow in (False, True):
        (usual, low) = funnel.figure(found, EN, "light", narrow)["data"]
        written = [a or b for a, b in zip(usual["text"], low["text"], strict=True)]
        assert "80%" in written[-2]
        assert "75%" in written[-3]
        assert ["−20" in text for text in written] == [False, False, False, True, True, False]


def test_an_empty_funnel_has_no_rows():
    found = funnel.measure([])
    assert funnel.sheet(found, EN).rows == ()
    assert funnel.finding(found, EN) == "Nobody has come to an end in this selection yet"


def test_answers_are_told_by_occasion(season, ask):
    """Asked: call yes, no, lapsed, open; promoted lapsed; an offer claimed, one not answered.

    What was called back, because the class was called off or a better choice came, is none of them.
    """
    held = season.a_class(date(2027, 4, 20), state="published")

    def person(how=None):
        return season.a_row(held, "admitted", how_seated=how)

    for answer in ("yes", "no", "lapsed", None):
        asked(season, person("register"), held, answer)
    asked(season, person("promoted"), held, "unreached")
    asked(season, person("self_funded"), held, "yes", "claim")
    asked(season, person(), held, "lapsed", "claim")
    for kind in ("confirm", "claim"):
        asked(season, person(), held, "void", kind)
    found = answers.measure(ask(answers.extract, YEAR, NOW), 2027)
    assert dict(found.rows) == {
        "call": (1, 1, 1, 1),
        "promoted": (0, 0, 1, 0),
        "claim": (1, 0, 1, 0),
    }
    assert found.yes == (2, 6)  # the one with time left is not in it
    assert found.last == (0, 0)


def test_too_few_answers_are_not_spoken_of():
    found = answers.measure([(2027, "call", "silent", 9), (2027, "call", "open", 50)], 2027)
    assert answers.finding(found, EN) == "Too few people have been asked to compare"


def test_the_occasion_with_most_silence_is_named():
    rows = [(2027, "call", "yes", 9), (2027, "call", "silent", 1),
            (2027, "promoted", "yes", 6), (2027, "promoted", "silent", 4)]  # fmt: skip
    assert answers.finding(answers.measure(rows, 2027), EN) == "Promoted: 40% do not answer"


def test_a_person_who_waits_for_two_classes_waits_once_since_the_first(season, ask):
    person = season.a_person()
    for days in (70, 10):
        ahead = season.a_class(TODAY + timedelta(days=30 + days), state="published")
        at = NOW - timedelta(days=days)
        season.a_row(ahead, "waitlisted", person, at=at, preference=days)
    found = waiting.measure(*ask(waiting.extract, YEAR, NOW))
    assert found.bands == (0, 0, 1, 0, 0)
    assert (found.people, found.so_far) == (1, 70)


def test_who_has_a_seat_in_another_class_does_not_wait(season, ask):
    """Trap: seated in one class and still in the queue of another."""
    person, ahead = season.a_person(), season.a_class(date(2027, 5, 20), state="published")
    season.a_row(season.a_class(date(2027, 5, 3), state="published"), "admitted", person)
    season.a_row(ahead, "waitlisted", person, preference=2)
    season.a_row(ahead, "in_review", seat="reserved")  # has a place
    season.rows(ahead, offered=1)
    assert waiting.measure(*ask(waiting.extract, YEAR, NOW)).people == 1


def test_the_two_waits_are_never_mixed(season, ask):
    """Seated after 20 and 40 days; one still waits, for 100: the medians are 20 and 100."""
    ahead = season.a_class(date(2027, 6, 1), state="published")
    for days in (20, 40):
        at = NOW - timedelta(days=60)
        season.a_row(ahead, "admitted", at=at, how_seated="backfill",
                     seated_at=at + timedelta(days=days))  # fmt: skip
    season.a_row(ahead, "admitted", seated_at=NOW)  # at registration: never waited
    season.a_row(ahead, "waitlisted", at=NOW - timedelta(days=100))
    found = waiting.measure(*ask(waiting.extract, YEAR, NOW))
    assert (found.until, found.seated) == (20, 2)
    assert found.so_far == 100
    assert (found.so_far_late, found.until_late) == (100, 40)
    assert waiting.finding(found, EN) == "Half of those waiting (1) have waited 100 days or more"


@pytest.mark.parametrize(("days", "band"), [(0, 0), (29, 0), (30, 1), (179, 3), (180, 4)])
def test_bands_have_no_gap(days, band):
    assert waiting.measure([(days, 1)], []).bands[band] == 1


def test_the_days_of_nine_in_ten_stand_beside_the_median():
    """Nine wait 10 days and one 200; of ten more the eighth is the last under nine in ten."""
    found = waiting.measure([(10, 9), (200, 1)], [(3, 8), (50, 2)])
    assert (found.so_far, found.so_far_late) == (10, 10)
    assert (found.until, found.until_late) == (3, 50)
    assert "a tenth for 10 days or more" in waiting.subtitle(found, EN, "2027")


def test_nobody_waiting_is_said_plainly():
    found = waiting.measure([], [])
    assert (found.so_far, found.until) == (None, None)
    assert waiting.finding(found, EN) == "Nobody is waiting for a seat"


def test_no_show_counts_absent_people_on_written_rolls(season, office):
    """3 of 10 marked stayed away; the class without a roll and the cancelled one do not count."""
    season.rows(season.a_class(date(2027, 3, 1)), completed=6, failed=1, absent=3)
    season.rows(season.a_class(date(2027, 3, 8)), confirmed=5)
    season.rows(season.a_class(date(2027, 3, 8), state="cancelled"), cancelled=5)
    season.rows(season.a_class(date(2026, 3, 2)), completed=3, absent=1)
    with office.look(Actor(Role.PLANNER)) as look:
        assert queue_numbers.no_show(look, YEAR) == ((3, 10), (1, 4), 1.0)


def months(*left_out, odd=20):
    """Give a class of 100 on its roll each month of two years: 5 are absent, in one `odd`."""
    return [
        fact(year=y, starts_on=date(y, m, 1), marked=100,
             attended=100 - (odd if (y, m) == (2027, 11) else 5))
        for y in (2026, 2027) for m in range(1, 13) if (y, m) not in left_out
    ]  # fmt: skip


def test_a_month_is_named_only_beyond_what_chance_and_whole_classes_explain():
    """135 of 2,400 are absent. Pearson's terms add up to 40.6 over 23 degrees: 1.766.

    In a month of 100 chance reaches up to 5.6 + 3.29 x sqrt(1.766 x 0.0531 / 100) = 15.7 %.
    """
    found = no_shows.measure(months(), 2027, date(2028, 1, 3))
    assert found.overall == 135 / 2400
    assert found.wider == pytest.approx(1.766, abs=1e-3)
    assert found.limits(100) == (0.0, pytest.approx(0.157, abs=1e-3))
    assert [month for month, of in found.months if found.far(of)] == [(2027, 11)]
    assert no_shows.finding(found, EN) == "No-show: more than chance explains in November 2027"
    calm = no_shows.measure(months(odd=9), 2027, date(2028, 1, 3))
    assert no_shows.finding(calm, EN) == "No-show: no month differs by more than chance"
    fewer = no_shows.NoShows((*[((2027, m), (50, 100)) for m in range(1, 13)],
                              ((2026, 1), (10, 100))), 1.0)  # fmt: skip
    assert no_shows.finding(fewer, EN) == "No-show: less than chance explains in January 2026"


def test_the_limits_of_a_month_are_as_wide_as_its_rolls_are_short_and_gaps_stay_open():
    rows = [*months((2027, 6)), fact(year=2027, starts_on=date(2027, 12, 9), marked=300,
                                     attended=285)]  # fmt: skip
    found = no_shows.measure(rows, 2027, date(2028, 1, 3))
    assert found.months[-1] == ((2027, 12), (20, 400))
    assert found.limits(400)[1] < found.limits(100)[1]
    figure = no_shows.figure(found, EN, "light")
    assert figure["data"][-1]["y"][17] is None  # June 2027, the 18th month
    assert figure["data"][-1]["marker"]["symbol"].count("diamond") == 1


def test_nine_months_are_too_few_for_limits():
    found = no_shows.measure(months(), 2026, date(2026, 10, 1))
    assert len(found.months) == 9
    assert no_shows.figure(found, EN, "light")["data"] == []
    assert no_shows.sheet(found, EN).rows == ()
    assert "Too few months" in no_shows.finding(found, EN)


def called(season, days, **more):
    """Enter a class of 29 March whose promotion, due on the 8th, came so many days later or not."""
    class_id = season.a_class(date(2027, 3, 29), **more)
    done = taipei(date(2027, 3, 8), 10) + timedelta(days=days or 0)
    with season.office.open() as work:
        work.run(
            update(milestone)
            .where(milestone.c.class_id == class_id, milestone.c.kind == "promotion_call")
            .values(reached_at=done if days is not None else None, outcome="done")
        )


def test_steps_of_the_calendar_are_told_by_how_late_they_came(season, ask):
    """What was due before the class was published, or belongs to dates it no longer has, is not."""
    for days in (0, 2, 9, None):
        called(season, days, state="published")
    called(season, 5, published_at=taipei(date(2027, 3, 9)))
    called(season, 5, schedule=2)
    called(season, None, state="cancelled")

    def counted(day):
        found = lateness.measure(ask(lateness.extract, YEAR, taipei(day, 12)))
        return dict(found.rows).get("promotion_call")

    assert counted(TODAY) == (1, 1, 1, 0, 1)
    assert counted(date(2027, 3, 12)) == (1, 1, 0, 0, 2)  # the third was still to come
    assert counted(date(2027, 3, 7)) is None


def test_the_stage_that_comes_late_most_often_is_named():
    rows = [("freeze", "on_day", 20), ("promotion_call", "on_day", 6)]
    found = lateness.measure([*rows, ("promotion_call", "late", 6), ("size_check", "open", 9)])
    assert lateness.finding(found, EN) == "Promotion: 50% did not come on the day it was due"
    calm = lateness.measure(rows)
    assert lateness.finding(calm, EN) == "Every step of the calendar came on its day"


def reminded(season, class_id, mail, said=None, text=None, status="admitted"):
    """Enter somebody who was reminded a day before, what became of the letter, and the answer."""
    row = season.a_row(class_id, status)
    before = NOW - timedelta(days=1)
    season.a_notice(row, "reminder", before, before if mail == "sent" else None, mail=mail)
    season._add(
        request, registration_id=row, class_id=class_id, kind="confirm", asked_at=before,
        calendar_deadline=NOW, freeze_at=NOW, window_hours=72, reminded_at=before, answer=said,
        closed_at=NOW if said else None,
    )  # fmt: skip
    if text:
        with season.office.look() as look:
            letter = look.one_or_none(select(func.max(notice.c.id).label("id")))
        season._add(text_message, notice_id=letter.id, state=text, next_try_at=before,
                    sent_at=before if text == "sent" else None)  # fmt: skip


def test_reminders_are_told_by_what_became_of_them_and_never_by_an_effect(season, ask):
    ahead = season.a_class(date(2027, 4, 20), state="published")
    for mail, said, text in (
        ("sent", "yes", "sent"), ("sent", "no", "dead"), ("sent", "lapsed", None),
        ("sent", None, None), ("dead", "yes", None), ("none", "void", None), ("due", None, None),
    ):  # fmt: skip
        reminded(season, ahead, mail, said, text)
    asked(season, season.a_row(ahead, "confirmed"), ahead, "yes")  # who was never reminded
    found = reminders.measure(ask(reminders.extract, YEAR, NOW))
    assert found.rows == (("mail", (4, 1, 1, 1)), ("text", (1, 1, 0, 0)))
    assert (found.yes, found.answered, found.over) == (2, 3, 4)  # called back: no answer at all
    assert reminders.finding(found, EN) == "37.5% of the reminders could not be handed over"
    assert "this does not show that reminders work" in reminders.subtitle(found, EN, "2027")
    assert ask(reminders.extract, YEAR, NOW - timedelta(days=2)) == ()


def test_nobody_reminded_is_said_plainly():
    nobody = reminders.measure([])
    assert reminders.finding(nobody, EN) == "Nobody has been reminded yet"
    assert "association" not in reminders.subtitle(nobody, EN, "2027")
    handed = reminders.measure([("mail", "sent", 3)])
    assert reminders.finding(handed, EN) == "Every reminder could be handed over"


def test_a_class_waits_with_its_books_for_texts_that_are_due(season):
    held = season.a_class(date(2027, 3, 1))
    reminded(season, held, "sent", "yes", "due", status="completed")
    with season.office.open() as work:
        assert to_close(work) == []
        work.run(update(text_message).values(state="sent", sent_at=NOW))
        assert to_close(work) == [held]
        close(work)
        kept = work.all(select(entry.c.key, entry.c.n).where(entry.c.kind == "reminders"))
        assert {(row.key, row.n) for row in kept} == {
            ("mail:sent", 1), ("text:sent", 1), ("said:yes", 1),
        }  # fmt: skip
        assert work.all(select(book.c.last_day)) == [(TODAY.toordinal(),)]


def test_a_class_waits_with_its_books_for_steps_the_clock_has_not_done(season):
    """Of a class held in January the freeze was done late, on 30 March; nobody was in it."""
    held = season.a_class(date(2027, 1, 18), state="published")
    late = taipei(date(2027, 3, 30), 10)
    with season.office.open() as work:
        freeze = update(milestone).where(milestone.c.class_id == held, milestone.c.kind == "freeze")
        work.run(update(milestone).values(reached_at=milestone.c.due_at, outcome="done"))
        work.run(freeze.values(reached_at=None))
        assert to_close(work) == []
        work.run(freeze.values(reached_at=late, outcome="done"))
        assert close(work) == 1
        assert work.all(select(book.c.last_day)) == [(date(2027, 3, 30).toordinal(),)]
        kept = work.all(select(entry.c.key).where(entry.c.kind == "lateness"))
        assert "freeze:late" in [row.key for row in kept]


def test_what_books_hold_stands_on_the_shelf_of_every_place_until_they_are_opened(season):
    held = season.a_class(date(2027, 3, 1), kind="self_funded")
    asked(season, season.a_row(held, "completed"), held, "yes")
    of_answers = select(shelf.c.place, shelf.c.n).where(shelf.c.kind == "answers", shelf.c.n > 0)
    with season.office.open() as work:
        close(work)
        assert set(work.all(of_answers)) == {
            ("", 1), ("NTOU", 1), ("~north", 1), ("=self_funded", 1),
        }  # fmt: skip
        reopen(work, [held])
        assert work.all(of_answers) == []
        close(work)
        assert len(work.all(of_answers)) == 4
