"""The clock: nothing early, nothing twice, no deadline shorter than the window, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from portal.clock import beat
from services.cancel import cancel
from services.catalogue.records import milestone
from services.confirm import confirm
from services.kernel.records import heartbeat
from services.notices.records import notice, staff_task
from services.registration.records import request
from services.sweep import sweep


def kinds_reached(office, class_id):
    with office.look() as look:
        rows = look.all(
            select(milestone)
            .where(milestone.c.class_id == class_id, milestone.c.reached_at.is_not(None))
            .order_by(milestone.c.due_at)
        )
    return [(row.kind, row.outcome) for row in rows]


def notices(office, kind):
    with office.look() as look:
        return look.scalar(select(func.count()).where(notice.c.kind == kind))


def test_a_milestone_is_not_run_a_minute_early(world, office, clock):
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    clock.pass_by(timedelta(minutes=-1))
    world.ticks()
    assert kinds_reached(office, class_id) == []
    clock.pass_by(timedelta(minutes=1))
    world.ticks()
    assert kinds_reached(office, class_id) == [("confirmation_call", "done")]


def test_a_second_tick_does_nothing(world, office):
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    world.ticks()
    before = notices(office, "confirm_request")
    done = world.ticks()
    assert (before, notices(office, "confirm_request"), sum(done.values())) == (1, 1, 0)


def test_the_clock_going_backwards_does_nothing(world, office):
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    world.ticks()
    world.days_before(class_id, 40)
    assert sum(world.ticks().values()) == 0
    assert world.broken() == []


def test_after_an_outage_of_two_weeks_people_are_asked_before_anything_expires(world, office):
    """Down from T-29 to T-13: nobody is asked and expired in one second, no seat turns paid."""
    class_id, people = world.a_class(seats=1), world.people(2)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 13)
    world.ticks()
    assert kinds_reached(office, class_id) == [("confirmation_call", "done")]
    assert world.statuses(receipts) == ["admitted", "waitlisted"]
    asked = world.request_of(receipts[0].registration_id)
    assert asked.deadline - asked.reached_at >= timedelta(hours=24)
    world.does(people[0], confirm, receipts[0].registration_id)
    for days in (11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
    assert world.statuses(receipts) == ["confirmed", "unplaced"]
    assert world.broken() == []


def test_after_an_outage_the_seat_of_who_says_nothing_goes_on_subsidised(world, office):
    """Down from T-29 to T-13, past the self-funded call: the next is admitted, not offered."""
    class_id, people = world.a_class(seats=1), world.people(2)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 13)
    world.ticks()
    world.days_before(class_id, 12)
    world.ticks()
    assert world.statuses(receipts) == ["admitted", "waitlisted"]  # the window is still open
    world.days_before(class_id, 11)
    world.ticks()
    assert world.statuses(receipts) == ["lapsed", "admitted"]
    world.does(people[1], confirm, receipts[1].registration_id)
    for days in (7, 5):
        world.days_before(class_id, days)
        world.ticks()
    kept = world.row(receipts[1].registration_id)
    assert (kept.status, kept.seat, kept.how_seated) == ("confirmed", "funded", "promoted")
    assert notices(office, "self_funded_offer") == 0
    assert world.broken() == []


def test_what_no_longer_fits_before_the_freeze_is_skipped_and_shown(world, office):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    world.days_before(class_id, 5)
    world.ticks()
    reached = dict(kinds_reached(office, class_id))
    assert reached.pop("freeze") == "done"
    assert set(reached.values()) == {"skipped"}
    assert world.status(receipt).value == "confirmed"  # nobody ever asked: the seat is kept
    assert world.broken() == []


def test_a_request_that_reaches_late_gets_the_full_window(world, office, clock):
    class_id = world.a_class()
    person = world.a_person()
    receipt = world.registers(person, class_id)
    world.days_before(class_id, 28)
    sweep(office)  # asked, but no mailer runs
    world.days_before(class_id, 22)
    world.ticks()
    asked = world.request_of(receipt.registration_id)
    assert asked.deadline == asked.reached_at + timedelta(hours=72)
    world.days_before(class_id, 21)
    world.ticks()
    assert kinds_reached(office, class_id) == [("confirmation_call", "done")]
    assert world.broken() == []


def test_whom_no_mail_reaches_the_institution_phones_and_the_clock_counts(world, office, clock):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    sweep(office)
    clock.pass_by(timedelta(hours=25))
    sweep(office)
    with office.look() as look:
        assert look.scalar(select(staff_task.c.kind)) == "unreached"
    clock.pass_by(timedelta(hours=73))
    sweep(office)
    asked = world.request_of(receipt.registration_id)
    assert (asked.reached_by, asked.deadline is not None) == ("task", True)


def test_a_reminder_comes_once_two_days_before(world, office, clock):
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    for days in (28, 24, 23, 22):
        world.days_before(class_id, days, hour=10)
        world.ticks()
        assert notices(office, "reminder") == (1 if days <= 23 else 0)
    world.ticks()
    assert notices(office, "reminder") == 1


def test_whoever_answered_is_not_reminded(world, office):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(person, confirm, receipt.registration_id)
    world.days_before(class_id, 22, hour=10)
    world.ticks()
    assert notices(office, "reminder") == 0


def test_one_bad_class_stops_no_other(world, office, engine):
    bad, good = world.a_class(), world.a_class()
    for class_id in (bad, good):
        world.registers(world.a_person(), class_id)
    with engine.begin() as connection:
        connection.execute(milestone.delete().where(milestone.c.class_id == bad,
                                                    milestone.c.kind == "freeze"))  # fmt: skip
    world.days_before(good, 28)
    done = world.ticks()
    assert (done["failed"], done["milestones"]) == (1, 1)
    assert kinds_reached(office, good) == [("confirmation_call", "done")]


def test_one_open_request_per_person_at_a_time(world, office):
    class_id, people = world.a_class(seats=1), world.people(2)
    world.registered(class_id, *people)
    for days in (28, 21):
        world.days_before(class_id, days)
        world.ticks()
    with office.look() as look:
        most = look.scalar(
            select(func.count())
            .where(request.c.closed_at.is_(None))
            .group_by(request.c.registration_id)
            .order_by(func.count().desc())
            .limit(1)
        )
    assert most == 1


def test_a_clock_that_is_set_back_accuses_nobody(world):
    class_id, (first, second) = world.a_class(), world.people(2)
    receipts = world.registered(class_id, first, second)
    world.clock.pass_by(timedelta(hours=-30))
    world.does(first, cancel, receipts[0].registration_id)
    assert world.statuses(receipts) == ["cancelled", "admitted"]
    assert world.broken() == []


def test_clocks_that_beat_at_the_same_moment_are_one_heartbeat(office):
    with ThreadPoolExecutor(4) as clocks:
        list(clocks.map(lambda _: beat(office, "clock"), range(80)))
    with office.look() as look:
        assert [row.process for row in look.all(select(heartbeat))] == ["clock"]
