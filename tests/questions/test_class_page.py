"""The page of a class: what everybody may see of its queue and route, and the reader's own part."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from world import PAPER_RULES

from services.cancel import cancel
from services.catalogue.records import training_class
from services.confirm import confirm
from services.kernel.actor import VISITOR
from services.kernel.errors import NotFound
from services.milestones import Milestone
from services.registration.class_page import OPENING, START, class_page
from services.registration.lifecycle import Status
from services.registration.public_queue import PER_PAGE, QueueLine, Step, public_queue
from services.registration.records import registration
from services.registration.standing import IfNow

FOREIGN = {"nationality": "foreigner"}


def queue(world, class_id: int, actor=VISITOR, **more) -> list[QueueLine]:
    with world.office.look(actor) as look:
        return public_queue(look, class_id, **more)


def page(world, class_id: int, actor=VISITOR):
    with world.office.look(actor) as look:
        return class_page(look, class_id)


def route(world, class_id: int) -> dict[str, str]:
    return {stop.kind: stop.state for stop in page(world, class_id).stops}


def test_an_ended_registration_shows_its_number_and_nothing_else(world):
    a_class = world.a_class(seats=3)
    people = world.people(2)
    receipts = world.registered(a_class, *people, world.a_person(medical=[]))
    world.clock.pass_by(timedelta(hours=3))
    world.does(people[0], cancel, receipts[0].registration_id)
    left, seated, refused = queue(world, a_class)
    assert seated.status is Status.ADMITTED
    for line in (left, refused):
        told = asdict(line)
        assert told.pop("number") == told.pop("rank")
        assert set(told.values()) == {None, False, ()}


def test_someone_refused_at_once_cannot_be_told_from_someone_who_left(world):
    a_class = world.a_class(seats=3)
    person = world.a_person()
    receipt = world.registers(person, a_class)
    world.registers(world.a_person(medical=[]), a_class)
    world.clock.pass_by(timedelta(days=2))
    world.does(person, cancel, receipt.registration_id)
    one, other = (asdict(line) for line in queue(world, a_class))
    assert {k: v for k, v in one.items() if k not in ("number", "rank")} == {
        k: v for k, v in other.items() if k not in ("number", "rank")
    }


def test_the_queue_names_nobody_and_no_trait(world):
    allowed = {"number", "rank", "status", "reserved", "asked", "registered_at", "moved_at", "mine"}
    assert set(QueueLine.__dataclass_fields__) == allowed | {"steps"}
    assert set(Step.__dataclass_fields__) == {"at", "status", "seat", "why"}
    a_class = world.a_class(seats=1)
    world.registered(a_class, *world.people(1))
    world.clock.pass_by(timedelta(minutes=5))
    world.registers(world.a_person(**FOREIGN), a_class)
    world.registers(world.a_person(), a_class)
    _, foreign, national = (asdict(line) for line in queue(world, a_class))
    assert foreign | {"number": 0, "rank": 0} == national | {"number": 0, "rank": 0}


def test_only_the_reader_sees_which_row_is_theirs(world):
    a_class = world.a_class(seats=2)
    people = world.people(2)
    world.registered(a_class, *people)
    assert [line.mine for line in queue(world, a_class, world.seafarer(people[1]))] == [False, True]
    for actor in (VISITOR, world.officer(), world.planner(), world.seafarer(world.a_person())):
        assert not any(line.mine for line in queue(world, a_class, actor))


def test_a_long_queue_comes_in_pages_without_a_gap(world):
    a_class = world.a_class(seats=2)
    world.registered(a_class, *world.people(PER_PAGE + 3))
    pages = [queue(world, a_class, page=n) for n in (1, 2, 3)]
    assert [len(found) for found in pages] == [PER_PAGE, 3, 0]
    assert [line.number for found in pages for line in found] == list(range(1, PER_PAGE + 4))
    waiting = queue(world, a_class, waiting_only=True)
    assert waiting[0].number == 3
    assert {line.status for line in waiting} == {Status.WAITLISTED}


def test_whoever_was_asked_is_shown_as_asked_since_the_call(world):
    a_class = world.a_class(seats=2)
    people = world.people(2)
    receipts = world.registered(a_class, *people)
    world.days_before(a_class, 28)
    world.ticks()
    asked_at = world.clock.now()
    world.clock.pass_by(timedelta(hours=1))
    world.does(people[1], confirm, receipts[1].registration_id)
    silent, answered = queue(world, a_class)
    assert (silent.asked, silent.moved_at) == (True, asked_at)
    assert (answered.asked, answered.status) == (False, Status.CONFIRMED)


def test_a_seat_kept_during_review_is_said(world):
    a_class = world.a_class(seats=1, course_code="ECDIS", rules=PAPER_RULES)
    for person in world.people(2):
        world.registers(person, a_class, declared=["letter"])
    assert [line.reserved for line in queue(world, a_class)] == [True, False]
    counts = page(world, a_class).offer.counts
    assert (counts.reserved, counts.reviewing) == (1, 1)


def test_the_route_shows_what_is_done_what_is_next_and_what_is_ahead(world):
    a_class = world.a_class()
    world.days_before(a_class, 21)
    world.ticks()
    assert route(world, a_class) == {
        OPENING: "done",
        Milestone.CONFIRMATION_CALL: "done",
        Milestone.PROMOTION_CALL: "done",
        Milestone.SELF_FUNDED_CALL: "now",
        Milestone.SETTLEMENT: "ahead",
        Milestone.SIZE_CHECK: "ahead",
        Milestone.FREEZE: "ahead",
        START: "ahead",
    }


def test_a_milestone_with_no_time_left_is_shown_as_skipped(world):
    a_class = world.a_class()
    world.registered(a_class, *world.people(1))
    world.days_before(a_class, 5)
    world.ticks()
    states = route(world, a_class)
    assert states[Milestone.PROMOTION_CALL] == "skipped"
    assert (states[Milestone.FREEZE], states[START]) == ("done", "now")


def test_nothing_lies_ahead_of_a_cancelled_class(world):
    a_class = world.a_class()
    with world.office.open() as work:
        key = training_class.c.id == a_class
        work.run(update(training_class).where(key).values(state="cancelled"))
    found = page(world, a_class)
    assert found.offer.if_now is IfNow.CANCELLED
    assert {stop.state for stop in found.stops} == {"done", "off"}


def test_the_other_classes_are_open_ones_of_the_course_and_free_seats_come_first(world):
    here = world.a_class(seats=1)
    full = world.a_class(seats=1)
    free = world.a_class(seats=1)
    shut = world.a_class()
    other_course = world.a_class(course_code="ECDIS")
    with world.office.open() as work:
        later = {"opens_at": work.now + timedelta(days=1)}
        work.run(update(training_class).where(training_class.c.id == shut).values(**later))
    world.registered(full, *world.people(1))
    found = [offer.id for offer in page(world, here).others]
    assert found == [free, full]
    assert other_course not in found


def test_the_page_knows_the_readers_own_registration_here_and_elsewhere(world):
    here, there = world.a_class(seats=2), world.a_class(seats=2)
    person = world.a_person()
    receipt = world.registers(person, there)
    me = world.seafarer(person)
    assert page(world, there, me).own_here.id == receipt.registration_id
    assert page(world, here, me).own_here is None
    assert page(world, here, me).own[0].code == page(world, there).offer.code
    assert page(world, there).own == ()


@pytest.mark.parametrize("state", ["draft", None])
def test_a_draft_or_unknown_class_has_no_page(world, state):
    a_class = world.a_class()
    if state:
        with world.office.open() as work:
            work.run(update(training_class).values(state=state))
    else:
        a_class += 1000
    with pytest.raises(NotFound):
        page(world, a_class)


def readings(world, engine, class_id: int, person: int) -> int:
    """Count the statements that the page of a class asks for."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    with world.office.look(world.seafarer(person)) as look:
        event.listen(engine, "before_cursor_execute", note)
        class_page(look, class_id)
        public_queue(look, class_id)
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_page_takes_the_same_few_readings_however_long_queue_and_course_are(world, engine):
    person, a_class = world.a_person(), world.a_class(seats=2)
    few = readings(world, engine, a_class, person)
    world.registered(a_class, *world.people(15))
    for _ in range(4):
        world.registers(world.a_person(), world.a_class())
    assert readings(world, engine, a_class, person) == few <= 7


def test_the_queue_is_as_long_as_the_numbers_given(world):
    a_class = world.a_class(seats=2)
    world.registered(a_class, *world.people(5))
    with world.office.look() as look:
        given = look.scalar(
            select(training_class.c.numbers_given).where(training_class.c.id == a_class)
        )
        rows = len(look.all(select(registration.c.id).where(registration.c.class_id == a_class)))
    assert given == rows == page(world, a_class).offer.counts.numbers == 5
