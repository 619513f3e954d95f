"""Standing yes: a waiting person says beforehand that a seat that comes up will be taken.

It counts from the class's confirmation call until its self-funded call, can be taken back until a
seat is given, and never buys a paid seat.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from services.cancel import owned_by
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.lifecycle import Status, Track
from services.registration.records import registration
from services.registration.seats import ClassFacts, facts_of, hold
from services.registration.skips import lift_own
from services.words import mark


class NoStandingYes(DomainError):
    """The person does not wait on the funded list, or the class is not between its two calls."""

    code = "standing_yes.not_now"
    sentence = mark(
        "A yes beforehand counts while you wait for a funded seat, from the confirmation call "
        "until seats are offered at one's own cost. Nothing was changed."
    )


def stand_by(work: Work, registration_id: int) -> bool:
    """Give a standing yes; tell whether a seat was there and is now confirmed.

    A second yes changes nothing and is no error.

    Raises:
        NotFound: it is not the actor's.
        NoStandingYes: the person does not wait for a funded seat, or it is too early or too late.
    """
    row, facts = _own(work, registration_id)
    _set(work, row, row.standing_yes_at or work.now)
    lift_own(work, facts.cohort_id, row.person_id)
    return registration_id in fill_cohort(work, facts.cohort_id)


def stand_down(work: Work, registration_id: int) -> None:
    """Take a standing yes back; the place stays.

    Raises:
        NotFound, NoStandingYes: as for giving it.
    """
    row, _ = _own(work, registration_id)
    _set(work, row, None)


def _own(work: Work, registration_id: int) -> tuple[Row[Any], ClassFacts]:
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    owned_by(work, row, facts)
    waits = row.status == Status.WAITLISTED.value and row.track == Track.FUNDED.value
    if not waits or not facts.yes_open:
        raise NoStandingYes()
    return row, facts


def _set(work: Work, row: Row[Any], at: datetime | None) -> None:
    work.run(update(registration).where(registration.c.id == row.id).values(standing_yes_at=at))
