"""Checkpoints: hourly where something moved, one for any number of clocks, all heads in each."""

from datetime import timedelta

import pytest
from databases import SqliteFiles
from rewriting import rewrite
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from workers import together
from world import World

from services import make_checkpoint as verb
from services.catalogue.records import cohort
from services.checkpoints.check_checkpoints import root
from services.checkpoints.kept import checkpoint_facts, checkpoints, newest
from services.checkpoints.records import checkpoint, checkpoint_head
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.errors import NotFound
from services.kernel.vault import signed_by
from services.kernel.work import Office
from services.make_checkpoint import make_checkpoint
from services.schema import metadata

HOUR = timedelta(hours=1)


@pytest.fixture
def town(world):
    """Two cohorts with a class each; somebody registered in both."""
    world.town = world.a_class(seats=3)
    world.other = world.a_class(seats=3, course_code="ECDIS")
    for class_id in (world.town, world.other):
        world.registers(world.a_person(), class_id)
    return world


def facts(world, number):
    with world.office.look() as look:
        return checkpoint_facts(look, number)


def made(world):
    """Make a checkpoint an hour later."""
    world.clock.pass_by(HOUR)
    return make_checkpoint(world.office)


def test_the_first_keeps_every_chain_that_has_events(town):
    town.a_class(course_code="PSCRB")  # nobody registered: nothing to keep
    assert make_checkpoint(town.office) == 1
    found = facts(town, 1)
    assert found["previous"] == ""
    assert [one["events"] for one in found["heads"]] == [1, 1]
    assert [one["cohort"] for one in found["heads"]] == [
        town.a_cohort("BST"),
        town.a_cohort("ECDIS"),
    ]
    with town.office.look() as look:
        [kept] = checkpoints(look, 1)
    assert (kept.cohorts, kept.events, kept.made_at) == (2, 2, town.clock.now())


def test_one_an_hour_and_only_where_something_moved(town):
    assert [make_checkpoint(town.office), make_checkpoint(town.office)] == [1, 0]
    assert made(town) == 0
    town.registers(town.a_person(), town.town)
    assert made(town) == 1
    town.registers(town.a_person(), town.town)
    assert make_checkpoint(town.office) == 0
    town.clock.pass_by(HOUR - timedelta(seconds=1))
    assert make_checkpoint(town.office) == 0
    town.clock.pass_by(timedelta(seconds=1))
    assert make_checkpoint(town.office) == 1


def test_only_what_moved_is_written_and_all_of_it_is_read(town):
    make_checkpoint(town.office)
    town.registers(town.a_person(), town.town)
    made(town)
    with town.office.look() as look:
        assert look.scalar(select(func.count()).select_from(checkpoint_head)) == 3
    first, second = facts(town, 1), facts(town, 2)
    assert [one["events"] for one in second["heads"]] == [2, 1]
    assert second["heads"][1] == first["heads"][1]  # as it was, and as it was published
    assert second["previous"] == first["root"]


def test_anybody_can_recompute_the_root_and_verify_the_signature(town):
    make_checkpoint(town.office)
    found = facts(town, 1)
    heads = [(one["cohort"], one["events"], one["head"]) for one in found["heads"]]
    assert root(found["previous"], 1, found["made_at"], heads) == found["root"]
    assert root("", 1, "noon", [(2, 1, "b"), (1, 3, "a")]) == root(
        "", 1, "noon", [(1, 3, "a"), (2, 1, "b")]
    )
    assert signed_by(found["public_key"], found["root"], found["signature"])
    assert found["public_key"] == town.office.vault.public_key
    other = Office(town.office.engine, town.clock).vault.sign("another text")
    assert not signed_by(found["public_key"], found["root"], other)
    assert not signed_by(found["public_key"], found["root"], "no signature")


def test_a_published_head_is_not_the_chains_own(town):
    """Few facts go into an event: whoever knew the hash before could try out what it says."""
    make_checkpoint(town.office)
    with town.office.look() as look:
        own = {row.head for row in look.all(select(cohort.c.head))}
        salts = {row.salt for row in look.all(select(checkpoint_head.c.salt))}
    assert not own & {one["head"] for one in facts(town, 1)["heads"]}
    assert len(salts) == 2
    assert not any(salt in str(facts(town, 1)) for salt in salts)


def test_the_newest_until_a_moment(town):
    with town.office.look() as look:
        assert newest(look) is None
    make_checkpoint(town.office)
    before = town.clock.now()
    town.registers(town.a_person(), town.town)
    made(town)
    with town.office.look() as look:
        assert newest(look).number == 2
        assert newest(look, before).number == 1
        assert newest(look, before - HOUR) is None
        with pytest.raises(NotFound):
            checkpoint_facts(look, 3)


def test_a_chain_rewritten_with_all_its_links_is_found(town):
    key = town.a_cohort("BST")
    rewrite(town, key, 1, account_id=77)
    assert town.broken() == []  # the twin: no checkpoint saw it
    assert make_checkpoint(town.office) == 1
    rewrite(town, key, 1, account_id=78)
    [found] = town.broken()
    assert f"checkpoint 1: cohort {key} event 1" in found


ROUNDS = 12


def clock_of(ready, url, start, guarded):
    """Be one of several clocks: the first lets a chain move, then all look at the same moment."""
    if not guarded:
        verb._is_time = lambda *_: True
    engine, counts = engine_for(url), []
    for n in range(ROUNDS):
        office = Office(engine, StandingClock(start + n * HOUR))
        ready()
        with office.open() as work:
            work.connection.execute(text("UPDATE cohort SET events = events + 1, head = events"))
        ready()
        try:
            counts.append(make_checkpoint(office))
        except IntegrityError:
            counts.append(1)  # it went on past the guard, and had nothing left to write
    return counts


def race(world, *, guarded=True):
    """Let two clocks race; give how many checkpoints each hour made."""
    world.a_cohort()
    url = world.office.engine.url.render_as_string(hide_password=False)
    lane = (url, world.clock.now(), guarded)
    _, counts = together(clock_of, [lane, lane])
    return [sum(each) for each in zip(*counts, strict=True)]


def numbers(world):
    with world.office.look() as look:
        return [row.number for row in look.all(select(checkpoint.c.number).order_by("number"))]


def test_two_clocks_make_one(world):
    assert race(world) == [1] * ROUNDS
    assert numbers(world) == list(range(1, ROUNDS + 1))


def test_two_clocks_that_do_not_ask_for_the_hour_again_make_more(tmp_path, clock):
    """The twin, on SQLite: writers take turns, and the second comes after what the first made."""
    engine = SqliteFiles(tmp_path).fresh()
    world = World(Office(engine, clock), clock)
    assert sum(race(world, guarded=False)) > ROUNDS
    engine.dispose()


@pytest.mark.postgres
def test_without_its_key_two_clocks_make_more_too(databases, clock):
    """The other twin: on PostgreSQL both may read before either writes; the number is the guard."""
    engine = databases.bare()  # its own, the others need their constraints
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE checkpoint DROP CONSTRAINT pk_checkpoint CASCADE"))
    world = World(Office(engine, clock), clock)
    assert sum(race(world)) > ROUNDS
    engine.dispose()
