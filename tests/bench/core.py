"""Registrations through the service: one hot cohort, many processes, no web."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

from workers import together

from bench import limit
from bench.crowd import COURSE, NOW, crowd, fetched, rules
from bench.limit import WARM
from bench.lines import Bar, Line
from bench.place import Place, url_of
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.register import register
from services.registration.lifecycle import Seat

SEATS = 60
RATIO = Bar("5 (ratio)", 0.30, 0.50, of_ratio=True)
KEEPS = Bar("5 (32 to 8)", 0.80, of_ratio=True)
WAIT = Bar("6 (wait)", 0.5, below=True)
FAIR = Bar("6 (order)", 0, below=True)


@dataclass(frozen=True)
class Taken:
    """A number that was taken: when its writer came, how long until it was committed."""

    number: int
    seated: bool
    came: float
    took: float


def run(place: Place) -> Iterator[Line]:
    """Measure limit and portal in turn, several times: the medians of the rates stand in the
    table, and the longest wait of all rounds."""
    people, rounds = place.size((600, 3), (200, 1))
    found: dict[int, float] = {}
    for workers in (1, 8, 32):
        limits, ours, taken = [], [], []
        for _ in range(rounds):
            limits.append(limit.rate(place, workers, people * 2))
            rate, told = _rate(place, workers, people)
            ours.append(rate)
            taken.append(told)
        found[workers] = median(ours)
        yield Line(
            f"registrations through the service, {workers} at once",
            found[workers], "/s", "the same in bare SQL", median(limits), RATIO,
        )  # fmt: skip
        if workers == 8:
            yield from _fairness(place, taken)
    yield Line("registrations, 32 at once beside 8", found[32], "/s", "8 at once", found[8], KEEPS)


def _fairness(place: Place, rounds: list[list[Taken]]) -> Iterator[Line]:
    longest = max(each.took for taken in rounds for each in taken)
    middle = median(each.took for taken in rounds for each in taken)
    bar = WAIT if place.kind == "sqlite" else None
    yield Line(
        "longest a writer took, waiting and all, 8 at once", longest, "s", "median", middle, bar
    )
    turned = sum(_reversals(taken) for taken in rounds)
    yield Line("came over 1 s earlier, got the later number", turned, "", bar=FAIR)


def _reversals(taken: list[Taken]) -> int:
    """Count those who were overtaken by somebody who came more than a second later."""
    found, last = 0, 0.0
    for each in sorted(taken, key=lambda each: each.number):
        found += each.came < last - 1
        last = max(last, each.came)
    return found


def _rate(place: Place, workers: int, people: int) -> tuple[float, list[Taken]]:
    engine = place.fresh()
    town = crowd(engine, people)
    class_id = town.world.a_class(seats=SEATS, course_code=COURSE, rules=rules())
    lanes = [(url_of(engine), class_id, town.people[n::workers]) for n in range(workers)]
    seconds, told = together(_lane, lanes)
    taken = [each for lane in told for each in lane]
    assert sorted(each.number for each in taken) == list(range(1, people + 1))
    assert sum(each.seated for each in taken) == min(SEATS, people)
    assert town.world.broken() == []
    engine.dispose()
    return people / seconds, taken


class _Warm(Exception):
    """Everything has been compiled and prepared, as in a process that serves; nothing is kept."""


def _lane(ready: Callable[[], None], url: str, class_id: int, people: Sequence[int]) -> list[Taken]:
    office, said = Office(engine_for(url), StandingClock(NOW)), fetched(NOW)
    for _ in range(WARM):
        with suppress(_Warm), office.open(Actor(Role.SEAFARER, person_id=people[0])) as work:
            register(work, said, class_id=class_id, person_id=people[0])
            raise _Warm
    ready()
    told = []
    for person_id in people:
        came = time.monotonic()
        with office.open(Actor(Role.SEAFARER, person_id=person_id)) as work:
            receipt = register(work, said, class_id=class_id, person_id=person_id)
        took = time.monotonic() - came
        told.append(Taken(receipt.number, receipt.seat is Seat.FUNDED, came, took))
    return told
