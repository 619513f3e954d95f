"""Claims and choices: under review, when a choice comes back, in two classes called together."""

from datetime import date

import pytest
from sqlalchemy import select
from world import PAPER_RULES, called

from services.cancel import cancel
from services.cancel_class import cancel_class
from services.claim import claim, unclaim
from services.confirm import confirm
from services.notices.letters import letter
from services.notices.records import notice
from services.phone import record_call
from services.registration.lifecycle import Seat, Status
from services.review import approve, reject
from services.sweep import sweep
from services.words import words_for

MAY, JUNE = date(2027, 5, 3), date(2027, 6, 7)


@pytest.fixture
def world(world):
    world.a_plan(max_choices=3)
    return world


def stands(world, receipt):
    row = world.row(receipt.registration_id)
    return Status(row.status), Seat(row.seat)


def foreigner(world):
    return world.a_person(nationality="foreigner")


class TestUnderReview:
    """A paper class whose free seat is claimed by somebody under review and by one behind."""

    @pytest.fixture
    def town(self, world):
        class_id = world.a_class(seats=2, min_size=2, starts_on=MAY, rules=PAPER_RULES)
        world.people_ = [foreigner(world) for _ in range(3)]
        world.class_id = class_id
        world.receipts = [
            world.registers(person, class_id, declared=["letter"]) for person in world.people_
        ]
        for receipt in world.receipts[1:]:
            world.decides(receipt.registration_id, approve, sighted_on=date(2027, 1, 4))
        called(world, class_id, 28, 21, 14)
        for person, receipt in zip(world.people_, world.receipts, strict=True):
            world.does(person, claim, receipt.registration_id)
        return world

    def test_the_claim_is_served_by_rank_with_a_reserved_seat(self, town):
        first, second, third = town.receipts
        called(town, town.class_id, 11)
        assert stands(town, first) == (Status.IN_REVIEW, Seat.RESERVED)
        assert stands(town, second) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
        assert stands(town, third) == (Status.OFFERED, Seat.NONE)
        assert town.broken() == []

    def test_a_refusal_gives_the_kept_seat_to_the_next_claim_at_once(self, town):
        first, _, third = town.receipts
        called(town, town.class_id, 11)
        town.decides(first.registration_id, reject, reason="paper_not_valid")
        assert stands(town, first)[0] is Status.INELIGIBLE
        assert stands(town, third) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
        assert town.broken() == []

    def test_at_the_freeze_the_seat_of_an_undecided_review_goes_to_the_claim_that_stands(
        self, town
    ):
        called(town, town.class_id, 11, 7, 5)
        assert [stands(town, receipt) for receipt in town.receipts] == [
            (Status.UNPLACED, Seat.NONE),
            (Status.SELF_FUNDED, Seat.SELF_FUNDED),
            (Status.SELF_FUNDED, Seat.SELF_FUNDED),
        ]
        assert town.broken() == []


@pytest.mark.parametrize("back", [False, True])
def test_a_claim_that_is_not_certain_waits_for_settlement_and_may_be_taken_back(world, back):
    class_id = world.a_class(seats=1, starts_on=MAY, rules=PAPER_RULES)
    ahead = world.registers(foreigner(world), class_id, declared=["letter"])
    world.decides(ahead.registration_id, approve, sighted_on=date(2027, 1, 4))
    person = foreigner(world)
    receipt = world.registers(person, class_id, declared=["letter"])
    called(world, class_id, 28, 21, 14)
    assert not world.does(person, claim, receipt.registration_id)
    if back:
        world.does(person, unclaim, receipt.registration_id)
    called(world, class_id, 11)
    seat = Seat.NONE if back else Seat.RESERVED
    assert stands(world, receipt) == (Status.IN_REVIEW, seat)
    assert world.broken() == []


def test_who_is_under_review_is_told_once_that_a_claim_is_open(world):
    class_id = world.a_class(seats=1, starts_on=MAY, rules=PAPER_RULES)
    _, reviewed = [
        world.registers(who, class_id, declared=["letter"])
        for who in (world.a_person(), foreigner(world))
    ]
    called(world, class_id, 28, 21, 14, 13)
    told = select(notice.c.id, notice.c.registration_id).where(notice.c.kind == "may_claim")
    with world.office.look() as look:
        ((id_, registration_id),) = look.all(told)
        body = letter(look, id_, words_for("en")).body
    assert registration_id == reviewed.registration_id
    assert "claim one by" in body
    assert world.broken() == []


def test_whose_claim_lost_is_told_once_that_it_still_counts(world):
    class_id = world.a_class(seats=1, starts_on=MAY)
    people = [foreigner(world) for _ in range(3)]
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28, 21, 14)
    for person, receipt in list(zip(people, receipts, strict=True))[1:]:
        world.does(person, claim, receipt.registration_id)
    called(world, class_id, 11, 10)
    told = select(notice.c.id, notice.c.registration_id).where(notice.c.kind == "claim_lost")
    with world.office.look() as look:
        ((lost, registration_id),) = look.all(told)
        body = letter(look, lost, words_for("en")).body
    assert registration_id == receipts[2].registration_id
    assert "your claim counts for every seat that comes free" in body
    assert world.broken() == []


class TestTakenBack:
    """One seat offered five hours late, so the deadline is later than the settlement is due."""

    @pytest.fixture
    def town(self, world):
        world.class_id = world.a_class(seats=1, starts_on=MAY)
        world.first, world.second = people = [foreigner(world) for _ in range(2)]
        world.ahead, world.receipt = world.registered(world.class_id, *people)
        called(world, world.class_id, 28, 21)
        world.days_before(world.class_id, 14, hour=14)
        world.ticks()
        world.asked = world.request_of(world.receipt.registration_id)
        world.does(world.second, claim, world.receipt.registration_id)
        return world

    def takes_back(self, town):
        town.does(town.second, unclaim, town.receipt.registration_id)
        return town.request_of(town.receipt.registration_id)

    def test_the_question_is_open_again_with_the_same_deadline(self, town):
        assert town.request_of(town.receipt.registration_id).answer == "yes"
        assert self.takes_back(town) == town.asked
        assert town.broken() == []

    def test_settlement_waits_for_the_personal_deadline(self, town):
        self.takes_back(town)
        town.does(town.first, cancel, town.ahead.registration_id)
        town.days_before(town.class_id, 11)
        assert town.ticks()["milestones"] == 0
        town.days_before(town.class_id, 11, hour=14)
        assert town.ticks()["milestones"] == 1

    def test_a_yes_by_phone_claims_again(self, town):
        self.takes_back(town)
        with town.office.open(town.officer()) as work:
            record_call(work, town.receipt.registration_id, outcome="yes")
        called(town, town.class_id, 10)
        assert stands(town, town.receipt)[0] is Status.SELF_FUNDED
        assert town.broken() == []

    def test_after_the_deadline_nobody_asks_again(self, town):
        town.clock.go_to(town.asked.deadline)
        assert self.takes_back(town).answer == "yes"


def test_a_question_never_delivered_has_reached_whoever_took_the_claim_back(world):
    class_id = world.a_class(seats=1, starts_on=MAY)
    people = [foreigner(world) for _ in range(2)]
    _, receipt = world.registered(class_id, *people)
    called(world, class_id, 28, 21)
    world.days_before(class_id, 14)
    sweep(world.office)
    for verb in (claim, unclaim):
        world.does(people[1], verb, receipt.registration_id)
    assert world.request_of(receipt.registration_id).reached_by == "portal"


def test_a_choice_that_comes_back_after_the_self_funded_call_is_offered_and_claimed(world):
    may, june = (world.a_class(seats=1, starts_on=day) for day in (MAY, JUNE))
    holders = world.people(2)
    held = [world.registers(who, at) for who, at in zip(holders, (may, june), strict=True)]
    person = world.a_person()
    won, lost = world.chooses(person, june, may)
    world.does(holders[1], cancel, held[1].registration_id)
    assert (world.status(won), world.status(lost)) == (Status.ADMITTED, Status.CANCELLED)
    called(world, may, 28, 21, 14)
    with world.office.open(world.officer()) as work:
        cancel_class(work, june)
    assert stands(world, lost) == (Status.OFFERED, Seat.NONE)
    assert world.request_of(lost.registration_id).kind == "claim"
    assert world.does(person, claim, lost.registration_id)  # the May holder lapsed: a seat is free
    assert stands(world, lost) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
    assert world.row(lost.registration_id).number == lost.number
    assert world.broken() == []


def test_a_choice_closed_during_its_review_comes_back_as_qualified_as_the_verdict_says(world):
    """The review of the better choice counts for all: what it closed may be seated later."""
    may, june = (world.a_class(seats=1, starts_on=day, rules=PAPER_RULES) for day in (MAY, JUNE))
    won, lost = world.chooses(world.a_person(), june, may, declared=["letter"])
    assert stands(world, lost) == (Status.IN_REVIEW, Seat.NONE)
    world.decides(won.registration_id, approve, sighted_on=date(2027, 1, 4))
    assert (world.status(won), world.status(lost)) == (Status.ADMITTED, Status.CANCELLED)
    with world.office.open(world.officer()) as work:
        cancel_class(work, june)
    assert stands(world, lost) == (Status.ADMITTED, Seat.FUNDED)
    assert world.broken() == []


class TestCalledTogether:
    """Two classes of one course on the same days: their calls and settlements run in one go."""

    @pytest.fixture
    def town(self, world):
        world.one, world.two = (world.a_class(seats=1, starts_on=MAY) for _ in range(2))
        for ahead in (world.one, world.two):  # who does not answer: no claim behind is certain
            world.registers(foreigner(world), ahead)
        world.both, world.other = foreigner(world), foreigner(world)
        world.choices = world.chooses(world.both, world.one, world.two)
        world.behind = world.registers(world.other, world.two)
        called(world, world.one, 28, 21, 14)
        return world

    def test_both_are_offered_in_one_run(self, town):
        assert [stands(town, r)[0] for r in (*town.choices, town.behind)] == [Status.OFFERED] * 3
        assert town.broken() == []

    def test_two_claims_of_one_person_give_the_better_choice_and_the_other_seat_goes_on(self, town):
        better, lower = town.choices
        for person, receipt in (
            (town.both, lower),
            (town.other, town.behind),
            (town.both, better),
        ):
            assert not town.does(person, claim, receipt.registration_id)
        called(town, town.one, 11)
        assert stands(town, better) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
        assert stands(town, lower) == (Status.CANCELLED, Seat.NONE)
        assert stands(town, town.behind) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
        assert town.broken() == []

    def test_a_claim_in_the_lower_choice_alone_is_served_there(self, town):
        better, lower = town.choices
        town.does(town.both, claim, lower.registration_id)
        town.does(town.other, claim, town.behind.registration_id)
        called(town, town.one, 11)
        assert stands(town, lower) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
        assert stands(town, better)[0] is Status.CANCELLED
        assert stands(town, town.behind) == (Status.OFFERED, Seat.NONE)
        assert town.broken() == []


def test_a_claim_past_which_a_seat_went_is_looked_at_again_when_the_other_course_has_ended(world):
    """Whoever says yes meanwhile frees nothing, so the claim still waits for its own look."""
    class_id, later = world.a_class(), world.a_class(starts_on=date(2027, 4, 26))
    other = world.a_class(course_code="ECD", kind="self_funded", starts_on=date(2027, 4, 5),
                          days=8, seats=2, rules=PAPER_RULES)  # fmt: skip
    pays, says_yes = foreigner(world), world.a_person()
    claims, seated = world.registers(pays, class_id), world.registers(says_yes, later)
    reviewed = world.registers(pays, other, declared=["letter"])
    called(world, class_id, 28, 21, 14)
    world.does(pays, claim, claims.registration_id)
    assert world.row(claims.registration_id).skip_reason == "overlap"
    called(world, class_id, 11)  # by now the other class is over: too few people came
    assert world.row(reviewed.registration_id).seat != "reserved"
    world.does(says_yes, confirm, seated.registration_id)
    assert stands(world, claims) == (Status.OFFERED, Seat.NONE)
    assert world.broken() == []
    world.ticks()
    assert stands(world, claims) == (Status.SELF_FUNDED, Seat.SELF_FUNDED)
    assert world.broken() == []
