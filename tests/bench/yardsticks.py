"""One question asked in other ways: persons by course who qualified and who got a seat."""

import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd
from sqlalchemy import Engine, select, text

from services.registration.records import registration

TURNS = 5
PARQUET = """
    SELECT cohort_id, sum(qualified), sum(seated) FROM (
        SELECT cohort_id, person_id, max(verdict = 'eligible')::INT AS qualified,
            max(seat IN ('funded', 'self_funded', 'spent'))::INT AS seated
        FROM '{file}' GROUP BY cohort_id, person_id
    ) GROUP BY cohort_id ORDER BY cohort_id
"""


def into_pandas(engine: Engine) -> tuple[float, pd.DataFrame]:
    """Load the registrations of two plan years and count there; give the ms and the rows."""
    r = registration.c
    years = text("cohort_id IN (SELECT id FROM cohort WHERE year >= 2026)")
    columns = (r.cohort_id, r.class_id, r.person_id, r.status, r.seat, r.verdict, r.registered_at)
    began = time.perf_counter()
    with engine.connect() as connection:
        frame = pd.read_sql(select(*columns).where(years), connection)
    frame["qualified"] = frame.verdict == "eligible"
    frame["seated"] = frame.seat.isin(["funded", "self_funded", "spent"])
    each = frame.groupby(["cohort_id", "person_id"])[["qualified", "seated"]].max()
    each.groupby("cohort_id").sum()
    return (time.perf_counter() - began) * 1000, frame


def over_parquet(frame: pd.DataFrame) -> float:
    """Count the same over a file that was written before; give the median ms."""
    times = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        file = Path(folder) / "registrations.parquet"
        with duckdb.connect() as connection:
            connection.register("rows", frame)
            connection.execute(f"COPY rows TO '{file}' (FORMAT parquet)")
            for _ in range(TURNS):
                began = time.perf_counter()
                connection.execute(PARQUET.format(file=file)).fetchall()
                times.append((time.perf_counter() - began) * 1000)
    return median(times)
