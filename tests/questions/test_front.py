"""What the front page tells: windows, the year in numbers, and news that really happened."""

from datetime import date

import pytest
from sqlalchemy import insert, update

from services.cancel import cancel
from services.catalogue.news import news
from services.catalogue.records import annual_plan, plan_window, training_class
from services.catalogue.windows import (
    next_window,
    open_window,
    plan_numbers,
    windows_ahead,
    year_facts,
)
from services.kernel.clock import taipei


@pytest.fixture
def second_half(world):
    """A class in April, and a second window for July to December that opens on 3 May."""
    world.a_class(seats=24)
    with world.office.open() as work:
        work.run(update(plan_window).values(classes_to=date(2027, 6, 30)))
        window = {
            "year": 2027,
            "classes_from": date(2027, 7, 1),
            "classes_to": date(2027, 12, 31),
            "opens_at": taipei(date(2027, 5, 3), 9),
        }
        work.run(insert(plan_window), window)
    return world


def test_the_next_window_and_the_one_open_now(second_half, clock):
    with second_half.office.look() as look:
        assert next_window(look).opens_at == taipei(date(2027, 5, 3), 9)
        assert next_window(look).classes == 0
        assert open_window(look).classes_to == date(2027, 6, 30)
        assert open_window(look).classes == 1
        assert len(windows_ahead(look)) == 2
    clock.go_to(taipei(date(2027, 5, 3), 9))
    with second_half.office.look() as look:
        assert next_window(look) is None
        assert open_window(look).classes_from == date(2027, 7, 1)


def test_a_plan_before_its_publication_has_no_windows_no_numbers_and_no_news(second_half):
    with second_half.office.open() as work:
        work.run(update(annual_plan).values(published_at=None))
    with second_half.office.look() as look:
        assert (next_window(look), open_window(look), year_facts(look)) == (None, None, None)
        assert windows_ahead(look) == []
        assert news(look) == []
        assert plan_numbers(look).year is None


def test_the_year_counts_what_is_published(second_half):
    with second_half.office.look() as look:
        facts = year_facts(look)
    assert (facts.year, facts.institutions, facts.classes, facts.seats) == (2027, 1, 1, 24)


def kinds(world):
    with world.office.look() as look:
        return {one.kind: one for one in news(look)}


def test_a_call_is_news_once_it_has_asked_somebody(world):
    class_id = world.a_class(seats=5)
    world.registered(class_id, *world.people(3))
    assert "confirmation_call" not in kinds(world)
    world.days_before(class_id, 28)
    world.ticks()
    told = kinds(world)["confirmation_call"]
    assert told.facts == {"n": 1, "people": 3, "day": date(2027, 4, 12)}
    assert told.href == "/calendar/2027-04-12"
    assert "promotion_call" not in kinds(world)


def test_a_call_that_asked_nobody_is_no_news(world):
    world.days_before(world.a_class(), 28)
    world.ticks()
    assert "confirmation_call" not in kinds(world)


def test_classes_added_or_cancelled_later_are_news(world, clock):
    world.a_class()
    assert {"added", "cancelled"} & set(kinds(world)) == set()
    clock.go_to(taipei(date(2027, 1, 5), 9))
    added, gone = world.a_class(), world.a_class()
    with world.office.open() as work:
        row = training_class.c.id == gone
        work.run(update(training_class).where(row).values(state="cancelled", ended_at=work.now))
    told = kinds(world)
    assert told["added"].href == f"/classes/{added}"
    assert told["cancelled"].href == f"/classes/{gone}"


def test_news_name_no_person(world):
    class_id = world.a_class(seats=1)
    first, _ = world.registered(class_id, *world.people(2))
    world.does(world.row(first.registration_id).person_id, cancel, first.registration_id)
    world.days_before(class_id, 28)
    world.ticks()
    with world.office.look() as look:
        assert "船員" not in repr(news(look))
