"""Around every page: language, theme, keyboard, focus, titles, the way back from a mistake."""

import pytest
from browser.surfer import Screen
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DESK, PHONE = Screen(1366, "zh-Hant-TW"), Screen(390, "zh-Hant-TW")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
def test_language_and_theme_change_where_the_reader_is(surf, screen):
    me = surf(screen).opens("/how")
    before = me.title()
    me.page.locator(".strip").get_by_text("English").click()
    me.arrives("/how")
    assert me.page.locator("html").get_attribute("lang") == "en"
    assert me.title() != before
    me.page.locator(".strip").get_by_text("Dark").click()
    expect(me.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    me.arrives("/how").page.locator(".strip").get_by_text("中文").click()
    expect(me.page.locator("h1")).to_have_text(before)


def test_the_keyboard_alone_reaches_the_content_and_logs_in(site, surf):
    me = surf(DESK).opens("/login")
    me.page.keyboard.press("Tab")
    expect(me.page.locator(".skip")).to_be_focused()
    me.page.keyboard.press("Enter")
    expect(me.page.locator("#main")).to_be_focused()
    me.page.keyboard.press("Tab")
    expect(me.page.locator("#id_number")).to_be_focused()
    me.page.keyboard.type(site.folk.officer.id_number)
    me.page.keyboard.press("Tab")
    me.page.keyboard.type("Town-Harbour-116")
    me.page.keyboard.press("Enter")
    me.arrives("/desk/review")


def test_a_new_page_has_its_title_its_menu_place_and_the_focus_on_its_heading(site, surf):
    me = surf(DESK, site.folk.seafarer).opens("/me")
    me.page.locator("main h3 a").first.click()
    me.arrives("/registrations/")
    expect(me.page.locator("h1")).to_be_focused()
    course = me.page.locator("h1").inner_text()
    assert me.page.title().startswith(course)
    here = me.page.locator(".mainnav a[aria-current=page]")
    expect(here).to_have_text(me.words("My registrations"))


def test_a_mistyped_number_is_kept_and_named_beside_its_field(site, surf):
    me = surf(PHONE).opens("/login")
    me.page.fill("#id_number", "A123456788")
    me.page.fill("#password", "anything")
    me.page.locator("main form button[type=submit]").click()
    me.reads("The ID number has a typing error: its last digit does not fit.")
    expect(me.page.locator(".errors")).to_be_focused()
    expect(me.page.locator("#id_number")).to_have_value("A123456788")
    me.clicks("Show: {field}", field=me.words("Password"))
    assert me.page.locator("#password").get_attribute("type") == "text"


def test_what_was_done_is_told_once_and_not_again_on_the_way_back(site, surf):
    who = site.town.a_citizen()
    mine, _ = site.town.a_called_class(who.person_id, site.town.a_citizen().person_id)
    me = surf(PHONE, who).opens(f"/registrations/{mine}").clicks("Yes, I will come")
    note = me.page.locator(".told")
    expect(note).to_be_visible()
    me.page.reload()
    expect(me.waits().page.locator("h1")).to_be_visible()
    expect(note).to_be_hidden()
    me.page.locator("main a[href='/me']").click()
    me.arrives("/me").page.go_back()
    me.arrives("?told=confirmed")
    expect(note).to_be_hidden()


def test_the_bell_counts_down_as_notices_are_read(site, surf):
    who = site.town.a_citizen()
    site.town.a_called_class(who.person_id, site.town.a_citizen().person_id)
    me = surf(PHONE, who).opens("/inbox")
    count = me.page.locator(".masthead .inbox b")
    before = int(count.inner_text())
    assert before > 1
    me.page.locator("main .notices a").last.click()
    me.arrives("/inbox/")
    expect(count).to_have_text(str(before - 1))
    me.page.locator("main a[href='/inbox']").click()
    me.arrives("/inbox").clicks("Mark all as read")
    expect(count).to_have_text("1")  # the question still asks
    expect(me.page.locator(".masthead .inbox")).to_contain_text(
        me.words.many("{n} unread notice", "{n} unread notices", 1)
    )


def test_who_is_not_allowed_is_told_so(site, surf):
    surf(DESK, site.folk.seafarer).opens("/desk/review").reads(
        "This page is not open to your account"
    )
    surf(DESK).opens("/plan").reads("Please log in first")


def test_the_days_of_a_class_with_a_draw_stand_below_each_other_on_a_phone(site, surf):
    me = surf(PHONE).opens(f"/classes/{site.folk.examples['drawn_class']}")
    stops = me.page.locator(".route li")
    lefts = {stop.bounding_box()["x"] for stop in stops.all()}
    assert (stops.count(), len(lefts)) == (9, 1)
