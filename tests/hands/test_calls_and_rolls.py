"""The call list before its call, and the roll filled in for everybody at once."""

from datetime import date

import dash_bootstrap_components as dbc
import pytest
from at_desk import AtDesk, shown, text
from dash import no_update
from sqlalchemy import update

from callbacks import calls, roll
from pages import calls as calls_page
from pages import roll as roll_page
from services.registration.records import request


@pytest.fixture
def officer(world, office):
    return AtDesk(office, world.officer())


@pytest.mark.parametrize(
    ("locale", "not_begun", "day", "answered"),
    [
        ("en", "The confirmation call has not begun", "Mon 10 May 2027, 09:00",
         "Everybody who was asked has answered."),
        ("zh-Hant-TW", "還沒開始受訓確認", "116年5月10日（一）09:00", "問過的人都回覆了。"),
    ],
)  # fmt: skip
def test_a_call_list_before_its_call_says_when_people_are_asked(
    world, office, locale, not_begun, day, answered
):
    class_id = world.a_class(starts_on=date(2027, 6, 7))
    receipt = world.registers(world.a_person(), class_id)
    officer = AtDesk(office, world.officer(), locale)
    before = shown(officer, calls_page.one, class_id=str(class_id))
    assert not_begun in before
    assert day in before
    assert answered not in before
    world.days_before(class_id, 28)
    world.ticks()
    calls.call(officer, receipt.registration_id, "yes", "")
    after = shown(officer, calls_page.one, class_id=str(class_id))
    assert not_begun not in after
    assert answered in after


def test_a_call_list_shows_no_day_to_answer_by_that_is_past(world, office, officer):
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    world.ticks()
    assert "is past" not in shown(officer, calls_page.one, class_id=str(class_id))
    world.days_before(class_id, 21, hour=10)  # the clock has not come by yet
    late = shown(officer, calls_page.one, class_id=str(class_id))
    assert "The day is past; an answer still counts" in late
    with office.open() as work:
        work.run(update(request).values(reached_at=None, reached_by=None, deadline=None))
    unreached = shown(officer, calls_page.one, class_id=str(class_id))
    assert "The time counts from the moment the request reaches the person" in unreached
    assert "at the earliest" not in unreached


def test_another_institution_fills_no_roll(world, office):
    class_id = world.a_class()
    world.an_institution("NKUST")
    stranger = AtDesk(office, world.officer("NKUST"))
    lines, said = roll.fill(stranger, class_id, {})
    assert lines is no_update
    assert "We could not find this." in text(said)


def test_filling_the_roll_chooses_completed_where_nothing_was_chosen(world, office, officer):
    class_id = world.a_class(seats=2)
    receipts = world.registered(class_id, *world.people(2))
    world.days_before(class_id, 28)
    world.ticks()
    for receipt in receipts:
        calls.call(officer, receipt.registration_id, "yes", "")
    world.days_before(class_id, 0)
    world.ticks()
    button = "Fill in “Completed” for everybody not marked yet"
    assert button in shown(officer, roll_page.one, class_id=str(class_id))
    first, second = (receipt.registration_id for receipt in receipts)
    lines, said = roll.fill(officer, class_id, {first: "absent", second: None})
    chosen = {
        part.id["n"]: part.value for part in lines._traverse() if isinstance(part, dbc.Select)
    }
    assert chosen == {first: "absent", second: "completed"}
    assert said == "1 line filled in; nothing is saved yet."
    assert world.statuses(receipts) == ["confirmed", "confirmed"]
    roll.save(officer, class_id, {r.registration_id: "completed" for r in receipts})
    assert world.statuses(receipts) == ["completed", "completed"]
    assert button not in shown(officer, roll_page.one, class_id=str(class_id))
