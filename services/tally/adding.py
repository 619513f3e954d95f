"""Write what is kept: enter rows, or add differences to sums, the same on every database.

Values go to the driver as they are; flags are 0 or 1: drivers take whole numbers fastest.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Table, bindparam, literal_column

from services.kernel.db import Raw, upsert
from services.kernel.work import Work


def add(work: Work, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Add differences to sums; a sum seen for the first time begins with its difference."""
    names = tuple(column.name for column in table.c)
    adding = _upsert(work.connection.dialect.name, table, names, adds=True)
    work.put(adding, _given(names), sorted(rows))


def enter(work: Work, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Enter rows of the columns named, in place of those with the same key."""
    entering = _upsert(work.connection.dialect.name, table, tuple(names), adds=False)
    work.put(entering, _given(names), rows)


def _given(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"b_{name}" for name in names)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...], *, adds: bool) -> Any:
    row = upsert(dialect, table).values(
        {
            name: _value(table.c[name], given)
            for name, given in zip(names, _given(names), strict=True)
        }
    )
    values = {
        column.name: column + row.excluded[column.name] if adds else row.excluded[column.name]
        for column in table.c
        if not column.primary_key
    }
    keys = [column.name for column in table.primary_key]
    return row.on_conflict_do_update(index_elements=keys, set_=values)


def _value(column: Column[Any], given: str) -> ColumnElement[Any]:
    value = bindparam(given, type_=Raw())
    return value == literal_column("1") if isinstance(column.type, Boolean) else value
