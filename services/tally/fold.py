"""Follow a registration from event to event (pure): the state that each event leaves behind.

It repeats what `registration/advance.py` writes, so that any past day can be told from the chain.
What a past event did not say (a verdict, how a seat came) follows from the event; of the newest
one the registration itself knows.
"""

from typing import Any, NamedTuple

from services.registration.lifecycle import AFRESH, SEATED, TRAITS, Event, Reason, Seat, Status
from services.tally.rows import DAY, SLIP, instant
from services.tally.units import OFF_THE_LIST

_SEATED = {seat.value for seat in SEATED}
_OPEN = {status.value for status in Status if TRAITS[status].is_open}
_SAID_YES = {Status.CONFIRMED.value, Status.SELF_FUNDED.value}
_REASONS = {
    Status.COMPLETED.value: Reason.ROLL.value,
    Status.FAILED.value: Reason.ROLL.value,
    Status.ABSENT.value: Reason.ROLL.value,
    Status.INELIGIBLE.value: Reason.RULES.value,
}  # where an event says none
_NO_ANSWER, _PROMOTE = Reason.NO_ANSWER.value, Event.PROMOTE.value
_CANCELLED, _WITHDREW = Status.CANCELLED.value, Reason.WITHDREW.value
_VERDICTS = {Status.IN_REVIEW.value: "review", Status.INELIGIBLE.value: "ineligible"}
_JUDGES = {
    event.value
    for event in (Event.REGISTER, Event.MERGE, Event.APPROVE, Event.REJECT, Event.APPEAL)
}
_AFRESH = {event.value for event in AFRESH}  # what was said before counts no more
_HOW = {
    Event.REGISTER.value: "register",
    Event.APPROVE.value: "review",
    Event.SETTLE.value: "self_funded",
    Event.MERGE.value: "merge",
}


class State(NamedTuple):
    """One registration at the end of a day; the columns of `standing` but its days.

    What it counts as is said by those from status to slip, and by whether it ever said yes.
    Instants are as the driver gives them, only compared and handed on; flags are 0 or 1.
    """

    cohort_id: int
    person_id: int
    registration_id: int
    class_id: int
    status: str = ""
    seat: str = Seat.NONE.value
    reason: str | None = None
    verdict: str = ""
    by_person: int = 0
    how_seated: str | None = None
    seated: int = 0
    slip: int = 0
    registered_day: int = 0
    took: int | None = None
    confirmed_at: Any = None
    ended_at: Any = None
    failing: str = ""
    traits: int = 0


class Step(NamedTuple):
    """One event of a chain, with what its registration knows of itself today."""

    cohort_id: int
    seq: int
    registration_id: int
    person_id: int
    day: int
    event: str
    target: str
    takes: str
    reason: str | None
    at: Any
    registered_at: Any
    failing: str
    verdict: str | None  # of the newest event: nothing has happened since
    how_seated: str | None  # of the event that gave the seat that is held now
    called: bool | None  # a promotion: from the call on


def begin(of: Any) -> State:
    """Give the blank state of a registration."""
    return State(of.cohort_id, of.person_id, of.id, of.class_id, registered_day=of.registered_day,
                 traits=of.traits)  # fmt: skip


def follow(state: State, step: Step) -> State:
    """Give the state after an event."""
    (cohort_id, person_id, key, class_id, _, held, _, verdict, by_person, how,
     seated, _, registered_day, took, confirmed_at, ended_at, _, traits) = state  # fmt: skip
    (*_, event, target, takes, reason, at, registered_at, fails, judged, given, called) = step
    slip = 0
    if judged is not None:
        verdict = judged
    elif event in _JUDGES:  # every other step keeps the verdict
        verdict = _VERDICTS.get(target, "eligible")
    if event in _AFRESH:
        confirmed_at = ended_at = None
    if target in _OPEN:
        reason = None
    else:
        reason, ended_at = reason or _REASONS.get(target, _NO_ANSWER), at
        if reason == _WITHDREW and target == _CANCELLED:
            slip = int(_between(registered_at, at) < SLIP)
    if takes in _SEATED and held not in _SEATED:
        how, seated = given or _how(event, called), 1
        took = _between(registered_at, at) // DAY if how in OFF_THE_LIST else None
    if target in _SAID_YES:
        confirmed_at = at
    return State._make((
        cohort_id, person_id, key, class_id, target, takes, reason, verdict, by_person, how,
        seated, slip, registered_day, took, confirmed_at, ended_at,
        fails if verdict == "ineligible" else "", traits,
    ))  # fmt: skip


def _between(registered: Any, at: Any) -> int:
    """Give the whole seconds from one instant to another."""
    this, that = instant(registered).replace(microsecond=0), instant(at).replace(microsecond=0)
    return round((that - this).total_seconds())


def _how(event: str, called: bool | None) -> str | None:
    """Seats given from the promotion call on are promotions, those before fill a gap."""
    if event != _PROMOTE:
        return _HOW.get(event)
    return "promoted" if called else "backfill"
