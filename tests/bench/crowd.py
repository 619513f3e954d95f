"""People and a hot class in bulk: what a part needs before it may measure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, insert, select
from world import World, sound_record

from services.catalogue.load import courses
from services.identity.records import person
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office
from services.mtnet.fetch import Fetched
from services.mtnet.record import from_json

NOW = taipei(date(2027, 1, 4), 10)
COURSE = "PSCRB"  # its rules ask for an age, a medical, a certificate and a book


def record(now: datetime) -> dict[str, Any]:
    """Give papers that pass every rule of that course for a class within the year."""
    year = now.year
    sound = {"issued_on": f"{year - 1}-12-01", "expires_on": f"{year + 1}-12-01"}
    return {
        **sound_record(),
        "seamans_book": {"number": "1", "status": "active", **sound},
        "medical": sound,
        "certificates": [{"course": "BST", **sound}],
    }


def rules() -> dict[str, Any]:
    """Give the rules of a real course of the catalogue."""
    entry = next(each for each in courses() if each["code"] == COURSE)
    return {
        tree: entry[tree] for tree in ("prerequisites", "funded_extra", "certificate_conditions")
    }


def fetched(now: datetime) -> Fetched:
    """Give what MTNet says of everybody here."""
    return Fetched(from_json(record(now)), now)


@dataclass
class Crowd:
    """A world with many people who all pass, on a durable database."""

    world: World
    people: list[int]


def crowd(engine: Engine, n: int, now: datetime = NOW) -> Crowd:
    """Put n people into an empty database."""
    clock = StandingClock(now)
    world = World(Office(engine, clock), clock)
    with world.office.open() as work:
        work.run(insert(person), [_row(each, work.now) for each in range(n)])
        people = list(work.connection.scalars(select(person.c.id).order_by(person.c.id)))
    return Crowd(world, people)


def _row(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id_index": f"index-{n}",
        "id_sealed": b"sealed",
        "name_zh": f"船員{n}",
        "name_latin": f"SEAFARER {n}",
        "birth_date": date(1990, 5, 1),
        "sex": "M",
        "nationality": "national",
        "email": f"seafarer{n}@mail.example",
        "mobile": "+886912345678",
        "region": "north",
        "created_at": now,
    }
