"""Seats are idle only beside people who could take them, today and on any past day."""

from datetime import date

import pytest
from world import called

from analytics import cache
from analytics.asking import ask_attention
from analytics.filters import Filters
from services.cancel import cancel
from services.kernel.clock import taipei_day
from services.take_in import take_in

LATE, LATER = date(2027, 4, 12), date(2027, 4, 14)


@pytest.fixture
def idle(world):
    """Count idle seats, now or as a past day was."""

    def count(day=None):
        take_in(world.office)
        cache.forget()
        with world.office.look(world.planner()) as look:
            return ask_attention(look, Filters(2027, as_of=day)).value.idle_seats

    return count


def test_a_seat_is_idle_for_the_self_funded_track_from_its_call_on(world, idle):
    """A foreigner waits beside two free seats; two weeks before one is offered to them."""
    world.a_plan()
    class_id = world.a_class(seats=2, starts_on=LATE)
    world.registers(world.a_person(nationality="foreigner"), class_id)
    called(world, class_id, 28, 21)
    before = taipei_day(world.clock.now())
    assert idle() == 0
    called(world, class_id, 14)
    assert (idle(), idle(before)) == (1, 0)


def test_a_seat_that_went_past_somebody_is_not_idle_for_them(world, idle):
    """Who holds a seat of another course on these days keeps the place, until that seat is gone."""
    world.a_plan()
    elsewhere = world.a_class(course_code="AFF", starts_on=LATER)
    class_id, person = world.a_class(starts_on=LATE), world.a_person()
    held = world.registers(person, elsewhere)
    waits = world.registers(person, class_id)
    then = taipei_day(world.clock.now())
    assert world.row(waits.registration_id).skip_reason == "overlap"
    assert idle() == 0
    called(world, class_id, 35)
    world.does(person, cancel, held.registration_id)
    world.ticks()
    assert world.status(waits) == "admitted"
    assert (idle(), idle(then)) == (0, 0)
