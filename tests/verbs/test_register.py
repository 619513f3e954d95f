"""Registering: a number for everybody, a seat for the first, a place kept for the rest."""

from datetime import date, timedelta

import pytest
from world import PAPER_RULES

from services.cancel import cancel
from services.confirm import confirm
from services.kernel.errors import NotPermitted
from services.mtnet.fetch import Fetched
from services.preview import preview
from services.register import register
from services.registration.lifecycle import Seat, Status, Track
from services.registration.refusals import (
    AlreadyCompleted,
    AlreadyInCohort,
    ClassClosed,
    NotOpenYet,
    SeatOverlaps,
)
from services.roll import record_roll


def test_the_first_gets_the_seat_and_the_next_waits(world):
    first, second = world.registered(world.a_class(seats=1), *world.people(2))
    assert (first.number, first.status, first.seat) == (1, Status.ADMITTED, Seat.FUNDED)
    assert (second.number, second.status, second.seat) == (2, Status.WAITLISTED, Seat.NONE)
    assert world.broken() == []


def test_a_double_click_gives_the_same_number(world):
    class_id, [person] = world.a_class(), world.people(1)
    first, again = world.registers(person, class_id), world.registers(person, class_id)
    assert (again.registration_id, again.number, again.already) == (
        first.registration_id,
        1,
        True,
    )


def test_registering_again_takes_a_new_number_at_the_end(world):
    class_id, people = world.a_class(seats=1), world.people(3)
    receipts = world.registered(class_id, *people)
    world.does(people[0], cancel, receipts[0].registration_id)
    again = world.registers(people[0], class_id)
    assert (again.number, again.status) == (4, Status.WAITLISTED)
    assert world.broken() == []


def test_a_second_class_of_the_course_is_refused_and_names_the_first(world):
    [person] = world.people(1)
    one, two = world.a_class(), world.a_class(starts_on=date(2027, 6, 7))
    world.registers(person, one)
    with pytest.raises(AlreadyInCohort) as refusal:
        world.registers(person, two)
    assert refusal.value.facts["code"].endswith("01") or refusal.value.facts["code"]


def test_a_foreigner_waits_on_the_self_funded_track(world):
    person = world.a_person(nationality="foreigner")
    receipt = world.registers(person, world.a_class(seats=5))
    assert (receipt.status, receipt.track) == (Status.WAITLISTED, Track.SELF_FUNDED)


def test_without_a_seamans_book_one_waits_on_the_self_funded_track(world):
    person = world.a_person(seamans_book=None)
    receipt = world.registers(person, world.a_class(seats=5))
    assert (receipt.status, receipt.track) == (Status.WAITLISTED, Track.SELF_FUNDED)


def test_a_wholly_self_funded_class_seats_everybody_at_once(world):
    person = world.a_person(nationality="foreigner")
    receipt = world.registers(person, world.a_class(seats=2, kind="self_funded"))
    assert (receipt.status, receipt.seat) == (Status.ADMITTED, Seat.SELF_FUNDED)
    assert world.broken() == []


def test_a_refused_person_takes_a_number_too(world):
    class_id = world.a_class(seats=1)
    ill = world.a_person(medical=None)
    refused = world.registers(ill, class_id)
    sound = world.registers(world.a_person(), class_id)
    assert (refused.number, refused.status) == (1, Status.INELIGIBLE)
    assert (sound.number, sound.status) == (2, Status.ADMITTED)
    assert world.broken() == []


def test_a_declared_paper_goes_to_review_with_the_seat_reserved(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    first = world.registers(world.a_person(), class_id, declared=["letter"])
    second = world.registers(world.a_person(), class_id, declared=["letter"])
    assert (first.status, first.seat) == (Status.IN_REVIEW, Seat.RESERVED)
    assert (second.status, second.seat) == (Status.IN_REVIEW, Seat.NONE)
    assert world.broken() == []


def test_an_undeclared_paper_fails(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    assert world.registers(world.a_person(), class_id).status is Status.INELIGIBLE


def test_when_mtnet_is_silent_the_place_is_kept_for_review(world, office):
    class_id, [person] = world.a_class(seats=1), world.people(1)
    with office.open(world.seafarer(person)) as work:
        silent = Fetched(None, work.now)
        receipt = register(work, silent, class_id=class_id, person_id=person)
    assert (receipt.status, receipt.seat) == (Status.IN_REVIEW, Seat.RESERVED)
    assert world.row(receipt.registration_id).rescreen_due


def test_registration_opens_at_its_minute_and_not_before(world, clock):
    class_id, [person] = world.a_class(), world.people(1)
    clock.pass_by(timedelta(minutes=-1))
    with pytest.raises(NotOpenYet):
        world.registers(person, class_id)
    clock.pass_by(timedelta(minutes=1))
    assert world.registers(person, class_id).number == 1


def test_from_the_freeze_on_the_class_is_closed(world):
    class_id, [person] = world.a_class(), world.people(1)
    world.days_before(class_id, 5)
    with pytest.raises(ClassClosed):
        world.registers(person, class_id)


def test_nobody_registers_for_somebody_else(world, office):
    class_id, (one, other) = world.a_class(), world.people(2)
    with pytest.raises(NotPermitted), office.open(world.seafarer(one)) as work:
        register(work, world.fetched(other), class_id=class_id, person_id=other)


def test_an_officer_registers_somebody_at_the_counter_of_the_own_institution_only(world, office):
    class_id, [person] = world.a_class(at="NTOU"), world.people(1)
    fetched = world.fetched(person)
    who = {"class_id": class_id, "person_id": person, "on_behalf": True}
    with pytest.raises(NotPermitted), office.open(world.officer("NKUST")) as work:
        register(work, fetched, **who)
    with office.open(world.officer("NTOU")) as work:
        receipt = register(work, fetched, **who)
    assert world.row(receipt.registration_id).on_behalf


def test_a_confirmed_class_on_the_same_days_refuses_another_course(world):
    [person] = world.people(1)
    one = world.a_class(course_code="BST")
    two = world.a_class(course_code="AFF", starts_on=date(2027, 4, 16))
    receipt = world.registers(person, one)
    world.days_before(one, 28)
    world.ticks()
    world.does(person, confirm, receipt.registration_id)
    with pytest.raises(SeatOverlaps):
        world.registers(person, two)


def test_an_unconfirmed_seat_on_the_same_days_only_passes_over(world):
    [person] = world.people(1)
    one = world.a_class(course_code="BST")
    two = world.a_class(course_code="AFF", starts_on=date(2027, 4, 16))
    first = world.registers(person, one)
    second = world.registers(person, two)
    assert second.status is Status.WAITLISTED
    assert world.row(second.registration_id).skip_reason == "overlap"
    assert world.broken() == []
    world.does(person, cancel, first.registration_id)
    world.ticks()
    assert world.status(second) is Status.ADMITTED
    assert world.broken() == []


def test_completing_a_course_blocks_it_for_the_year(world, office, clock):
    [person] = world.people(1)
    one, two = world.a_class(), world.a_class(starts_on=date(2027, 8, 2))
    receipt = world.registers(person, one)
    world.days_before(one, 28)
    world.ticks()
    world.does(person, confirm, receipt.registration_id)
    world.days_before(one, 5)
    world.ticks()
    clock.pass_by(timedelta(days=6))
    with office.open(world.officer()) as work:
        record_roll(work, one, {receipt.registration_id: "completed"})
    with pytest.raises(AlreadyCompleted):
        world.registers(person, two)
    assert world.broken() == []


def test_the_preview_tells_the_place_and_changes_nothing(world, office):
    class_id, people = world.a_class(seats=1), world.people(3)
    world.registered(class_id, *people[:2])
    with office.look(world.seafarer(people[2])) as look:
        seen = preview(look, world.fetched(people[2]), class_id=class_id, person_id=people[2])
    assert (seen.would, seen.place, seen.problem) == (Status.WAITLISTED, 2, None)
    assert world.registers(people[2], class_id).number == 3
