"""A walk through the state machine by a seed: the same acts each time, without Hypothesis."""

from random import Random

from machine import Queue
from machine_acts import ALL, WARM
from queue_start import Starts

LONG = 14  # steps of a walk
HOURS = (1, 25, 49, 73, 120, 168, 360)
MINUTES = (1, 600, 1560)


def walk(starts: Starts, seed: int, machine: type[Queue] = Queue) -> None:
    """Start loaded, do busy days and let time pass; raise where a promise is broken."""
    draw = Random(seed)
    queue = machine()
    queue.starts = starts
    try:
        queue.start_loaded(
            seed=seed, seats=draw.randint(1, 3), smallest=draw.randint(1, 2), warm=draw.choice(WARM)
        )
        in_charge = draw.choice((0, 0, 0.5))  # in some walks staff change much
        for _ in range(LONG):
            queue.planners_see_to(draw)
            if draw.random() < in_charge:
                queue.somebody_in_charge_acts(draw)
            else:
                _step(queue, draw)
            queue.the_reference_agrees()
            queue.every_invariant_holds()
    finally:
        queue.teardown()


def _step(queue: Queue, draw: Random) -> None:
    act = draw.randrange(10)
    if act < 3:
        queue.a_busy_day(seed=draw.randrange(10_000))
    elif act < 6:
        days = draw.choice((28, 21, 14, 11, 7, 6, 5))
        queue.a_milestone_comes(days=days, which=draw.choice(ALL))
    elif act == 6:
        queue.time_passes(hours=draw.choice(HOURS))
    elif act == 9:
        queue.the_freeze_is_near_or_just_past_and_the_clock_is_down(
            minutes=draw.choice((-600, 1)), which=draw.choice(ALL), seed=draw.randrange(10_000)
        )
    elif act == 7:
        queue.time_passes_while_the_clock_is_down(minutes=draw.choice(MINUTES))
    else:
        queue.mtnet_answers()
