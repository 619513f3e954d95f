"""The machine's limit: one hot row locked, counted, written, committed, in bare SQL.

The same driver, the same settings and the same disk as the portal's, and nothing around them.
"""

from collections.abc import Callable
from typing import Any

from workers import together

from bench.place import Place, url_of
from services.kernel.db import engine_for
from services.kernel.turn import turn

TABLES = (
    "CREATE TABLE hot (id INTEGER PRIMARY KEY, held INTEGER NOT NULL)",
    "CREATE TABLE entry (hot_id INTEGER NOT NULL, number INTEGER NOT NULL,"
    " PRIMARY KEY (hot_id, number))",
    "INSERT INTO hot VALUES (1, 0)",
)
BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgres": "BEGIN"}
LOCK = {"sqlite": "SELECT held FROM hot WHERE id = 1", "postgres": ""}
LOCK["postgres"] = f"{LOCK['sqlite']} FOR UPDATE"
WARM = 12  # rounds before the start: PostgreSQL plans a statement anew ten times
COUNT = "SELECT COUNT(*) FROM entry WHERE hot_id = 1"


def rate(place: Place, workers: int, transactions: int) -> float:
    """Give how many a second so many processes manage together."""
    engine = place.bare()
    with engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
    each = transactions // workers
    seconds, _ = together(_writer, [(place.kind, url_of(engine), each)] * workers)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(COUNT).scalar_one() == each * workers
    engine.dispose()
    return each * workers / seconds


def _writer(ready: Callable[[], None], kind: str, url: str, transactions: int) -> None:
    engine = engine_for(url)
    raw = engine.raw_connection().driver_connection
    assert raw is not None
    if kind == "postgres":
        raw.autocommit = True  # BEGIN and COMMIT are written out below
    for _ in range(WARM):
        with turn(engine):
            _transaction(raw, kind, end="ROLLBACK")
    ready()
    for _ in range(transactions):
        with turn(engine):  # waiting in line is quicker than polling, for everybody
            _transaction(raw, kind)


def _transaction(raw: Any, kind: str, *, end: str = "COMMIT") -> None:
    raw.execute(BEGIN[kind])
    raw.execute(LOCK[kind]).fetchone()
    number = raw.execute(COUNT).fetchone()[0] + 1
    raw.execute(f"INSERT INTO entry VALUES (1, {number})")
    raw.execute("UPDATE hot SET held = held + 1 WHERE id = 1")
    raw.execute(end)
