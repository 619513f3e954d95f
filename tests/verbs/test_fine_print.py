"""The fine print of the queue: second clicks, the last day, late clocks, papers, silence."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from world import PAPER_RULES, called

from services.cancel import cancel
from services.catalogue.records import annual_plan
from services.claim import claim
from services.confirm import ListFixed, confirm
from services.notices.records import notice, staff_task
from services.open_case import open_case
from services.phone import record_call
from services.registration.desk_lists import roll_list
from services.registration.lifecycle import Status
from services.registration.records import handover, request
from services.registration.seats import facts_of
from services.registration.small_classes import small_classes
from services.review import approve, ask_supplement, reject
from services.supplements import add
from services.sweep import _unplace_for_supplement, sweep

PAPER = {"kind": "pdf", "size": 9, "sha256": "0" * 64, "given_name": "a.pdf"}


def told(office, registration_id, kind):
    with office.look() as look:
        return look.scalar(
            select(func.count()).where(
                notice.c.registration_id == registration_id, notice.c.kind == kind
            )
        )


def open_tasks(office, kind="unreached"):
    with office.look() as look:
        return look.scalar(
            select(func.count()).where(staff_task.c.kind == kind, staff_task.c.closed_at.is_(None))
        )


# registering


def test_a_double_click_on_a_refusal_takes_one_number(world):
    class_id, person = world.a_class(), world.a_person(medical=None)
    first, again = world.registers(person, class_id), world.registers(person, class_id)
    assert (first.status, again.already, again.number) == (Status.INELIGIBLE, True, first.number)
    assert world.broken() == []


def test_trying_again_another_day_or_with_a_new_paper_takes_a_new_number(world, clock):
    class_id, person = world.a_class(), world.a_person(medical=None)
    world.registers(person, class_id)
    clock.pass_by(timedelta(days=1))
    assert world.registers(person, class_id).number == 2
    paper_class = world.a_class(course_code="AFF", rules=PAPER_RULES)
    without = world.registers(person, paper_class)
    with_it = world.registers(person, paper_class, declared=["letter"])
    assert (without.number, with_it.number, with_it.status) == (1, 2, Status.IN_REVIEW)


def test_who_is_passed_over_while_registering_is_told_once(world, office):
    person = world.a_person()
    elsewhere = world.a_class(course_code="AFF", starts_on=date(2027, 4, 14))
    world.registers(person, elsewhere)
    receipt = world.registers(person, world.a_class(seats=1))
    row = world.row(receipt.registration_id)
    assert (row.status, row.skip_reason) == ("waitlisted", "overlap")
    assert told(office, row.id, "skipped") == 1


def test_who_waits_in_a_full_class_is_told_of_the_overlap_only_when_a_seat_goes_past(world, office):
    holder, busy = world.people(2)
    world.registers(busy, world.a_class(course_code="AFF", starts_on=date(2027, 4, 14)))
    held, waits = world.registered(world.a_class(seats=1), holder, busy)
    assert world.row(waits.registration_id).skip_reason is None
    world.does(holder, cancel, held.registration_id)
    assert world.row(waits.registration_id).skip_reason == "overlap"
    assert told(office, waits.registration_id, "skipped") == 1
    assert world.broken() == []


def test_when_the_conflict_ends_the_place_is_served(world):
    holder, busy = world.people(2)
    elsewhere = world.registers(busy, world.a_class(course_code="AFF", starts_on=date(2027, 4, 14)))
    held, waits = world.registered(world.a_class(seats=1), holder, busy)
    world.does(holder, cancel, held.registration_id)
    world.does(busy, cancel, elsewhere.registration_id)
    assert world.status(waits) is Status.WAITLISTED  # its own transaction follows
    world.ticks()
    assert world.status(waits) is Status.ADMITTED
    assert world.broken() == []


# answering


def test_a_second_yes_is_no_error_and_changes_nothing(world, office):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    called(world, class_id, 28)
    for _ in range(2):
        world.does(person, confirm, receipt.registration_id)
    assert world.status(receipt) is Status.CONFIRMED


def test_a_second_claim_on_a_settled_seat_says_yes_again(world):
    class_id, person = world.a_class(), world.a_person(nationality="foreigner")
    receipt = world.registers(person, class_id)
    called(world, class_id, 28, 21, 14)
    assert [world.does(person, claim, receipt.registration_id) for _ in range(2)] == [True, True]
    assert world.broken() == []


def test_staff_cancelling_is_not_the_person_cancelling(world, office):
    receipt = world.registers(world.a_person(), world.a_class())
    with office.open(world.officer()) as work:
        cancel(work, receipt.registration_id)
    assert world.row(receipt.registration_id).reason == "staff"


def test_nothing_moves_after_the_freeze_even_if_the_clock_is_late(world, office, clock):
    class_id, people = world.a_class(seats=1), world.people(2)
    first, second = world.registered(class_id, *people)
    called(world, class_id, 28)
    world.days_before(class_id, 5)
    clock.pass_by(timedelta(minutes=1))  # the freeze is due, no sweep has run since T-28
    with pytest.raises(ListFixed):
        world.does(people[0], confirm, first.registration_id)
    assert world.does(people[0], cancel, first.registration_id) == []
    assert world.status(second) is Status.WAITLISTED
    assert world.broken() == []


def test_on_the_last_day_before_the_freeze_nobody_new_is_asked(world, clock):
    class_id, people = world.a_class(seats=1, kind="self_funded"), world.people(3)
    first, second = world.registered(class_id, *people[:2])
    called(world, class_id, 28, 21, 14, 11, 7)
    assert world.statuses([first, second]) == ["lapsed", "lapsed"]
    world.days_before(class_id, 5)
    clock.pass_by(timedelta(hours=-23))
    late = world.registers(people[2], class_id)
    assert (late.status, world.broken()) == (Status.WAITLISTED, [])


def test_up_to_a_day_before_the_freeze_a_freed_seat_is_given_with_a_day_to_answer(world, clock):
    class_id, people = world.a_class(seats=1, kind="self_funded"), world.people(2)
    first, second = world.registered(class_id, *people)
    called(world, class_id, 28)
    world.does(people[0], confirm, first.registration_id)
    called(world, class_id, 21, 14, 11, 7)
    world.days_before(class_id, 6)
    assert world.does(people[0], cancel, first.registration_id) == [second.registration_id]
    world.ticks()
    asked = world.request_of(second.registration_id)
    assert asked.deadline - asked.reached_at == timedelta(hours=24)


def test_a_claim_that_a_late_clock_never_settled_is_settled_at_the_freeze(world):
    class_id = world.a_class(seats=1)
    foreigners = [world.a_person(nationality="foreigner") for _ in range(3)]
    receipts = world.registered(class_id, *foreigners)
    called(world, class_id, 28, 21, 14)
    world.does(foreigners[2], claim, receipts[2].registration_id)
    assert world.status(receipts[2]) is Status.OFFERED  # two people ahead may still claim
    called(world, class_id, 4)  # down over the settlement
    assert world.statuses(receipts) == ["unplaced", "unplaced", "self_funded"]
    assert world.broken() == []


def test_every_lapsed_seat_is_given_at_the_promotion_call_however_many(world):
    class_id = world.a_class(seats=4)
    with world.office.open() as work:
        work.run(update(annual_plan).values(batch_size=2))
    receipts = world.registered(class_id, *world.people(8))
    called(world, class_id, 28, 21)
    assert world.statuses(receipts) == ["lapsed"] * 4 + ["admitted"] * 4
    assert world.broken() == []


# papers


@pytest.fixture
def paper_class(world):
    return world.a_class(seats=1, rules=PAPER_RULES)


def uploads(world, office, person, case_id, name):
    with office.open(world.seafarer(person)) as work:
        add(work, case_id, stored=name, **PAPER)


def test_the_second_paper_asked_for_has_a_deadline_too(world, office, clock, paper_class):
    person = world.a_person()
    receipt = world.registers(person, paper_class, declared=["letter"])
    world.decides(receipt.registration_id, ask_supplement, ask="服務證明")
    uploads(world, office, person, 1, "one")
    clock.pass_by(timedelta(days=1))
    world.decides(receipt.registration_id, ask_supplement, ask="正本")
    clock.pass_by(timedelta(days=8))
    world.ticks()
    assert world.row(receipt.registration_id).reason == "supplement_missing"
    assert world.broken() == []


def test_a_paper_that_comes_while_the_clock_is_already_looking_counts(
    world, office, clock, paper_class
):
    person = world.a_person()
    receipt = world.registers(person, paper_class, declared=["letter"])
    world.decides(receipt.registration_id, ask_supplement, ask="服務證明")
    clock.pass_by(timedelta(days=8))
    uploads(world, office, person, 1, "one")  # between the clock's look and its lock
    with office.open() as work:
        assert _unplace_for_supplement(work, (1, receipt.registration_id)) == 0
    assert world.status(receipt) is Status.IN_REVIEW


def test_a_paper_is_reminded_of_once_two_days_before(world, office, clock, paper_class):
    receipt = world.registers(world.a_person(), paper_class, declared=["letter"])
    world.decides(receipt.registration_id, ask_supplement, ask="服務證明")
    counts = []
    for _ in range(6):
        clock.pass_by(timedelta(days=1))
        world.ticks()
        counts.append(told(office, receipt.registration_id, "reminder"))
    assert counts == [0, 0, 0, 0, 1, 1]
    assert world.broken() == []


# not reached


def test_whom_nothing_reached_goes_on_the_roster_marked_and_stays_on_the_phone_list(world, office):
    class_id = world.a_class(seats=2)
    reached, unreached = world.registered(class_id, *world.people(2))
    world.days_before(class_id, 28)
    world.ticks()
    world.does(world.row(reached.registration_id).person_id, confirm, reached.registration_id)
    world.days_before(class_id, 5)
    with office.open() as work:  # as if no request had ever arrived
        work.run(
            update(request)
            .where(request.c.registration_id == unreached.registration_id)
            .values(reached_at=None, reached_by=None, deadline=None)
        )
    sweep(office)
    with office.look(world.officer()) as look:
        lines = {line.registration_id: line.reached for line in roll_list(look, class_id)}
    assert lines == {reached.registration_id: True, unreached.registration_id: False}
    assert (open_tasks(office), world.broken()) == (1, [])


def test_the_task_to_phone_closes_when_the_person_answers(world, office, clock):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    world.days_before(class_id, 28)
    sweep(office)
    clock.pass_by(timedelta(hours=25))
    sweep(office)
    assert open_tasks(office) == 1
    with office.open(world.officer()) as work:
        record_call(work, receipt.registration_id, outcome="spoken")
    assert open_tasks(office) == 0


def test_the_task_of_a_small_class_closes_with_its_end(world, office):
    class_id, person = world.a_class(seats=5, min_size=2), world.a_person()
    world.registers(person, class_id)
    called(world, class_id, 28, 21, 14, 11, 7)
    assert open_tasks(office, "too_small") == 1
    called(world, class_id, 5)
    assert open_tasks(office, "too_small") == 0


def coming(world, class_id):
    """Tell how many come to a class that staff see as too small; None: it is not."""
    with world.office.look(world.officer()) as look:
        return {small.id: small.coming for small in small_classes(look)}.get(class_id)


def test_an_offer_that_nobody_claimed_is_no_yes_in_the_size_check(world):
    class_id, person = world.a_class(seats=4, min_size=2), world.a_person()
    receipt = world.registers(person, class_id)
    offered = world.registered(class_id, *(world.a_person(nationality="foreigner") for _ in "ab"))
    called(world, class_id, 28)
    world.does(person, confirm, receipt.registration_id)
    called(world, class_id, 21, 14, 11, 7)
    assert world.statuses([receipt, *offered]) == ["confirmed", "offered", "offered"]
    assert coming(world, class_id) == 1
    assert world.broken() == []


def test_a_seat_that_is_not_answered_for_is_no_yes_in_the_size_check(world):
    class_id, people = world.a_class(seats=2, min_size=2, kind="self_funded"), world.people(3)
    stays, leaves, comes = world.registered(class_id, *people)
    called(world, class_id, 28)
    for person, receipt in zip(people, (stays, leaves), strict=False):
        world.does(person, confirm, receipt.registration_id)
    called(world, class_id, 21, 14, 11, 8)
    world.does(people[1], cancel, leaves.registration_id)
    called(world, class_id, 7)
    assert world.statuses([stays, leaves, comes]) == ["confirmed", "cancelled", "admitted"]
    assert coming(world, class_id) == 1
    assert world.broken() == []


def test_a_class_that_enough_say_yes_to_is_not_too_small(world):
    class_id, people = world.a_class(seats=2, min_size=2), world.people(2)
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28)
    for person, receipt in zip(people, receipts, strict=True):
        world.does(person, confirm, receipt.registration_id)
    called(world, class_id, 21, 14, 11, 7)
    assert coming(world, class_id) is None


# reviews


def test_a_refusal_after_the_freeze_amends_the_roster_and_leaves_the_seat_empty(world, office):
    class_id, people = world.a_class(seats=1, rules=PAPER_RULES), world.people(2)
    receipts = [world.registers(p, class_id, declared=["letter"]) for p in people]
    for receipt in receipts:
        world.decides(receipt.registration_id, approve)
    called(world, class_id, 28)
    world.does(people[0], confirm, receipts[0].registration_id)
    called(world, class_id, 21, 14, 11, 7, 5)
    with office.open() as work:  # a later failure opens a case
        open_case(work, facts_of(work, class_id), receipts[0].registration_id, people[0])
    world.decides(receipts[0].registration_id, reject, reason="paper_not_valid")
    with office.look() as look:
        versions = look.scalar(select(func.max(handover.c.version)))
    assert world.statuses(receipts) == ["ineligible", "unplaced"]
    assert (versions, world.broken()) == (2, [])
