"""Two cohorts at once: one person's seat ends in one while the other looks at the person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest

from services.cancel import cancel
from services.milestone_steps import run_due
from services.registration.lifecycle import Status

APRIL = date(2027, 4, 14)


@pytest.fixture
def passed(world):
    """Somebody busy elsewhere past whom a seat has gone, until the seat there is given up."""
    holder, person = world.people(2)
    elsewhere = world.registers(person, world.a_class(course_code="AFF", starts_on=APRIL))
    world.class_id = world.a_class(seats=1)
    held, world.waits = world.registered(world.class_id, holder, person)
    world.does(holder, cancel, held.registration_id)
    assert world.row(world.waits.registration_id).skip_reason == "overlap"
    world.ends = lambda: world.does(person, cancel, elsewhere.registration_id)
    return world


def test_whose_conflict_has_just_ended_gets_the_free_seat_before_who_registers(passed):
    passed.ends()
    late = passed.registers(passed.a_person(), passed.class_id)
    assert passed.statuses([passed.waits, late]) == ["admitted", "waitlisted"]
    assert passed.broken() == []


def test_whose_conflict_has_just_ended_gets_the_next_seat_and_nobody_behind(passed):
    holder, behind = passed.people(2)
    held, waits = passed.registered(passed.class_id, holder, behind)
    passed.ends()
    passed.does(holder, cancel, held.registration_id)
    assert passed.statuses([passed.waits, waits]) == ["admitted", "waitlisted"]
    assert passed.broken() == []


@pytest.mark.postgres
def test_a_seat_that_is_just_lapsing_elsewhere_stands_in_nobodys_way_for_ever(world, office):
    """The lapse is written but not committed when the other course comes to the same person."""
    holder, person = world.people(2)
    lapsing = world.a_class(course_code="AFF", starts_on=APRIL)
    class_id = world.a_class(seats=1)
    world.registers(person, lapsing)
    held, waits = world.registered(class_id, holder, person)
    for days in (28, 21):
        world.days_before(lapsing, days)
        if days == 28:
            world.ticks()
    with ThreadPoolExecutor(1) as other:
        with office.open() as work:
            assert run_due(work, world.a_cohort("AFF")) == (1, 0)  # the person lapses there
            freed = other.submit(world.does, holder, cancel, held.registration_id)
            sleep(0.3)  # the other course is at the person, or waits for them
        freed.result(timeout=30)
    world.ticks()
    assert world.status(waits) is Status.ADMITTED
    assert world.broken() == []
