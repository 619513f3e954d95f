"""Where a part measures: durable databases of one kind, a scratch folder, a size."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from databases import Databases, SqliteFiles, cluster
from sqlalchemy import Engine

Size = TypeVar("Size")
KINDS = ("sqlite", "postgres")


@dataclass(frozen=True)
class Place:
    """One kind of database; `fresh` empties it (PostgreSQL) or makes another file (SQLite)."""

    kind: str
    quick: bool
    databases: Databases
    folder: Path
    server: int = 0  # the pid of PostgreSQL

    def fresh(self) -> Engine:
        """Give an empty database with every table, durable as in a deployment."""
        return self.databases.fresh()

    def bare(self) -> Engine:
        """Give a database without a single table."""
        return self.databases.bare()

    def size(self, full: Size, quick: Size) -> Size:
        return quick if self.quick else full


@contextmanager
def place(kind: str, *, quick: bool) -> Iterator[Place]:
    """Open a place; its files and its server are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield Place(kind, quick, SqliteFiles(folder, durable=True), folder)
        else:
            with cluster(durable=True) as running:
                assert running.server is not None
                yield Place(kind, quick, running, folder, running.server.pid)


def url_of(engine: Engine) -> str:
    """Give the address by which another process opens the same database."""
    return engine.url.render_as_string(hide_password=False)
