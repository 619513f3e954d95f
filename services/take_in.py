"""Keep the rollup up to date: a duty of the clock, and done at once on demand."""

from services.kernel.actor import SYSTEM
from services.kernel.work import Office
from services.tally import books, cases, plans
from services.tally.take_in import alone
from services.tally.take_in import take_in as take_events_in

AT_ONCE = 2_000  # events in one unit of work: the queue never waits longer for the writer


def take_in(office: Office) -> int:
    """Take in everything that has happened; return how many events it were."""
    total = 0
    while True:
        with office.open(SYSTEM) as work:
            taken = take_events_in(work, AT_ONCE)
        total += taken
        if taken < AT_ONCE:
            break
    with office.look(SYSTEM) as look:  # nobody waits for what only looks
        decided, over = cases.decided(look), books.to_close(look)
    with office.open(SYSTEM) as work:
        if alone(work):
            if decided:
                cases.take_in(work)
            plans.take_in(work)
    while over and _close(office) == books.AT_ONCE:
        pass  # the queue comes in between
    return total


def _close(office: Office) -> int:
    with office.open(SYSTEM) as work:
        return books.close(work) if alone(work) else 0
