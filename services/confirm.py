"""Answer the confirmation call (受訓確認): yes, I will come; or no, give the seat to the next."""

from sqlalchemy import bindparam, select

from services.cancel import cancel, owned_by
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.advance import IllegalTransition, advance
from services.registration.lifecycle import Event, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.overlaps import other_seat
from services.registration.records import request
from services.registration.seats import facts_of, hold
from services.words import mark


class NotAskedYet(DomainError):
    """The confirmation call of the class has not run."""

    code = "confirm.not_asked_yet"
    sentence = mark("There is nothing to confirm yet. We will ask you four weeks before the class.")


class ListFixed(DomainError):
    """The freeze has passed: the class plan is fixed by law."""

    code = "confirm.list_fixed"
    sentence = mark("The list of this class was fixed on {moment}. Nothing was changed.")


class TwoSeats(DomainError):
    """A class was moved into another seat's days, and the person has not chosen yet."""

    code = "confirm.two_seats"
    sentence = mark(
        "You hold a seat in {code} on overlapping days too ({days}). Cancel one of the two first. "
        "Nothing was changed."
    )


_ASKED = select(request.c.id).where(
    request.c.registration_id == bindparam("registration_id"), request.c.closed_at.is_(None)
)


def confirm(work: Work, registration_id: int) -> None:
    """Confirm an admitted registration whose confirmation has been asked for.

    It is final, and leaves the other queues of the course. A second yes changes nothing and is no
    error.

    Raises:
        NotFound: it is not the actor's.
        NotAskedYet: the confirmation call has not run.
        ListFixed: the freeze has passed.
        TwoSeats: a moved class overlaps with it, and the person has not chosen yet.
        IllegalTransition: it is not admitted any more.
    """
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    owned_by(work, row, facts)
    if row.status == Status.CONFIRMED.value:
        return
    if row.status != Status.ADMITTED.value:
        raise IllegalTransition()
    if facts.fixed:
        raise ListFixed(moment=facts.freeze_at)
    if work.connection.execute(_ASKED, {"registration_id": registration_id}).first() is None:
        raise NotAskedYet()
    other = other_seat(work, registration_id)
    if other is not None:
        raise TwoSeats(code=other.code, days=(other.starts_on, other.ends_on))
    move = move_of(row, Event.CONFIRM, Status.CONFIRMED, Seat(row.seat))
    if len(advance(work, facts.cohort_id, [move])) > 1:  # who leaves a queue may make room there
        fill_cohort(work, facts.cohort_id)


def decline(work: Work, registration_id: int) -> list[int]:
    """Say no to a confirmation request or an offer; return who is seated because of it."""
    return cancel(work, registration_id, reason=Reason.DECLINED)
