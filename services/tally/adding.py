"""Write what is kept: enter rows, or add differences to sums, the same on every database.

Values go to the driver as they are; flags are 0 or 1: drivers take whole numbers fastest.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, update

from services.kernel.many import given, inserting
from services.kernel.work import Work


def add(work: Work, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Add differences to sums; a sum seen for the first time begins with its difference."""
    names = tuple(table.c.keys())
    work.put(_upsert(work.connection.dialect.name, table, names, adds=True), names, sorted(rows))


def enter(work: Work, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Enter rows of the columns named, in place of those with the same key."""
    names = tuple(names)
    work.put(_upsert(work.connection.dialect.name, table, names, adds=False), names, rows)


def alter(work: Work, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Change columns of rows that are there: the values, then the key."""
    names = tuple(names)
    keys = tuple(column.name for column in table.primary_key)
    work.put(_update(work.connection.dialect.name, table, names, keys), (*names, *keys), rows)


@cache
def _update(dialect: str, table: Table, names: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    values = given(dialect, (table.c[name] for name in (*names, *keys)))
    mine = (table.c[key] == value for key, value in zip(keys, values[len(names) :], strict=True))
    return update(table).where(*mine).values(dict(zip(names, values, strict=False)))


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...], *, adds: bool) -> Any:
    row = inserting(dialect, table, names)
    values = {
        column.name: column + row.excluded[column.name] if adds else row.excluded[column.name]
        for column in table.c
        if not column.primary_key
    }
    keys = [column.name for column in table.primary_key]
    return row.on_conflict_do_update(index_elements=keys, set_=values)
