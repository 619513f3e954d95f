"""Why not, in rare states: nothing is promised that would not happen."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from truth import untrue
from world import PAPER_RULES, called

from pages.components.journey import told
from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim
from services.confirm import confirm
from services.move_class import NewDays, move_class
from services.notices.letters import letter
from services.notices.records import notice
from services.registration.lookup import progress
from services.screen_again import screen_again
from services.standing_yes import stand_by
from services.words import words_for

EN = words_for("en")
APRIL, JUNE = date(2027, 4, 12), date(2027, 6, 14)


def page(world, receipt, actor=None):
    owner = world.seafarer(world.row(receipt.registration_id).person_id)
    with world.office.look(actor or owner) as look:
        return progress(look, receipt.registration_id)


def explained(world, receipt, actor=None):
    why = page(world, receipt, actor).why
    return [told(EN, s) for s in why.stands], [told(EN, s) for s in why.would]


def holds(world, *receipts):
    """Nothing these people read is belied by what happens."""
    return not [f for r in receipts for f in untrue(world, r.registration_id, Counter())]


def test_when_seats_are_sold_the_people_of_both_tracks_are_counted(world):
    class_id = world.a_class(seats=1)
    people = [world.a_person(), world.a_person(nationality="foreigner"), world.a_person()]
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28)
    world.does(people[0], confirm, receipts[0].registration_id)
    assert explained(world, receipts[2])[0][0].startswith("Rank 3. Waiting on this track: 1; be")
    called(world, class_id, 21, 14)
    assert explained(world, receipts[2])[0][0] == (
        "Rank 3. Waiting on both tracks: 2; before you: 1."
    )
    assert page(world, receipts[2]).card.place == 2
    assert holds(world, *receipts)


class TestSeatInALowerChoice:
    @pytest.fixture
    def town(self, world):
        world.a_plan(max_choices=3)
        may = world.a_class(starts_on=date(2027, 5, 3), at="NKUST")
        september = world.a_class(starts_on=date(2027, 9, 6))
        world.registers(world.a_person(), may)
        world.person = world.a_person()
        world.wish, world.has = (world.registers(world.person, each) for each in (may, september))
        world.may = may
        return world

    def test_before_the_call_the_next_seat_moves_the_person(self, town):
        assert explained(town, town.wish)[1][0].startswith("The next seat that comes free is yours")
        assert holds(town, town.wish, town.has)

    def test_after_the_call_none_is_promised_without_a_yes_beforehand(self, town):
        called(town, town.may, 28)
        _, would = explained(town, town.wish)
        assert not any("The next seat" in line for line in would)
        assert would[-1].startswith("Say yes beforehand to be moved here from 116-BST-02")
        town.does(town.person, stand_by, town.wish.registration_id)
        assert explained(town, town.wish)[1][0].startswith("The next seat that comes free is yours")
        assert holds(town, town.wish, town.has)

    def test_nor_to_an_officer_who_does_not_see_the_other_choice(self, town):
        called(town, town.may, 28)
        stands, would = explained(town, town.wish, town.officer("NKUST"))
        assert "Seats here go past you while you hold one in another class of the course." in would
        assert not any("116-BST-02" in line or "The next" in line for line in [*stands, *would])


def test_an_open_doubt_is_named_instead_of_a_seat_that_nobody_can_take(world):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    called(world, class_id, 28)
    world.does(person, confirm, receipt.registration_id)
    assert explained(world, receipt)[1][0] == "Nobody can take this seat from you."
    world.records[person]["medical"] = None
    world.days_before(class_id, 6)
    screen_again(world.office, world.fetched)
    assert explained(world, receipt)[1] == [
        "Your papers are being looked at again: the seat is lost if you are found not qualified.",
        "Until Wed 7 Apr, 09:00 the class itself may still be moved, merged or cancelled, for "
        "instance if too few people say yes.",
    ]
    assert holds(world, receipt)


def test_whose_choices_are_full_is_not_told_to_register_again(world):
    world.a_plan(max_choices=2)
    first, second, third = (world.a_class(starts_on=date(2027, n, 7)) for n in (5, 6, 7))
    for class_id in (first, second, third):
        world.registers(world.a_person(), class_id)
    person = world.a_person()
    left, kept = world.chooses(person, first, second)
    world.does(person, cancel, left.registration_id)
    assert explained(world, left)[1] == [
        "Register again: you get a new number at the end of the queue."
    ]
    added = world.registers(person, third)
    assert explained(world, left)[1] == [
        "You can register here again once fewer of your choices of this course are open."
    ]
    assert page(world, left).next.then.sentence == "Your other choices of the course go on"
    assert holds(world, left, kept, added)
    world.does(person, cancel, added.registration_id)
    anew = world.registers(person, first)
    assert explained(world, left)[1] == ["You are registered here again, with number 003."]
    assert holds(world, left, anew)


def test_of_two_seats_on_the_same_days_neither_is_promised_for_a_yes(world):
    person = world.a_person()
    april = world.a_class(starts_on=APRIL)
    june = world.a_class(course_code="AFF", starts_on=JUNE)
    mine, other = world.registers(person, april), world.registers(person, june)
    to = NewDays(JUNE, JUNE + timedelta(days=4))
    with world.office.open(world.officer()) as work:
        version = select(training_class.c.version).where(training_class.c.id == april)
        move_class(work, april, to, version=work.scalar(version))
    called(world, april, 28)
    found = page(world, mine)
    assert found.next.head.sentence == "Please choose: you hold two seats on the same days"
    assert "confirm" not in found.can
    assert explained(world, mine)[1] == [
        "You hold a seat in 116-AFF-03 on the same days: a yes counts once you give one up."
    ]
    assert holds(world, mine, other)
    world.does(person, cancel, other.registration_id)
    assert explained(world, mine)[1] == ["It stays yours if you say yes by Mon 24 May, 09:00."]
    assert "confirm" in page(world, mine).can
    assert holds(world, mine, other)


def test_a_claim_that_another_seat_stood_in_the_way_of_is_not_called_none(world):
    class_id = world.a_class(seats=2)
    busy, other = world.a_person(nationality="foreigner"), world.a_person()
    receipt, held = world.registered(class_id, busy, other)
    elsewhere = world.a_class(course_code="AFF", kind="self_funded", starts_on=date(2027, 4, 14))
    way = world.registers(busy, elsewhere)
    called(world, class_id, 28)
    world.does(other, confirm, held.registration_id)
    called(world, class_id, 21)
    world.does(busy, confirm, way.registration_id)
    called(world, class_id, 14)
    world.does(busy, claim, receipt.registration_id)
    called(world, class_id, 11, 7, 5)
    assert world.row(receipt.registration_id).reason == "seats_unclaimed"
    why = (
        "Seats were left when the list was frozen, but another seat of yours stood in the way of "
        "your claim."
    )
    assert explained(world, receipt)[0][-1] == why
    unplaced = notice.c.registration_id == receipt.registration_id, notice.c.kind == "unplaced"
    with world.office.look() as look:
        assert why in letter(look, look.scalar(select(notice.c.id).where(*unplaced)), EN).body
    assert holds(world, receipt)


def test_a_choice_that_a_seat_ended_waits_again_only_while_that_seat_is_held(world):
    world.a_plan(max_choices=3)
    may, june = (world.a_class(starts_on=date(2027, n, 7)) for n in (5, 6))
    holder, person = world.people(2)
    held = world.registers(holder, may)
    world.registers(world.a_person(), june)
    won, lost = world.chooses(person, may, june)
    world.does(holder, cancel, held.registration_id)
    assert explained(world, lost)[0][-1].endswith("if that class falls away, it is opened again.")
    world.does(person, cancel, won.registration_id)
    assert explained(world, lost)[0][-1] == "Your seat in 116-BST-01 ended it."
    assert page(world, lost).next.then.sentence == "You can register again, at the end of the queue"
    assert holds(world, won, lost)


def test_a_seat_kept_in_a_lower_choice_is_not_left_after_the_call(world):
    world.a_plan(max_choices=3)
    may = world.a_class(starts_on=date(2027, 5, 3), rules=PAPER_RULES)
    september = world.a_class(starts_on=date(2027, 9, 6), rules=PAPER_RULES)
    world.registers(world.a_person(), may, declared=["letter"])
    person = world.a_person()
    wish, kept = (world.registers(person, c, declared=["letter"]) for c in (may, september))
    assert explained(world, wish)[1][1].startswith("The next seat that comes free is yours")
    called(world, may, 28)
    _, would = explained(world, wish)
    assert would[-1] == (
        "If you give up the seat in 116-BST-02, this class is looked at for you again."
    )
    assert not any("The next seat" in line for line in would)
    assert holds(world, wish, kept)
