"""At the counter: an officer types a number, enters whom nobody knows, and reads out the number."""

import pytest
from browser.surfer import Screen
from playwright.sync_api import expect

from services.identity.national_id import make_id

pytestmark = pytest.mark.browser
SCREENS = [Screen(1366, "en"), Screen(390, "zh-Hant-TW")]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_an_officer_registers_somebody_the_portal_does_not_know(site, surf, screen):
    number = make_id("B", "1", f"{4_000_000 + screen.width:07d}")
    class_id = site.town.an_open_class(course_code="AFF", days=80)
    officer = surf(screen, site.folk.officer).opens(f"/desk/classes/{class_id}")
    officer.clicks("Register somebody at the counter").arrives(f"/desk/counter/{class_id}")
    page = officer.page
    page.fill("#counter-number", number[:-1])
    officer.clicks("Look up the person")
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#counter-number")).to_have_value(number[:-1])
    page.fill("#counter-number", number)
    officer.clicks("Look up the person").reads("The portal does not know this number yet")
    assert officer.misfits() == []
    for name, value in {"name-zh": "葉海安", "birth-date": "1990-05-01", "mobile": "0912"}.items():
        page.fill(f"#counter-{name}", value)
    officer.clicks("Enter the person")
    expect(page.locator("#counter-name-zh")).to_have_value("葉海安")
    page.fill("#counter-mobile", "0912345678")
    page.select_option("#counter-region", "north")
    officer.clicks("Enter the person").arrives("/desk/counter/visit/")
    officer.reads("Is this the person on the card?")
    assert officer.misfits() == []
    officer.clicks("Send anyway: it will be refused").arrives("told=registered_for")
    officer.reads("Another person")
    assert officer.misfits() == []
