"""Keep where every chain of events stands: hourly, signed, linked to the checkpoint before.

Whoever rewrites a chain and recomputes all its later links still cannot rewrite the copies of the
checkpoints that others have.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, or_, select

from services.catalogue.records import cohort
from services.checkpoints.check_checkpoints import root
from services.checkpoints.kept import Checkpoint, newest, salted
from services.checkpoints.records import checkpoint, checkpoint_head
from services.kernel.actor import SYSTEM
from services.kernel.db import upsert
from services.kernel.work import Office, Work

EVERY = timedelta(hours=1)

_latest = checkpoint_head.alias("latest")
_LAST = (
    select(func.max(_latest.c.number)).where(_latest.c.cohort_id == cohort.c.id).scalar_subquery()
)
_HEADS = (  # one statement: one state of all chains, also where each statement sees its own
    select(
        *(cohort.c.id, cohort.c.events, cohort.c.head.label("now")),
        *(checkpoint_head.c.salt, checkpoint_head.c.head, checkpoint_head.c.events.label("then")),
    )
    .select_from(cohort)
    .outerjoin(
        checkpoint_head,
        (checkpoint_head.c.cohort_id == cohort.c.id) & (checkpoint_head.c.number == _LAST),
    )
    .where(or_(cohort.c.events > 0, checkpoint_head.c.number.is_not(None)))
    .order_by(cohort.c.id)
)


def make_checkpoint(office: Office) -> int:
    """Make one where an hour has passed and some chain has moved; return how many were made."""
    with office.look(SYSTEM) as look:
        if not _is_time(newest(look), look.now) or not any(_moved(row) for row in look.all(_HEADS)):
            return 0
    return office.do(SYSTEM, _make)


def _make(work: Work) -> int:
    """Make the next one, unless somebody was faster."""
    last = newest(work)  # read once: somebody's newer one has the number that follows it
    if not _is_time(last, work.now):
        return 0
    number, previous = (last.number + 1, last.root) if last else (1, "")
    rows = work.all(_HEADS)
    moved = [_hidden(number, row) for row in rows if _moved(row)]
    heads = {row.id: (row.then, row.head) for row in rows}
    heads |= {each["cohort_id"]: (each["events"], each["head"]) for each in moved}
    listed = [(cohort_id, *rest) for cohort_id, rest in heads.items()]
    made = root(previous, number, work.now.isoformat(), listed)
    row = {
        "number": number,
        "made_at": work.now,
        "previous": previous,
        "root": made,
        "cohorts": len(heads),
        "events": sum(events for events, _ in heads.values()),
        "public_key": work.vault.public_key,
        "signature": work.vault.sign(made),
    }
    take = upsert(work.connection.dialect.name, checkpoint).on_conflict_do_nothing()
    if work.connection.execute(take.returning(checkpoint.c.number), row).scalar() is None:
        return 0
    work.run(insert(checkpoint_head), moved)
    return 1


def _is_time(last: Checkpoint | None, now: datetime) -> bool:
    return last is None or now >= last.made_at + EVERY


def _moved(row: Row[Any]) -> bool:
    """Tell whether a chain is not what the latest checkpoint keeps of it."""
    return row.salt is None or (row.then, row.head) != (row.events, salted(row.salt, row.now))


def _hidden(number: int, row: Row[Any]) -> dict[str, Any]:
    salt = secrets.token_hex(16)
    return {
        "cohort_id": row.id,
        "number": number,
        "events": row.events,
        "salt": salt,
        "head": salted(salt, row.now),
    }
