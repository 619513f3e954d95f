"""Freed seats go down the queue by rank, in the same moment, exactly once."""

from datetime import date, timedelta

import pytest
from world import PAPER_RULES

from services.cancel import cancel
from services.claim import claim, unclaim
from services.confirm import NotAskedYet, confirm, decline
from services.kernel.errors import InvalidInput, NotFound
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Seat, Status
from services.review import AlreadyDecided, approve, ask_supplement, reject
from services.supplements import add


def ids(receipts):
    return [receipt.registration_id for receipt in receipts]


def test_when_an_admitted_person_cancels_the_next_one_moves_up(world):
    people = world.people(3)
    first, second, third = world.registered(world.a_class(seats=1), *people)
    assert world.does(people[0], cancel, first.registration_id) == [second.registration_id]
    assert world.statuses([first, second, third]) == ["cancelled", "admitted", "waitlisted"]
    assert world.broken() == []


def test_when_a_waiting_person_cancels_nobody_moves(world):
    people = world.people(3)
    receipts = world.registered(world.a_class(seats=1), *people)
    assert world.does(people[1], cancel, receipts[1].registration_id) == []
    assert world.statuses(receipts) == ["admitted", "cancelled", "waitlisted"]


def test_cancelling_twice_is_refused_and_moves_nobody_again(world):
    people = world.people(3)
    receipts = world.registered(world.a_class(seats=1), *people)
    world.does(people[0], cancel, receipts[0].registration_id)
    with pytest.raises(IllegalTransition):
        world.does(people[0], cancel, receipts[0].registration_id)
    assert world.statuses(receipts) == ["cancelled", "admitted", "waitlisted"]


def test_to_a_stranger_a_registration_does_not_exist(world, office):
    one, other = world.people(2)
    receipt = world.registers(one, world.a_class())
    for verb in (cancel, confirm, claim, unclaim, decline):
        with pytest.raises(NotFound):
            world.does(other, verb, receipt.registration_id)
    with pytest.raises(NotFound), office.open(world.officer("NKUST")) as work:
        cancel(work, receipt.registration_id)
    assert world.status(receipt) is Status.ADMITTED


def test_a_reserved_seat_is_kept_through_a_slow_review(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    people = world.people(2)
    first = world.registers(people[0], class_id, declared=["letter"])
    second = world.registers(people[1], class_id, declared=["letter"])
    world.decides(second.registration_id, approve)
    assert world.statuses([first, second]) == ["in_review", "waitlisted"]
    world.decides(first.registration_id, approve)
    assert world.statuses([first, second]) == ["admitted", "waitlisted"]
    assert world.broken() == []


def test_a_refusal_frees_the_reserved_seat_at_once(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    people = world.people(2)
    first = world.registers(people[0], class_id, declared=["letter"])
    second = world.registers(people[1], class_id, declared=["letter"])
    world.decides(first.registration_id, reject, reason="paper_not_valid")
    assert world.row(second.registration_id).seat == Seat.RESERVED.value
    world.decides(second.registration_id, approve)
    assert world.statuses([first, second]) == ["ineligible", "admitted"]
    assert world.broken() == []


def test_a_case_is_decided_once_and_by_the_own_institution(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), class_id, declared=["letter"])
    with pytest.raises(NotFound):
        world.decides(receipt.registration_id, approve, at="NKUST")
    with pytest.raises(InvalidInput):
        world.decides(receipt.registration_id, reject, reason="because")
    world.decides(receipt.registration_id, approve)
    with pytest.raises(AlreadyDecided):
        world.decides(receipt.registration_id, reject, reason="paper_not_valid")
    assert world.status(receipt) is Status.ADMITTED


def test_a_supplement_that_does_not_come_in_time_lets_the_seat_move_on(world, clock):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    people = world.people(2)
    late, prompt = (world.registers(p, class_id, declared=["letter"]) for p in people)
    world.decides(late.registration_id, ask_supplement, ask="服務證明")
    clock.pass_by(timedelta(days=8))
    world.ticks()
    assert world.row(late.registration_id).reason == "supplement_missing"
    assert world.row(prompt.registration_id).seat == Seat.RESERVED.value
    assert world.broken() == []


def test_an_uploaded_supplement_puts_the_case_back_on_the_desk(world, office, clock):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    [person] = world.people(1)
    receipt = world.registers(person, class_id, declared=["letter"])
    world.decides(receipt.registration_id, ask_supplement, ask="服務證明")
    with office.open(world.seafarer(person)) as work:
        paper = {"stored": "a", "kind": "pdf", "size": 9, "sha256": "0" * 64, "given_name": "a.pdf"}
        add(work, 1, **paper)
    clock.pass_by(timedelta(days=8))
    world.ticks()
    assert world.status(receipt) is Status.IN_REVIEW


def test_nobody_can_confirm_before_being_asked(world):
    [person] = world.people(1)
    receipt = world.registers(person, world.a_class())
    with pytest.raises(NotAskedYet):
        world.does(person, confirm, receipt.registration_id)


def test_the_journey_of_a_class_from_the_call_to_the_freeze(world):
    """Six people, three seats: one confirms, one says no, one is silent; the queue moves up."""
    class_id, people = world.a_class(seats=3), world.people(6)
    receipts = world.registered(class_id, *people)
    one, two, _, four, _, six = ids(receipts)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(people[0], confirm, one)
    assert world.does(people[1], decline, two) == [four]
    world.days_before(class_id, 24)
    world.does(people[3], confirm, four)
    world.days_before(class_id, 21)
    world.ticks()
    assert world.statuses(receipts) == [
        *("confirmed", "cancelled", "lapsed", "confirmed", "admitted", "waitlisted"),
    ]
    world.days_before(class_id, 14)
    world.ticks()  # the fifth stays silent too: the seat is offered at one's own cost
    assert world.statuses(receipts)[4:] == ["lapsed", "offered"]
    assert world.does(people[5], claim, six)  # nobody is ahead: certain, settled at once
    world.days_before(class_id, 5)
    world.ticks()
    assert world.statuses(receipts) == [
        *("confirmed", "cancelled", "lapsed", "confirmed", "lapsed", "self_funded"),
    ]
    assert world.broken() == []


def test_claims_are_settled_by_rank_and_never_by_speed(world):
    class_id, people = world.a_class(seats=1), world.people(3)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 14)
    world.ticks()  # everything before was missed: the one admitted person is asked first
    world.days_before(class_id, 10)
    world.ticks()
    assert world.statuses(receipts) == ["lapsed", "admitted", "waitlisted"]


def test_a_later_rank_that_claims_first_still_waits_for_the_earlier(world):
    class_id, people = world.a_class(seats=1), world.people(3)
    receipts = world.registered(class_id, *people)
    one, two, three = ids(receipts)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    assert world.statuses(receipts) == ["lapsed", "lapsed", "offered"]
    del one, two
    assert world.does(people[2], claim, three)


def test_the_quick_last_does_not_jump_the_slow_first(world):
    class_id = world.a_class(seats=1)
    foreigners = [world.a_person(nationality="foreigner") for _ in range(2)]
    receipts = world.registered(class_id, *foreigners)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    assert not world.does(foreigners[1], claim, receipts[1].registration_id)
    assert world.does(foreigners[0], claim, receipts[0].registration_id)
    world.days_before(class_id, 11)
    world.ticks()
    assert world.statuses(receipts) == ["self_funded", "offered"]
    world.days_before(class_id, 5)
    world.ticks()
    assert world.row(receipts[1].registration_id).reason == "class_full"
    assert world.broken() == []


def test_the_silent_first_leaves_the_seat_to_the_claimant_at_settlement(world):
    class_id = world.a_class(seats=1)
    foreigners = [world.a_person(nationality="foreigner") for _ in range(2)]
    receipts = world.registered(class_id, *foreigners)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    world.does(foreigners[1], claim, receipts[1].registration_id)
    world.days_before(class_id, 11)
    world.ticks()
    assert world.statuses(receipts) == ["offered", "self_funded"]
    assert world.broken() == []


@pytest.mark.parametrize("earlier", [0, 1], ids=["in one instant", "asked the time first"])
def test_what_is_left_after_settlement_goes_to_whoever_is_served_first(world, earlier):
    """Served first is who got the lock; a claim behind it has no right of an earlier clock."""
    class_id = world.a_class(seats=1)
    foreigners = [world.a_person(nationality="foreigner") for _ in range(2)]
    receipts = world.registered(class_id, *foreigners)
    for days in (28, 21, 14, 11, 10):
        world.days_before(class_id, days)
        world.ticks()
    assert world.does(foreigners[1], claim, receipts[1].registration_id)
    world.clock.pass_by(timedelta(seconds=-earlier))
    assert not world.does(foreigners[0], claim, receipts[0].registration_id)
    assert world.statuses(receipts) == ["offered", "self_funded"]
    assert world.broken() == []


def test_a_class_below_its_minimum_size_is_cancelled_at_the_freeze(world):
    class_id, people = world.a_class(seats=5, min_size=2), world.people(1)
    receipts = world.registered(class_id, *people)
    for days in (28, 21, 14, 11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
        if days == 28:
            world.does(people[0], confirm, receipts[0].registration_id)
    assert world.row(receipts[0].registration_id).reason == "class_cancelled"
    assert world.broken() == []


@pytest.mark.parametrize(("least", "said"), [(1, "lapsed"), (2, "void")])
def test_nobody_said_no_to_an_offer_of_a_class_that_was_called_off(world, least, said):
    """Held, an offer nobody claimed went unanswered; called off, nobody could answer any more."""
    class_id, comes = world.a_class(seats=2, min_size=least), world.a_person()
    receipts = world.registered(class_id, comes, world.a_person(nationality="foreigner"))
    for days in (28, 21, 14, 11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
        if days == 28:
            world.does(comes, confirm, receipts[0].registration_id)
    assert world.request_of(receipts[1].registration_id).answer == said


def test_after_the_freeze_a_cancellation_leaves_the_seat_empty(world):
    class_id, people = world.a_class(seats=1), world.people(2)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(people[0], confirm, receipts[0].registration_id)
    for days in (21, 14, 11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
    assert world.does(people[0], cancel, receipts[0].registration_id) == []
    assert world.statuses(receipts) == ["cancelled", "unplaced"]
    assert world.broken() == []


def test_an_overlap_passes_a_person_over_and_keeps_the_place(world):
    [busy, other, holder] = world.people(3)
    elsewhere = world.a_class(course_code="AFF", starts_on=date(2027, 4, 14))
    class_id = world.a_class(seats=1)
    world.registers(busy, elsewhere)
    held, waits, next_one = world.registered(class_id, holder, busy, other)
    world.does(holder, cancel, held.registration_id)
    assert world.statuses([waits, next_one]) == ["waitlisted", "admitted"]
    assert world.row(waits.registration_id).skip_reason == "overlap"
    assert world.broken() == []


def test_of_two_whose_days_come_free_together_the_better_rank_is_seated(world):
    [first, second, holder] = world.people(3)
    elsewhere = world.a_class(course_code="AFF", starts_on=date(2027, 4, 14), seats=2)
    class_id = world.a_class(seats=1)
    theirs = world.registered(elsewhere, first, second)
    held, later, earlier = world.registered(class_id, holder, second, first)
    world.does(holder, cancel, held.registration_id)  # both are passed over
    assert world.statuses([later, earlier]) == ["waitlisted", "waitlisted"]
    for who, receipt in zip((first, second), theirs, strict=True):
        world.does(who, cancel, receipt.registration_id)
    world.ticks()
    assert world.statuses([later, earlier]) == ["admitted", "waitlisted"]
    assert world.broken() == []
