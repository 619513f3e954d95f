"""What the racers do: several processes at one hot cohort, every act at the same moment."""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from world import sound_record

import services.make_checkpoint as keeping
from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim
from services.classes import edit_class
from services.confirm import confirm
from services.deliver import deliver
from services.invariants import check_invariants
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.errors import DomainError
from services.kernel.work import Office
from services.make_checkpoint import make_checkpoint
from services.mtnet.fetch import Fetched
from services.mtnet.record import from_json
from services.notices.gateway import Counting
from services.register import register
from services.registration.records import registration, review_case
from services.review import approve, reject
from services.sweep import sweep

OFFICER = Actor(Role.INSTITUTION, institution="NTOU", name="承辦")
CHECK_EVERY = 25  # races; between two checks everybody stands still


class SweepFailed(Exception):
    """A piece of work that was due could not be done."""


@dataclass(frozen=True)
class Hall:
    """Where they race: a database, its hot classes, the people, the hours that pass."""

    url: str
    classes: tuple[int, ...]
    people: tuple[tuple[int, str], ...]  # id and nationality
    start: datetime
    step: timedelta
    races: int
    guarded: bool = True  # False: nobody holds the cohort, the twin
    only: str | None = None  # one act, or all by their weights
    careful: bool = True  # False: checkpoints count a chain and read its head apart, the twin


@dataclass
class Result:
    """What one racer did: how often each act was done or refused by a rule, what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def racer(ready: Callable[[], None], hall: Hall, lane: int) -> Result:
    """Take part in every race with one act, chosen by a lot that is always the same."""
    if not hall.guarded:
        _let_go()
    if not hall.careful:
        _count_apart()
    engine, lot, result = engine_for(hall.url), random.Random(lane), Result()
    for race in range(hall.races):
        office = Office(engine, StandingClock(hall.start + race * hall.step))
        name = hall.only or lot.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        ready()
        try:
            result.done[name] += bool(ACTS[name](office, hall, lot))
        except DomainError:
            result.refused[name] += 1
        except (DBAPIError, SweepFailed) as refusal:
            result.errors.append(f"{name}: {_kind(refusal)} {refusal}")
        if race % CHECK_EVERY == CHECK_EVERY - 1:
            ready()
            if lane == 0:
                result.broken += _broken(office)
            ready()
    engine.dispose()
    return result


def _kind(refusal: Exception) -> str:
    """Name what refused: SQLite's code for it, or the constraint of PostgreSQL."""
    said = getattr(refusal, "orig", None)
    named = getattr(getattr(said, "diag", None), "constraint_name", None)
    return getattr(said, "sqlite_errorname", None) or named or type(said or refusal).__name__


def _broken(office: Office) -> list[str]:
    with office.look() as look:
        found = check_invariants(look.connection, look.now)
    return [f"{each.number}: {each.sentence} {each.faults}" for each in found if not each.holds]


def _let_go() -> None:
    """Take the guards away: no row is locked, no writer of the file waits in line."""
    from services.kernel import work
    from services.registration import seats

    logging.disable()  # what fails without the guards is counted, not told
    seats._lock = lambda *_: None
    work.turn = lambda _engine: nullcontext()
    work.writing = Engine.connect  # SQLite then begins as a reader does
    work.again = lambda act: act()


def _count_apart() -> None:
    """Count the events of each chain some moments before its head is read."""
    counted: dict[int, int] = {}
    real = keeping._hidden

    def make(office: Office) -> int:
        with office.look() as look:
            counted.update({row.id: row.events for row in look.all(keeping._HEADS)})
        time.sleep(0.02)
        return make_checkpoint(office)

    ACTS["checkpoint"] = lambda office, *_: make(office)
    keeping._hidden = lambda number, row: {
        **real(number, row),
        "events": counted.get(row.id, row.events),
    }


def _registers(office: Office, hall: Hall, lot: random.Random) -> Any:
    who, nationality = lot.choice(hall.people)
    said = Fetched(from_json(sound_record(nationality)), office.clock.now())
    target = lot.choice(hall.classes)
    return office.do(
        Actor(Role.SEAFARER, person_id=who),
        lambda work: not register(work, said, class_id=target, person_id=who).already,
    )


def _one_of(office: Office, lot: random.Random, *statuses: str) -> Any:
    with office.look() as look:
        found = look.all(
            select(registration.c.id, registration.c.person_id)
            .where(registration.c.status.in_(statuses))
            .order_by(registration.c.id)
        )
    return lot.choice(found) if found else None


def _by_the_person(verb: Any, *statuses: str) -> Callable[[Office, Hall, random.Random], Any]:
    def act(office: Office, _hall: Hall, lot: random.Random) -> bool:
        row = _one_of(office, lot, *statuses)
        if row is None:
            return False
        office.do(Actor(Role.SEAFARER, person_id=row.person_id), lambda work: verb(work, row.id))
        return True

    return act


def _reviews(office: Office, _hall: Hall, lot: random.Random) -> bool:
    with office.look() as look:
        open_ = select(review_case.c.id).where(review_case.c.state == "open")
        cases = list(look.connection.scalars(open_.order_by(review_case.c.id)))
    if not cases:
        return False
    case, kind = lot.choice(cases), lot.random() < 0.7
    if kind:
        office.do(OFFICER, lambda work: approve(work, case))
    else:
        office.do(OFFICER, lambda work: reject(work, case, reason="not_entitled"))
    return True


def _changes_a_cap(office: Office, hall: Hall, lot: random.Random) -> bool:
    target, by = lot.choice(hall.classes), lot.choice((-1, 1, 1))
    with office.look() as look:
        row = look.one_or_none(select(training_class).where(training_class.c.id == target))
    assert row is not None
    office.do(OFFICER, lambda work: edit_class(work, target, version=row.version, cap=row.cap + by))
    return True


def _sweeps(office: Office, _hall: Hall, _lot: random.Random) -> bool:
    done = sweep(office)
    if done["failed"]:
        raise SweepFailed(f"{done['failed']} pieces; the log says which")
    deliver(office, Counting(), base_url="http://127.0.0.1")
    return bool(sum(done.values()))


ACTS: dict[str, Callable[[Office, Hall, random.Random], Any]] = {
    "register": _registers,
    "cancel": _by_the_person(cancel, "admitted", "waitlisted", "in_review", "confirmed", "offered"),
    "confirm": _by_the_person(confirm, "admitted"),
    "claim": _by_the_person(claim, "offered"),
    "review": _reviews,
    "cap": _changes_a_cap,
    "sweep": _sweeps,
    "checkpoint": lambda office, *_: make_checkpoint(office),  # by keepers of their own
}
WEIGHTS = {"register": 6, "cancel": 3, "confirm": 3, "claim": 2, "review": 2, "cap": 1, "sweep": 3}
