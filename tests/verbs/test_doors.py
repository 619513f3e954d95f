"""A reading sees one state to its end; a glance asks as things stand; whoever writes is undone."""

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.kernel import work as kernel_work
from services.kernel.actor import SYSTEM
from services.kernel.db import asking
from services.kernel.records import heartbeat

HOW_MANY = select(func.count()).select_from(heartbeat)


def beats(world, process):
    with world.office.open(SYSTEM) as work:
        work.run(insert(heartbeat), {"process": process, "at": work.now})


def seen_before_and_after_a_beat(world):
    with world.office.look() as look:
        first = look.scalar(HOW_MANY)
        beats(world, "clock")
        return first, look.scalar(HOW_MANY)


def test_a_reading_sees_one_state_whatever_is_written_meanwhile(world):
    assert seen_before_and_after_a_beat(world) == (0, 0)
    with world.office.look() as look:
        assert look.scalar(HOW_MANY) == 1


def test_without_a_transaction_it_would_see_two(world, monkeypatch):
    monkeypatch.setattr(kernel_work, "reading", asking)
    assert seen_before_and_after_a_beat(world) == (0, 1)


def in_a_transaction(connection):
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return driver.in_transaction
    return driver.info.transaction_status != TransactionStatus.IDLE


def test_a_glance_holds_no_transaction_and_a_reading_does(world):
    for door, holds in ((world.office.glance, False), (world.office.look, True)):
        with door() as look:
            look.scalar(HOW_MANY)
            assert in_a_transaction(look.connection) is holds


@pytest.mark.postgres
def test_a_reading_cannot_write(world):
    with pytest.raises(DBAPIError, match="read-only"), world.office.look() as look:
        look.connection.execute(insert(heartbeat), {"process": "clock", "at": look.now})
    beats(world, "clock")  # the connection that comes back writes again


def comes_past_and_beats_twice(world):
    with world.office.engine.begin() as connection:
        for _ in range(2):
            connection.execute(insert(heartbeat), {"process": "clock", "at": world.clock.now()})


def test_who_comes_past_the_doors_is_undone_as_a_whole_too(world):
    with pytest.raises(IntegrityError):
        comes_past_and_beats_twice(world)
    with world.office.look() as look:
        assert look.scalar(HOW_MANY) == 0


@pytest.mark.postgres
def test_a_writer_reads_what_others_have_committed_meanwhile(world):
    with world.office.open(SYSTEM) as work:
        first = work.scalar(HOW_MANY)
        beats(world, "clock")
        assert (first, work.scalar(HOW_MANY)) == (0, 1)
