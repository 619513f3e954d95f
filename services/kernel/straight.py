"""Hand a statement that comes again straight to the driver: compiled once, no ceremony.

SQLAlchemy spends more on a small statement than SQLite does on answering it. A statement built
once and run with its own keys is compiled by SQLAlchemy at its second coming, and from then on
only its values are put in place and its rows read, both by SQLAlchemy's own converters. Whoever
listens to the engine, or sends what cannot be compiled ahead (a list of unknown length, a fraction
whose converter waits for the driver's own type), goes the ordinary way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable, Float, Numeric, Row
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Keys = Mapping[str, Any]
_GIVEN = object()  # the caller's keys hold the value


@dataclass(frozen=True, slots=True)
class Way:
    """A statement for one kind of database and one set of keys."""

    text: str
    values: tuple[tuple[str, Convert | None, Any], ...]  # name, converter, what stands there
    names: SimpleResultMetaData | None  # None: it gives no rows
    converters: Any  # one for each column, or none at all

    def run(self, connection: Connection, keys: Keys) -> Any:
        """Execute; what comes back tells `rowcount`, and gives its rows.

        Raises:
            DBAPIError: what the database refuses, as SQLAlchemy would say it.
        """
        driver: Any = connection.connection.driver_connection
        try:
            return driver.ask(self.text, self._filled(keys))
        except connection.dialect.loaded_dbapi.Error as refusal:
            raise refused(connection, self.text, refusal) from refusal

    def rows(self, connection: Connection, keys: Keys) -> list[Row[Any]]:
        """Execute and read every row."""
        names = self.names
        if names is None:
            raise TypeError(f"gives no rows: {self.text}")
        places = names._key_to_index
        found = self.tuples(connection, keys)
        return [Row(names, self.converters, places, each) for each in found]

    def tuples(self, connection: Connection, keys: Keys) -> list[tuple[Any, ...]]:
        """Execute and give every row as the driver does."""
        cursor = self.run(connection, keys)
        try:
            found: list[tuple[Any, ...]] = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as refusal:
            raise refused(connection, self.text, refusal) from refusal
        return found

    def put(self, connection: Connection, names: Sequence[str], rows: Sequence[Any]) -> None:
        """Execute once for each row, whose values stand in the order of the names; as they are.

        Raises:
            DBAPIError: what the database refuses, as SQLAlchemy would say it.
        """
        driver: Any = connection.connection.driver_connection
        places = [names.index(name) for name, _, _ in self.values]
        try:
            driver.cursor().executemany(self.text, map(itemgetter(*places), rows))
        except connection.dialect.loaded_dbapi.Error as refusal:
            raise refused(connection, self.text, refusal) from refusal

    def _filled(self, keys: Keys) -> list[Any]:
        filled = []
        for name, convert, standing in self.values:
            value = standing
            if standing is _GIVEN:
                value = convert(keys[name]) if convert else keys[name]
            filled.append(value)
        return filled


def read(connection: Connection, statement: Executable, keys: Keys | None) -> list[Any]:
    """Execute a statement and read every row: straight, where it has come before with keys."""
    way = way_of(connection, statement, keys)
    if way is not None and keys is not None:
        return way.rows(connection, keys)
    return list(connection.execute(statement, keys).all())


def refused(connection: Connection, text: str | None, refusal: Any) -> BaseException:
    """Give a driver's error in SQLAlchemy's words; a connection that is gone is not kept."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    if dialect.is_disconnect(refusal, driver, None):
        connection.invalidate(refusal)
    error = dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, refusal, error, hide_parameters=True, dialect=dialect)


_WAYS: WeakKeyDictionary[Any, dict[Any, Way | None]] = WeakKeyDictionary()


def way_of(connection: Connection, statement: Executable, keys: Any) -> Way | None:
    """Give the straight way of a statement that has come before; None: go the ordinary one."""
    if not isinstance(keys, dict) or connection._has_events or connection.engine._has_events:
        return None
    ways = _WAYS.get(statement)
    if ways is None:
        _WAYS[statement] = {}  # it may have been built for this once
        return None
    place = (connection.dialect.name, *keys)
    if place not in ways:
        ways[place] = _compiled(connection.dialect, statement, keys)
    return ways[place]


def _compiled(dialect: Dialect, statement: Any, keys: Keys) -> Way | None:
    compiled = statement.compile(dialect=dialect, column_keys=list(keys))
    ahead = isinstance(compiled, SQLCompiler) and not (
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.escaped_bind_names
        or compiled.update_prefetch
        or any(isinstance(column.type, (Float, Numeric)) for column in compiled._result_columns)
    )
    if not ahead:
        return None
    standing = _defaults(compiled.insert_prefetch)
    if standing is None:
        return None
    binds, converters = compiled.binds, compiled._bind_processors
    names = list(compiled.positiontup or ())
    if any(binds[name].required for name in names if name not in keys and name not in standing):
        return None  # the ordinary way says which value is missing
    values = []
    for name in names:
        convert = converters.get(name)
        value = _GIVEN if name in keys else standing.get(name, binds[name].effective_value)
        if value is not _GIVEN and convert is not None:
            value = convert(value)
        values.append((name, convert, value))
    columns = compiled._result_columns
    reads = columns and (not compiled.isinsert or bool(statement._returning))
    return Way(
        compiled.string,
        tuple(values),
        SimpleResultMetaData([column.keyname for column in columns]) if reads else None,
        _row_converters(dialect, columns) if reads else None,
    )


def _defaults(columns: Iterable[Any]) -> dict[str, Any] | None:
    """Give what stands in columns the caller left out; None where it changes from row to row."""
    standing = {}
    for column in columns:
        if not column.default.is_scalar:
            return None
        standing[column.key] = column.default.arg
    return standing


def _row_converters(dialect: Dialect, columns: Iterable[Any]) -> Any:
    found = tuple(column.type._cached_result_processor(dialect, None) for column in columns)
    return found if any(found) else None
