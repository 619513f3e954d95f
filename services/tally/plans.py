"""What classes were planned to be, from day to day: seats, first day, state."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from services.catalogue.records import training_class
from services.kernel.clock import taipei_day
from services.kernel.work import Work
from services.tally.counts import by_class, moments
from services.tally.records import FOREVER, class_day, class_tally, standing
from services.tally.rows import DRAFT, live

_C, _D = training_class.c, class_day.c
KEPT = ("cap", "cut_from", "min_size", "starts_on", "ends_on", "state", "schedule")
SETTLED = timedelta(days=90)  # after its first day a class changes no more


def take_in(work: Work) -> None:
    """Note every class whose plan is not the one last noted."""
    live = (_D.class_id == _C.id) & (_D.until_day == FOREVER)
    changed = or_(_D.class_id.is_(None), *(_C[name].is_distinct_from(_D[name]) for name in KEPT))
    rows = work.all(
        select(training_class, _D.from_day.label("noted"))
        .join(class_day, live, isouter=True)
        .where(_C.state != DRAFT, changed, _recent(work))
        .order_by(_C.id)
    )
    if rows:
        _note(work, rows)
        _count_anew(work, [row for row in rows if row.noted is not None])


def _recent(work: Work) -> Any:
    """Leave out long past classes that are noted: they are looked at every few seconds."""
    return or_(_D.class_id.is_(None), _C.starts_on >= work.today - SETTLED)


def _note(work: Work, rows: list[Any]) -> None:
    today = work.today.toordinal()
    ended = [row.id for row in rows if row.noted is not None]
    if ended:
        here = (_D.class_id == bindparam("b_id")) & (_D.until_day == FOREVER)
        work.run(
            update(class_day).where(here, _D.from_day < today).values(until_day=today),
            [{"b_id": class_id} for class_id in ended],
        )
        work.run(
            delete(class_day).where(here, _D.from_day == today),
            [{"b_id": class_id} for class_id in ended],
        )
    work.run(insert(class_day), [part for row in rows for part in _parts(row, today)])


def _count_anew(work: Work, rows: list[Any]) -> None:
    """A moved class has other checkpoints: its people are counted against the new ones."""
    for row in rows:
        this = standing.c.class_id == row.id
        columns = [c.label("id") if c.name == "registration_id" else c for c in standing.c]
        mine = select(*columns).where(standing.c.cohort_id == row.cohort_id, this, live())
        due = moments(training_class, _C.id == row.id)
        counted = work.all(by_class(mine.subquery("r"), due))
        work.run(delete(class_tally).where(class_tally.c.class_id == row.id))
        for counts in counted:
            work.run(insert(class_tally), dict(counts._mapping))


def _parts(row: Any, today: int) -> list[dict[str, Any]]:
    """Give the new plan from today; a class noted for the first time is told from its own dates."""
    plan = {"class_id": row.id, "until_day": FOREVER, **{name: row._mapping[name] for name in KEPT}}
    if row.noted is not None:
        return [{**plan, "from_day": today}]
    opened, ended = _day(row.published_at), _day(row.ended_at)
    if row.ended_at is None or ended <= opened:
        return [{**plan, "from_day": opened}]
    return [
        {**plan, "from_day": opened, "until_day": ended, "state": "published"},
        {**plan, "from_day": ended},
    ]


def _day(instant: datetime | None) -> int:
    return taipei_day(instant).toordinal() if instant else 0
