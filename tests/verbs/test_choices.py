"""Choices of one course: at most one seat, moving up, leaving, told of everything (rules.md 5)."""

from datetime import date

import pytest
from sqlalchemy import select
from world import PAPER_RULES, called

from services.appeal import appeal
from services.cancel import cancel
from services.confirm import confirm
from services.notices.records import notice
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Seat, Status
from services.registration.records import review_case
from services.registration.refusals import (
    AlreadyConfirmed,
    DifferentCourses,
    SeatHeld,
    TooManyChoices,
)
from services.reorder import OrderStands, reorder
from services.review import approve, reject
from services.standing_yes import NoStandingYes, stand_by, stand_down

SEPTEMBER, MAY, JUNE = date(2027, 9, 6), date(2027, 5, 3), date(2027, 6, 7)


@pytest.fixture
def world(world):
    world.a_plan(max_choices=3)
    return world


def full(world, class_id):
    """Let somebody take the one seat of a class; give what that person needs to leave again."""
    person = world.a_person()
    return person, world.registers(person, class_id).registration_id


def leaves(world, held):
    return world.does(held[0], cancel, held[1])


def told(world, receipt, kind):
    with world.office.look() as look:
        rows = look.all(
            select(notice).where(
                notice.c.registration_id == receipt.registration_id, notice.c.kind == kind
            )
        )
    return [row.facts for row in rows]


def reordered(world, person, *receipts):
    with world.office.open(world.seafarer(person)) as work:
        return reorder(work, [receipt.registration_id for receipt in receipts])


def test_choices_take_numbers_in_the_order_of_preference(world):
    first, second = world.a_class(starts_on=MAY), world.a_class(starts_on=JUNE)
    for class_id in (first, second):
        full(world, class_id)
    receipts = world.chooses(world.a_person(), first, second)
    assert [(r.preference, r.number, r.status) for r in receipts] == [
        (1, 2, Status.WAITLISTED), (2, 2, Status.WAITLISTED),
    ]  # fmt: skip
    assert world.broken() == []


def test_a_seat_in_a_choice_leaves_the_lower_ones_unentered_and_says_so(world):
    first, second, third = (world.a_class(starts_on=day) for day in (MAY, JUNE, SEPTEMBER))
    full(world, first)
    person = world.a_person()
    waits, seated = world.chooses(person, first, second, third)
    assert (waits.status, seated.status) == (Status.WAITLISTED, Status.ADMITTED)
    assert (waits.left_out, seated.left_out) == ((), (third,))
    assert [r.already for r in world.chooses(person, first, second, third)] == [True, True]
    assert world.broken() == []


def test_a_refused_choice_refuses_all_and_names_the_class(world, office):
    first, second = world.a_class(starts_on=MAY), world.a_class(starts_on=JUNE)
    elsewhere = world.a_class(course_code="AFF")
    full(world, first)
    person = world.a_person()
    with pytest.raises(DifferentCourses):
        world.chooses(person, first, elsewhere)
    with office.open() as work:
        work.connection.exec_driver_sql(
            f"UPDATE training_class SET state = 'cancelled' WHERE id = {second}"
        )
    with pytest.raises(Exception) as refusal:
        world.chooses(person, first, second)
    assert refusal.value.field == str(second)
    assert world.registers(person, first).number == 2


def test_moving_up_frees_the_lower_seat_for_the_next_in_the_same_moment(world):
    better, worse = world.a_class(starts_on=MAY), world.a_class(starts_on=JUNE)
    held = full(world, better)
    person, next_one = world.people(2)
    up, down = world.chooses(person, better, worse)
    assert down.status is Status.ADMITTED
    behind = world.registers(next_one, worse)
    assert leaves(world, held) == [up.registration_id, behind.registration_id]
    assert world.statuses([up, down, behind]) == ["admitted", "cancelled", "admitted"]
    assert world.row(down.registration_id).reason == "superseded"
    assert (len(told(world, up, "moved_up")), len(told(world, down, "superseded"))) == (1, 1)
    assert world.broken() == []


def test_two_who_hold_each_others_wish_change_places_through_one_free_seat(world):
    one, two, three = (world.a_class(starts_on=day) for day in (MAY, JUNE, SEPTEMBER))
    held = full(world, three)
    anna, berta = world.people(2)
    filler_two = full(world, two)
    a_wish, a_has = world.chooses(anna, two, one)
    leaves(world, filler_two)
    assert world.statuses([a_wish, a_has]) == ["admitted", "cancelled"]
    b_wish, b_waits, b_has = world.chooses(berta, three, two, one)
    assert world.statuses([b_wish, b_waits, b_has]) == ["waitlisted", "waitlisted", "admitted"]
    leaves(world, held)
    assert world.statuses([b_wish, b_waits, b_has]) == ["admitted", "cancelled", "cancelled"]
    assert world.broken() == []


def test_a_confirmed_person_left_the_other_queues_and_adds_no_choice(world):
    better, worse = world.a_class(starts_on=SEPTEMBER), world.a_class(starts_on=MAY)
    full(world, better)
    person = world.a_person()
    up, down = world.chooses(person, better, worse)
    called(world, worse, 28)
    world.does(person, confirm, down.registration_id)
    assert world.row(up.registration_id).reason == "confirmed_elsewhere"
    with pytest.raises(AlreadyConfirmed):
        world.registers(person, world.a_class(starts_on=JUNE))
    assert world.broken() == []


def test_with_a_seat_no_lower_choice_is_added_and_the_order_stands(world):
    better, worse = world.a_class(starts_on=MAY), world.a_class(starts_on=JUNE)
    full(world, better)
    person = world.a_person()
    up, down = world.chooses(person, better, worse)
    with pytest.raises(SeatHeld):
        world.registers(person, world.a_class(starts_on=SEPTEMBER))
    with pytest.raises(OrderStands):
        reordered(world, person, down, up)


def test_the_plan_says_how_many_choices(world):
    classes = [world.a_class(starts_on=date(2027, month, 7)) for month in (5, 6, 7, 9)]
    for class_id in classes:
        full(world, class_id)
    person = world.a_person()
    world.chooses(person, *classes[:3])
    with pytest.raises(TooManyChoices):
        world.registers(person, classes[3])


def test_the_order_may_change_while_no_seat_is_held(world):
    first, second = world.a_class(starts_on=MAY), world.a_class(starts_on=JUNE)
    held = full(world, first)
    full(world, second)
    person = world.a_person()
    one, two = world.chooses(person, first, second)
    with pytest.raises(IllegalTransition):
        reordered(world, person, two)
    reordered(world, person, two, one)
    assert [world.row(r.registration_id).preference for r in (one, two)] == [2, 1]
    leaves(world, held)
    assert world.statuses([one, two]) == ["admitted", "waitlisted"]
    assert world.broken() == []


class TestUnderReview:
    @pytest.fixture
    def town(self, world):
        """Two classes that need a paper; one person with a seat reserved in the first."""
        world.first = world.a_class(starts_on=MAY, rules=PAPER_RULES)
        world.second = world.a_class(starts_on=JUNE, rules=PAPER_RULES, at="NKUST")
        world.person = world.a_person()
        world.one, world.two = world.chooses(
            world.person, world.first, world.second, declared=["letter"]
        )
        return world

    def test_a_reservation_suspends_the_lower_choice(self, town):
        assert (town.one.seat, town.two.seat) == (Seat.RESERVED, Seat.NONE)
        assert town.row(town.two.registration_id).skip_reason == "better_reserved"
        assert town.broken() == []

    def test_one_case_of_the_best_choice_decides_all(self, town, office):
        with office.look() as look:
            [case] = look.all(select(review_case))
        assert (case.institution, case.registration_id) == ("NTOU", town.one.registration_id)
        town.decides(town.one.registration_id, approve)
        assert town.statuses([town.one, town.two]) == ["admitted", "cancelled"]
        assert town.broken() == []

    def test_a_refusal_lets_all_choices_fall(self, town):
        town.decides(town.one.registration_id, reject, reason="paper_not_valid")
        assert town.statuses([town.one, town.two]) == ["ineligible", "ineligible"]
        assert town.broken() == []

    def test_when_the_best_choice_is_given_up_the_next_institution_decides(self, town, office):
        town.does(town.person, cancel, town.one.registration_id)
        assert town.row(town.two.registration_id).seat == "reserved"
        with office.look() as look:
            [case] = look.all(select(review_case))
        assert (case.institution, case.state) == ("NKUST", "open")
        assert town.broken() == []

    def test_a_new_order_moves_the_reservation(self, town):
        reordered(town, town.person, town.two, town.one)
        seats = [town.row(r.registration_id).seat for r in (town.one, town.two)]
        assert seats == ["none", "reserved"]
        assert town.row(town.one.registration_id).skip_reason == "better_reserved"
        assert town.broken() == []


class TestAfterTheCall:
    """A May class after its call, a September seat held: only a standing yes is moved."""

    @pytest.fixture
    def town(self, world):
        world.may, world.september = (
            world.a_class(starts_on=MAY),
            world.a_class(starts_on=SEPTEMBER),
        )
        world.held = full(world, world.may)
        world.person, world.behind = world.people(2)
        world.wish, world.has = world.chooses(world.person, world.may, world.september)
        called(world, world.may, 28)
        world.next = world.registers(world.behind, world.may)
        return world

    def test_who_said_nothing_keeps_both_places(self, town):
        leaves(town, town.held)
        assert town.statuses([town.wish, town.has, town.next]) == [
            "waitlisted", "admitted", "admitted",
        ]  # fmt: skip
        assert town.row(town.wish.registration_id).skip_reason == "late_call"
        [why] = told(town, town.wish, "skipped")
        assert why["skip"] == "late_call"
        assert town.broken() == []

    def test_who_said_yes_is_moved_and_confirmed_at_once(self, town):
        assert not town.does(town.person, stand_by, town.wish.registration_id)
        leaves(town, town.held)
        assert town.statuses([town.wish, town.has, town.next]) == [
            "confirmed", "cancelled", "waitlisted",
        ]  # fmt: skip
        assert town.broken() == []

    def test_a_yes_taken_back_is_none(self, town):
        town.does(town.person, stand_by, town.wish.registration_id)
        town.does(town.person, stand_down, town.wish.registration_id)
        leaves(town, town.held)
        assert town.status(town.wish) is Status.WAITLISTED

    def test_a_yes_is_early_before_the_call_and_late_after_the_self_funded_call(self, town):
        other = town.a_class(starts_on=JUNE)
        full(town, other)
        waits = town.registers(town.a_person(), other)
        person = town.row(waits.registration_id).person_id
        with pytest.raises(NoStandingYes):
            town.does(person, stand_by, waits.registration_id)
        called(town, town.may, 21, 14)
        with pytest.raises(NoStandingYes):
            town.does(town.person, stand_by, town.wish.registration_id)


def test_the_next_hundred_stand_by_and_those_seated_count_in(world, office):
    with office.open() as work:
        work.connection.exec_driver_sql("UPDATE annual_plan SET batch_size = 3")
    class_id = world.a_class(seats=1, starts_on=MAY)
    receipts = world.registered(class_id, *world.people(6))
    called(world, class_id, 28, 21)
    assert world.statuses(receipts)[:3] == ["lapsed", "admitted", "waitlisted"]
    assert [len(told(world, r, "standby")) for r in receipts] == [0, 0, 1, 1, 0, 0]
    world.ticks()
    late = world.registers(world.a_person(), class_id)
    assert len(told(world, late, "standby")) == 0
    assert world.broken() == []


def standby_notices(world, *wishes):
    """Count who is told of standby in May: who is under review in September, the next in line."""
    classes = {"may": world.a_class(starts_on=MAY), "september": world.a_class(starts_on=SEPTEMBER)}
    holder, held = full(world, classes["may"])
    person = world.a_person(medical={"issued_on": "2025-06-30", "expires_on": "2027-06-30"})
    receipts = dict(zip(wishes, world.chooses(person, *map(classes.get, wishes)), strict=True))
    world.does(
        person, appeal, receipts["september"].registration_id, statement="體檢證明已於上月換發。"
    )
    reordered(world, person, *receipts.values())
    assert world.row(receipts["september"].registration_id).seat == "reserved"
    behind = world.registers(world.a_person(), classes["may"])
    called(world, classes["may"], 28)
    world.does(holder, confirm, held)
    called(world, classes["may"], 21)
    assert world.broken() == []
    return [len(told(world, each, "standby")) for each in (receipts["may"], behind)]


def test_who_waits_behind_the_seat_reserved_in_a_better_choice_is_not_told_of_standby(world):
    assert standby_notices(world, "september", "may") == [0, 1]


def test_a_seat_reserved_in_a_worse_choice_keeps_nobody_from_standby(world):
    assert standby_notices(world, "may", "september") == [1, 1]


def test_who_joins_after_the_call_is_told_of_standby_once_while_there_is_room(world):
    class_id = world.a_class(seats=1, starts_on=MAY)
    world.registered(class_id, *world.people(2))
    called(world, class_id, 28, 21)
    late = world.registers(world.a_person(), class_id)
    world.ticks()
    assert len(told(world, late, "standby")) == 1
    assert world.broken() == []
