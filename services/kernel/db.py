"""Engines: SQLite embedded, PostgreSQL for more than one machine; the same SQL on both.

SQLite writers begin IMMEDIATE, so that counting under the lock is honest; readers begin deferred
and never wait for a writer (WAL). PostgreSQL writers read what others have committed meanwhile;
readers see one state from beginning to end and cannot write.
"""

import select
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    MetaData,
    Select,
    Table,
    create_engine,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorClass
from sqlalchemy.types import TypeDecorator, TypeEngine

_BEGINS = "portal_begins"
_WRITES = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
_READS = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
_ASKS = {"sqlite": "", "postgresql": ""}
_SESSION = (
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET random_page_cost = 1.1",  # no disk turns: a row found by its index costs little more
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A timezone-aware instant, stored as UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _to_text if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, _coltype: Any) -> Callable[[Any], datetime | None]:
        return _from_text if dialect.name == "sqlite" else _to_utc


class Raw(TypeEngine[Any]):
    """A value as the driver gives and takes it: only to be compared and handed on."""

    __visit_name__ = "raw"
    operator_classes = OperatorClass.ANY


class begins(FunctionElement[datetime]):  # reads as an SQL function
    """The instant at which a day begins in Taipei, in the form instants are stored in."""

    type = Instant()
    inherit_cache = True


@compiles(begins, "sqlite")
def _begins_as_text(element: begins, compiler: Any, **more: Any) -> str:
    day = compiler.process(element.clauses, **more)
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {day}, '-8 hours')"


@compiles(begins, "postgresql")
def _begins_at_once(element: begins, compiler: Any, **more: Any) -> str:
    day = compiler.process(element.clauses, **more)
    return f"timezone('Asia/Taipei', CAST({day} AS TIMESTAMP))"


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a naive instant: {value!r}")
    return value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    utc = _to_utc(value)
    return None if utc is None else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def among(column: ColumnElement[Any], values: Iterable[str | int]) -> ColumnElement[bool]:
    """Tell whether a column is one of some constants, which are written into the statement once.

    `in_` writes its list anew whenever the statement runs.
    """
    return column.in_([literal(value) for value in values])


def made_once(question: Select[Any] | CompoundSelect[Any], name: str) -> FromClause:
    """Give the rows of a question as a table that is made once.

    PostgreSQL, expecting one row where there are hundreds, would make it anew for each of them.
    """
    return question.cte(name).prefix_with("MATERIALIZED")


def upsert(dialect: str, table: Table) -> Any:
    """Give an insert that may say what to do where the row is there already, on either database."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def engine_for(url: str, *, durable: bool = True) -> Engine:
    """Open an engine for a database URL; `durable=False` only for throw-away demo and test data."""
    if url.startswith("sqlite"):
        return _sqlite(url, durable=durable)
    return _postgres(url)


def _postgres(url: str) -> Engine:
    from psycopg import RawServerCursor

    from services.kernel.prepared import Asked, Telling  # the driver is loaded where it is used

    engine = create_engine(
        url,
        paramstyle="numeric_dollar",  # PostgreSQL's own
        pool_size=12,
        max_overflow=4,
        pool_use_lifo=True,  # few connections, each with its plans at hand
        connect_args={
            "autocommit": True,  # _begin opens transactions
            "prepare_threshold": 1,  # the same questions come again and again
            "cursor_factory": Telling,
        },
        hide_parameters=True,
    )
    dialect = engine.dialect
    dialect.do_begin = _begin  # type: ignore[method-assign]
    dialect.do_commit = _commit  # type: ignore[method-assign]
    dialect.do_rollback = _rollback  # type: ignore[method-assign]

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, given: Any, named: Any) -> Any:
        connection = Asked.connect(*given, **named)
        connection.server_cursor_factory = RawServerCursor
        for setting in _SESSION:
            connection.execute(setting)
        return connection

    @event.listens_for(engine, "checkout")
    def _still_there(connection: Any, _record: Any, _fairy: Any) -> None:
        """Ask the socket, not the server: one that went away has said so, or closed it."""
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            raise DisconnectionError

    return engine


class Embedded(sqlite3.Connection):
    """SQLite's connection, asked in the same word as PostgreSQL's."""

    ask = sqlite3.Connection.execute


def _sqlite(url: str, *, durable: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False, "factory": Embedded},
        hide_parameters=True,  # an error never carries a person's data into a log
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # _begin below opens transactions
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-65536",
            "temp_store=MEMORY",
            f"wal_autocheckpoint={1000 if durable else 20_000}",  # pages
        ):
            connection.execute(f"PRAGMA {pragma}")

    engine.dialect.do_begin = _begin  # type: ignore[method-assign]
    return engine


def _begin(dbapi_connection: Any) -> None:
    """Begin as whoever took the connection said: an event would cost every statement."""
    begins = dbapi_connection.info.pop(_BEGINS, "BEGIN")
    if begins:
        dbapi_connection.driver_connection.ask(begins)


def _commit(dbapi_connection: Any) -> None:
    dbapi_connection.driver_connection.end("COMMIT")


def _rollback(dbapi_connection: Any) -> None:
    dbapi_connection.driver_connection.end("ROLLBACK")


def writing(engine: Engine) -> Connection:
    """Connect for one transaction that writes: on SQLite it waits for its turn when it begins."""
    return _connected(engine, _WRITES)


def reading(engine: Engine) -> Connection:
    """Connect for one transaction that only reads, and sees one state from beginning to end."""
    return _connected(engine, _READS)


def asking(engine: Engine) -> Connection:
    """Connect for single questions, each answered as things stand then, in no transaction."""
    return _connected(engine, _ASKS)


def _connected(engine: Engine, begins: Mapping[str, str]) -> Connection:
    connection = engine.connect()
    connection.info[_BEGINS] = begins[engine.dialect.name]
    return connection
