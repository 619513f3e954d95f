"""Registrations through the service: one hot cohort, many processes, no web."""

from collections.abc import Callable, Iterable, Iterator
from statistics import median

from bench import limit
from bench.crowd import COURSE, NOW, crowd, fetched, rules
from bench.lines import Bar, Line
from bench.place import Place, url_of
from bench.workers import together
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.register import register
from services.registration.lifecycle import Seat

SEATS = 60
RATIO = Bar("5 (ratio)", 0.30, 0.50, of_ratio=True)
KEEPS = Bar("5 (32 to 8)", 0.80, of_ratio=True)


def run(place: Place) -> Iterator[Line]:
    """Measure limit and portal in turn, several times; the medians stand in the table."""
    people, rounds = place.size((600, 3), (200, 1))
    found: dict[int, float] = {}
    for workers in (1, 8, 32):
        limits, ours = [], []
        for _ in range(rounds):
            limits.append(limit.rate(place, workers, people * 2))
            ours.append(_rate(place, workers, people))
        found[workers] = median(ours)
        yield Line(
            f"registrations through the service, {workers} at once",
            found[workers], "/s", "the same in bare SQL", median(limits), RATIO,
        )  # fmt: skip
    if place.kind == "postgres":
        yield Line(
            "registrations, 32 at once beside 8", found[32], "/s", "8 at once", found[8], KEEPS
        )


def _rate(place: Place, workers: int, people: int) -> float:
    engine = place.fresh()
    town = crowd(engine, people)
    class_id = town.world.a_class(seats=SEATS, course_code=COURSE, rules=rules())
    lanes = [(url_of(engine), class_id, town.people[n::workers]) for n in range(workers)]
    seconds, seats = together(_lane, lanes)
    numbers = sorted(number for lane in seats for number, _ in lane)
    assert numbers == list(range(1, people + 1))
    assert sum(held for lane in seats for _, held in lane) == min(SEATS, people)
    assert town.world.broken() == []
    engine.dispose()
    return people / seconds


def _lane(
    ready: Callable[[], None], url: str, class_id: int, people: Iterable[int]
) -> list[tuple[int, bool]]:
    office, said = Office(engine_for(url), StandingClock(NOW)), fetched(NOW)
    with office.look():
        ready()
    told = []
    for person_id in people:
        with office.open(Actor(Role.SEAFARER, person_id=person_id)) as work:
            receipt = register(work, said, class_id=class_id, person_id=person_id)
        told.append((receipt.number, receipt.seat is Seat.FUNDED))
    return told
