"""Migrations: an empty database migrated is the schema the code runs on, on both databases."""

import re
from datetime import date, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, update
from world import World

from portal.migrate import config, is_current, migrate
from services.cancel import cancel
from services.catalogue.load import load_catalogue
from services.catalogue.records import course
from services.kernel.db import writing
from services.kernel.work import Office
from services.reconcile import reconcile
from services.registration.records import registration, registration_event
from services.schema import metadata
from services.take_in import take_in
from services.tally.records import FOREVER, class_tally, entry, shelf, standing


@pytest.fixture
def bare(databases):
    engine = databases.bare()
    yield engine
    engine.dispose()


def differences(engine) -> list[object]:
    def of_this_database(thing, _name, _kind, _reflected, _beside):
        only = getattr(thing, "_ddl_if", None)
        return only is None or only.dialect == engine.dialect.name

    told = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": of_this_database,
    }
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=told), metadata)


def rules(engine) -> dict[str, set[str]]:
    """Give CHECK texts and what partial indexes cover, which Alembic does not compare."""
    found = inspect(engine)
    told: dict[str, set[str]] = {}
    for table in found.get_table_names():
        checks = {f"{c['name']}: {c['sqltext']}" for c in found.get_check_constraints(table)}
        for index in found.get_indexes(table):
            parts = [f"{k}={v}" for k, v in index.get("dialect_options", {}).items()]
            checks.add(f"{index['name']}: {' '.join(parts)}")
        told[table] = checks
    told.pop("alembic_version", None)
    return told


def assert_migrated_is_the_schema(bare, fresh):
    migrate(bare)
    assert differences(bare) == []
    assert rules(bare) == rules(fresh)


def test_an_empty_database_migrated_is_the_schema(bare, engine):
    assert_migrated_is_the_schema(bare, engine)


@pytest.mark.postgres
def test_an_empty_postgresql_migrated_is_the_schema(bare, engine):
    assert_migrated_is_the_schema(bare, engine)


def test_a_missing_column_is_seen(bare):
    migrate(bare)
    with writing(bare) as connection, connection.begin():
        connection.exec_driver_sql("ALTER TABLE training_class DROP COLUMN labels")
    assert len(differences(bare)) == 1


def test_migrating_again_changes_nothing_and_loses_nothing(bare, clock):
    migrate(bare)
    office = Office(bare, clock)
    with office.open() as work:
        load_catalogue(work)
    migrate(bare)
    with office.look() as look:
        assert len(look.all(select(course.c.code))) == 35
        assert is_current(look.connection)


def test_a_database_is_current_only_after_the_last_migration(bare):
    with bare.connect() as connection:
        assert not is_current(connection)
    migrate(bare)
    with bare.connect() as connection:
        assert is_current(connection)


def test_every_migration_can_be_taken_back(bare):
    migrate(bare)
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "base")
    assert set(inspect(bare).get_table_names()) <= {"alembic_version"}


def assert_old_registrations_get_a_salt_each(bare, clock):
    migrate(bare)
    world = World(Office(bare, clock), clock)
    world.registered(world.a_class(seats=2), *world.people(3))
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "0027")
    migrate(bare)
    with world.office.look() as look:
        salts = {row.salt for row in look.all(select(registration.c.salt))}
    assert len(salts) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)
    assert world.broken() == []


def test_registrations_of_before_get_a_salt_each(bare, clock):
    assert_old_registrations_get_a_salt_each(bare, clock)


@pytest.mark.postgres
def test_registrations_of_before_get_a_salt_each_on_postgresql(bare, clock):
    assert_old_registrations_get_a_salt_each(bare, clock)


def assert_who_waits_is_counted_anew(bare):
    """Of class 7 two wait; two under review have no seat, a third had none until some day.

    In its closed book two reviews ended without a decision; answers that were open stay so.
    """

    def states(*statuses, seat="none", until=FOREVER):
        plain = {
            "cohort_id": 1, "person_id": 1, "class_id": 7, "verdict": "review", "by_person": False,
            "registered_day": 1, "seated": False, "slip": False, "failing": "", "traits": 0,
        }  # fmt: skip
        return [
            {**plain, "registration_id": n, "from_day": until - 1, "until_day": until,
             "status": status, "seat": seat}
            for n, status in statuses
        ]  # fmt: skip

    def kept():
        with bare.connect() as connection:
            waiting = connection.scalar(select(class_tally.c.waiting))
            keys = [
                *connection.scalars(select(entry.c.key)),
                *connection.scalars(select(shelf.c.key)),
            ]
        return waiting, sorted(keys)

    migrate(bare)
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "0030")
    book_of = [("reviews", "ended:9"), ("reviews", "decided:4"), ("answers", "call:open")]
    counts = dict.fromkeys(class_tally.c.keys(), 0) | {"class_id": 7, "waiting": 2}
    with writing(bare) as connection, connection.begin():
        for n, status in enumerate(("waitlisted", "offered", "in_review", "in_review")):
            connection.execute(insert(standing), states((n, status)))
        connection.execute(insert(standing), states((8, "in_review"), seat="reserved"))
        connection.execute(insert(standing), states((9, "in_review"), until=5))
        connection.execute(insert(class_tally), counts)
        for kind, key in book_of:
            connection.execute(insert(entry), {"class_id": 7, "kind": kind, "key": key, "n": 2})
            at = {"cohort_id": 1, "place": "", "kind": kind, "key": key, "n": 2}
            connection.execute(insert(shelf), at)
    new = kept()
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "0029")
    assert kept() == (4, sorted(["open:9", "decided:4", "call:open"] * 2))
    with writing(bare) as connection, connection.begin():
        command.upgrade(config(connection), "0030")
    assert kept() == new == (2, sorted(["ended:9", "decided:4", "call:open"] * 2))


def test_who_waits_is_counted_anew(bare):
    assert_who_waits_is_counted_anew(bare)


@pytest.mark.postgres
def test_who_waits_is_counted_anew_on_postgresql(bare):
    assert_who_waits_is_counted_anew(bare)


def assert_seats_of_before_say_who_pays(bare, clock):
    """A settled seat came along with a merge; what was kept is taken in anew."""
    migrate(bare)
    world = World(Office(bare, clock), clock)
    class_id = world.a_class(seats=3, starts_on=date(2027, 5, 10))
    receipts = world.registered(class_id, *world.people(2))
    take_in(world.office)
    came = {"how_seated": "merge_own", "seat": "self_funded"}
    with world.office.open() as work:
        work.run(
            update(registration)
            .where(registration.c.id == receipts[0].registration_id)
            .values(**came)
        )
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "0030")
        connection.execute(
            update(registration)
            .where(registration.c.id == receipts[1].registration_id)
            .values(how_seated="review")
        )
    assert [world.row(r.registration_id).how_seated for r in receipts] == ["merge", "review"]
    migrate(bare)
    assert [world.row(r.registration_id).how_seated for r in receipts] == ["merge_own", "review"]
    with world.office.look() as look:
        assert look.all(select(standing)) == []
    take_in(world.office)
    assert reconcile(world.office) == 0


def assert_a_yes_of_before_is_forgotten(bare, clock):
    """Withdrawn, reopened when the winning class was cancelled, withdrawn again: no yes is left."""
    migrate(bare)
    world = World(Office(bare, clock), clock)
    (kept, taken_back) = world.registered(world.a_class(seats=2), *world.people(2))
    said = clock.now()
    clock.pass_by(timedelta(days=1))
    for receipt in (kept, taken_back):
        world.does(world.row(receipt.registration_id).person_id, cancel, receipt.registration_id)
    with writing(bare) as connection, connection.begin():
        command.downgrade(config(connection), "0030")
        connection.execute(update(registration).values(confirmed_at=said))
        connection.execute(
            insert(registration_event),
            {"cohort_id": 1, "seq": 9, "registration_id": taken_back.registration_id,
             "event": "reopen", "source": "cancelled", "held": "none", "target": "waitlisted",
             "takes": "none", "role": "system", "at": said + timedelta(hours=1), "hash": ""},
        )  # fmt: skip
    migrate(bare)
    assert world.row(taken_back.registration_id).confirmed_at is None
    assert world.row(kept.registration_id).confirmed_at == said


def test_a_yes_of_before_is_forgotten(bare, clock):
    assert_a_yes_of_before_is_forgotten(bare, clock)


@pytest.mark.postgres
def test_a_yes_of_before_is_forgotten_on_postgresql(bare, clock):
    assert_a_yes_of_before_is_forgotten(bare, clock)


def test_seats_of_before_say_who_pays(bare, clock):
    assert_seats_of_before_say_who_pays(bare, clock)


@pytest.mark.postgres
def test_seats_of_before_say_who_pays_on_postgresql(bare, clock):
    assert_seats_of_before_say_who_pays(bare, clock)
