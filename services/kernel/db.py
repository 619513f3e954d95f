"""Engines: SQLite embedded, PostgreSQL for more than one machine; the same SQL on both.

SQLite writers begin IMMEDIATE, so that counting under the lock is honest; readers begin deferred
and never wait for a writer (WAL).
"""

import select
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.sql.operators import OperatorClass
from sqlalchemy.types import TypeDecorator, TypeEngine

_BEGINS = "portal_begins"

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


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Tell whether a column is one of some constants, which are written into the statement once.

    `in_` writes its list anew whenever the statement runs.
    """
    return column.in_([literal(value) for value in values])


def upsert(dialect: str, table: Table) -> Any:
    """Give an insert that may say what to do where the row is there already, on either database."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def engine_for(url: str, *, durable: bool = True) -> Engine:
    """Open an engine for a database URL; `durable=False` only for throw-away demo and test data."""
    if url.startswith("sqlite"):
        return _sqlite(url, durable=durable)
    return _postgres(url)


def _postgres(url: str) -> Engine:
    from services.kernel.cursor import Telling  # the driver is loaded where it is used

    engine = create_engine(
        url,
        pool_size=12,
        max_overflow=4,
        pool_use_lifo=True,  # few connections, each with its plans at hand
        connect_args={
            "prepare_threshold": 1,  # the same questions come again and again
            "cursor_factory": Telling,
        },
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _keep_plans(connection: Any, _record: Any) -> None:
        connection.prepared_max = 250  # of an application and the desks: some 120 questions

    @event.listens_for(engine, "checkout")
    def _still_there(connection: Any, _record: Any, _fairy: Any) -> None:
        """Ask the socket, not the server: one that went away has said so, or closed it."""
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            raise DisconnectionError

    return engine


def _sqlite(url: str, *, durable: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
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

    def _begin(dbapi_connection: Any) -> None:
        begins = dbapi_connection.info.pop(_BEGINS, "BEGIN")
        dbapi_connection.execute(begins)

    # not by the event: a listener would cost every statement of the connection
    engine.dialect.do_begin = _begin  # type: ignore[method-assign]
    return engine


def writing(engine: Engine) -> Connection:
    """Connect for one transaction that writes: on SQLite it waits for its turn when it begins."""
    connection = engine.connect()
    connection.info[_BEGINS] = "BEGIN IMMEDIATE"
    return connection
