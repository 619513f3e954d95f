"""Rare turns of the queue: who may come again, who is reminded, and when a paper is due."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from world import PAPER_RULES, called

from services.cancel import cancel
from services.claim import claim
from services.confirm import confirm
from services.kernel.errors import DomainError
from services.move_class import NewDays, move_class
from services.notices.records import notice
from services.registration.lifecycle import Status
from services.registration.records import review_case
from services.review import ask_supplement
from services.roll import record_roll


def told(office, receipt, kind):
    with office.look() as look:
        return look.scalar(
            select(func.count()).where(
                notice.c.registration_id == receipt.registration_id, notice.c.kind == kind
            )
        )


@pytest.mark.parametrize(
    ("result", "again"), [("failed", True), ("absent", True), ("completed", False)]
)
def test_who_has_failed_or_missed_a_class_may_register_again(world, result, again):
    class_id, person = world.a_class(), world.a_person()
    later = world.a_class(starts_on=date(2027, 6, 14))
    receipt = world.registers(person, class_id)
    called(world, class_id, 28)
    world.does(person, confirm, receipt.registration_id)
    called(world, class_id, 21, 14, 11, 7, 5, 0)
    with world.office.open(world.officer()) as work:
        record_roll(work, class_id, {receipt.registration_id: result})
    if again:
        assert world.registers(person, later).status is Status.ADMITTED
    else:
        with pytest.raises(DomainError):
            world.registers(person, later)
    assert world.broken() == []


def test_who_is_asked_less_than_two_days_before_the_deadline_is_not_reminded_at_once(world, office):
    class_id = world.a_class(seats=1)
    world.registers(world.a_person(), class_id)
    called(world, class_id, 28, 21, 14)
    world.days_before(class_id, 12)
    late = world.registers(world.a_person(), class_id)
    assert late.status is Status.OFFERED
    world.ticks()
    world.days_before(class_id, 12, hour=12)
    assert world.ticks()["reminded"] == 0
    assert world.request_of(late.registration_id).deadline - world.clock.now() < timedelta(days=2)
    assert told(office, late, "reminder") == 0


def test_a_yes_elsewhere_settles_the_claim_of_the_next_in_the_queue_it_leaves(world):
    world.a_plan(max_choices=3)
    soon, later = world.a_class(), world.a_class(starts_on=date(2027, 4, 26))
    holder, ahead, behind = world.people(3)
    first = world.registers(holder, soon)
    _, seat = world.chooses(ahead, soon, later)
    claiming = world.registers(behind, soon)
    called(world, soon, 28)
    world.does(holder, confirm, first.registration_id)
    called(world, soon, 21, 14)
    world.does(holder, cancel, first.registration_id)
    assert not world.does(behind, claim, claiming.registration_id)  # who is ahead may still claim
    world.does(ahead, confirm, seat.registration_id)
    assert world.status(claiming) is Status.SELF_FUNDED
    assert world.broken() == []


def test_a_seat_kept_for_a_claim_accuses_nobody_once_a_move_has_taken_the_claim_back(world):
    class_id = world.a_class(rules=PAPER_RULES)
    holder, silent = world.people(2)
    foreigner = world.a_person(nationality="foreigner")
    held, _, claiming = (
        world.registers(who, class_id, declared=["letter"]) for who in (holder, silent, foreigner)
    )
    called(world, class_id, 28, 21, 14)
    world.does(holder, cancel, held.registration_id)
    world.does(foreigner, claim, claiming.registration_id)
    called(world, class_id, 11, 10)
    assert world.row(claiming.registration_id).seat == "reserved"
    with world.office.open(world.officer()) as work:
        move_class(work, class_id, NewDays(date(2027, 8, 2), date(2027, 8, 6)), version=1)
    assert world.row(claiming.registration_id).claimed_at is None
    assert world.broken() == []


def test_a_paper_is_due_by_the_freeze_at_the_latest(world, office):
    class_id = world.a_class(rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), class_id, declared=["letter"])
    world.days_before(class_id, 8)
    world.decides(receipt.registration_id, ask_supplement, ask="服務證明")
    with office.look() as look:
        due = look.scalar(select(review_case.c.supplement_due_at))
    freeze = world.clock.now() + timedelta(days=3)
    assert due == freeze
