"""The values of many rows in one statement, as each database takes them fastest.

SQLite runs in this process and takes the statement anew for each row. PostgreSQL is given all rows
as one text: asked a thousand times, it and its driver would do little but ask and answer.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.kernel.db import Raw, upsert

ROWS = "b_rows"


def given(dialect: str, columns: Iterable[Column[Any]]) -> list[ColumnElement[Any]]:
    """Give what `Work.put` puts in the place of columns, in this order; a flag is 0 or 1."""
    if dialect == "sqlite":
        return [bindparam(f"b_{column.name}", type_=Raw()) for column in columns]
    all_rows = func.jsonb_array_elements(cast(bindparam(ROWS, type_=String), JSONB))
    row = all_rows.table_valued("value").c.value
    return [cast(row.op("->>")(n), _type(column)) for n, column in enumerate(columns)]


def _type(column: Column[Any]) -> Any:
    return String() if isinstance(column.type, String) else column.type  # cuts nothing off


def inserting(dialect: str, table: Table, names: Sequence[str]) -> Any:
    """Give an insert of many rows that may say what to do where a row is there already."""
    values, into = given(dialect, (table.c[name] for name in names)), upsert(dialect, table)
    if dialect == "sqlite":
        return into.values(dict(zip(names, values, strict=True)))
    return into.from_select(names, select(*values))


def as_text(rows: Sequence[Sequence[Any]]) -> str:
    """Write rows as PostgreSQL is given them."""
    return json.dumps(rows, default=str, ensure_ascii=False)
