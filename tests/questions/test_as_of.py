"""A past day is told exactly as the dashboards told it on the evening of that day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from played import emptied, live_through
from sqlalchemy import delete, insert, select

from analytics import cache
from analytics.asking import ask_attention
from analytics.boards import BOARDS
from analytics.exports import export_of
from analytics.filters import IGNORED, Choices, Filters, parse
from analytics.questions import QUESTIONS
from services.cancel_class import cancel_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei, taipei_day
from services.kernel.records import examination, heartbeat
from services.take_in import take_in
from services.tally.records import book, entry, shelf
from services.words import words_for

PLANNER, EN = Actor(Role.PLANNER), words_for("en")
NTOU = Actor(Role.INSTITUTION, institution="NTOU")
SELECTIONS = (
    Filters(2027),
    Filters(2027, course="ECDIS"),
    Filters(2027, institution="NKUST"),
    Filters(2027, kind="funded", last_month=3),
)
WIDE = Filters(2027, region="south"), Filters(2027, kind="self_funded")
NOT_ALL = {"order": ("better_reserved", "overlap")}  # why somebody waits now leaves no trace
NEVER = {"invariants", "sources"}  # they tell of the machinery, not of the past


def told(office, filters, actor=PLANNER):
    """Give every answer of every dashboard but the moment it was made."""
    with office.look(actor) as look:
        found = {
            code: question.ask(look, filters).value
            for code, question in QUESTIONS.items()
            if code not in NEVER
        }
        found["attention"] = ask_attention(look, filters).value
    order = found["order"]
    kept = tuple((way, n) for way, n in order.ways if way not in NOT_ALL["order"])
    return {**found, **dict.fromkeys(("order", "overrides"), replace(order, ways=kept))}


def test_a_past_day_is_told_as_it_was_told_then(world):
    """Evenings are remembered as they were shown and asked for again when all is over."""
    shown = {}
    for day in live_through(world, seed=1):
        take_in(world.office)
        if day.toordinal() % 27 == 0:
            shown[day] = [told(world.office, filters) for filters in SELECTIONS]
    assert len(shown) == 3
    for day, then in shown.items():
        for filters, answers in zip(SELECTIONS, then, strict=True):
            again = told(world.office, replace(filters, as_of=day))
            for code, answer in answers.items():
                assert again[code] == answer, (day, filters, code)


def test_kept_sums_and_counted_rows_tell_the_same(world):
    """The rollup answers while it is complete; without it the rows are counted."""
    for day in live_through(world, seed=2):
        if day.toordinal() % 30 == 0:
            counted = [told(world.office, filters) for filters in (*SELECTIONS, *WIDE)]
            take_in(world.office)
            assert [told(world.office, filters) for filters in (*SELECTIONS, *WIDE)] == counted, day
            emptied(world.office)
            world.clock.pass_by(timedelta(minutes=2))  # nothing is remembered so long


def test_what_stood_still_by_a_past_day_is_told_as_if_it_were_rebuilt(world):
    """Sums of classes that were over by then, beside rows; then every class from its rows."""
    *_, over = evenings = list(live_through(world, seed=3, days=110))
    take_in(world.office)
    days = [*evenings[30::13], over - timedelta(days=1)]
    compared = Filters(2028), Filters(2028, region="south")  # with a year that came to its end
    selections = *SELECTIONS, *compared
    asked = [replace(filters, as_of=day) for day in days for filters in selections]
    read = [told(world.office, filters) for filters in asked]
    with world.office.open() as work:
        booked = sorted(row.last_day for row in work.all(select(book)))
        for table in (book, entry, shelf):
            work.run(delete(table))
    cache.forget()
    assert len(booked) == 5
    assert days[0].toordinal() < booked[2] < booked[-1] < over.toordinal()
    for filters, answers in zip(asked, read, strict=True):
        assert told(world.office, filters) == answers, filters


def test_a_class_cancelled_before_anybody_came_had_open_steps_until_then(world):
    """Its promotion was due on 8 March; no clock ran, and on the 10th the class was cancelled."""
    empty, other = (world.a_class(starts_on=date(2027, 3, day)) for day in (29, 31))
    world.registered(other, *world.people(1))
    shown = {}
    for day in (9, 10):
        world.clock.go_to(taipei(date(2027, 3, day), 10))
        if day == 10:
            with world.office.open(world.planner()) as work:
                cancel_class(work, empty)
        take_in(world.office)
        shown[day] = told(world.office, Filters(2027))["lateness"]
    assert shown[9] != shown[10]
    world.clock.go_to(taipei(date(2027, 4, 1), 10))
    take_in(world.office)
    with world.office.look() as look:
        assert [row.class_id for row in look.all(select(book))] == [empty]
    for day, then in shown.items():
        past = Filters(2027, as_of=date(2027, 3, day))
        assert told(world.office, past)["lateness"] == then


def test_an_institution_sees_its_own_past_only(world):
    for _ in live_through(world, 3, days=30):
        pass
    take_in(world.office)
    past = Filters(2027, as_of=date(2027, 2, 20)).locked_to(NTOU)
    assert past.institution == "NTOU"
    assert told(world.office, past, NTOU)["demand"].total.persons > 0


def test_a_past_day_is_stamped_with_itself_whatever_is_not_taken_in_yet(world):
    """A registration of today 10:00 is pending: yesterday stays of yesterday, today is of 10:00."""
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    take_in(world.office)
    world.clock.pass_by(timedelta(days=2))
    world.registers(world.a_person(), class_id)
    pending = world.clock.now()
    world.clock.pass_by(timedelta(minutes=10))

    def stamps(as_of):
        filters = Filters(pending.year, as_of=as_of)
        with world.office.look(PLANNER) as look:
            return {
                export_of(code, look, filters, EN).as_of for code in QUESTIONS if code not in NEVER
            }

    yesterday = taipei_day(pending) - timedelta(days=1)
    assert stamps(yesterday) == {Filters(pending.year, as_of=yesterday).end}
    assert stamps(None) == {pending}


def test_a_past_day_before_which_something_is_missing_says_so(world):
    """The clock has been down since the day before: its evening is told up to the missing step."""
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    take_in(world.office)
    world.registers(world.a_person(), class_id)
    missing = world.clock.now()
    world.clock.pass_by(timedelta(days=2))
    with world.office.look(PLANNER) as look:
        past = Filters(missing.year, as_of=taipei_day(missing))
        assert export_of("demand", look, past, EN).as_of == missing


@pytest.mark.parametrize(
    ("code", "name", "present", "cards"),
    [
        ("freshness", "sources", "just now", 3),
        ("equity", "invariants", "2 promises of the queue", 2),
    ],
)
def test_what_is_not_kept_of_a_past_day_is_never_told_of_the_present(
    season, code, name, present, cards
):
    """The clock beats today and last night's examination stands; neither is of 5 March."""

    def said(filters):
        with season.office.look(PLANNER) as look:
            numbers = BOARDS[code].numbers(look, filters, EN)
            return str((numbers, BOARDS[code].line(look, filters, EN))), str(
                export_of(name, look, filters, EN)
            )

    with season.office.open() as work:
        work.run(insert(heartbeat), {"process": "clock", "at": work.now})
        for n in (1, 2):
            found = {"number": n, "at": work.now, "looked_at": 7711, "faults": 3}
            work.run(insert(examination), found)
    assert present in said(Filters(2027))[1]
    then_head, then_file = said(Filters(2027, as_of=date(2027, 3, 5)))
    assert "not known for a past day" in then_file
    assert then_head.count("Not known for a past day.") == cards
    assert not any(now in then_head + then_file for now in (present, "7711", "0/2"))


KNOWN = Choices((2027, 2026), {}, {})
TODAY = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("asked", "day", "year", "noted"),
    [
        ("2027-03-31", date(2027, 3, 31), 2027, False),
        ("2026-12-31", date(2026, 12, 31), 2026, False),
        ("2027-04-01", None, 2027, False),  # today is as things stand
        ("2027-04-02", None, 2027, True),
        ("yesterday", None, 2027, True),
        ("2027-02-30", None, 2027, True),
        ("", None, 2027, False),
    ],
)
def test_the_day_is_read_from_the_address(asked, day, year, noted):
    filters, notes = parse({"asof": asked}, KNOWN, TODAY)
    assert (filters.as_of, filters.year) == (day, year)
    assert (IGNORED in notes) is noted


def test_the_day_is_written_into_the_address():
    filters, _ = parse({"asof": "2027-03-31", "year": "2026"}, KNOWN, TODAY)
    assert filters.query() == {"year": "2026", "asof": "2027-03-31"}
    assert filters.end == taipei(TODAY) - timedelta(microseconds=1)
