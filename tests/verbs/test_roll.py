"""The roll: results after the class has begun, corrections kept as such."""

import pytest
from sqlalchemy import select

from services.confirm import confirm
from services.kernel.errors import InvalidInput, NotFound
from services.registration.records import handover, registration_event
from services.roll import NotStarted, record_roll


@pytest.fixture
def begun(world):
    """A class that opened with two confirmed people and began this morning."""
    class_id = world.a_class(seats=2)
    people = world.people(2)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    world.ticks()
    for person, receipt in zip(people, receipts, strict=True):
        world.does(person, confirm, receipt.registration_id)
    for days in (21, 14, 11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
    world.days_before(class_id, 0, 10)
    return class_id, [receipt.registration_id for receipt in receipts]


def marks(world, office, class_id, results, at="NTOU"):
    with office.open(world.officer(at)) as work:
        return record_roll(work, class_id, results)


def versions(office, class_id):
    with office.look() as look:
        rows = look.all(
            select(handover.c.version).where(
                handover.c.class_id == class_id, handover.c.kind == "results"
            )
        )
    return [row.version for row in rows]


def test_results_are_kept_and_handed_over(world, office, begun):
    class_id, (first, second) = begun
    assert marks(world, office, class_id, {first: "completed", second: "absent"}) == 2
    assert [world.status(r).value for r in (first, second)] == ["completed", "absent"]
    assert versions(office, class_id) == [1]
    assert world.broken() == []


def test_a_correction_is_a_step_of_its_own_and_a_new_version(world, office, begun):
    class_id, (first, _) = begun
    marks(world, office, class_id, {first: "absent"})
    assert marks(world, office, class_id, {first: "completed"}) == 1
    assert marks(world, office, class_id, {first: "completed"}) == 0
    assert versions(office, class_id) == [1, 2]
    with office.look() as look:
        events = look.all(
            select(registration_event.c.event).where(registration_event.c.registration_id == first)
        )
    assert [row.event for row in events][-2:] == ["miss", "complete"]


def test_the_roll_is_shut_before_the_first_day(world, office, begun):
    class_id, (first, _) = begun
    world.days_before(class_id, 1)
    with pytest.raises(NotStarted):
        marks(world, office, class_id, {first: "completed"})
    assert world.status(first) == "confirmed"


def test_nobody_else_is_on_the_roll(world, office, begun):
    class_id, (first, _) = begun
    with pytest.raises(NotFound):
        marks(world, office, class_id, {first: "completed", 9_999: "completed"})
    with pytest.raises(NotFound):
        marks(world, office, class_id, {first: "completed"}, at="NKUST")
    assert world.status(first) == "confirmed"


def test_a_result_that_is_none_is_refused(world, office, begun):
    class_id, (first, second) = begun
    with pytest.raises(InvalidInput) as refused:
        marks(world, office, class_id, {first: "completed", second: "asleep"})
    assert f"result_{second}" in refused.value.problems
    assert world.status(first) == "confirmed"
