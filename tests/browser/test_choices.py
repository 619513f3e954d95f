"""Three choices of a course: a seat at the second, then the first comes up and the person moves."""

import pytest
from browser.surfer import Screen
from sqlalchemy import update

from services.cancel import cancel
from services.catalogue.records import annual_plan

pytestmark = pytest.mark.browser
PHONE = Screen(390, "zh-Hant-TW")


@pytest.fixture
def three(site):
    """Three classes of a course in a year of three choices, the first of them full."""
    town = site.town
    _allow(town, 3)
    classes = [town.an_open_class(seats=1, days=d, course_code="SAT") for d in (61, 68, 75)]
    holder = town.a_person()
    held = town.registers(holder, classes[0])
    yield classes, holder, held.registration_id
    _allow(town, 1)


def _allow(town, choices):
    with town.office.open() as work:
        work.run(update(annual_plan).values(max_choices=choices))


def test_who_has_a_seat_in_the_second_choice_moves_when_the_first_comes_up(site, surf, three):
    (first, second, third), holder, held = three
    me = surf(PHONE, site.town.a_citizen()).opens(f"/apply/{first}/1")
    for class_id in (third, second):
        me.page.locator(f'[id=\'{{"act":"add","n":{class_id},"type":"apply-pick"}}\']').click()
        me.waits()
    me.page.locator(f'[id=\'{{"act":"up","n":{second},"type":"apply-pick"}}\']').press("Enter")
    me.arrives(f"moved={second}-2")
    assert me.misfits() == []
    me.clicks("Next: your details").arrives("/2")
    me.clicks("Next: qualification").arrives("/3")
    me.reads("Choice {n} would give you a seat now", n=2)
    me.clicks("Next: check and send").arrives("/4")
    me.clicks("Send {n} registrations", n=2).arrives("told=registered_seat")
    me.reads("The seat is yours, unless a better choice comes up before you confirm.")
    assert me.misfits() == []
    site.town.does(holder, cancel, held)
    me.opens("/me").clicks("See progress").reads("A better choice got you a seat.")
    assert me.misfits() == []
