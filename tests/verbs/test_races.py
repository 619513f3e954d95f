"""Many processes at one hot cohort at the same moment, through a whole season, on a real database.

Between two checks everybody stands still and every invariant of rules.md 9 is read.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from racing import Hall, racer
from workers import together

from services.kernel.clock import taipei

RACERS = 4
FIRST_DAY = date(2027, 4, 12)


@pytest.fixture
def hall(world, engine, clock, long):
    """Two classes of one cohort five days apart; the races take them from T-31 past the freeze."""
    people = tuple(
        (world.a_person(nationality=kind), kind)
        for n in range(48)
        for kind in ["open" if n % 6 == 0 else "national"]
    )
    classes = tuple(
        world.a_class(seats=5, starts_on=FIRST_DAY + timedelta(days=5 * n)) for n in range(2)
    )
    races = 2_000 if long else 200
    start = taipei(FIRST_DAY - timedelta(days=31), 9)
    url = engine.url.render_as_string(hide_password=False)
    return Hall(url, classes, people, start, timedelta(days=30) / races, races)


def race(hall):
    _, results = together(racer, [(hall, lane) for lane in range(RACERS)])
    return results


def test_everybody_at_once_through_a_season_breaks_nothing(hall, world):
    results = race(hall)
    assert [error for each in results for error in each.errors] == []
    assert [fault for each in results for fault in each.broken] == []
    assert world.broken() == []
    done = sum((each.done for each in results), Counter())
    print(f"{hall.races} races of {RACERS}: {dict(done)}")
    least = {"register": 40, "cancel": 20, "confirm": 5, "review": 5, "cap": 5, "sweep": 10}
    assert {name: done[name] for name, n in least.items() if done[name] < n} == {}


def test_without_the_guards_only_the_database_refuses(hall):
    """The twin: nobody holds the cohort and no writer waits; constraints catch what would be sold
    twice, and SQLite refuses whoever read before another wrote."""
    results = race(replace(hall, races=50, guarded=False))
    assert [error for each in results for error in each.errors] != []
