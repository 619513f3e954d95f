"""A few persons or registrations in hand, as a table to join with: one text parameter, any number.

Joining this way every database goes from the few in hand to their rows, never the other way round.
"""

import json
from collections.abc import Iterable
from functools import cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

_HIGH = 2**32
_MASK = str(_HIGH - 1)


def pairs(dialect: str, name: str) -> FromClause:
    """Give the (cohort, person) pairs of a parameter as rows."""
    value = _values(dialect, name)
    high, low = value.op(">>")(literal_column("32")), value.op("&")(literal_column(_MASK))
    return select(high.label("cohort_id"), low.label("person_id")).subquery(name)


@cache
def ids(dialect: str, name: str) -> FromClause:
    """Give the ids of a parameter as rows."""
    return select(_values(dialect, name).label("id")).subquery(name)


def write_pairs(keys: Iterable[tuple[int, int]]) -> str:
    """Write pairs as the parameter takes them."""
    return json.dumps(sorted({cohort * _HIGH + person for cohort, person in keys}))


def write_ids(keys: Iterable[int]) -> str:
    """Write ids as the parameter takes them."""
    return json.dumps(sorted(keys))


def _values(dialect: str, name: str) -> ColumnElement[int]:
    text = bindparam(f"{name}_json", type_=String)
    if dialect == "sqlite":
        return cast(func.json_each(text).table_valued("value").c.value, BigInteger)
    found = func.jsonb_array_elements_text(cast(text, JSONB)).table_valued("value")
    return cast(found.c.value, BigInteger)
