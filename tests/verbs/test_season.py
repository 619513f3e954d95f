"""A whole season under a standing clock: nothing twice, nothing early, no deadline cut short."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from services.catalogue.records import annual_plan, milestone, training_class
from services.confirm import confirm
from services.deliver import deliver
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office
from services.milestones import schedule
from services.move_class import NewDays, move_class
from services.notices.gateway import Outcome
from services.notices.records import notice
from services.publish import policy_of
from services.registration.records import registration, request
from services.sweep import sweep

HOUR = timedelta(hours=1)


class Postman:
    """Accept every letter and remember which."""

    composes = True

    def __init__(self):
        self.sent = Counter()

    def send(self, message):
        self.sent[message["Message-ID"]] += 1
        return Outcome.ACCEPTED, ""


def a_season(world):
    """Four classes over the year's end and the leap day; a queue of seven in each."""
    firsts = (date(2027, 12, 28), date(2028, 1, 24), date(2028, 3, 13), date(2028, 3, 28))
    people, receipts = world.people(10), []
    for n, first in enumerate(firsts):
        kind = "self_funded" if n == 2 else "funded"
        class_id = world.a_class(seats=3, starts_on=first, course_code=f"C{n}", kind=kind)
        receipts += [world.registers(person_id, class_id) for person_id in people[n : n + 7]]
    return receipts


def answers_some(world):
    """Every third person answers what has been asked."""
    with world.office.look() as look:
        asked = look.all(
            select(registration.c.id, registration.c.person_id)
            .join(request, request.c.registration_id == registration.c.id)
            .where(
                request.c.closed_at.is_(None),
                request.c.kind == "confirm",
                registration.c.id % 3 == 0,
            )
        )
    for registration_id, person_id in asked:
        world.does(person_id, confirm, registration_id)


def check(world, office, postman):
    """The promises of the clock, read from what happened."""
    assert world.broken() == []
    assert set(postman.sent.values()) <= {1}
    with office.look() as look:
        reached = look.all(select(milestone).where(milestone.c.reached_at.is_not(None)))
        asked = look.all(select(request).where(request.c.reached_at.is_not(None)))
        reminders = look.all(
            select(notice.c.registration_id, func.count().label("n"))
            .where(notice.c.kind == "reminder")
            .group_by(notice.c.registration_id)
        )
        keys = look.all(select(notice.c.key))
    assert len(keys) == len(set(keys)) == sum(postman.sent.values())
    assert all(row.reached_at >= row.due_at for row in reached)
    for row in asked:
        window = row.window_hours * HOUR
        assert row.deadline == row.freeze_at or row.deadline - row.reached_at >= window
        assert row.deadline >= min(row.calendar_deadline, row.freeze_at)
        assert row.closed_at is None or row.answer != "lapsed" or row.closed_at >= row.deadline
    assert all(row.n == 1 for row in reminders)
    return reached


def live(world, office, clock, postman, hours):
    """Let the hours pass one step each: sweep, deliver, answer."""
    for step in hours:
        clock.pass_by(step)
        sweep(office)
        deliver(office, postman, base_url="http://127.0.0.1")
        answers_some(world)


def ended(office):
    with office.look() as look:
        return look.connection.scalars(
            select(training_class.c.state).order_by(training_class.c.id)
        ).all()


@pytest.fixture
def season(world, clock):
    a_season(world)
    clock.go_to(taipei(date(2027, 11, 29), 9))


@pytest.mark.usefixtures("season")
def test_a_season_runs_every_milestone_once_and_to_the_minute(world, office, clock):
    postman = Postman()
    live(world, office, clock, postman, [24 * HOUR] * 118)
    reached = check(world, office, postman)
    assert ended(office) == ["opened"] * 4
    assert len(reached) == 24
    assert all(row.reached_at == row.due_at for row in reached if row.kind != "settlement")


@pytest.mark.usefixtures("season")
def test_an_outage_of_two_weeks_asks_nobody_and_expires_in_the_same_breath(world, office, clock):
    """Down from T-29 to T-15 of the second class: who was to be asked still gets the full time,
    and the seats of who says nothing go on subsidised."""
    postman = Postman()
    live(world, office, clock, postman, [24 * HOUR] * 27)  # 26 December
    live(world, office, clock, postman, [14 * 24 * HOUR])
    live(world, office, clock, postman, [24 * HOUR] * 80)
    check(world, office, postman)
    with office.look() as look:
        lapsed = look.all(select(request).where(request.c.answer == "lapsed"))
        held = look.all(
            select(registration).where(
                registration.c.class_id == 2,
                registration.c.status.in_(("confirmed", "self_funded")),
            )
        )
    assert all(row.closed_at - row.reached_at >= row.window_hours * HOUR for row in lapsed)
    back = taipei(date(2028, 1, 9), 9)
    late = [row for row in lapsed if row.class_id == 2 and row.asked_at == back]
    assert late
    assert {row.window_hours for row in late} == {72}
    assert held
    assert {row.seat for row in held} == {"funded"}
    assert "published" not in ended(office)


@pytest.mark.usefixtures("season")
def test_a_clock_that_jumps_back_and_forth_does_nothing_twice(world, office, clock):
    postman = Postman()
    jumps = [72 * HOUR, -48 * HOUR, 24 * HOUR] * 60
    live(world, office, clock, postman, jumps)
    reached = check(world, office, postman)
    assert (len(reached), ended(office)) == (24, ["opened"] * 4)


@pytest.mark.usefixtures("season")
def test_two_schedulers_and_two_mailers_beside_each_other_do_each_thing_once(
    world, office, engine, clock
):
    """Two threads sweep and deliver at the same instants; each has its own clock object."""
    postman, failed = Postman(), []

    def tick(barrier):
        beside = Office(engine, StandingClock(clock.now()))
        barrier.wait()
        done = sweep(beside)
        failed.append(done["failed"])
        deliver(beside, postman, base_url="http://127.0.0.1")

    for _ in range(40):
        clock.pass_by(72 * HOUR)
        barrier = threading.Barrier(2)
        threads = [threading.Thread(target=tick, args=(barrier,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answers_some(world)
    reached = check(world, office, postman)
    assert (len(reached), sum(failed)) == (24, 0)


def test_a_class_moved_by_a_week_lives_its_last_weeks_again(world, office, clock):
    """Moved three weeks before it begins: who was asked is asked again, by the new days."""
    first = date(2027, 11, 8)
    class_id = world.a_class(seats=3, starts_on=first)
    receipts = world.registered(class_id, *world.people(7))
    clock.go_to(taipei(first - timedelta(days=30), 9))
    postman = Postman()
    live(world, office, clock, postman, [24 * HOUR] * 10)
    confirmed = [r for r in receipts if world.status(r).value == "confirmed"]
    assert confirmed
    later = NewDays(first + timedelta(days=7), first + timedelta(days=11))
    with office.open(world.officer()) as work:
        assert move_class(work, class_id, later, version=1) == len(confirmed)
    assert {world.status(r).value for r in confirmed} == {"admitted"}
    live(world, office, clock, postman, [24 * HOUR] * 24)
    assert world.broken() == []
    assert set(postman.sent.values()) == {1}
    with office.look() as look:
        rows = look.all(select(milestone).where(milestone.c.schedule == 2))
        notices = look.connection.scalars(select(notice.c.kind)).all()
    assert all(row.reached_at is not None and row.reached_at >= row.due_at for row in rows)
    assert len(notices) == sum(postman.sent.values())
    assert ended(office) == ["opened"]


@pytest.mark.parametrize(
    ("first", "call", "freeze"),
    [
        (date(2028, 3, 28), "2028-02-29T01:00:00", "2028-03-23T01:00:00"),  # the leap day itself
        (date(2028, 3, 13), "2028-02-14T01:00:00", "2028-03-08T01:00:00"),  # across it
        (date(2028, 1, 3), "2027-12-06T01:00:00", "2027-12-29T01:00:00"),  # across the year's end
        (date(2027, 4, 4), "2027-03-07T01:00:00", "2027-03-30T01:00:00"),  # summer time elsewhere
    ],
)
def test_days_are_counted_back_on_the_calendar_of_taipei(world, office, first, call, freeze):
    world.a_plan()
    with office.look() as look:
        plan = look.connection.execute(select(annual_plan)).one()
    due = [moment.replace(tzinfo=None).isoformat() for moment in
           schedule(policy_of(plan), first).values()]  # fmt: skip
    assert (due[0], due[-1]) == (call, freeze)
