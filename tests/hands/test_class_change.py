"""Changing a class through the pages: consequences first, then the button; nobody else's class."""

from datetime import date, timedelta

import pytest
from deployed import Site
from sqlalchemy import select

from services.catalogue.records import training_class
from services.confirm import confirm
from services.kernel.clock import taipei_day

START, TO = date(2027, 4, 12), date(2027, 6, 14)


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


@pytest.fixture
def town(world):
    """A class of two with a confirmed person, an admitted one and one who waits."""
    world.a_plan(max_choices=3)
    class_id = world.a_class(seats=2, starts_on=START)
    people = world.people(3)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(people[0], confirm, receipts[0].registration_id)
    world.town, world.receipts = class_id, receipts
    return world


def row(world, class_id):
    with world.office.look() as look:
        return look.one_or_none(select(training_class).where(training_class.c.id == class_id))


def days(first=TO, length=4):
    return [first.isoformat(), (first + timedelta(days=length)).isoformat()]


def test_moving_shows_whom_it_concerns_and_does_it(town, site):
    officer = site.officer()
    path = f"/desk/classes/{town.town}"
    first, last = days()
    page = officer.reads(f"{path}/change", f"?act=move&starts_on={first}&ends_on={last}")
    assert "1人已確認參訓，要再確認一次" in page
    assert "1人有名額、還沒回覆" in page
    assert "1人繼續備取" in page
    assert "改期並通知3人" in page
    answer = officer.clicks(
        "change-move", town.town, 1, [first, last], "新校區", "New site", "整修"
    )
    assert "told=class_moved" in answer.get_data(as_text=True)
    moved = row(town, town.town)
    assert (moved.starts_on, moved.place_zh, moved.schedule) == (TO, "新校區", 2)
    assert town.broken() == []


def test_days_that_cannot_be_used_are_said_beside_the_field_and_offer_no_button(town, site):
    page = site.officer().reads(
        f"/desk/classes/{town.town}/change", "?act=move&starts_on=2028-01-03&ends_on=2028-01-07"
    )
    assert "change-starts-on" in page
    assert "要修正" in page
    assert "change-move" not in page


@pytest.mark.parametrize("query", ["?act=move&starts_on=x&ends_on=y", "?act=nonsense", ""])
def test_a_strange_address_asks_for_the_days(town, site, query):
    page = site.officer().reads(f"/desk/classes/{town.town}/change", query)
    assert "先看影響" in page
    assert "change-move" not in page


@pytest.mark.parametrize(
    "to", [None, "x", [], ["2027-06-14"], ["nonsense", "2027-06-18"], [{}, []], 7]
)
def test_days_typed_into_the_request_are_judged_like_any_other(town, site, to):
    answer = site.officer().clicks("change-move", town.town, 1, to, "", "", "")
    assert answer.status_code == 200
    assert row(town, town.town).schedule == 1


def test_cancelling_through_the_page(town, site):
    planner = site.planner()
    page = planner.reads(f"/desk/classes/{town.town}/change", "?act=cancel")
    assert "3筆報名結案" in page
    assert "其中2人已有名額" in page
    planner.clicks("change-cancel", town.town, "人數不足")
    assert row(town, town.town).state == "cancelled"
    assert "變更這一班" not in planner.reads(f"/desk/classes/{town.town}")
    assert town.broken() == []


def test_merging_through_the_page_and_back_to_where_they_went(town, site):
    target = town.a_class(seats=5, starts_on=TO)
    officer = site.officer()
    path = f"/desk/classes/{town.town}/change"
    assert str(row(town, target).code) in officer.reads(path, "?act=merge")
    page = officer.reads(path, f"?act=merge&into={target}")
    assert "2位有名額的人" in page
    assert "1位備取的人受邀" in page
    answer = officer.clicks("change-merge", town.town, target, "")
    assert "told=class_merged" in answer.get_data(as_text=True)
    assert f"/desk/classes/{target}" in officer.reads(f"/desk/classes/{town.town}")
    assert f"/classes/{target}" in site.visitor().reads(f"/classes/{town.town}")
    assert town.broken() == []


def test_a_merge_that_cannot_be_is_said_before_the_button(town, site):
    small = town.a_class(seats=1, starts_on=TO)
    page = site.officer().reads(f"/desk/classes/{town.town}/change", f"?act=merge&into={small}")
    assert "容納不下" in page
    assert "change-merge" not in page


def test_a_fixed_class_offers_no_change(town, site, clock):
    town.days_before(town.town, 4)
    page = site.officer().reads(f"/desk/classes/{town.town}/change", "?act=cancel")
    assert "change-cancel" not in page
    site.officer().clicks("change-cancel", town.town, "")
    assert row(town, town.town).state == "published"


def test_another_institution_and_a_seafarer_get_nowhere(town, site):
    stranger = site.officer("NKUST")
    assert "先看影響" not in stranger.reads(f"/desk/classes/{town.town}/change")
    stranger.clicks("change-cancel", town.town, "")
    assert site.seafarer().clicks("change-cancel", town.town, "").status_code == 403
    assert site.visitor().clicks("change-cancel", town.town, "").status_code == 401
    assert row(town, town.town).state == "published"


def test_too_small_a_class_is_shown_to_both_with_what_can_be_done(world, site):
    class_id = world.a_class(seats=9, min_size=5, starts_on=START)
    person = world.a_person()
    (receipt,) = world.registered(class_id, person)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(person, confirm, receipt.registration_id)
    for day in (21, 14, 11, 7):
        world.days_before(class_id, day)
        world.ticks()
    for browser in (site.officer(), site.planner()):
        page = browser.reads("/desk/classes")
        assert "1班人數不足" in page
        assert "確定參訓1人，最少要5人" in page
        assert f"/desk/classes/{class_id}/change?act=merge" in page
    assert "人數不足" not in site.officer("NKUST").reads("/desk/classes")


def test_a_moved_class_says_so_in_public(town, site):
    site.officer().clicks("change-move", town.town, 1, days(), "", "", "場地整修")
    page = site.visitor().reads(f"/classes/{town.town}")
    assert "改期" in page
    assert "4月12日" in page
    assert taipei_day(town.clock.now()) < TO
