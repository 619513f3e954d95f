"""The page of a class and its calendar file over the wire: for visitors, members and staff."""

import re
from datetime import UTC, datetime

import pytest
from onlooker import Onlooker
from sqlalchemy import update

from services.catalogue.records import training_class
from services.registration.public_queue import PER_PAGE
from services.words import ZH_HANT
from services.words.ics import Entry, calendar_file


@pytest.fixture
def onlooker(world):
    return Onlooker(world)


def set_class(world, class_id: int, **values) -> None:
    with world.office.open() as work:
        work.run(update(training_class).where(training_class.c.id == class_id).values(**values))


def test_a_visitor_reads_a_class_and_is_led_to_log_in_and_back(world, onlooker):
    a_class = world.a_class(seats=1)
    assert onlooker.finds(f"/classes/{a_class}") == 200
    told = onlooker.reads(f"/classes/{a_class}")
    assert "If you register now" in told
    assert f"/login?next=/apply/{a_class}/1" in told


def test_a_class_reads_in_chinese(world):
    a_class = world.a_class(seats=1)
    world.registered(a_class, *world.people(2))
    told = Onlooker(world, ZH_HANT).reads(f"/classes/{a_class}")
    for word in ("額滿，可備取", "公開佇列", "參訓資格", "報名前先知道", "116年4月12日"):
        assert word in told


def test_an_unknown_class_and_a_draft_are_not_found(world, onlooker):
    a_class = world.a_class()
    for odd in (a_class + 1, "x", "-1", "0", "1.0", "１", "9" * 30):
        assert onlooker.finds(f"/classes/{odd}") == 404
    set_class(world, a_class, state="draft")
    assert onlooker.finds(f"/classes/{a_class}") == 404
    assert "could not find" in onlooker.reads(f"/classes/{a_class}")
    assert onlooker.finds(f"/calendar.ics/{a_class}") == 404


def test_a_page_of_a_class_names_nobody_who_is_registered(world, onlooker):
    a_class = world.a_class(seats=1)
    people = world.people(3)
    world.registered(a_class, *people)
    onlooker.who = world.officer()
    for told in (
        onlooker.reads(f"/classes/{a_class}"),
        onlooker.reads(f"/classes/{a_class}", "?show=waiting"),
    ):
        assert not re.search(r"船員\d|SEAFARER \d|seafarer\d+@", told)


def test_a_registered_seafarer_sees_the_own_row_and_the_way_to_the_registration(world, onlooker):
    a_class = world.a_class(seats=2)
    person = world.a_person()
    receipt = world.registers(person, a_class)
    assert "queue-note" not in onlooker.reads(f"/classes/{a_class}")
    onlooker.who = world.seafarer(person)
    told = onlooker.reads(f"/classes/{a_class}")
    assert "You are registered here" in told
    assert f"/registrations/{receipt.registration_id}" in told
    assert '"className": "mine"' in told


def test_whoever_is_registered_in_another_class_is_told_so_instead_of_a_button(world, onlooker):
    here, there = world.a_class(seats=2), world.a_class(seats=2)
    person = world.a_person()
    world.registers(person, there)
    onlooker.who = world.seafarer(person)
    told = onlooker.reads(f"/classes/{here}")
    assert "You are registered for this course in class" in told
    assert f'"href": "/apply/{here}/1"' not in told


def test_staff_get_no_button_to_register_and_only_the_own_upkeep(world, onlooker):
    a_class = world.a_class(seats=1)
    onlooker.who = world.officer()
    assert f"/desk/classes/{a_class}" in onlooker.reads(f"/classes/{a_class}")
    assert f"/apply/{a_class}/1" not in onlooker.reads(f"/classes/{a_class}")
    onlooker.who = world.officer("NKUST")
    assert f"/desk/classes/{a_class}" not in onlooker.reads(f"/classes/{a_class}")


@pytest.mark.parametrize("search", ["?page=2", "?page=99999", "?page=-1", "?page=x&show=%3Cb%3E"])
def test_any_page_of_the_queue_can_be_asked_for(world, onlooker, search):
    a_class = world.a_class(seats=1)
    world.registered(a_class, *world.people(PER_PAGE + 1))
    assert "Public queue" in onlooker.reads(f"/classes/{a_class}", search)


@pytest.mark.parametrize(
    ("search", "says"),
    [
        ("?page=2", "11 to 11 of 11"),
        ("?page=3", "11 to 11 of 11"),
        ("?page=99999", "11 to 11 of 11"),
        ("?show=waiting&page=2", "1 to 10 of 10"),
    ],
)
def test_a_page_beyond_the_last_of_a_queue_is_the_last(world, onlooker, search, says):
    a_class = world.a_class(seats=1)
    world.registered(a_class, *world.people(PER_PAGE + 1))
    told = onlooker.reads(f"/classes/{a_class}", search)
    assert says in told
    assert "Nobody" not in told
    assert "Next page" not in told


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"state": "cancelled"}, "This class has been cancelled."),
        ({"opens_at": datetime(2027, 2, 1, 1, tzinfo=UTC)}, "Registration opens on Mon 1 February"),
        ({"kind": "self_funded"}, "there is no subsidy"),
        ({"state": "opened"}, "This class takes no more registrations."),
    ],
)
def test_every_situation_of_a_class_is_said(world, onlooker, values, says):
    a_class = world.a_class(seats=3)
    set_class(world, a_class, **values)
    assert says in onlooker.reads(f"/classes/{a_class}")


def unfolded(raw: bytes) -> list[str]:
    text = raw.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def parsed(raw: bytes) -> list[dict[str, str]]:
    """Read the events of a calendar file: each name with its value, parameters dropped."""
    events: list[dict[str, str]] = []
    for line in unfolded(raw):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            events[-1][name.partition(";")[0]] = value
    return events


def test_a_calendar_file_holds_the_opening_and_the_class_days(world, onlooker):
    a_class = world.a_class(days=5)
    answer = onlooker.client.get(f"/calendar.ics/{a_class}")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('.ics"')
    opening, days = parsed(answer.data)
    assert (days["DTSTART"], days["DTEND"]) == ("20270412", "20270417")
    assert opening["DTSTART"] == "20270104T100000"
    assert opening["DTSTAMP"] == "20270104T020000Z"
    assert "BEGIN:VTIMEZONE" in unfolded(answer.data)
    again = parsed(onlooker.client.get(f"/calendar.ics/{a_class}").data)
    assert [e["UID"] for e in again] == [opening["UID"], days["UID"]]
    assert opening["UID"] != days["UID"]


def test_a_cancelled_class_is_cancelled_in_the_calendar_too(world, onlooker):
    a_class = world.a_class()
    before = parsed(onlooker.client.get(f"/calendar.ics/{a_class}").data)
    set_class(world, a_class, state="cancelled", version=2)
    after = parsed(onlooker.client.get(f"/calendar.ics/{a_class}").data)
    assert [e["UID"] for e in after] == [e["UID"] for e in before]
    assert {(e["STATUS"], e["SEQUENCE"]) for e in after} == {("CANCELLED", "2")}


def test_no_text_can_break_out_of_its_line_of_a_calendar_file():
    entry = Entry(
        uid="a",
        version=1,
        summary="救生艇筏及救難艇操縱，" * 12,
        text="one\r\nBEGIN:VEVENT;x,y\\z",
        url="/",
        first=datetime(2027, 1, 4, 1, tzinfo=UTC),
    )
    raw = calendar_file([entry], datetime(2027, 1, 1, tzinfo=UTC)).encode()
    [event] = parsed(raw)
    assert event["DESCRIPTION"] == "one\\nBEGIN:VEVENT\\;x\\,y\\\\z"
    assert event["SUMMARY"].count("救生艇筏") == 12
    assert event["DTSTART"] == "20270104T090000"
