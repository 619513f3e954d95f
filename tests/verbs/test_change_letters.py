"""Letters about moved, merged and cancelled classes, overrides and appeals, in both languages."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.appeal import appeal
from services.cancel_class import cancel_class
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class
from services.notices.letters import letter
from services.notices.records import notice
from services.override import approve_override, propose_override
from services.words.catalogue import words_for

START, TO = date(2027, 4, 12), date(2027, 6, 14)


def written(world, receipt, kind):
    """Write the letter of a kind in English and in Chinese."""
    with world.office.look() as look:
        mine = notice.c.registration_id == receipt.registration_id, notice.c.kind == kind
        key = look.scalar(select(notice.c.id).where(*mine))
        return [letter(look, key, words_for(locale)).body for locale in ("en", "zh-Hant-TW")]


@pytest.fixture
def pair(world):
    world.a_plan(max_choices=3)
    world.here, world.there = world.a_class(starts_on=START), world.a_class(seats=3, starts_on=TO)
    world.seated, world.waits = world.registered(world.here, *world.people(2))
    return world


def test_a_moved_class_names_the_old_and_the_new_days_and_what_the_institution_says(pair):
    to = NewDays(TO, TO + timedelta(days=4))
    with pair.office.open(pair.officer()) as work:
        move_class(work, pair.here, to, version=1, note="場地整修")
    english, chinese = written(pair, pair.seated, "class_changed")
    for part in ("12", "April", "14", "June 2027", "場地整修", "Your seat stays yours"):
        assert part in english
    for part in ("4月12日", "6月14日", "訓練機構說明：場地整修", "名額仍是您的"):
        assert part in chinese
    assert "number 2" in written(pair, pair.waits, "class_changed")[0]


def test_the_letters_of_a_merge_say_where_the_seat_went_and_invite_the_others(pair):
    with pair.office.open(pair.planner()) as work:
        merge_classes(work, pair.here, into=pair.there)
    with pair.office.look() as look:
        new = look.one_or_none(select(notice).where(notice.c.kind == "merged"))
        told = letter(look, new.id, words_for("zh-Hant-TW")).body
    assert "116-BST-01班併入" in told
    assert "第1號" in told
    english, chinese = written(pair, pair.waits, "invited")
    assert f"/classes/{pair.there}" in english
    assert f"/classes/{pair.there}" in chinese
    assert "116-BST-02" in written(pair, pair.seated, "cancelled")[0]


def test_a_cancelled_class_says_why(pair):
    with pair.office.open(pair.planner()) as work:
        cancel_class(work, pair.here, note="講師生病")
    for body in written(pair, pair.seated, "cancelled"):
        assert "講師生病" in body


def test_an_override_and_an_appeal_are_told(pair):
    one, two = pair.two_planners()
    key = pair.waits.registration_id
    with pair.office.open(one) as work:
        proposal = propose_override(work, key, reason="court", note="判決")
    with pair.office.open(two) as work:
        approve_override(work, proposal)
    for body in written(pair, pair.waits, "override"):
        assert "判決" not in body
        assert "2" in body
    who = pair.a_person(medical=None)
    no = pair.registers(who, pair.here)
    pair.does(who, appeal, no.registration_id, statement="我的體檢證明在五月換發，尚未更新。")
    english, chinese = written(pair, no, "appeal")
    assert "MPB decides it" in english
    assert "由航港局決定" in chinese
