"""Write years of registrations in bulk, keeping every invariant; say what it took.

Rows go in by executemany (SQLite) or COPY (PostgreSQL), one cohort at a time.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, insert, inspect, text

from bench.lives import Life, Run
from services.catalogue.load import courses, load_catalogue
from services.catalogue.records import annual_plan, cohort, milestone, training_class
from services.identity.records import person
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office
from services.notices.records import notice
from services.registration.chain import link
from services.registration.records import (
    new_salt,
    registration,
    registration_event,
    request,
    review_case,
)
from services.schema import metadata

TODAY = date(2027, 10, 1)
NOW = taipei(TODAY, 10)
SEATS = 24
QUIET = (-10, 35)  # days around today without a first day: no call is half over


@dataclass(frozen=True)
class Size:
    """How many registrations: years, how many a year, how long a class's queue is."""

    years: int
    a_year: int
    queue: int


SIZES = {
    "20 k": Size(4, 5_000, 40),
    "200 k": Size(8, 28_000, 40),
    "1 M": Size(10, 107_000, 50),
    "10 M": Size(10, 1_050_000, 120),
}


@dataclass(frozen=True)
class Made:
    """What was written and what it took."""

    registrations: int
    events: int
    seconds: float


class Writer:
    """Write rows of tables as fast as the database takes them: nothing is checked meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self.sqlite = engine.dialect.name == "sqlite"
        self.raw = engine.raw_connection()
        self.cursor = self.raw.cursor()
        for statement in UNCHECKED[self.sqlite]:
            self.cursor.execute(statement)

    def put(self, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        columns = ", ".join(f'"{name}"' for name in names)
        if self.sqlite:
            marks = ", ".join("?" * len(names))
            self.cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", rows)
            return
        with self.cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def __enter__(self) -> "Writer":
        self.cursor.execute("BEGIN")
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.cursor.execute("COMMIT" if kind is None else "ROLLBACK")

    def close(self) -> None:
        """Give the connection up: the next one checks again."""
        self.raw.invalidate()
        self.raw.close()


UNCHECKED = {
    True: ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF"),
    False: ("SET session_replication_role = replica", "SET synchronous_commit = off"),
}


def _written(value: datetime) -> str:
    """Write an instant as SQLAlchemy does."""
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


sqlite3.register_adapter(datetime, _written)
sqlite3.register_adapter(date, date.isoformat)


@contextmanager
def without_indexes(engine: Engine) -> Iterator[None]:
    """Let rows be written first and indexes made of all of them at once afterwards."""
    named = {i["name"] for of in metadata.tables for i in inspect(engine).get_indexes(of)}
    every = (index for table in metadata.sorted_tables for index in table.indexes)
    indexes = [index for index in every if index.name in named]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)


def bulk(engine: Engine, size: Size) -> Made:
    """Fill an empty database; nothing is taken into the rollup yet."""
    began, office = time.monotonic(), Office(engine, StandingClock(NOW))
    with office.open() as work:
        load_catalogue(work)
        codes = [entry["code"] for entry in courses()]
        places = list(work.connection.scalars(text("SELECT code FROM institution ORDER BY code")))
    town = _Town(size, codes, places)
    people = int(size.a_year * 1.2)
    with without_indexes(engine), closing(Writer(engine)) as to:
        with to:
            to.put(person, PERSON, (_person(n) for n in range(1, people + 1)))
        for year in range(TODAY.year - size.years + 1, TODAY.year + 1):
            with office.open() as work:
                row = {"year": year, "seats_cap": 10**6, "max_choices": 3, "published_at": NOW}
                work.run(insert(annual_plan), row)
            for code in codes:
                with to:
                    town.cohort(to, year, code, people)
    if engine.dialect.name != "sqlite":
        _count_on(engine)
    with engine.connect().execution_options(portal_writes=True) as connection, connection.begin():
        connection.execute(text("ANALYZE"))
    return Made(town.registered, town.events, time.monotonic() - began)


def _count_on(engine: Engine) -> None:
    """Let PostgreSQL number what comes next behind what was written."""
    with engine.begin() as connection:
        for table in (registration, request, review_case, notice, person, cohort, training_class):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                     f" (SELECT COALESCE(MAX(id), 1) FROM {table.name}))")
            )  # fmt: skip


def bytes_of(engine: Engine) -> int:
    """Give the size of a database on disk."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).stat().st_size
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


REGIONS, RANKS = ("north", "central", "south", "east"), ("master", "oow_deck", "rating_deck")
PERSON = ("id", "id_index", "id_sealed", "name_zh", "birth_date", "sex", "nationality", "region",
          "rank", "locale", "created_at")  # fmt: skip


def _person(n: int) -> tuple[Any, ...]:
    born = date(1965 + n % 38, 1 + n % 12, 1 + n % 28)
    return (n, f"index-{n}", b"sealed", f"船員{n}", born, "FM"[n % 9 > 0], "national",
            REGIONS[n % 4], RANKS[n % 3], "zh-Hant-TW", NOW)  # fmt: skip


class _Town:
    """Numbers everything and writes one cohort after the other."""

    def __init__(self, size: Size, codes: Sequence[str], places: Sequence[str]) -> None:
        self.size, self.places = size, places
        self.classes = max(2, size.a_year // size.queue // len(codes))
        self.ids = {name: count(1) for name in ("cohort", "class", "life", "person", "more")}
        self.registered = self.events = 0

    def cohort(self, to: Writer, year: int, code: str, people: int) -> None:
        """Write one cohort: its classes, everybody in them, and its event chain."""
        key, runs = next(self.ids["cohort"]), []
        for n in range(self.classes):
            first = date(year, 1, 12) + timedelta(days=(n * 331 + key * 7) % 331)
            if QUIET[0] <= (first - TODAY).days <= QUIET[1]:
                first -= timedelta(days=60)
            place = self.places[(key + n) % len(self.places)]
            run = Run(next(self.ids["class"]), place, first, SEATS, NOW)
            self._fill(run, runs[-1] if n % 2 else None, people)
            if run.past:
                run.live()
            runs.append(run)
        self._write(to, key, year, code, runs)

    def _fill(self, run: Run, before: Run | None, people: int) -> None:
        opens = taipei(run.starts_on - timedelta(days=100), 9)
        again = {life.number: life.person for life in before.lives} if before else {}
        for number in range(1, self.size.queue + 1):
            at = opens + timedelta(days=60) * number / self.size.queue
            if at > NOW:
                return
            twice = number > self.size.queue * 0.85 and number in again
            who = again[number] if twice else 1 + next(self.ids["person"]) % people
            run.register(Life(next(self.ids["life"]), who, number, 2 if twice else 1, at))

    def _write(self, to: Writer, key: int, year: int, code: str, runs: Sequence[Run]) -> None:
        chain = sorted((e for run in runs for e in run.events), key=lambda e: e[0])
        rows, notices, head = [], [], ""
        for at, life, event, source, held, target, takes, reason, role, kind, asks in chain:
            said = f"{life.id}:{kind}:ask"
            if event is not None:
                row = {
                    "cohort_id": key, "seq": len(rows) + 1, "registration_id": life.id,
                    "event": event, "source": source, "held": held, "target": target,
                    "takes": takes, "reason": reason, "role": role, "account_id": None, "at": at,
                }  # fmt: skip
                head = link(head, row)
                rows.append((*row.values(), head))
                said = f"{life.id}:{kind}:{len(rows)}"
            if kind:
                notices.append(
                    (said, kind, life.id, life.person, asks, "{}", at, "sent", 1, at, at)
                )
        to.put(cohort, ("id", "year", "course", "rules", "rules_version", "fee", "events", "head"),
               [(key, year, code, "{}", 1, 12_000, len(rows), head)])  # fmt: skip
        to.put(
            training_class, CLASS, [_class(run, key, year, code, n) for n, run in enumerate(runs)]
        )
        to.put(milestone, MILESTONE, [row for run in runs for row in _milestones(run)])
        to.put(registration, REGISTRATION, [_row(run, key, x) for run in runs for x in run.lives])
        to.put(registration_event, [c.name for c in registration_event.c], rows)
        to.put(notice, NOTICE, notices)
        to.put(request, REQUEST, [_request(run, r) for run in runs for r in run.requests])
        to.put(review_case, CASE, [_case(run, key, c) for run in runs for c in run.cases])
        self.registered += sum(len(run.lives) for run in runs)
        self.events += len(rows)


CLASS = ("id", "code", "cohort_id", "year", "course", "institution", "kind", "starts_on", "ends_on",
         "opens_at", "cap", "min_size", "seats_held", "numbers_given", "fee", "labels", "schedule",
         "state", "published_at", "ended_at", "version")  # fmt: skip
MILESTONE = ("class_id", "schedule", "kind", "due_at", "reached_at", "outcome", "facts")
REGISTRATION = ("id", "class_id", "cohort_id", "person_id", "number", "rank", "preference", "track",
                "status", "seat", "reason", "verdict", "screened_at", "rescreen_due", "on_behalf",
                "how_seated", "registered_at", "registered_ym", "qualified_at", "seated_at",
                "confirmed_at", "ended_at", "moved_at", "failing", "declared",
                "findings", "salt")  # fmt: skip
NOTICE = ("key", "kind", "registration_id", "person_id", "asks", "facts", "made_at", "mail",
          "attempts", "next_try_at", "sent_at")  # fmt: skip
REQUEST = ("registration_id", "class_id", "kind", "asked_at", "calendar_deadline", "freeze_at",
           "window_hours", "reached_at", "reached_by", "deadline", "closed_at",
           "answer")  # fmt: skip
CASE = ("registration_id", "cohort_id", "person_id", "institution", "opened_at", "due_on", "state",
        "decided_at")  # fmt: skip


def _class(run: Run, key: int, year: int, code: str, n: int) -> tuple[Any, ...]:
    opens, freeze = taipei(run.starts_on - timedelta(days=100), 9), run.due["freeze"]
    return (run.id, f"{year - 1911}-{code}-{n:04d}", key, year, code, run.institution, "funded",
            run.starts_on, run.starts_on + timedelta(days=4), opens, run.cap, 8, run.held,
            len(run.lives), 12_000, "[]", 1, "opened" if run.past else "published", opens,
            freeze if run.past else None, 1)  # fmt: skip


def _milestones(run: Run) -> list[tuple[Any, ...]]:
    done = run.past
    return [
        (run.id, 1, kind, at, at if done else None, "done" if done else None, "{}")
        for kind, at in run.due.items()
    ]


def _row(run: Run, key: int, x: Life) -> tuple[Any, ...]:
    month = f"{(x.at + timedelta(hours=8)):%Y-%m}"
    return (x.id, run.id, key, x.person, x.number, x.number, x.preference, "funded", x.status,
            x.seat, x.reason, x.verdict, x.at, False, x.number % 11 == 0, x.how, x.at, month,
            x.qualified, x.seated, x.confirmed, x.ended, x.moved, x.failing, "[]",
            "{}", new_salt())  # fmt: skip


def _request(run: Run, r: tuple[Any, ...]) -> tuple[Any, ...]:
    life, kind, at, by, closed, answer = (*r, None, None)[:6]
    freeze = run.due["freeze"]
    deadline = min(max(by, at + timedelta(hours=72)), freeze)
    return (life.id, run.id, kind, at, by, freeze, 72, at, "mail", deadline, closed, answer)


def _case(run: Run, key: int, case: tuple[Any, ...]) -> tuple[Any, ...]:
    life, opened, state, decided = case
    due = (opened + timedelta(days=7)).date()
    return (life.id, key, life.person, run.institution, opened, due, state, decided)
