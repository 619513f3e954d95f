"""Instants in SQL, the same on every database."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast
from sqlalchemy import extract as sql_extract


def seconds(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """Give an instant as whole seconds, on every database."""
    return cast(sql_extract("epoch", instant), BigInteger)
