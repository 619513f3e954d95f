"""Two cohorts at once: one person's seat ends in one while the other looks at the person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest

from services.cancel import cancel
from services.milestone_steps import run_due
from services.registration.lifecycle import Status


@pytest.mark.postgres
def test_a_seat_that_is_just_lapsing_elsewhere_stands_in_nobodys_way_for_ever(world, office):
    """The lapse is written but not committed when the other course comes to the same person."""
    holder, person = world.people(2)
    lapsing = world.a_class(course_code="AFF", starts_on=date(2027, 4, 14))
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
