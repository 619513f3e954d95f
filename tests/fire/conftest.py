"""The portal as it is deployed, in the line of fire: real processes, real sockets, real mail."""

from collections.abc import Iterator

import pytest
from databases import SqliteFiles, cluster
from storming import Front


@pytest.fixture
def front(tmp_path, request) -> Iterator[Front]:
    """Give a portal on SQLite, or on a PostgreSQL that may fall."""
    if request.config.getoption("--database") == "sqlite":
        engine = SqliteFiles(tmp_path, durable=True).fresh()
        yield Front(tmp_path, engine, None)
        engine.dispose()
        return
    with cluster(durable=True) as running:
        engine = running.fresh()
        yield Front(tmp_path, engine, running)
        engine.dispose()
