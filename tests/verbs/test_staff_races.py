"""Two staff acts at the same moment on one class: one counts, the other is told, nothing breaks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from services.cancel import cancel
from services.cancel_class import cancel_class
from services.catalogue.records import training_class
from services.confirm import confirm
from services.kernel.errors import DomainError
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class
from services.registration.records import class_change, registration

START, TO, OTHER = date(2027, 4, 12), date(2027, 6, 14), date(2027, 9, 6)


@pytest.fixture
def town(world):
    """Two classes of one course, the first with three confirmed or admitted and one waiting."""
    world.a_plan(max_choices=3)
    world.here = world.a_class(seats=3, starts_on=START)
    world.there = world.a_class(seats=5, starts_on=OTHER)
    world.folk = world.people(4)
    world.receipts = world.registered(world.here, *world.folk)
    world.days_before(world.here, 28)
    world.ticks()
    return world


def moving(work, world, to=TO):
    move_class(work, world.here, NewDays(to, to + timedelta(days=4)), version=1)


ACTS = {
    "cancel": lambda work, world: cancel_class(work, world.here),
    "move": moving,
    "move too": lambda work, world: moving(work, world, TO + timedelta(days=7)),
    "merge": lambda work, world: merge_classes(work, world.here, into=world.there),
    "merge back": lambda work, world: merge_classes(work, world.there, into=world.here),
}


def together(world, *acts):
    """Start acts at the same moment, each in a work of its own; give who was refused."""
    start = Barrier(len(acts))

    def act(one):
        start.wait()
        try:
            with world.office.open(world.planner()) as work:
                one(work)
        except DomainError as refused:
            return refused.code
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


@pytest.mark.parametrize(
    "pair",
    [("cancel", "cancel"), ("cancel", "move"), ("move", "move too"), ("cancel", "merge"),
     ("merge", "move"), ("merge", "merge"), ("merge", "merge back")],
)  # fmt: skip
def test_of_two_changes_of_one_class_no_half_is_left(town, pair):
    world = town
    first, second = (lambda work, name=name: ACTS[name](work, world) for name in pair)
    refused = together(world, first, second)
    with world.office.look() as look:
        kept = look.scalar(select(func.count()).select_from(class_change))
    assert kept == refused.count(None) >= 1
    if "move" not in pair or pair == ("move", "move too"):
        assert kept == 1
    assert world.broken() == []


def test_people_who_confirm_and_cancel_while_the_class_moves_lose_nothing(town):
    world = town
    for who, receipt in zip(world.folk[:3], world.receipts[:3], strict=True):
        world.does(who, confirm, receipt.registration_id)

    def cancels(work):
        cancel(work, world.receipts[0].registration_id)

    together(world, cancels, lambda work: moving(work, world))
    with world.office.look() as look:
        held = look.scalar(
            select(training_class.c.seats_held).where(training_class.c.id == world.here)
        )
        confirmed = look.scalar(select(func.count()).where(registration.c.status == "confirmed"))
    assert held == 3  # the one who waited has the seat that came free
    assert confirmed == 0
    assert world.broken() == []
