"""The cohort is locked first, then persons in id order: shown by what is held while one waits.

`FOR UPDATE OF cohort, person` locks in the order of its names; the twins name them the other way
round, and then two works that want the same cohort and person each get one of them.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.catalogue.records import cohort
from services.identity.records import person
from services.kernel.again import gave_way
from services.registration import seats
from services.registration.seats import hold, hold_class, lock_cohort, lock_persons

pytestmark = pytest.mark.postgres
PATIENCE = 30  # seconds until somebody who should wait for a lock does
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
ASKS = {  # the statement that locks, and the verbs' way to it
    "_LOCK_COHORT_AND_PERSON": lambda work, world: hold_class(work, world.class_id, world.who),
    "_LOCK_BOTH_OF_REGISTRATION": lambda work, world: hold(work, world.mine),
}


@pytest.fixture(params=ASKS)
def queue(request, world):
    """One registration, and the way in which a verb holds it."""
    world.class_id, world.who = world.a_class(), world.a_person()
    world.mine = world.registers(world.who, world.class_id).registration_id
    with world.office.look() as look:
        world.cohort_id = look.scalar(select(cohort.c.id))
    world.statement = request.param
    world.asks = lambda work: ASKS[request.param](work, world)
    return world


@pytest.fixture
def the_other_way_round(queue, monkeypatch):
    """Switch the order off: the person is named first."""
    right = getattr(seats, queue.statement)
    right_text = str(right.compile(queue.office.engine))
    wrong = right.with_for_update(of=[person, cohort])
    assert right_text.endswith("FOR UPDATE OF cohort, person")
    monkeypatch.setattr(seats, queue.statement, wrong)


@contextmanager
def waits_beside(world, held):
    """Hold a row, let another ask for cohort and person, and wait until that one waits."""

    def asks():
        with world.office.open() as work:
            world.asks(work)

    with ThreadPoolExecutor(1) as pool:
        with world.office.open() as work:
            held(work)
            other = pool.submit(asks)
            patience = monotonic() + PATIENCE
            while not work.scalar(WAITING):
                assert monotonic() < patience
                sleep(0.01)
            yield work
        other.result(PATIENCE)


def taken(world, column, key):
    """Tell whether somebody holds a row."""
    with world.office.open() as work:
        row = select(column).where(column == key).with_for_update(skip_locked=True)
        return work.scalar(row) is None


def holds(column, key):
    return lambda work: work.all(select(column).where(column == key).with_for_update())


def test_who_waits_for_the_person_holds_the_cohort(queue):
    with waits_beside(queue, holds(person.c.id, queue.who)):
        assert taken(queue, cohort.c.id, queue.cohort_id)


def test_who_waits_for_the_cohort_holds_nobody(queue):
    with waits_beside(queue, holds(cohort.c.id, queue.cohort_id)):
        assert not taken(queue, person.c.id, queue.who)


def test_named_the_other_way_round_the_person_is_held_first(queue, the_other_way_round):
    """The twin of both."""
    with waits_beside(queue, holds(person.c.id, queue.who)):
        assert not taken(queue, cohort.c.id, queue.cohort_id)
    with waits_beside(queue, holds(cohort.c.id, queue.cohort_id)):
        assert taken(queue, person.c.id, queue.who)


def promotes(world):
    """Hold the cohort as a promotion does; then, while another waits, the person."""
    with waits_beside(world, lambda work: lock_cohort(work, world.cohort_id)) as work:
        lock_persons(work, [world.who])


def test_a_promotion_and_an_answer_never_wait_for_each_other(queue):
    promotes(queue)


def test_named_the_other_way_round_they_do(queue, the_other_way_round):
    with pytest.raises(DBAPIError) as refused:
        promotes(queue)
    assert gave_way(refused.value)  # the database broke the deadlock by refusing one of them


def test_people_are_held_in_the_order_of_their_ids(world):
    first, second, third = world.people(3)
    world.asks = lambda work: lock_persons(work, [third, first, second])
    with waits_beside(world, holds(person.c.id, second)):
        held = {who: taken(world, person.c.id, who) for who in (first, third)}
    assert held == {first: True, third: False}


def test_in_the_order_asked_for_they_are_not(world, monkeypatch):
    """The twin: without ORDER BY the last of them may be held before the first."""
    first, second, third = world.people(3)
    unordered = seats._LOCK_PERSONS.order_by(None).order_by(person.c.id.desc())
    monkeypatch.setattr(seats, "_LOCK_PERSONS", unordered)
    world.asks = lambda work: lock_persons(work, [third, first, second])
    with waits_beside(world, holds(person.c.id, second)):
        held = {who: taken(world, person.c.id, who) for who in (first, third)}
    assert held == {first: False, third: True}
