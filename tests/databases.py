"""Fresh databases for the tests: SQLite files, or a throw-away PostgreSQL cluster."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine

from services.kernel.db import engine_for
from services.schema import metadata

PROGRAMS = Path("/usr/lib/postgresql")
TABLES = [table.name for table in metadata.sorted_tables]
EMPTY = "; ".join(  # a hundred times as quick as TRUNCATE, which makes files
    [
        "SET session_replication_role = replica",  # foreign keys do not ask for an order
        *(f"DELETE FROM {name}" for name in TABLES),
        "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences",
    ]
)
LOCAL = ("listen_addresses=", "max_connections=150")
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Databases(Protocol):
    """Where a test finds an empty database of its own."""

    def bare(self) -> Engine:
        """Give a database without a single table."""
        ...

    def fresh(self) -> Engine:
        """Give a database with every table and no row."""
        ...


class SqliteFiles:
    """A new file in the test's own folder for every database."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder, self._durable, self._serial = folder, durable, count(1)

    def bare(self) -> Engine:
        url = f"sqlite:///{self._folder}/{next(self._serial)}.db"
        return engine_for(url, durable=self._durable)

    def fresh(self) -> Engine:
        engine = self.bare()
        metadata.create_all(engine)
        return engine


class Cluster:
    """A running PostgreSQL; `fresh` empties one database again and again, one at a time."""

    def __init__(self, folder: Path, user: str) -> None:
        self._folder, self._user, self._serial = folder, user, count(1)
        engine = self.bare()
        metadata.create_all(engine)
        self._model = engine.url
        engine.dispose()

    def bare(self) -> Engine:
        name = f"portal_{next(self._serial)}"
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return engine_for(f"postgresql+psycopg://{self._user}@/{name}?host={self._folder}")

    def fresh(self) -> Engine:
        with psycopg.connect(self._plain(str(self._model.database))) as connection:
            connection.execute(EMPTY)
        return engine_for(self._model.render_as_string())

    def _plain(self, name: str) -> str:
        return f"host={self._folder} user={self._user} dbname={name}"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a PostgreSQL on a socket in a folder of its own; stop it by its pid and sweep up.

    durable: what is committed outlives a crash, at the price of waiting for the disk.
    """
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    name = user or "portal"
    if user:
        shutil.chown(folder, user, user)
    data = folder / "data"
    make = [str(programs / "initdb"), "-D", str(data), "-U", name, "-A", "trust", "--no-sync"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8"]
    groups = [] if user else None
    subprocess.run(
        make, check=True, cwd=folder, stdout=subprocess.DEVNULL,
        user=user, group=user, extra_groups=groups,
    )  # fmt: skip
    chosen = LOCAL if durable else (*LOCAL, *QUICK)
    settings = [part for setting in chosen for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings],
            cwd=folder, stdout=log, stderr=log, user=user, group=user, extra_groups=groups,
        )  # fmt: skip
    try:
        _wait(server, folder, name)
        yield Cluster(folder, name)
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing here is kept
        server.wait(timeout=30)
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(PROGRAMS.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is missing. On Debian: apt-get install postgresql")
    return found[-1].parent


def _wait(server: subprocess.Popen[bytes], folder: Path, user: str) -> None:
    patience = time.monotonic() + 30
    while time.monotonic() < patience and server.poll() is None:
        try:
            psycopg.connect(f"host={folder} user={user} dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-500:]}")
