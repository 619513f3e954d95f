"""Standby (備取候補): the next in line after the promotion call, told once where they stand."""

from sqlalchemy import ColumnElement, and_, exists, func, select

from services.catalogue.records import milestone
from services.kernel.work import Work
from services.milestones import PROMOTED, SELF_FUNDING, Milestone
from services.notices.outbox import Promise, promise
from services.notices.records import notice
from services.registration.lifecycle import Notice, Seat, Status, Track
from services.registration.records import registration
from services.registration.seats import ClassFacts

KIND = Notice.STANDBY.value
_kept = registration.alias("kept")
_SUSPENDED = exists().where(
    _kept.c.cohort_id == registration.c.cohort_id,
    _kept.c.person_id == registration.c.person_id,
    _kept.c.seat == Seat.RESERVED.value,
    _kept.c.preference < registration.c.preference,
)


def call_standby(work: Work, facts: ClassFacts, seated: int | None = None) -> int:
    """Tell standby up to the plan's batch size, whoever got a seat in the call counted in.

    seated: how many did, while the call itself is running.
    Nobody is standby under review, on the self-funded track, or suspended: behind the seat that
    is reserved in a better choice. A seat reserved in a worse one is left by a standing yes.
    Who joins the list after the call is told too while there is room; return how many were told.
    """
    if facts.wholly_self_funded or not PROMOTED <= facts.stage < SELF_FUNDING:
        return 0
    room = facts.policy.batch_size - _told(work, facts, seated)
    if room <= 0:
        return 0
    known = exists().where(notice.c.registration_id == registration.c.id, _of(facts))
    rows = work.all(
        select(registration.c.id, registration.c.person_id)
        .where(
            registration.c.class_id == facts.id,
            registration.c.status == Status.WAITLISTED.value,
            registration.c.track == Track.FUNDED.value,
            ~_SUSPENDED,
            ~known,
        )
        .order_by(registration.c.rank)
        .limit(room)
    )
    promise(work, [Promise(KIND, row.id, row.person_id, f"{facts.schedule}") for row in rows])
    return len(rows)


def _of(facts: ClassFacts) -> ColumnElement[bool]:
    return and_(notice.c.kind == KIND, notice.c.key.endswith(f":{facts.schedule}"))


def _told(work: Work, facts: ClassFacts, seated: int | None) -> int:
    """Count who has been told of standby for this class, and who got a seat in the call."""
    standby = work.scalar(
        select(func.count())
        .select_from(notice)
        .join(registration, registration.c.id == notice.c.registration_id)
        .where(registration.c.class_id == facts.id, _of(facts))
    )
    if seated is None:
        call = work.scalar(
            select(milestone.c.facts).where(
                milestone.c.class_id == facts.id,
                milestone.c.schedule == facts.schedule,
                milestone.c.kind == Milestone.PROMOTION_CALL.value,
            )
        )
        seated = call.get("promoted", 0)
    return int(standby) + int(seated)
