"""What an officer had typed when the session ended is in the form again after logging in."""

import json

import pytest
from browser.surfer import Screen
from playwright.sync_api import expect
from sqlalchemy import update

from services.catalogue.records import training_class
from services.identity.national_id import make_id
from services.identity.sessions import end_session

pytestmark = pytest.mark.browser

DESK, PHONE = Screen(1366, "zh-Hant-TW"), Screen(390, "en")
BOTH = pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
PLACE, NOTE = "#class-place-zh", "main [data-kept]"


def idles_out(site, me):
    [token] = [c["value"] for c in me.page.context.cookies() if c["name"] == "sid"]
    with site.town.office.open() as work:
        end_session(work, token)


def comes_back(site, me):
    """Log in again where the portal says that one was logged out."""
    asked = "#failed a" if me.page.locator("#failed a").count() else "main a[href^='/login']"
    me.page.locator(asked).click()
    me.waits().logs_in(site.folk.officer)
    me.forgives()
    return me


def kept(me):
    held = json.loads(me.page.evaluate("JSON.stringify(sessionStorage)"))
    return {name: text for name, text in held.items() if name.startswith("kept:")}


@BOTH
def test_a_class_half_filled_is_there_again_after_logging_in_and_is_saved(site, surf, screen):
    page = f"/desk/classes/{site.town.an_open_class(days=81)}"
    officer = surf(screen, site.folk.officer).opens(page)
    expect(officer.page.locator(NOTE)).to_be_hidden()
    officer.page.fill(PLACE, "基隆市北寧路2號")
    officer.page.fill("#class-fee", "many")
    idles_out(site, officer)
    officer.clicks("Save the class").reads(
        "You were logged out because nothing was done for a while. What you typed is kept in "
        "this window and comes back after you log in."
    )
    comes_back(site, officer).arrives(page)
    expect(officer.page.locator(NOTE)).to_contain_text(
        officer.words("What you had typed is in the form again.")
    )
    assert officer.misfits() + officer.violations() == []
    expect(officer.page.locator(PLACE)).to_have_value("基隆市北寧路2號")
    officer.clicks("Save the class").reads("Please enter a whole number, such as 24.")
    officer.page.fill("#class-fee", "9,000")
    officer.clicks("Save the class").reads("The class is saved.")
    assert kept(officer) == {}
    officer.opens(page)
    expect(officer.page.locator(NOTE)).to_be_hidden()
    expect(officer.page.locator(PLACE)).to_have_value("基隆市北寧路2號")


@BOTH
def test_a_roll_half_marked_is_marked_again_after_logging_in(site, surf, screen):
    page = f"/desk/roll/{site.town.a_begun_class(*site.town.people(3))}"
    officer = surf(screen, site.folk.officer).opens(page)
    marks = officer.page.locator("main table select")
    marks.last.select_option("absent")
    officer.page.locator("#roll-fill").press("Enter")
    officer.waits()
    chosen = [mark.input_value() for mark in marks.all()]
    idles_out(site, officer)
    officer.clicks("Save the roll")
    comes_back(site, officer).arrives(page)
    expect(officer.page.locator(NOTE)).to_be_visible()
    assert [mark.input_value() for mark in marks.all()] == chosen
    assert sorted(chosen) == ["absent", "completed", "completed"]
    officer.clicks("Save the roll").reads("The roll is kept; the results go to MTNet.")
    assert kept(officer) == {}


def test_the_letter_of_a_change_is_kept_for_this_change_only(site, surf):
    page = f"/desk/classes/{site.town.an_open_class(days=82)}/change?act=cancel"
    merge = f"act=merge&into={site.town.an_open_class(days=90)}"
    officer = surf(DESK, site.folk.officer).opens(page)
    officer.page.fill("#change-note", "教室漏水")
    idles_out(site, officer)
    officer.follows("/desk/review").reads("Please log in first")
    comes_back(site, officer).opens(page.replace("act=cancel", merge))
    expect(officer.page.locator("#change-note")).to_have_value("")
    officer.opens(page)
    expect(officer.page.locator("#change-note")).to_have_value("教室漏水")
    expect(officer.page.locator(NOTE)).to_be_visible()
    officer.page.click("#change-cancel")
    officer.arrives("told=class_cancelled")
    assert kept(officer) == {}


def test_what_is_back_can_be_thrown_away(site, surf):
    page = f"/desk/classes/{site.town.an_open_class(days=83)}"
    officer = surf(DESK, site.folk.officer).opens(page)
    before = officer.page.input_value(PLACE)
    officer.page.fill(PLACE, "別處")
    officer.follows("/desk/review").opens(page)
    expect(officer.page.locator(PLACE)).to_have_value("別處")
    officer.clicks("Throw it away")
    expect(officer.page.locator(PLACE)).to_have_value(before)
    expect(officer.page.locator(NOTE)).to_be_hidden()
    assert kept(officer) == {}


def test_what_somebody_else_changed_meanwhile_stays_as_it_is_now(site, surf):
    class_id = site.town.an_open_class(days=84)
    page = f"/desk/classes/{class_id}"
    officer = surf(DESK, site.folk.officer).opens(page)
    officer.page.fill(PLACE, "別處")
    officer.page.fill("#class-place-en", "Elsewhere")
    officer.follows("/desk/review")
    with site.town.office.open() as work:
        changed = update(training_class).where(training_class.c.id == class_id)
        work.run(changed.values(place_zh="新館"))
    officer.follows(page).reads("What somebody else changed meanwhile stays as it is now.")
    expect(officer.page.locator(PLACE)).to_have_value("新館")
    expect(officer.page.locator("#class-place-en")).to_have_value("Elsewhere")


def test_no_id_number_is_kept_and_nothing_after_ones_own_log_out(site, surf):
    page = f"/desk/classes/{site.town.an_open_class(days=85)}"
    officer = surf(DESK, site.folk.officer).opens(page)
    officer.page.fill("#class-place-en", f"ask {make_id('A', '1', '2345678')}")
    assert kept(officer) == {}
    officer.page.fill(PLACE, "別處")
    assert list(kept(officer)) == [f"kept:{page}#"]
    officer.page.on("dialog", lambda asked: asked.accept())
    officer.button("Log out").click()
    officer.waits()
    assert kept(officer) == {}


@pytest.mark.parametrize("field", ["#plan-seats-cap", PLACE])
def test_the_browser_asks_before_another_language_takes_a_form_half_filled(site, surf, field):
    plan, own = f"/plan/{site.town.year + 1}", f"/desk/classes/{site.town.an_open_class(days=86)}"
    who, page = (site.folk.officer, own) if field == PLACE else (site.folk.planner, plan)
    me = surf(DESK, who).opens(page)
    asked = []
    me.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    me.page.click(field)
    me.page.keyboard.type("1")
    typed = me.page.input_value(field)
    me.page.click("a[data-here][lang]", no_wait_after=True)
    me.waits()
    assert asked == ["beforeunload"]
    assert me.page.input_value(field) == typed
