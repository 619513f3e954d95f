"""The public value of a draw: read by two planners, after the closing, off the named source."""

from datetime import date

import pytest
from lottery_town import VALUE, a_lottery_town
from reader import as_text
from sqlalchemy import select

from pages import calls
from pages.visit import Visit
from services.kernel.clock import taipei
from services.kernel.errors import NotPermitted
from services.lottery.records import draw_value
from services.notices.records import staff_task
from services.public_value import (
    SamePlanner,
    ValueDiffers,
    ValueStands,
    ValueTooEarly,
    confirm_value,
    enter_value,
    take_back_value,
)
from services.registration.class_page import class_page
from services.words import words_for


@pytest.fixture
def town(world):
    return a_lottery_town(world)


@pytest.fixture
def closed(town):
    """A closed window with two people, on the evening of the day after."""
    [town.class_id] = town.has_classes()
    town.publishes()
    town.opens()
    town.receipts = town.world.registered(town.class_id, *town.world.people(2))
    town.closes()
    town.world.clock.go_to(taipei(date(2027, 12, 16), 21))
    return town


def by(town, n, verb, *facts):
    with town.world.office.open(town.planners[n]) as work:
        verb(work, town.window(), *facts)


def test_nobody_enters_a_value_on_the_day_of_closing(closed):
    closed.world.clock.go_to(taipei(date(2027, 12, 15), 23, 59))
    with pytest.raises(ValueTooEarly):
        by(closed, 0, enter_value, VALUE)


def test_one_planner_alone_draws_nothing(closed):
    by(closed, 0, enter_value, VALUE)
    with pytest.raises(SamePlanner):
        by(closed, 0, confirm_value, VALUE)
    closed.world.ticks()
    assert closed.draw_of(closed.class_id).state == "revealed"


def test_two_readings_have_to_agree(closed):
    by(closed, 0, enter_value, "03 11 19 24 38")
    with pytest.raises(ValueDiffers):
        by(closed, 1, confirm_value, VALUE)
    by(closed, 1, take_back_value)
    by(closed, 1, enter_value, VALUE)
    by(closed, 0, confirm_value, " ０3  11 19 24 37 ")
    closed.world.ticks()
    assert closed.draw_of(closed.class_id).value == VALUE
    with closed.world.office.look() as look:
        kept = look.all(select(draw_value.c.value).order_by(draw_value.c.id))
    assert [row.value for row in kept] == ["03 11 19 24 38", VALUE]


def test_a_confirmed_value_stands(closed):
    closed.reads_the_value()
    for verb, facts in ((enter_value, ["1"]), (confirm_value, [VALUE]), (take_back_value, [])):
        with pytest.raises(ValueStands):
            by(closed, 0, verb, *facts)


def test_only_planners_enter_a_value(closed):
    with pytest.raises(NotPermitted), closed.world.office.open(closed.world.officer()) as work:
        enter_value(work, closed.window(), VALUE)


def test_planners_are_reminded_once_by_a_task_that_the_confirmation_closes(closed):
    world = closed.world
    world.ticks()
    world.ticks()
    tasks = select(staff_task).where(staff_task.c.kind == "public_value")
    with world.office.look() as look:
        [task] = look.all(tasks)
    assert (task.window_id, task.institution, task.closed_at) == (closed.window(), None, None)
    closed.reads_the_value()
    with world.office.look() as look:
        [task] = look.all(tasks)
    assert task.closed_at is not None


def test_the_value_to_read_stands_among_the_planners_tasks_until_it_is_confirmed(closed):
    closed.world.ticks()

    def shown(actor):
        with closed.world.office.look(actor) as look:
            page = calls.layout(Visit(words_for("en"), actor, look, "light", "", {}))
        return f"/plan/value/{closed.window()}" in as_text(page)

    assert shown(closed.planners[0])
    assert not shown(closed.world.officer())
    by(closed, 0, enter_value, VALUE)
    assert shown(closed.planners[1])
    by(closed, 1, confirm_value, VALUE)
    assert not shown(closed.planners[1])


def test_the_route_of_a_class_names_the_day_of_its_draw(closed):
    def stop():
        with closed.world.office.look() as look:
            return class_page(look, closed.class_id).stops[1]

    assert (stop().kind, stop().state) == ("draw", "now")
    for n, verb in enumerate((enter_value, confirm_value)):
        by(closed, n, verb, VALUE)
    closed.world.ticks()
    assert (stop().kind, stop().state) == ("draw", "done")
