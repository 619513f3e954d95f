"""The morning of a milestone: the confirmation call of many classes at nine o'clock."""

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from bench.crowd import NOW, crowd
from bench.filling import fill
from bench.lines import Line
from bench.place import Place
from services.kernel.clock import taipei_day
from services.registration.lifecycle import Seat, Status
from services.registration.records import request
from services.sweep import sweep

CLASS, COHORTS = 60, 25


def run(place: Place) -> Iterator[Line]:
    """Ask everybody of every class, then find that nothing is left to do."""
    classes = place.size(1_000, 50)
    engine = place.fresh()
    town = crowd(engine, classes * CLASS)
    world, first = town.world, taipei_day(NOW) + timedelta(days=40)
    for n in range(classes):
        class_id = world.a_class(seats=CLASS, starts_on=first, course_code=f"C{n % COHORTS}")
        people = town.people[n * CLASS : (n + 1) * CLASS]
        fill(world, class_id, people, Status.ADMITTED, Seat.FUNDED)
    world.days_before(class_id, 28)
    began = time.monotonic()
    done = sweep(world.office)
    seconds = time.monotonic() - began
    assert (done["milestones"], done["failed"]) == (classes, 0)
    with world.office.look() as look:
        asked = look.scalar(select(func.count()).select_from(request))
    assert asked == classes * CLASS
    yield Line(f"sweep over {classes:,} classes of {CLASS} at their call", seconds, "s")
    yield Line("people asked to confirm", asked / seconds, "/s")
    began = time.monotonic()
    assert +sweep(world.office) == {}
    yield Line("sweep that finds nothing due", (time.monotonic() - began) * 1000, "ms")
    engine.dispose()
