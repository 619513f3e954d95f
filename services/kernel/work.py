"""The doors to the database: `open` writes and commits, `look` and `glance` only read.

Only `Office.open` commits. The clock is asked once per unit of work.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row
from sqlalchemy.exc import DBAPIError, MultipleResultsFound

from services.kernel.actor import SYSTEM, VISITOR, Actor
from services.kernel.again import Outcome, again
from services.kernel.clock import Clock, taipei_day
from services.kernel.db import asking, reading, writing
from services.kernel.many import ROWS, as_text
from services.kernel.straight import read, refused, way_of
from services.kernel.turn import turn
from services.kernel.vault import Vault

Keys = Mapping[str, Any] | None  # values for the bindparams of a statement that was built once


@dataclass(frozen=True, slots=True)
class Look:
    """A reading at one instant by one actor; verbs never take it."""

    connection: Connection
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The Taipei day of `now`."""
        return taipei_day(self.now)

    def all(self, statement: Executable, keys: Keys = None) -> list[Any]:
        return read(self.connection, statement, keys)

    def tuples(self, statement: Executable, keys: Keys) -> list[tuple[Any, ...]]:
        """Give the rows of a statement as plain tuples; most quickly where nothing is converted."""
        way = way_of(self.connection, statement, keys)
        if way is not None and way.converters is None and keys is not None:
            return way.tuples(self.connection, keys)
        return [tuple(row) for row in self.connection.execute(statement, keys).all()]

    def one_or_none(self, statement: Executable, keys: Keys = None) -> Row[Any] | None:
        rows = self.all(statement, keys)
        if len(rows) > 1:
            raise MultipleResultsFound("more than one row where one was asked for")
        return rows[0] if rows else None

    def scalar(self, statement: Executable, keys: Keys = None) -> Any:
        way = way_of(self.connection, statement, keys)
        if way is not None and keys is not None:
            rows = way.rows(self.connection, keys)
            return rows[0][0] if rows else None
        return self.connection.execute(statement, keys).scalar()


@dataclass(frozen=True, slots=True)
class Work(Look):
    """A unit of work: everything in it is committed together, or nothing is."""

    vault: Vault

    def run(self, statement: Executable, rows: Any = None) -> Any:
        """Execute a writing statement; `rows` is a mapping or a list of them.

        A list of one goes as one: drivers send a list in another, slower way. What comes back
        tells `rowcount`; the key of a row that a statement built once inserts is asked for with
        RETURNING, through `scalar`.
        """
        row = rows[0] if isinstance(rows, list) and len(rows) == 1 else rows
        way = way_of(self.connection, statement, row)
        if way is not None and way.names is None:
            return way.run(self.connection, row)
        return self.connection.execute(statement, row)

    def put(self, statement: Executable, names: Sequence[str], rows: Sequence[Any]) -> None:
        """Execute a statement made with `many.given` for rows; names: the columns of its values.

        It costs a tenth of `run` with a list.
        """
        if rows and self.connection.dialect.name != "sqlite":
            self.run(statement, {ROWS: as_text(rows)})
        elif rows:
            keys = [f"b_{name}" for name in names]
            way = way_of(self.connection, statement, dict.fromkeys(keys))
            if way is not None:
                way.put(self.connection, keys, rows)
            else:
                each = [dict(zip(keys, row, strict=True)) for row in rows]
                self.connection.execute(statement, each)

    @contextmanager
    def in_one_go(self) -> Iterator[None]:
        """Send the writes of the block without waiting for each; nothing may be read in it.

        What the database refuses is raised by a later write or at the end, and names the statement
        it is about. SQLite is never waited for: it runs in this process.
        """
        driver: Any = self.connection.connection.driver_connection
        if not hasattr(driver, "pipeline"):
            yield
            return
        refusals = self.connection.dialect.loaded_dbapi.Error
        try:
            with driver.pipeline():
                yield
        except refusals as refusal:
            text = getattr(refusal, "sent_as", None)
            raise refused(self.connection, text, refusal) from refusal
        except DBAPIError as told:  # to a later write, mostly
            told.statement = getattr(told.orig, "sent_as", None) or told.statement
            raise


UNKEPT = Vault(os.urandom(32), os.urandom(32))  # of this process alone, does not outlive it


@dataclass(frozen=True, slots=True)
class Office:
    """Where work is done: one database, one clock, and the vault for what it keeps secret."""

    engine: Engine
    clock: Clock
    vault: Vault = UNKEPT

    @contextmanager
    def open(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """Open a unit of work; commit when the block ends, roll back when it raises."""
        with (
            writing(self.engine) as connection,
            turn(self.engine),
            connection.begin(),
        ):
            yield Work(connection, actor, self.clock.now(), self.vault)

    def do(self, actor: Actor, act: Callable[[Work], Outcome]) -> Outcome:
        """Do something in a unit of work of its own, again where it gave way to another's lock."""

        def once() -> Outcome:
            with self.open(actor) as work:
                return act(work)

        return again(once)

    @contextmanager
    def look(self, actor: Actor = VISITOR) -> Iterator[Look]:
        """Open a reading that sees one consistent state and changes nothing."""
        with reading(self.engine) as connection, connection.begin():
            yield Look(connection, actor, self.clock.now())

    @contextmanager
    def glance(self, actor: Actor = VISITOR) -> Iterator[Look]:
        """Open a reading for a single question, without the price of a transaction around it."""
        with asking(self.engine) as connection, connection.begin():
            yield Look(connection, actor, self.clock.now())
