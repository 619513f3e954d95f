"""A seat goes past somebody who keeps the place: noted with its reason, told once, lifted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from services.catalogue.records import cohort
from services.kernel.work import Work
from services.notices.outbox import Promise, promise
from services.notices.records import notice
from services.registration.fixpoint import OWN_COHORT, Skip
from services.registration.lifecycle import Notice, Seat
from services.registration.records import look_again, registration, skip

_EVENTS = select(cohort.c.events).where(cohort.c.id == bindparam("cohort_id"))
_PASS = (
    update(registration)
    .where(registration.c.id == bindparam("b_id"))
    .values(skip_reason=bindparam("b_reason"))
)
_LIFT = update(registration).where(registration.c.id == bindparam("b_id")).values(skip_reason=None)
_ENDED = (
    update(skip)
    .where(skip.c.registration_id == bindparam("b_id"), skip.c.until_seq.is_(None))
    .values(until_seq=bindparam("b_seq"))
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A registration that a seat goes past; `code` is the class that stands in the way."""

    registration_id: int
    person_id: int
    reason: Skip
    code: str


def pass_over(work: Work, cohort_id: int, skipped: Sequence[Skipped]) -> None:
    """Note whom a seat goes past; the place is kept, the person is told once of each reason."""
    if not skipped:
        return
    since = _events(work, cohort_id)
    work.run(_PASS, [{"b_id": s.registration_id, "b_reason": s.reason.value} for s in skipped])
    work.run(
        insert(skip),
        [
            {
                "registration_id": s.registration_id,
                "cohort_id": cohort_id,
                "reason": s.reason.value,
                "code": s.code,
                "since_seq": since,
            }
            for s in skipped
        ],
    )
    _tell(work, skipped)


def _tell(work: Work, skipped: Sequence[Skipped]) -> None:
    kind = Notice.SKIPPED.value
    told: set[str] = set()
    for start in range(0, len(skipped), 500):
        ids = [s.registration_id for s in skipped[start : start + 500]]
        told |= set(
            work.connection.scalars(
                select(notice.c.key).where(notice.c.registration_id.in_(ids), notice.c.kind == kind)
            )
        )
    promise(
        work,
        [
            Promise(
                kind, s.registration_id, s.person_id, occurrence,
                facts={"code": s.code, "skip": s.reason.value},
            )
            for s in skipped
            if f"{s.registration_id}:{kind}:{(occurrence := _occurrence(s))}" not in told
        ],
    )  # fmt: skip


def _occurrence(skipped: Skipped) -> str:
    if skipped.reason is Skip.OVERLAP:
        return skipped.code
    return f"{skipped.reason.value}.{skipped.code}"


def lift(work: Work, cohort_id: int, registration_ids: Collection[int]) -> None:
    """Let registrations be looked at again: what stood in the way has ended."""
    if registration_ids:
        seq = _events(work, cohort_id)
        work.run(_LIFT, [{"b_id": each} for each in registration_ids])
        work.run(_ENDED, [{"b_id": each, "b_seq": seq} for each in registration_ids])


def lift_own(work: Work, cohort_id: int, person_id: int) -> None:
    """Let a person's choices be looked at again, but for what another course stands in the way of.

    Called when the order, the review or the standing yes of one of them has changed.
    """
    mine = select(registration.c.id).where(
        registration.c.cohort_id == cohort_id,
        registration.c.person_id == person_id,
        registration.c.seat == Seat.NONE.value,
        registration.c.skip_reason.in_(OWN_COHORT),
    )
    lift(work, cohort_id, list(work.connection.scalars(mine)))


_ENDED_FOR = select(look_again.c.person_id).where(look_again.c.cohort_id == bindparam("cohort_id"))


def end_conflicts(work: Work, cohort_id: int) -> int:
    """Lift the skips of those whose conflicts with other courses ended; tell of how many people.

    The cohort is locked. Who ends a conflict holds the person: either this work waits for that
    before it gives a seat past them, or the other finds no row any more and writes a new one.
    """
    people = list(work.connection.scalars(_ENDED_FOR, {"cohort_id": cohort_id}))
    mine = select(registration.c.id).where(
        registration.c.cohort_id == cohort_id,
        registration.c.person_id.in_(people),
        registration.c.skip_reason == Skip.OVERLAP.value,
    )
    lift(work, cohort_id, list(work.connection.scalars(mine)))
    done = look_again.c.cohort_id == cohort_id, look_again.c.person_id.in_(people)
    work.run(delete(look_again).where(*done))
    return len(people)


def _events(work: Work, cohort_id: int) -> int:
    return int(work.scalar(_EVENTS, {"cohort_id": cohort_id}))
