"""Migrations: an empty database migrated is the schema the code runs on, on both databases."""

import re

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from world import World

from portal.migrate import config, is_current, migrate
from services.catalogue.load import load_catalogue
from services.catalogue.records import course
from services.kernel.db import writing
from services.kernel.work import Office
from services.registration.records import registration
from services.schema import metadata


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
