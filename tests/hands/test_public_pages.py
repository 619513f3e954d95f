"""The visitor's pages over the wire: both languages, filters kept, bad addresses never an error."""

import json
from datetime import date

import pytest
from onlooker import Onlooker
from sqlalchemy import update

from pages.components.class_facts import basis
from pages.directory import ROOMS
from services.catalogue.records import plan_window, training_class
from services.kernel.actor import VISITOR, Role
from services.kernel.clock import taipei
from services.words import words_for

PAGES = (
    "/",
    "/calendar",
    "/calendar?month=2027-04",
    "/calendar/2027-04-12",
    "/classes",
    "/classes?possible=all&page=2",
    "/how",
    "/accessibility",
    "/privacy",
)
LOCALES = ("zh-Hant-TW", "en")
ZH, EN = (words_for(locale) for locale in LOCALES)


class Portal(Onlooker):
    """An onlooker who types whole addresses."""

    def shows(self, address):
        path, _, query = address.partition("?")
        return self.reads(path, f"?{query}" if query else "")


@pytest.fixture
def portal(world):
    return Portal(world)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_with_and_without_classes(world, portal, page, locale):
    portal.locale = locale
    assert "main" in portal.shows(page)
    world.registered(world.a_class(), *world.people(2))
    assert "main" in portal.shows(page)


@pytest.mark.parametrize("page", PAGES)
def test_chinese_pages_have_no_english_sentence_left(world, portal, page):
    world.registered(world.a_class(), *world.people(2))
    portal.locale = "zh-Hant-TW"
    for sentence in ("class", "Register", "seat", "Your ", "the "):
        visible = [part for part in _texts(json.loads(portal.shows(page))) if sentence in part]
        assert visible == []


def _texts(tree):
    """Give the visible texts of a page: children that are strings."""
    if isinstance(tree, dict):
        if tree.get("props", {}).get("lang") == "en":
            return
        for name, part in tree.items():
            if name == "children" and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)
    elif isinstance(tree, list):
        for part in tree:
            if isinstance(part, str):
                yield part
            else:
                yield from _texts(part)


@pytest.mark.parametrize(
    "query",
    [
        "month=2027-13",
        "month=soon",
        "month=0000-00",
        "region=moon",
        "institution=%27%3B--",
        "course=NOPE",
        "possible=maybe",
        "label=<b>",
        "page=-1",
        "page=x",
        "page=0",
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_left_out(world, portal, query):
    world.a_class()
    shown = portal.shows(f"/classes?{query}")
    assert "We could not read these filters" in shown
    assert "/classes/1" in shown
    if "page" not in query and "label" not in query:
        assert "We could not read these filters" in portal.shows(f"/calendar?{query}")


@pytest.mark.parametrize("text", ["B\x00ST", "\u200bbst\r\n", " BST "])
def test_signs_that_no_keyboard_types_are_left_out(world, portal, text):
    world.a_class(course_code="BST")
    assert "/classes/1" in portal.reads("/classes", f"?text={text}")


def test_a_page_past_the_end_shows_the_last_one(world, portal):
    world.a_class()
    assert "/classes/1" in portal.shows("/classes?page=99999")


def test_filters_stay_in_the_links_to_other_pages(world, portal):
    for _ in range(21):
        world.a_class()
    shown = portal.shows("/classes?text=BST&region=north")
    assert "/classes?text=BST&region=north&page=2" in shown


def test_where_nothing_fits_the_nearest_thing_has_one_button(world, portal):
    world.a_class(starts_on=date(2027, 5, 3))
    shown = portal.shows("/classes?month=2027-04")
    assert "May 2027" in shown
    assert "/classes?month=2027-05" in shown
    shown = portal.shows("/calendar?month=2027-04")
    assert "Go to May 2027" in shown


def test_the_calendar_opens_in_the_first_month_one_can_still_register_in(world, portal):
    world.a_class(starts_on=date(2027, 5, 3))
    shown = portal.shows("/calendar")
    assert "Go to May 2027" not in shown
    assert "/classes/1" in shown
    assert "Go to May 2027" not in portal.shows("/calendar?possible=free")


@pytest.mark.parametrize(
    "day",
    ["2027-02-30", "today", "2027-4-1", "20270401", "2027-W01-1", "２０２７-04-01", "x" * 300],
)
def test_a_day_that_is_none_is_not_found(portal, day):
    assert portal.finds(f"/calendar/{day}") == 404
    assert "We could not find this page" in portal.shows(f"/calendar/{day}")


def test_more_than_three_classes_of_a_day_stand_on_its_own_page(world, portal):
    for _ in range(5):
        world.a_class()
    shown = portal.shows("/calendar?month=2027-04&course=BST")
    assert "2 more classes" in shown
    assert "/calendar/2027-04-12?course=BST" in shown
    assert "/classes/4" not in shown
    assert "/classes/5" in portal.shows("/calendar/2027-04-12")


def test_holidays_are_named_in_the_calendar(portal, world):
    world.a_class()
    assert "Tomb Sweeping Day" in portal.shows("/calendar?month=2027-04")
    portal.locale = "zh-Hant-TW"
    assert "清明節" in portal.shows("/calendar?month=2027-04")


def test_a_seafarer_who_was_asked_reads_it_first_on_the_front_page(world, portal):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    portal.who = world.seafarer(person_id)
    shown = portal.shows("/")
    assert "Answer now" in shown
    assert f"/registrations/{receipt.registration_id}" in shown
    portal.who = world.seafarer(world.a_person())
    assert "Answer now" not in portal.shows("/")


def test_every_link_of_frame_and_front_page_leads_into_a_room(world, portal):
    world.a_class()
    shell = portal.client.get("/_dash-layout").get_json()
    links = {*_links(shell), *_links(json.loads(portal.shows("/")))}
    assert len(links) > 10
    for link in links:
        assert portal.finds(link) in (200, 303), link


def _links(tree):
    if isinstance(tree, dict):
        href = tree.get("href")
        if isinstance(href, str) and href.startswith("/"):
            yield href.split("#")[0]
        for part in tree.values():
            yield from _links(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _links(part)


def test_the_menu_of_visitors_and_seafarers_begins_with_the_public_rooms():
    public = ["Calendar", "Find a class", "Courses", "How it works"]
    for role, start in ((Role.VISITOR, ["Home", *public]), (Role.SEAFARER, public)):
        titles = [room.title for room in ROOMS if room.in_menu_of(role)]
        assert titles[: len(start)] == start


def test_staff_are_not_led_to_register_themselves(world, portal):
    class_id = world.a_class()
    for address in ("/", "/classes", "/calendar/2027-04-12"):
        portal.who = VISITOR
        assert f"/apply/{class_id}/1" in portal.shows(address)
        portal.who = world.officer()
        assert "/apply/" not in portal.shows(address)


def test_whoever_is_registered_is_led_to_the_own_registration(world, portal):
    class_id, person_id = world.a_class(seats=3), world.a_person()
    receipt = world.registers(person_id, class_id)
    portal.who = world.seafarer(person_id)
    shown = portal.shows("/classes")
    assert f"/registrations/{receipt.registration_id}" in shown
    assert "/apply/" not in shown
    portal.who = world.seafarer(world.a_person())
    assert "/registrations/" not in portal.shows("/classes")


def test_a_month_is_a_calendar_file_of_public_classes_only(world, portal):
    world.a_class(course_code="BST")
    world.a_class(course_code="AFF")
    hidden = world.a_class(course_code="BST", starts_on=date(2027, 4, 20))
    with world.office.open() as work:
        row = training_class.c.id == hidden
        work.run(update(training_class).where(row).values(state="draft"))
    answer = portal.client.get("/calendar.ics/month?month=2027-04&course=BST&possible=all")
    assert answer.content_type == "text/calendar; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert text.count("BEGIN:VEVENT") == 1
    assert "116-BST-01" in text
    for bad in ("", "?month=soon", "?month=2027-13"):
        assert portal.finds(f"/calendar.ics/month{bad}") == 404


def test_the_next_opening_is_a_calendar_file_while_one_is_ahead(world, portal):
    world.a_class()
    assert portal.finds("/calendar.ics/opening") == 404
    with world.office.open() as work:
        work.run(update(plan_window).values(opens_at=taipei(date(2027, 5, 3), 9)))
    text = portal.client.get("/calendar.ics/opening").get_data(as_text=True)
    assert "DTSTART;TZID=Asia/Taipei:20270503T090000" in text
    assert "/calendar.ics/opening" in portal.shows("/")


def test_the_article_a_course_follows_is_said_in_the_readers_language():
    asked = {
        "VI/1; A-VI/1 (tables A-VI/1-1..1-4)": (
            "STCW VI/1; A-VI/1 (tables A-VI/1-1 to 1-4)",
            "STCW VI/1; A-VI/1（表A-VI/1-1至1-4）",
        ),
        "VI/2; A-VI/2 paras 11-12": (
            "STCW VI/2; A-VI/2, paragraph 11-12",
            "STCW VI/2; A-VI/2第11-12段",
        ),
        "national (V/2 based)": (
            "National rule (after STCW V/2)",
            "國內規定（參照STCW V/2）",
        ),
    }
    for ref, said in asked.items():
        assert (basis(EN, ref), basis(ZH, ref)) == said
    assert basis(EN, None) == ""
