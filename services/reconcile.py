"""Every night the sums of the rollup are compared with a recount; differences are kept."""

from datetime import timedelta
from time import monotonic

from sqlalchemy import delete, func, insert, select

from services.kernel.actor import SYSTEM
from services.kernel.clock import TAIPEI
from services.kernel.work import Office
from services.tally.records import reconciliation, watermark
from services.tally.recount import caught_up, compare

AT = timedelta(hours=3)  # Taipei; nobody registers then
NAMED = 20  # differences kept by name


def reconcile_if_due(office: Office) -> int:
    """Reconcile once a night; return how many sums were not equal."""
    with office.look(SYSTEM) as look:
        night = (look.now.astimezone(TAIPEI) - AT).date().toordinal()
        last = look.scalar(select(func.max(reconciliation.c.day)))
    return 0 if last is not None and last >= night else reconcile(office)


def reconcile(office: Office) -> int:
    """Compare all sums with a recount and keep the result; return how many were not equal."""
    began, compared, unequal = monotonic(), 0, list[str]()
    with office.look(SYSTEM) as look:
        connection = look.connection
        events = look.scalar(select(func.coalesce(func.sum(watermark.c.seq), 0)))
        for cohort_id in caught_up(connection):
            n, found = compare(connection, cohort_id)
            compared += n
            unequal += found
    with office.open(SYSTEM) as work:
        day = (work.now.astimezone(TAIPEI) - AT).date().toordinal()
        work.run(delete(reconciliation).where(reconciliation.c.day == day))
        work.run(
            insert(reconciliation),
            {
                "day": day,
                "at": work.now,
                "events": events,
                "compared": compared,
                "differences": len(unequal),
                "seconds": monotonic() - began,
                "facts": unequal[:NAMED],
            },
        )
    return len(unequal)
