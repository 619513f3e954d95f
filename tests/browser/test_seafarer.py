"""The seafarer's way: find a class, register in four steps, confirm, give the seat to the next."""

import re

import pytest
from browser.surfer import Screen
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DESK, PHONE = Screen(1366, "zh-Hant-TW"), Screen(390, "en")
OTHERS = (Screen(1366, "en", "dark"), Screen(390, "zh-Hant-TW", "dark"))


@pytest.mark.parametrize("screen", [DESK, PHONE, *OTHERS], ids=str)
def test_a_visitor_finds_a_class_logs_in_and_takes_a_number(site, surf, screen):
    class_id = site.town.an_open_class(days=50)
    who = site.town.a_citizen()
    me = surf(screen).opens("/classes?course=BST")
    me.page.locator(f'main a[href="/classes/{class_id}"]').first.click()
    me.arrives(f"/classes/{class_id}")
    me.page.locator(f'main a[href="/login?next=/apply/{class_id}/1"]').first.click()
    me.arrives("/login").logs_in(who)
    me.arrives(f"/apply/{class_id}/1").reads("The class you chose")
    me.clicks("Next: your details").arrives(f"/apply/{class_id}/2")
    me.page.fill("#apply-email", "nobody@mail.example")
    me.clicks("Next: qualification").arrives(f"/apply/{class_id}/3")
    me.reads("You would get a seat now")
    me.clicks("Next: check and send").arrives(f"/apply/{class_id}/4")
    me.reads("What you pay")
    me.clicks("Send the registration").arrives("/registrations/")
    me.reads("You are registered. Editing your details does not move you back.")
    expect(me.page.locator(".ticket")).to_contain_text("001")
    assert who.name in me.page.locator(".masthead").inner_text()
    assert me.misfits() == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
def test_who_confirms_and_then_cancels_gives_the_seat_to_the_next(site, surf, screen):
    first, second = site.town.a_citizen(), site.town.a_citizen()
    mine, theirs = site.town.a_called_class(first.person_id, second.person_id)
    me, other = surf(screen, first), surf(screen, second)
    other.opens(f"/registrations/{theirs}").reads("Waitlisted, place {place}", place=1)
    me.opens("/me").clicks("Answer now").arrives(f"/registrations/{mine}")
    me.clicks("Yes, I will come").reads("You have confirmed. The seat is yours.")
    me.clicks("Cancel this registration")
    box = me.page.get_by_role("dialog")
    expect(box).to_be_visible()
    box.get_by_role("button", name=me.words("Cancel this registration")).click()
    me.reads("The registration is cancelled.")
    other.opens("/inbox").clicks("A seat has come free for you").clicks("To the registration")
    other.arrives(f"/registrations/{theirs}").reads("Admitted: please answer")
    assert me.misfits() + other.misfits() == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(site, surf, screen):
    who, _ = site.town.a_case(asked=True)
    me = surf(screen, site.town.a_citizen(who)).opens("/me").clicks("Upload the paper")
    me.arrives("/registrations/").page.wait_for_selector("#paper")
    for size, problem in (
        (
            5 * 1024 * 1024 + 1,
            me.words("This file is larger than {n} MB. Please choose a smaller one.", n=5),
        ),
        (5 * 1024 * 1024, ""),
    ):
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * size}
        me.page.set_input_files("#paper", file)
        assert me.page.locator("#paper").evaluate("e => e.validationMessage") == problem


def test_the_browser_asks_before_another_language_takes_what_was_typed(site, surf):
    class_id = site.town.an_open_class(days=71)
    me = surf(DESK, site.town.a_citizen()).opens(f"/apply/{class_id}/1")
    me.clicks("Next: your details").arrives("/2")
    asked = []
    me.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    me.page.click("a[data-here][lang]")
    me.waits()
    assert asked == []  # nothing was typed yet
    me.page.click("#apply-email")
    me.page.keyboard.type("nobody@mail.example")
    typed = me.page.input_value("#apply-email")
    me.page.click("a[data-here][lang]", no_wait_after=True)
    me.waits()
    assert asked == ["beforeunload"]
    assert me.page.input_value("#apply-email") == typed


def test_what_was_typed_stays_and_the_problem_stands_beside_its_field(site, surf):
    class_id = site.town.an_open_class(days=70, course_code="ECDIS")
    me = surf(PHONE, site.town.a_citizen()).opens(f"/apply/{class_id}/1")
    me.clicks("Next: your details").arrives("/2")
    me.page.fill("#apply-email", "no address")
    me.clicks("Next: qualification")
    summary = me.page.locator(".errors")
    expect(summary).to_be_focused()
    field = me.page.locator("#apply-email")
    expect(field).to_have_value("no address")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", "email-problem email-hint")
    summary.get_by_role("link").first.click()
    expect(field).to_be_focused()


def test_an_application_takes_six_requests(site, surf):
    """Count what the browser asks the server from the class page to the receipt, files apart."""
    class_id = site.town.an_open_class(days=60)
    me, asked = surf(DESK, site.town.a_citizen()), []
    fixed = re.compile(r"/(assets|_dash-component-suites|_dash-dependencies\?v=|_favicon)")
    me.page.on("request", lambda sent: fixed.search(sent.url) or asked.append(sent.url))
    me.opens(f"/classes/{class_id}")
    me.page.locator(f'main a[href="/apply/{class_id}/1"]').first.click()
    me.arrives(f"/apply/{class_id}/1")
    me.clicks("Next: your details").arrives(f"/apply/{class_id}/2")
    me.clicks("Next: qualification").arrives(f"/apply/{class_id}/3")
    me.clicks("Next: check and send").arrives(f"/apply/{class_id}/4")
    me.clicks("Send the registration").arrives("/registrations/")
    me.reads("You are registered. Editing your details does not move you back.")
    assert len(asked) == 6, asked
    me.page.go_back()
    me.arrives(f"/apply/{class_id}/4")  # what came along is asked for when the reader comes back
