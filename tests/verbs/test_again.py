"""Who gave way to another's lock does the work again; what was refused left no trace."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from time import sleep

import psycopg
import pytest
from databases import SqliteFiles
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from services.cancel import cancel
from services.kernel import work as kernel_work
from services.kernel.actor import SYSTEM
from services.kernel.records import heartbeat
from services.kernel.work import Office
from services.registration.lifecycle import Status
from services.registration.seats import hold

MEETING = 10  # seconds two transactions may take to have each its first lock


@pytest.fixture
def crossed(world):
    """Two people in two courses: each holds the seat that the other waits for."""
    first, second = world.people(2)
    spring = world.a_class(course_code="AFF", starts_on=date(2027, 4, 12))
    autumn = world.a_class(course_code="MFA", starts_on=date(2027, 9, 6))
    held = [world.registers(first, spring), world.registers(second, autumn)]
    waiting = [world.registers(second, spring), world.registers(first, autumn)]
    return [first, second], held, waiting


def both_cancel(world, people, held):
    """Let both cancel so that each has the person the other needs; give what they were told."""
    meeting = threading.Barrier(2)

    def leaves(person_id, receipt):
        tried = []

        def act(work):
            hold(work, receipt.registration_id)  # the own cohort, then the own person
            if not tried:
                tried.append(1)
                meeting.wait(MEETING)
            return cancel(work, receipt.registration_id)

        try:
            return world.office.do(world.seafarer(person_id), act)
        except DBAPIError as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(leaves, people, held))


@pytest.mark.postgres
def test_two_people_who_deadlock_across_two_courses_both_cancel(world, crossed):
    people, held, waiting = crossed
    assert both_cancel(world, people, held) == [[r.registration_id] for r in waiting]
    assert world.statuses([*held, *waiting]) == [Status.CANCELLED] * 2 + [Status.ADMITTED] * 2
    assert world.broken() == []


@pytest.mark.postgres
def test_without_the_second_try_one_of_them_is_refused(world, crossed, monkeypatch):
    """The twin: PostgreSQL breaks the circle by refusing one; nothing of that one is kept."""
    monkeypatch.setattr(kernel_work, "again", lambda act: act())
    people, held, _ = crossed
    refused = [a for a in both_cancel(world, people, held) if isinstance(a, DBAPIError)]
    assert [refusal.orig.sqlstate for refusal in refused] == ["40P01"]
    assert sorted(world.statuses(held)) == [Status.ADMITTED, Status.CANCELLED]
    assert world.broken() == []


@pytest.fixture
def held_file(tmp_path, clock):
    """A SQLite file that a program outside the portal holds until it is told to let go."""
    engine = SqliteFiles(tmp_path).fresh()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
    taken, let_go = threading.Event(), threading.Event()

    def outsider():
        with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            taken.set()
            let_go.wait(MEETING)
            other.execute("ROLLBACK")

    thread = threading.Thread(target=outsider)
    thread.start()
    assert taken.wait(MEETING)
    yield Office(engine, clock), let_go
    let_go.set()
    thread.join()
    engine.dispose()


def beats(work):
    work.run(insert(heartbeat), {"process": "clock", "at": work.now})


def test_work_waits_for_a_program_outside_that_holds_the_file(held_file):
    office, let_go = held_file
    threading.Timer(0.15, let_go.set).start()
    office.do(SYSTEM, beats)
    with office.look() as look:
        assert look.scalar(select(func.count()).select_from(heartbeat)) == 1


def test_without_the_second_try_the_file_is_locked(held_file):
    """The twin."""
    with pytest.raises(OperationalError, match="locked"), held_file[0].open() as work:
        beats(work)


def test_a_refusal_by_a_rule_is_not_tried_again(office):
    """Only the moment may have been wrong: a broken rule stays broken."""
    tried = []

    def act(work):
        tried.append(1)
        beats(work)
        beats(work)

    with pytest.raises(IntegrityError):
        office.do(SYSTEM, act)
    assert tried == [1]


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(world):
    engine = world.office.engine
    with engine.connect() as connection:
        ours = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string()) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    assert world.people(1)


@pytest.mark.postgres
def test_a_closed_connection_that_nobody_looks_at_fails(world):
    """The twin."""
    engine = world.office.engine
    with engine.connect() as connection:
        ours = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string()) as another:
            another.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
        with pytest.raises(OperationalError):
            connection.exec_driver_sql("SELECT 1")


BEAT = insert(heartbeat)
NOBODY = update(heartbeat).where(heartbeat.c.process == bindparam("b_process"))


@pytest.mark.postgres
@pytest.mark.parametrize("straight", [True, False], ids=["straight", "ordinary"])
@pytest.mark.parametrize("told", ["at the end", "by a later write"])
def test_what_is_refused_in_one_go_is_told_like_any_refusal(world, straight, told):
    """It names the statement that the database refused, whoever is told of it."""
    beat, nobody = (BEAT, NOBODY) if straight else (insert(heartbeat), NOBODY.where())
    went_on = []

    def beats_twice(work):
        with work.in_one_go():
            for _ in range(2):
                work.run(beat, {"process": "clock", "at": work.now})
            if told == "by a later write":
                sleep(0.5)  # by now the database has answered
                work.run(nobody, {"b_process": "nobody", "at": work.now})
            went_on.append(1)

    for known in range(3):  # the straight way is taken from the second coming on
        with pytest.raises(IntegrityError, match="pk_heartbeat") as refused:
            world.office.do(SYSTEM, beats_twice)
        assert "INSERT INTO heartbeat" in str(refused.value), known
    assert bool(went_on) == (told == "at the end")
    with world.office.look() as look:
        assert look.scalar(select(func.count()).select_from(heartbeat)) == 0
