"""A sound town, and faults written into it past every guard."""

from datetime import date

from sqlalchemy import text
from world import PAPER_RULES

from services.invariants import check_invariants
from services.review import approve

ARM = ("DROP INDEX IF EXISTS uq_one_open_registration", "DROP INDEX IF EXISTS uq_one_held_seat",
       "DROP INDEX IF EXISTS uq_one_preference")  # fmt: skip


def a_town(world):
    """A class of one seat with three people, a decided review, and requests that reached people."""
    world.town = world.a_class(seats=1)
    world.first, world.second, world.third = world.registered(world.town, *world.people(3))
    reviewed = world.a_class(course_code="ECDIS", rules=PAPER_RULES, starts_on=date(2027, 9, 6))
    world.reviewed = world.registers(world.a_person(), reviewed, declared=["letter"])
    world.decides(world.reviewed.registration_id, approve)
    world.days_before(world.town, 28)
    world.ticks()
    assert world.broken() == []
    return world


def plant(world, *statements, **facts):
    """Write past every guard: constraints off, unique indexes gone."""
    with world.office.open() as work:
        work.connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for statement in (*ARM, *statements):
            done = work.connection.execute(text(statement), facts)
            assert statement in ARM or done.rowcount, f"nothing planted: {statement}"
        work.connection.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")


def broken(world):
    """Give what is broken: number to the faults named."""
    with world.office.look() as look:
        findings = check_invariants(look.connection)
    return {finding.number: finding.faults for finding in findings if not finding.holds}
