"""The world of the tests: a fresh database, a clock that stands, builders in the field's words."""

import gc
from collections.abc import Iterator
from datetime import date

import pytest
from databases import Cluster, Databases, SqliteFiles, cluster
from sqlalchemy import Engine, create_engine
from world import World

from portal.migrate import migrate
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office

TODAY = date(2027, 1, 4)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.addoption("--long", action="store_true", help="the full counts: races, kills, examples")


def pytest_collection_finish() -> None:
    """Search what all tests share for garbage no more, and what a test makes less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that was skipped told us nothing: the run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the full counts are asked for (`make test-long`)."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(taipei(TODAY, 10))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path) -> Databases:
    """Give SQLite files; PostgreSQL under `--database=postgres` and to tests marked postgres."""
    marked = request.node.get_closest_marker("postgres") is not None
    if marked or request.config.getoption("--database") == "postgres":
        return request.getfixturevalue("postgres")
    return SqliteFiles(tmp_path)


@pytest.fixture
def engine(databases) -> Iterator[Engine]:
    engine = databases.fresh()
    yield engine
    engine.dispose()


@pytest.fixture
def office(engine, clock) -> Office:
    return Office(engine, clock)


@pytest.fixture
def world(office, clock) -> World:
    return World(office, clock)


@pytest.fixture
def database(tmp_path, monkeypatch) -> Iterator[Engine]:
    """Give a migrated database that the portal's own commands find by the environment."""
    url = f"sqlite:///{tmp_path}/commands.db"
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    engine = create_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()
