"""Follow a registration from event to event (pure): the state that each event leaves behind.

It repeats what `registration/advance.py` writes, so that any past day can be told from the chain.
What a past event did not say (a verdict, how a seat came) follows from the event; of the newest
one the registration itself knows.
"""

from typing import Any, NamedTuple

from services.registration.lifecycle import SEATED, TRAITS, Event, Reason, Seat, Status
from services.tally.rows import DAY, SLIP, instant
from services.tally.units import OFF_THE_LIST

_SEATED = {seat.value for seat in SEATED}
_OPEN = {status.value for status in Status if TRAITS[status].is_open}
_SAID_YES = {Status.CONFIRMED.value, Status.SELF_FUNDED.value}
_ROLL = {Status.COMPLETED.value, Status.FAILED.value, Status.ABSENT.value}
_CANCELLED, _WITHDREW = Status.CANCELLED.value, Reason.WITHDREW.value
_VERDICTS = {Status.IN_REVIEW.value: "review", Status.INELIGIBLE.value: "ineligible"}
_JUDGES = {
    event.value
    for event in (Event.REGISTER, Event.MERGE, Event.APPROVE, Event.REJECT, Event.APPEAL)
}
_HOW = {
    Event.REGISTER.value: "register",
    Event.APPROVE.value: "review",
    Event.SETTLE.value: "self_funded",
    Event.MERGE.value: "merge",
}


class State(NamedTuple):
    """One registration at the end of a day; the columns of `standing` but its days.

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
    registered_day: int = 0
    took: int | None = None
    seated: int = 0
    slip: int = 0
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
    event: str
    held: str
    target: str
    takes: str
    reason: str | None
    at: Any
    registered_at: Any
    verdict: str
    how_seated: str | None
    failing: str
    newest: bool  # nothing has happened since
    seated: bool | None  # gave the seat that is held now
    called: bool | None  # a promotion: from the call on


def begin(of: Any) -> State:
    """Give the blank state of a registration."""
    return State(of.cohort_id, of.person_id, of.id, of.class_id, registered_day=of.registered_day,
                 traits=of.traits)  # fmt: skip


def follow(state: State, event: Step) -> State:
    """Give the state after an event."""
    cohort_id, person_id, key, class_id = state[:4]
    by_person, how, day, took, seated = state[8:13]
    confirmed_at, ended_at = state[14:16]
    target, takes, at = event.target, event.takes, event.at
    reason, slip = None, 0
    verdict = event.verdict if event.newest else _verdict(state, event)
    if target not in _OPEN:
        reason, ended_at = event.reason or _default_reason(target), at
        withdrew = reason == _WITHDREW and target == _CANCELLED
        slip = int(withdrew and _after(event) < SLIP)
    if takes in _SEATED and event.held not in _SEATED:
        how, seated = event.how_seated if event.seated else _how(event), 1
        took = _after(event) // DAY if how in OFF_THE_LIST else None
    if target in _SAID_YES:
        confirmed_at = at
    failing = event.failing if verdict == "ineligible" else ""
    return State(
        cohort_id, person_id, key, class_id, target, takes, reason, verdict, by_person, how,
        day, took, seated, slip, confirmed_at, ended_at, failing, state.traits,
    )  # fmt: skip


def _after(event: Step) -> int:
    """Give the whole seconds from the registration to an event."""
    at, registered = instant(event.at), instant(event.registered_at)
    return round((at.replace(microsecond=0) - registered.replace(microsecond=0)).total_seconds())


def _default_reason(target: str) -> str:
    if target in _ROLL:
        return Reason.ROLL.value
    return (Reason.RULES if target == Status.INELIGIBLE.value else Reason.NO_ANSWER).value


def _verdict(state: State, event: Step) -> str:
    """Only entering, a review and an appeal judge; every other step keeps the verdict."""
    if event.event in _JUDGES:
        return _VERDICTS.get(event.target, "eligible")
    return state.verdict


def _how(event: Step) -> str | None:
    """Seats given from the promotion call on are promotions, those before fill a gap."""
    if event.event != Event.PROMOTE.value:
        return _HOW.get(event.event)
    return "promoted" if event.called else "backfill"
