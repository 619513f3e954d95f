"""A cap is raised and everybody who waits is admitted: one commit, in order, exactly once."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from sqlalchemy import func, select, update
from workers import together

from bench.crowd import COURSE, NOW, crowd, rules
from bench.filling import fill
from bench.lines import Bar, Line
from bench.place import Place, url_of
from services.catalogue.records import training_class
from services.kernel.clock import StandingClock
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.notices.records import notice
from services.promote import fill_cohort
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration, registration_event
from services.registration.seats import hold_class

PRETIX = 32  # people a second from its waiting list, measured on this kind of machine


def run(place: Place) -> Iterator[Line]:
    """Promote the whole queue by one planner, and by two who start at the same moment."""
    people = place.size(10_000, 1_000)
    for planners in (1, 2):
        seconds = median(_promotion(place, people, planners) for _ in range(place.size(3, 1)))
        yield Line(
            f"{people:,} waiting people admitted, {planners} at it", seconds, "s",
            "pretix would take", people / PRETIX,
            Bar("7 (promotion)", 6 * people / 10_000, 3 * people / 10_000, below=True),
        )  # fmt: skip


def _promotion(place: Place, people: int, planners: int) -> float:
    engine = place.fresh()
    town = crowd(engine, people)
    class_id = town.world.a_class(seats=1, course_code=COURSE, rules=rules())
    fill(town.world, class_id, town.people, Status.WAITLISTED, Seat.NONE)
    lanes = [(url_of(engine), class_id, people) for _ in range(planners)]
    _, told = together(_raise, lanes)
    assert sorted(seated for seated, _ in told) == [0] * (planners - 1) + [people]
    with town.world.office.look() as look:
        in_order = look.all(
            select(registration_event.c.seq, registration.c.rank)
            .join(registration, registration.c.id == registration_event.c.registration_id)
            .where(registration_event.c.event == "promote")
            .order_by(registration_event.c.seq)
        )
        letters = look.scalar(select(func.count()).where(notice.c.kind == "admitted"))
    assert [row.rank for row in in_order] == list(range(1, people + 1))
    assert letters == people
    assert town.world.broken() == []
    engine.dispose()
    return max(seconds for _, seconds in told)


def _raise(ready: Callable[[], None], url: str, class_id: int, people: int) -> tuple[int, float]:
    office = Office(engine_for(url), StandingClock(NOW))
    ready()
    began = time.monotonic()
    with office.open() as work:
        facts = hold_class(work, class_id)
        this = training_class.c.id == class_id
        work.run(update(training_class).where(this).values(cap=people))
        seated = fill_cohort(work, facts.cohort_id)
    return len(seated), time.monotonic() - began
