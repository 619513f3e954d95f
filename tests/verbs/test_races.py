"""Many processes at one hot cohort at the same moment, through a whole season, on a real database.

Between two checks everybody stands still and every invariant of rules.md 9 is read.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from racing import Hall, racer
from sqlalchemy import select, text
from workers import together
from world import World

from services.checkpoint_audit import checkpoint_faults
from services.checkpoints.check_checkpoints import follows, is_sound
from services.checkpoints.kept import checkpoint_facts, newest
from services.kernel.clock import taipei
from services.kernel.work import Office
from services.registration.records import registration_event
from services.schema import metadata

RACERS = 4
FIRST_DAY = date(2027, 4, 12)


def a_hall(world, races):
    """Two classes of one cohort five days apart; the races take them from T-31 past the freeze."""
    people = tuple(
        (world.a_person(nationality=kind), kind)
        for n in range(48)
        for kind in ["open" if n % 6 == 0 else "national"]
    )
    classes = tuple(
        world.a_class(seats=5, starts_on=FIRST_DAY + timedelta(days=5 * n)) for n in range(2)
    )
    start = taipei(FIRST_DAY - timedelta(days=31), 9)
    url = world.office.engine.url.render_as_string(hide_password=False)
    return Hall(url, classes, people, start, timedelta(days=30) / races, races)


@pytest.fixture
def hall(world, long):
    return a_hall(world, races=2_000 if long else 200)


def race(hall):
    _, results = together(racer, [(hall, lane) for lane in range(RACERS)])
    return results


KEEPERS = 2  # clocks that keep checkpoints while the others race


def race_and_keep(hall):
    """Let keepers make a checkpoint in every race; give all that they and the racers did."""
    keeper = replace(hall, only="checkpoint")
    lanes = [(hall, lane) for lane in range(RACERS)]
    lanes += [(keeper, RACERS + lane) for lane in range(KEEPERS)]
    _, results = together(racer, lanes)
    return results


def amid(look, kept):
    """Tell whether others acted at the same moment, both before and after a checkpoint."""
    seqs = look.connection.scalars(
        select(registration_event.c.seq).where(
            registration_event.c.at == datetime.fromisoformat(kept["made_at"])
        )
    ).all()
    [head] = kept["heads"]
    return min(seqs, default=head["events"]) <= head["events"] < max(seqs, default=0)


def test_checkpoints_made_while_everybody_races_are_true(hall, world):
    results = race_and_keep(hall)
    assert [error for each in results for error in each.errors] == []
    assert [fault for each in results for fault in each.broken] == []
    with world.office.look() as look:
        assert list(checkpoint_faults(look.connection)) == []
        files = [checkpoint_facts(look, 1 + n) for n in range(newest(look).number)]
        seen = sum(amid(look, each) for each in files)
    assert all(is_sound(each) for each in files)
    assert all(follows(later, earlier) for earlier, later in pairwise(files))
    assert len(files) == sum(each.done["checkpoint"] for each in results)
    lengths = {sum(head["events"] for head in each["heads"]) for each in files}
    print(f"{len(files)} checkpoints of {len(lengths)} lengths, {seen} amid the others' acts")
    assert len(lengths) >= hall.races // 4
    assert seen >= 5


def test_a_checkpoint_that_counts_first_and_reads_the_head_later_is_found(hall, world):
    """The twin: between the two somebody acts."""
    race_and_keep(replace(hall, races=50, careful=False))
    with world.office.look() as look:
        found = list(checkpoint_faults(look.connection))
    print(f"{len(found)} checkpoints told of a moment that never was")
    assert found != []


def test_everybody_at_once_through_a_season_breaks_nothing(hall, world):
    results = race(hall)
    assert [error for each in results for error in each.errors] == []
    assert [fault for each in results for fault in each.broken] == []
    assert world.broken() == []
    done = sum((each.done for each in results), Counter())
    print(f"{hall.races} races of {RACERS}: {dict(done)}")
    least = {"register": 40, "cancel": 20, "confirm": 5, "claim": 3, "review": 5, "cap": 5,
             "sweep": 10}  # fmt: skip
    assert {name: done[name] for name, n in least.items() if done[name] < n} == {}


def test_without_the_guards_only_the_database_refuses(hall, world):
    """The twin: nobody holds the cohort and no writer waits. Each is refused as it enters what it
    has counted: by a constraint (a seat or number given twice), or by SQLite, where a reader may
    not write once another writes. Nothing else goes wrong, and the queue stays whole."""
    results = race(replace(hall, races=25, guarded=False, only="register"))
    errors = [error for each in results for error in each.errors]
    kinds = Counter(error.split()[1] for error in errors)
    print(dict(kinds))
    assert set(kinds) <= {*STALE, *CONSTRAINTS.values()}
    counted = ("INSERT INTO registration", "UPDATE training_class")  # the number, and the seat
    assert sum(any(write in error for write in counted) for error in errors) >= 10
    assert world.broken() == []


STALE = ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT")
CONSTRAINTS = {  # what the database itself refuses when two sell the same seat
    "training_class": "ck_training_class_seats_within_cap",
    "registration": "uq_registration_class_id_number",
    "registration_event": "pk_registration_event",
}


@pytest.mark.postgres
@pytest.mark.parametrize("guarded", [True, False])
def test_without_constraints_only_the_lock_keeps_a_seat_from_being_sold_twice(
    databases, clock, guarded
):
    """The other twin, on PostgreSQL: that one writes at a time is SQLite's own."""
    engine = databases.bare()  # its own, the others need their constraints
    metadata.create_all(engine)
    with engine.begin() as connection:
        for table, constraint in CONSTRAINTS.items():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
    world = World(Office(engine, clock), clock)
    hall = replace(a_hall(world, races=2), guarded=guarded, only="register")

    def sold_twice():
        """Let people who never raced before, and so are refused nothing, race for one seat."""
        fresh = tuple((world.a_person(), "national") for _ in range(12))
        results = race(replace(hall, classes=(world.a_class(seats=1),), people=fresh))
        assert sum(each.done["register"] for each in results) > 1
        return any(fault.startswith("1:") for fault in world.broken())

    tries = 3 if guarded else 12  # nine of ten sell twice without the lock; the first ends it
    try:
        assert any(sold_twice() for _ in range(tries)) is not guarded
    finally:
        engine.dispose()
