"""The disk is full: what fails leaves no trace, reading goes on, and it heals by itself."""

import pytest
from databases import SqliteFiles
from deployed import Site
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from world import World

from services.cancel import cancel
from services.kernel.work import Office
from services.notices.records import notice
from services.registration.lifecycle import Status
from services.registration.records import registration, registration_event, review_case
from services.sweep import sweep

ROOM, SEATS = 72, 60  # pages left: some more people fit than there are seats, then none


@pytest.fixture
def world(tmp_path, clock):
    engine = SqliteFiles(tmp_path).fresh()
    yield World(Office(engine, clock), clock)
    engine.dispose()


def pages_at_most(world, more: int | None) -> None:
    """Give the file so many pages more and no others; None takes the limit away."""
    with world.office.engine.connect() as connection:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = 2**31 if more is None else now + more
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")


WRITTEN = (registration, registration_event, notice, review_case)


def rows(world) -> tuple[int, ...]:
    """Count what a registration writes."""
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in WRITTEN]
    with world.office.look() as look:
        return tuple(look.one_or_none(select(*counts)))


@pytest.fixture
def full(world):
    """A class whose queue grew until the disk was full; the last person was refused."""
    class_id, people = world.a_class(seats=SEATS), world.people(200)
    receipts = []
    pages_at_most(world, ROOM)
    before = rows(world)
    for person_id in people:
        before = rows(world)
        try:
            receipts.append(world.registers(person_id, class_id))
        except OperationalError:
            return class_id, people, receipts, before
    pytest.fail("the disk never was full")


def test_what_fails_leaves_no_trace(world, full):
    class_id, people, receipts, before = full
    with pytest.raises(OperationalError, match="full"):
        world.registers(people[-1], class_id)
    assert SEATS < len(receipts) < 200
    assert rows(world) == before
    assert world.broken() == []


def test_reading_goes_on_while_nothing_can_be_written(world, full, tmp_path):
    class_id, _, receipts, _ = full
    browser = Site(world, tmp_path).visitor()
    assert browser.opens("/healthz").status_code == 200
    assert f"{len(receipts)}" in browser.opens(f"/classes/{class_id}").get_data(as_text=True)


def test_it_heals_when_there_is_room_again(world, full):
    class_id, people, receipts, _ = full
    pages_at_most(world, None)
    later = world.registers(people[-1], class_id)
    assert later.number == len(receipts) + 1
    assert world.does(people[0], cancel, receipts[0].registration_id) == [
        receipts[SEATS].registration_id
    ]
    assert world.status(receipts[SEATS]) is Status.ADMITTED
    assert world.broken() == []


def test_a_clock_that_cannot_write_does_it_when_there_is_room(world, full):
    class_id, _, receipts, _ = full
    pages_at_most(world, 0)
    world.days_before(class_id, 28)
    assert sweep(world.office)["failed"] > 0
    pages_at_most(world, None)
    done = sweep(world.office)
    assert (done["milestones"], done["failed"]) == (1, 0)
    assert world.request_of(receipts[0].registration_id) is not None
    assert world.broken() == []
