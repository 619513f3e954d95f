"""A published class moves: a schedule of its own, everybody told, the confirmed asked again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import called

from services.cancel import cancel
from services.catalogue.records import commission, milestone, plan_window, training_class
from services.claim import claim
from services.class_changes import NotPublished
from services.classes import ClassFixed
from services.confirm import TwoSeats, confirm
from services.kernel.clock import taipei, taipei_day
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.move_class import NewDays, move_class
from services.notices.records import notice
from services.publish import StaleVersion
from services.registration.lifecycle import Status
from services.registration.records import class_change, look_again, overlap_flag, request

WAS, TO = date(2027, 4, 12), date(2027, 6, 14)


def moves(world, class_id, starts_on=TO, days=5, actor=None, version=None, **more):
    to = NewDays(starts_on, starts_on + timedelta(days=days - 1))
    with world.office.open(actor or world.officer()) as work:
        own = select(training_class.c.version).where(training_class.c.id == class_id)
        version = work.scalar(own) if version is None else version
        return move_class(work, class_id, to, version=version, **more)


def today(world):
    return taipei_day(world.clock.now())


def class_row(world, class_id):
    with world.office.look() as look:
        return look.one_or_none(select(training_class).where(training_class.c.id == class_id))


def rows(world, table, *where):
    with world.office.look() as look:
        return look.all(select(table).where(*where))


def changes_told(world, receipt):
    mine = notice.c.registration_id == receipt.registration_id, notice.c.kind == "class_changed"
    return rows(world, notice, *mine)


@pytest.fixture
def settled(world):
    """A class of three after T-11: confirmed, a settled claim, an unclaimed offer, two lapsed."""
    class_id = world.a_class(seats=3, starts_on=WAS)
    people = world.people(6)
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28)
    world.does(people[0], confirm, receipts[0].registration_id)
    called(world, class_id, 21, 14)
    world.does(people[5], claim, receipts[5].registration_id)
    called(world, class_id, 11)
    assert world.statuses(receipts) == [
        "confirmed", "lapsed", "lapsed", "lapsed", "lapsed", "self_funded",
    ]  # fmt: skip
    world.town, world.people_, world.receipts = class_id, people, receipts
    return world


def test_the_class_has_new_days_and_a_schedule_of_its_own(world):
    class_id = world.a_class(starts_on=WAS)
    moves(world, class_id, note="場地整修")
    row = class_row(world, class_id)
    assert (row.starts_on, row.ends_on, row.schedule, row.version) == (TO, date(2027, 6, 18), 2, 2)
    new = rows(world, milestone, milestone.c.class_id == class_id, milestone.c.schedule == 2)
    due = {m.kind: m.due_at for m in new}
    assert due["confirmation_call"] == taipei(TO - timedelta(days=28), 9)
    assert due["freeze"] == taipei(TO - timedelta(days=5), 9)
    (kept,) = rows(world, class_change)
    assert (kept.kind, kept.was_starts_on, kept.note) == ("moved", WAS, "場地整修")
    assert world.broken() == []


def test_seats_stay_with_their_kind_and_everybody_is_told(settled):
    world = settled
    assert moves(world, world.town) == 2
    yes, paid = world.receipts[0], world.receipts[5]
    rows_ = [world.row(receipt.registration_id) for receipt in (yes, paid)]
    kept = [(row.status, row.seat) for row in rows_]
    assert kept == [("admitted", "funded"), ("admitted", "self_funded")]
    assert [len(changes_told(world, r)) for r in world.receipts] == [1, 0, 0, 0, 0, 1]
    assert world.row(yes.registration_id).confirmed_at is None
    assert world.broken() == []


def test_on_the_new_schedule_the_confirmed_are_asked_again(settled):
    world = settled
    moves(world, world.town)
    yes, paid = world.receipts[0], world.receipts[5]
    called(world, world.town, 28)
    assert world.request_of(yes.registration_id).closed_at is None
    world.does(world.people_[0], confirm, yes.registration_id)
    world.does(world.people_[5], confirm, paid.registration_id)
    called(world, world.town, 21, 14, 11, 7, 5)
    assert [world.status(r) for r in (yes, paid)] == [Status.CONFIRMED] * 2
    assert class_row(world, world.town).state == "opened"
    assert world.broken() == []


def test_who_does_not_answer_again_loses_the_seat(settled):
    world = settled
    moves(world, world.town)
    called(world, world.town, 28, 21)
    assert world.status(world.receipts[0]) is Status.LAPSED
    assert world.broken() == []


def test_an_offer_becomes_waiting_and_a_free_funded_seat_is_given_at_once(world):
    class_id = world.a_class(seats=1, starts_on=WAS)
    receipts = world.registered(class_id, *world.people(2))
    called(world, class_id, 28, 21, 14)
    assert world.statuses(receipts) == ["lapsed", "lapsed"]
    late = world.registers(world.a_person(), class_id)
    assert late.status is Status.OFFERED
    moves(world, class_id)
    row = world.row(late.registration_id)
    assert (row.status, row.seat) == ("admitted", "funded")
    assert world.request_of(late.registration_id).answer == "void"
    assert world.broken() == []


def test_open_questions_are_void_and_a_claim_does_not_stand(world):
    class_id = world.a_class(seats=1, starts_on=WAS)
    first, foreigner = world.a_person(), world.a_person(nationality="foreigner")
    held, claims = world.registered(class_id, first, foreigner)
    called(world, class_id, 28)
    moves(world, class_id)
    assert world.request_of(held.registration_id).answer == "void"
    called(world, class_id, 28)
    world.does(first, confirm, held.registration_id)
    called(world, class_id, 21, 14)
    world.does(foreigner, claim, claims.registration_id)
    moves(world, class_id, date(2027, 8, 2))
    row = world.row(claims.registration_id)
    assert (row.status, row.claimed_at) == ("waitlisted", None)
    assert len(rows(world, request, request.c.closed_at.is_(None))) == 0
    assert world.broken() == []


def test_a_second_move_tells_a_second_time(world):
    class_id = world.a_class(starts_on=WAS)
    (receipt,) = world.registered(class_id, world.a_person())
    moves(world, class_id)
    moves(world, class_id, date(2027, 7, 5))
    assert class_row(world, class_id).schedule == 3
    assert len(changes_told(world, receipt)) == 2
    assert world.broken() == []


# inside four weeks


def test_a_class_moved_inside_four_weeks_asks_at_once_and_waits_for_the_answers(world, clock):
    class_id = world.a_class(seats=1, starts_on=TO)
    people = world.people(2)
    receipts = world.registered(class_id, *people)
    moves(world, class_id, today(world) + timedelta(days=18))
    world.ticks()
    asked = world.request_of(receipts[0].registration_id)
    assert asked.closed_at is None
    assert asked.deadline - asked.reached_at >= timedelta(hours=72)
    stages = rows(world, milestone, milestone.c.schedule == 2, milestone.c.reached_at.is_not(None))
    assert [m.kind for m in stages] == ["confirmation_call"]
    clock.go_to(asked.deadline)
    world.ticks()
    assert world.statuses(receipts) == ["lapsed", "admitted"]  # still a funded seat
    assert world.row(receipts[1].registration_id).seat == "funded"
    assert world.broken() == []


def test_what_no_longer_fits_before_the_freeze_is_skipped_and_shown(world, clock):
    class_id = world.a_class(seats=2, starts_on=TO, min_size=1)
    people = world.people(2)
    receipts = world.registered(class_id, *people)
    moves(world, class_id, today(world) + timedelta(days=9))
    world.ticks()
    world.does(people[0], confirm, receipts[0].registration_id)
    for _ in range(10):
        clock.pass_by(timedelta(hours=12))
        world.ticks()
    reached = rows(world, milestone, milestone.c.schedule == 2)
    assert {m.outcome for m in reached} == {"done", "skipped"}
    assert all(m.reached_at >= m.due_at for m in reached)
    assert class_row(world, class_id).state == "opened"
    assert world.statuses(receipts) == ["confirmed", "lapsed"]
    assert world.broken() == []


# overlaps


@pytest.fixture
def two_courses(world):
    """One person with a seat in two courses, in April and in June."""
    person = world.a_person()
    world.april = world.a_class(starts_on=WAS)
    world.june = world.a_class(course_code="AFF", starts_on=TO)
    world.mine = world.registered(world.april, person)[0]
    world.other = world.registered(world.june, person)[0]
    world.who = person
    return world


def test_an_overlap_that_the_move_makes_is_flagged_and_told(two_courses):
    world = two_courses
    moves(world, world.april, TO + timedelta(days=2))
    (flag,) = rows(world, overlap_flag)
    assert (flag.registration_id, flag.other_id) == (
        world.mine.registration_id, world.other.registration_id,
    )  # fmt: skip
    (told,) = changes_told(world, world.mine)
    assert told.facts["code"] == class_row(world, world.june).code
    assert world.broken() == []


def test_giving_one_seat_up_ends_the_flag(two_courses):
    world = two_courses
    moves(world, world.april, TO)
    world.does(world.who, cancel, world.other.registration_id)
    assert rows(world, overlap_flag) == []
    assert world.status(world.mine) is Status.ADMITTED
    assert world.broken() == []


def test_neither_of_two_overlapping_seats_is_confirmed_before_the_person_has_chosen(two_courses):
    world = two_courses
    moves(world, world.april, TO)
    called(world, world.april, 28)
    for receipt, other in ((world.mine, world.june), (world.other, world.april)):
        with pytest.raises(TwoSeats) as told:
            world.does(world.who, confirm, receipt.registration_id)
        assert told.value.facts["code"] == class_row(world, other).code
        assert world.status(receipt) is Status.ADMITTED
    world.does(world.who, cancel, world.mine.registration_id)
    world.does(world.who, confirm, world.other.registration_id)
    assert world.status(world.other) is Status.CONFIRMED
    assert world.broken() == []


def test_moving_on_out_of_the_overlap_ends_the_flag(two_courses):
    world = two_courses
    moves(world, world.april, TO)
    moves(world, world.april, date(2027, 8, 2))
    assert rows(world, overlap_flag) == []
    assert world.broken() == []


def test_the_other_class_moving_into_the_same_days_keeps_one_flag(two_courses):
    world = two_courses
    moves(world, world.april, TO)
    moves(world, world.june, TO + timedelta(days=1))
    (flag,) = rows(world, overlap_flag)
    assert flag.registration_id == world.other.registration_id
    assert world.broken() == []


def test_an_overlap_that_nobody_flagged_is_still_found(two_courses):
    world = two_courses
    moves(world, world.april, TO)
    with world.office.open() as work:
        work.run(overlap_flag.delete())
    assert [line[:2] for line in world.broken()] == ["5:"]


def test_a_flag_excuses_only_its_own_pair(two_courses):
    world = two_courses
    third = world.a_class(course_code="PSCRB", starts_on=date(2027, 9, 6))
    extra = world.registered(third, world.who)[0]
    moves(world, world.april, TO)
    with world.office.open() as work:  # planted past the verb: a seat on the same days
        work.run(
            training_class.update()
            .where(training_class.c.id == third)
            .values(starts_on=TO, ends_on=TO)
        )
    assert world.status(extra) is Status.ADMITTED
    (found,) = world.broken()
    assert found.startswith("5:")
    assert class_row(world, third).code in found


def test_moving_out_of_the_way_lets_the_other_queue_look_again(world):
    person, holder = world.people(2)
    here = world.a_class(starts_on=WAS)
    there = world.a_class(course_code="AFF", starts_on=WAS, seats=1)
    world.registered(here, person)
    held = world.registered(there, holder)[0]
    waits = world.registered(there, person)[0]
    world.does(holder, cancel, held.registration_id)
    assert world.row(waits.registration_id).skip_reason == "overlap"
    moves(world, here)
    assert len(rows(world, look_again)) == 1
    world.ticks()
    assert world.status(waits) is Status.ADMITTED
    assert world.broken() == []


def test_who_was_passed_over_here_is_served_when_the_class_moves_out_of_the_way(world):
    person, holder = world.people(2)
    here = world.a_class(starts_on=WAS, seats=1)
    there = world.a_class(course_code="AFF", starts_on=WAS)
    world.registered(there, person)
    held = world.registered(here, holder)[0]
    waits = world.registered(here, person)[0]
    world.does(holder, cancel, held.registration_id)
    assert world.row(waits.registration_id).skip_reason == "overlap"
    moves(world, here)
    assert world.status(waits) is Status.ADMITTED
    assert world.broken() == []


# refusals


def test_not_after_the_freeze_not_a_draft_and_not_anothers(world, clock):
    class_id = world.a_class(starts_on=WAS)
    world.an_institution("NKUST")
    with pytest.raises(NotFound):
        moves(world, class_id, actor=world.officer("NKUST"))
    with pytest.raises(NotPermitted):
        moves(world, class_id, actor=world.seafarer(1))
    with pytest.raises(StaleVersion):
        moves(world, class_id, version=7)
    with world.office.open() as work:
        work.run(training_class.update().values(state="draft"))
    with pytest.raises(NotPublished):
        moves(world, class_id)
    with world.office.open() as work:
        work.run(training_class.update().values(state="published"))
    world.days_before(class_id, 5)
    clock.pass_by(timedelta(seconds=1))
    with pytest.raises(ClassFixed):
        moves(world, class_id)
    row = class_row(world, class_id)
    assert (row.starts_on, row.schedule, row.version) == (WAS, 1, 1)
    assert rows(world, class_change) == []


@pytest.mark.parametrize(
    ("starts_on", "days", "field"),
    [(date(2028, 1, 3), 5, "starts_on"), (TO, 0, "ends_on"), (TO, 200, "ends_on"),
     (WAS, 5, "starts_on"), (date(2027, 1, 9), 5, "starts_on")],
)  # fmt: skip
def test_days_that_cannot_be_used(world, starts_on, days, field):
    class_id = world.a_class(starts_on=WAS)
    (receipt,) = world.registered(class_id, world.a_person())
    with pytest.raises(InvalidInput) as refused:
        moves(world, class_id, starts_on, days)
    assert field in refused.value.problems
    assert class_row(world, class_id).schedule == 1
    assert changes_told(world, receipt) == []


def test_a_cap_of_the_plan_that_no_longer_holds_stops_the_move(world):
    class_id = world.a_class(starts_on=WAS, seats=5)
    with world.office.open() as work:
        work.run(commission.update().values(seats_cap=4))
    with pytest.raises(InvalidInput) as refused:
        moves(world, class_id)
    assert "cap" in refused.value.problems


def test_no_day_outside_the_registration_windows_of_the_plan(world):
    class_id = world.a_class(starts_on=WAS)
    with world.office.open() as work:
        work.run(plan_window.update().values(classes_to=date(2027, 5, 31)))
    with pytest.raises(InvalidInput):
        moves(world, class_id)
    assert moves(world, class_id, date(2027, 5, 24)) == 0
