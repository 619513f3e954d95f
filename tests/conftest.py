"""The world of the tests: a fresh database, a clock that stands, builders in the field's words."""

from datetime import date

import pytest
from sqlalchemy import Engine
from world import World

from services.kernel.clock import StandingClock, taipei
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.schema import metadata

TODAY = date(2027, 1, 4)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(taipei(TODAY, 10))


@pytest.fixture
def engine(tmp_path) -> Engine:
    engine = engine_for(f"sqlite:///{tmp_path}/portal.db", durable=False)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def office(engine, clock) -> Office:
    return Office(engine, clock)


@pytest.fixture
def world(office, clock) -> World:
    return World(office, clock)
