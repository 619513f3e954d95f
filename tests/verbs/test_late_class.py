"""A class first opened inside four weeks: its own schedule, and people asked as they come."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from services.catalogue.records import milestone, training_class
from services.classes import create_class
from services.commissions import set_commission
from services.confirm import confirm
from services.kernel.clock import taipei
from services.kernel.errors import InvalidInput
from services.notices.records import notice
from services.publish import publish_class
from services.registration.lifecycle import Notice

STARTS = date(2027, 6, 7)


@pytest.fixture
def late(world, office):
    """Give a function that enters and publishes a class so many days before it starts."""
    world.an_institution()
    world.a_cohort("BST")
    with office.open(world.planner()) as work:
        caps = {"classes_cap": 9, "seats_cap": 99}
        set_commission(work, year=2027, course="BST", institution="NTOU", **caps)

    def opened(days, *, cap=2, kind="funded", **more):
        world.clock.go_to(taipei(STARTS - timedelta(days=days), 14))
        facts = {"starts_on": STARTS, "ends_on": STARTS + timedelta(days=4), "kind": kind, **more}
        with office.open(world.officer()) as work:
            made = create_class(work, year=2027, course="BST", institution="NTOU", cap=cap, **facts)
        with office.open(world.planner()) as work:
            publish_class(work, made)
        return made

    return opened


def stages(world, class_id):
    with world.office.look() as look:
        rows = look.all(select(milestone).where(milestone.c.class_id == class_id))
    return {row.kind: row for row in rows}


def letters(world, receipt, kind):
    this = notice.c.registration_id == receipt.registration_id, notice.c.kind == kind.value
    with world.office.look() as look:
        return look.scalar(select(func.count()).select_from(notice).where(*this))


def state(world, class_id):
    with world.office.look() as look:
        own = training_class.c.id == class_id
        return look.scalar(select(training_class.c.state).where(own))


def test_no_call_of_its_schedule_is_due_before_it_opens(world, late):
    class_id = late(20)
    opened = world.clock.now()
    rows = stages(world, class_id)
    assert [rows[kind].due_at for kind in ("confirmation_call", "promotion_call")] == [opened] * 2
    assert rows["self_funded_call"].due_at == taipei(STARTS - timedelta(days=14), 9)
    assert min(row.due_at for row in rows.values()) == opened


def test_who_registers_before_the_first_tick_is_asked_once_and_has_the_whole_window(world, late):
    class_id = late(20)
    first, second = world.registered(class_id, *world.people(2))
    world.ticks()
    asked = world.request_of(first.registration_id)
    assert asked.deadline == taipei(STARTS - timedelta(days=14), 9)
    assert stages(world, class_id)["promotion_call"].reached_at is None  # they have time to answer
    person = world.row(first.registration_id).person_id
    world.does(person, confirm, first.registration_id)
    world.ticks()
    assert letters(world, first, Notice.CONFIRM_REQUEST) == 1
    world.days_before(class_id, 14)
    world.ticks()
    assert world.statuses([first, second]) == ["confirmed", "lapsed"]
    assert world.broken() == []


def test_who_registers_later_is_asked_at_once_and_a_waiting_person_stands_by(world, late):
    class_id = late(20, cap=1)
    world.ticks()
    seated, waiting = world.registered(class_id, *world.people(2))
    assert world.request_of(seated.registration_id).kind == "confirm"
    assert letters(world, waiting, Notice.STANDBY) == 1
    world.ticks()
    reached = world.request_of(seated.registration_id)
    assert reached.deadline >= reached.reached_at + timedelta(hours=72)
    assert world.broken() == []


def test_it_runs_to_its_freeze_as_any_other(world, late):
    class_id = late(17, cap=3)
    world.ticks()
    people = world.people(4)
    receipts = world.registered(class_id, *people)
    for person, receipt in zip(people[:2], receipts[:2], strict=True):
        world.does(person, confirm, receipt.registration_id)
    for days in (14, 13, 11, 9, 7, 6, 5):
        world.days_before(class_id, days)
        world.ticks()
        assert world.broken() == []
    assert state(world, class_id) == "opened"
    assert world.statuses(receipts) == ["confirmed", "confirmed", "lapsed", "unplaced"]


def test_from_two_weeks_before_only_a_wholly_self_funded_class_is_opened(world, late):
    assert late(15)
    with pytest.raises(InvalidInput) as refused:
        late(13)
    sentence, facts = refused.value.problems["starts_on"]
    assert "seats are self-funded" in sentence
    assert facts == {"days": 14}
    class_id = late(13, kind="self_funded")
    world.ticks()
    receipt = world.registers(world.a_person(), class_id)
    assert world.row(receipt.registration_id).seat == "self_funded"
    assert world.request_of(receipt.registration_id) is not None
    assert world.broken() == []


@pytest.mark.parametrize("kind", ["funded", "self_funded"])
def test_a_class_nobody_could_answer_for_is_refused(world, late, kind):
    with pytest.raises(InvalidInput) as refused:
        late(7, kind=kind)
    assert "too soon for people to answer" in refused.value.problems["starts_on"][0]
