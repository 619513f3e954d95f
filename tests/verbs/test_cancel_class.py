"""Staff cancel a class before the freeze: everybody is told, and other choices open again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from world import PAPER_RULES

from services.cancel import cancel
from services.cancel_class import cancel_class
from services.catalogue.records import milestone, training_class
from services.class_changes import AlreadyOver, NotPublished
from services.classes import ClassFixed
from services.confirm import confirm
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.notices.records import notice, staff_task
from services.registration.advance import advance
from services.registration.lifecycle import Event, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.records import class_change, registration, registration_event
from services.review import approve

LATER = date(2027, 9, 6)


def cancels(world, class_id, actor=None, **more):
    with world.office.open(actor or world.officer()) as work:
        return cancel_class(work, class_id, **more)


def told(world, receipt, kind):
    with world.office.look() as look:
        return look.scalar(
            select(func.count()).where(
                notice.c.registration_id == receipt.registration_id, notice.c.kind == kind
            )
        )


def loses(world, receipt, reason):
    """Let a registration end the way a better seat ends it."""
    with world.office.open() as work:
        row = world.row(receipt.registration_id)
        move = move_of(row, Event.CANCEL, Status.CANCELLED, Seat.NONE, reason=reason)
        advance(work, row.cohort_id, [move])


def state(world, class_id):
    with world.office.look() as look:
        return look.scalar(select(training_class.c.state).where(training_class.c.id == class_id))


def plant_no_milestones(world, class_id):
    """The winning class lies far behind the other, with no call of its own."""
    with world.office.open() as work:
        work.run(milestone.delete().where(milestone.c.class_id == class_id))


def plant(world, table, key, **values):
    with world.office.open() as work:
        work.run(table.update().where(table.c.id == key).values(**values))


@pytest.fixture
def won_elsewhere(world, clock):
    """Somebody waited in one class, won a seat in another, and lost the waiting place by it."""
    world.a_plan(max_choices=3)
    full, winner = world.a_class(seats=1, starts_on=LATER), world.a_class(seats=1)
    holder, person = world.people(2)
    world.registers(holder, full)
    world.old = world.registers(person, full)
    clock.pass_by(timedelta(minutes=1))
    plant(world, registration, world.old.registration_id, preference=2)
    world.new = world.registers(person, winner)
    clock.pass_by(timedelta(minutes=1))
    if world.status(world.old) is Status.WAITLISTED:
        loses(world, world.old, Reason.SUPERSEDED)
    world.full, world.winner, world.person = full, winner, person
    return world


def test_everybody_is_cancelled_and_told_and_no_seat_is_held(world):
    class_id = world.a_class(seats=2, rules=PAPER_RULES)
    people = world.people(3)
    receipts = [world.registers(person, class_id, declared=["letter"]) for person in people]
    world.decides(receipts[0].registration_id, approve)
    assert cancels(world, class_id, note="講師生病") == 3
    assert world.statuses(receipts) == ["cancelled"] * 3
    assert {world.row(r.registration_id).reason for r in receipts} == {"class_cancelled"}
    assert [told(world, r, "cancelled") for r in receipts] == [1, 1, 1]
    assert world.broken() == []


def test_it_is_kept_who_did_it_and_why(world, clock):
    class_id = world.a_class()
    cancels(world, class_id, world.planner(), note="颱風")
    with world.office.look() as look:
        kept = look.one_or_none(select(class_change))
    assert (kept.class_id, kept.kind, kept.role, kept.note, kept.at) == (
        class_id, "cancelled", "planner", "颱風", clock.now(),
    )  # fmt: skip
    assert state(world, class_id) == "cancelled"


def test_the_clock_leaves_a_cancelled_class_alone(world):
    class_id = world.a_class(min_size=2, seats=2)
    (receipt,) = world.registered(class_id, world.a_person())
    world.days_before(class_id, 28)
    world.ticks()
    cancels(world, class_id)
    assert world.request_of(receipt.registration_id).answer == "void"  # nobody said no
    world.days_before(class_id, 4)
    world.ticks()
    assert world.status(receipt) is Status.CANCELLED
    assert world.broken() == []


def test_the_size_check_task_is_settled(world, office):
    class_id = world.a_class(seats=4, min_size=4)
    world.registered(class_id, world.a_person())
    for days in (28, 21, 14, 11, 7):
        world.days_before(class_id, days)
        world.ticks()
    with office.look() as look:
        open_ = select(func.count()).where(
            staff_task.c.kind == "too_small", staff_task.c.closed_at.is_(None)
        )
        assert look.scalar(open_) == 1
    cancels(world, class_id)
    with office.look() as look:
        assert look.scalar(open_) == 0


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(days=6)])
def test_not_after_the_freeze_even_if_the_clock_is_late(world, clock, late):
    class_id = world.a_class()
    (receipt,) = world.registered(class_id, world.a_person())
    world.days_before(class_id, 5)
    clock.pass_by(late)
    with pytest.raises(ClassFixed):
        cancels(world, class_id)
    assert world.status(receipt) is Status.ADMITTED


def test_another_institution_does_not_even_see_the_class(world):
    class_id = world.a_class()
    world.an_institution("NKUST")
    for actor, error in ((world.officer("NKUST"), NotFound), (world.seafarer(1), NotPermitted)):
        with pytest.raises(error):
            cancels(world, class_id, actor)
    assert state(world, class_id) == "published"


def test_a_draft_is_not_cancelled_and_a_cancelled_class_not_twice(world):
    class_id = world.a_class()
    plant(world, training_class, class_id, state="draft")
    with pytest.raises(NotPublished):
        cancels(world, class_id)
    plant(world, training_class, class_id, state="published")
    cancels(world, class_id)
    with pytest.raises(AlreadyOver):
        cancels(world, class_id)


def test_a_note_that_is_too_long_changes_nothing(world):
    class_id = world.a_class()
    with pytest.raises(InvalidInput):
        cancels(world, class_id, note="長" * 301)
    assert state(world, class_id) == "published"


# what comes back


def test_what_the_seat_had_closed_is_open_again_with_its_old_number(won_elsewhere):
    world = won_elsewhere
    cancels(world, world.winner)
    row = world.row(world.old.registration_id)
    assert (row.status, row.number, row.reason, row.ended_at) == ("waitlisted", 2, None, None)
    assert told(world, world.old, "reopened") == 1
    assert world.broken() == []


def test_who_confirmed_elsewhere_gets_it_back_too(won_elsewhere):
    world = won_elsewhere
    world.days_before(world.winner, 28)
    world.ticks()
    world.does(world.person, confirm, world.new.registration_id)
    cancels(world, world.winner)
    assert world.status(world.old) is Status.WAITLISTED
    assert world.broken() == []


def test_coming_back_takes_a_free_seat_but_nobodys(won_elsewhere):
    world = won_elsewhere
    plant(world, training_class, world.full, cap=2)
    cancels(world, world.winner)
    assert world.status(world.old) is Status.ADMITTED
    assert world.broken() == []


def test_what_the_person_gave_up_stays_closed(won_elsewhere):
    world = won_elsewhere
    plant(world, registration, world.old.registration_id, reason="withdrew")
    cancels(world, world.winner)
    assert world.status(world.old) is Status.CANCELLED


def test_what_an_earlier_seat_had_closed_stays_closed(won_elsewhere, clock):
    """The seat that closed it was given up by the person; this class won nothing."""
    world = won_elsewhere
    world.does(world.person, cancel, world.new.registration_id)
    clock.pass_by(timedelta(days=1))
    third = world.a_class(seats=1, starts_on=date(2027, 6, 7))
    world.registers(world.person, third)
    cancels(world, third)
    assert world.status(world.old) is Status.CANCELLED


def test_it_comes_back_to_no_class_that_is_over(won_elsewhere):
    world = won_elsewhere
    cancels(world, world.full)
    cancels(world, world.winner)
    assert world.status(world.old) is Status.CANCELLED
    assert world.broken() == []


def test_after_the_self_funded_call_coming_back_is_an_offer(won_elsewhere):
    world = won_elsewhere
    far = {"starts_on": date(2027, 12, 6), "ends_on": date(2027, 12, 10)}
    plant(world, training_class, world.winner, **far)
    plant_no_milestones(world, world.winner)
    for days in (28, 21, 14):
        world.days_before(world.full, days)
        world.ticks()
    cancels(world, world.winner)
    assert world.status(world.old) is Status.OFFERED
    assert world.request_of(world.old.registration_id).kind == "claim"
    with world.office.look() as look:
        events = look.connection.scalars(
            select(registration_event.c.event)
            .where(registration_event.c.registration_id == world.old.registration_id)
            .order_by(registration_event.c.seq)
        ).all()
    assert events == ["register", "cancel", "reopen", "offer"]


def test_a_review_that_was_never_decided_is_decided_when_it_comes_back(won_elsewhere):
    world = won_elsewhere
    plant(world, registration, world.old.registration_id, verdict="review", qualified_at=None)
    cancels(world, world.winner)
    assert world.status(world.old) is Status.IN_REVIEW
    world.decides(world.old.registration_id, approve)
    assert world.status(world.old) is Status.WAITLISTED
    assert world.broken() == []
