"""Fresh databases for the tests: SQLite files, or a throw-away PostgreSQL cluster."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Dialect, Engine

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
COMPILED: dict[Any, Any] = {}
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
        return self._engine(self._file())

    def fresh(self) -> Engine:
        tables, dialect = _empty_tables()
        file = self._file()
        file.write_bytes(tables)
        return _alike(self._engine(file), dialect)

    def copy_of(self, other: Engine) -> Engine:
        """Give a database that begins as another one of these stands."""
        file = self._file()
        shutil.copy(str(other.url.database), file)
        return _alike(self._engine(file), other.dialect)

    def _file(self) -> Path:
        return self._folder / f"{next(self._serial)}.db"

    def _engine(self, file: Path) -> Engine:
        return engine_for(f"sqlite:///{file}", durable=self._durable)


@cache
def _empty_tables() -> tuple[bytes, Dialect]:
    """Give a SQLite file with every table and no row: quicker to copy than to make."""
    with tempfile.TemporaryDirectory(prefix="portal-model-") as folder:
        file = Path(folder) / "model.db"
        engine = engine_for(f"sqlite:///{file}", durable=False)
        metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes(), engine.dialect


def _alike(engine: Engine, dialect: Dialect) -> Engine:
    """Let an engine find what was compiled for the tests before: a third of a short test's time."""
    engine.dialect = dialect  # what is compiled is known by its dialect
    engine.update_execution_options(compiled_cache=COMPILED)
    return engine


class Cluster:
    """A PostgreSQL; `fresh` empties one database again and again, one at a time."""

    server: subprocess.Popen[bytes] | None = None

    def __init__(self, folder: Path, user: str, command: list[str]) -> None:
        self._folder, self._user, self._serial = folder, user, count(1)
        self._command = command

    def bare(self) -> Engine:
        name = f"portal_{next(self._serial)}"
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return engine_for(f"postgresql+psycopg://{self._user}@/{name}?host={self._folder}")

    @cached_property
    def _model(self) -> Engine:
        engine = self.bare()
        metadata.create_all(engine)
        engine.dispose()
        return engine

    @cached_property
    def _broom(self) -> psycopg.Connection[Any]:
        """Give the connection that empties: kept, for a new one would plan all of it anew."""
        return psycopg.connect(self._plain(str(self._model.url.database)), autocommit=True)

    def fresh(self) -> Engine:
        self._broom.execute(EMPTY)
        return _alike(engine_for(self._model.url.render_as_string()), self._model.dialect)

    def rises(self) -> None:
        """Start, or start again: what was committed is recovered from the log."""
        with (self._folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                self._command, cwd=self._folder, stdout=log, stderr=log, **_owner()
            )
        _wait(self.server, self._folder, self._user)

    def falls(self) -> None:
        """Stop at once, as `pg_ctl stop -m immediate` does: no goodbye, no checkpoint."""
        if broom := self.__dict__.pop("_broom", None):
            broom.close()
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(timeout=30)

    def _plain(self, name: str) -> str:
        return f"host={self._folder} user={self._user} dbname={name}"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a PostgreSQL on a socket in a folder of its own; stop it by its pid and sweep up.

    durable: what is committed outlives a crash, at the price of waiting for the disk.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    user = _owner().get("user")
    if user:
        shutil.chown(folder, user, user)
    data, name = folder / "data", user or "portal"
    make = [str(programs / "initdb"), "-D", str(data), "-U", name, "-A", "trust", "--no-sync"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run(make, check=True, cwd=folder, stdout=subprocess.DEVNULL, **_owner())
    chosen = LOCAL if durable else (*LOCAL, *QUICK)
    settings = [part for setting in chosen for part in ("-c", setting)]
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings]
    running = Cluster(folder, name, command)
    try:
        running.rises()
        yield running
    finally:
        running.falls()  # at once: nothing here is kept
        shutil.rmtree(folder)


def _owner() -> dict[str, Any]:
    """Say as whom the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


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
