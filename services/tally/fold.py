"""Follow a registration from event to event (pure): the state that each event leaves behind.

It repeats what `registration/advance.py` writes, so that any past day can be told from the chain.
What a past event did not say (a verdict, how a seat came) follows from the event; of the newest
one the registration itself knows.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.kernel.clock import taipei_day
from services.registration.lifecycle import SEATED, TRAITS, Event, Reason, Seat, Status
from services.tally.rows import DAY, SLIP
from services.tally.units import OFF_THE_LIST

_SEATED = {seat.value for seat in SEATED}
_OPEN = {status.value for status in Status if TRAITS[status].is_open}
_SAID_YES = {Status.CONFIRMED.value, Status.SELF_FUNDED.value}
_ROLL = {Status.COMPLETED.value, Status.FAILED.value, Status.ABSENT.value}
_VERDICTS = {Status.IN_REVIEW.value: "review", Status.INELIGIBLE.value: "ineligible"}
_HOW = {
    Event.REGISTER: "register",
    Event.APPROVE: "review",
    Event.SETTLE: "self_funded",
    Event.MERGE: "merge",
}


@dataclass(frozen=True, slots=True)
class State:
    """One registration at the end of a day; the columns of `standing`."""

    cohort_id: int
    person_id: int
    registration_id: int
    class_id: int
    registered_day: int
    status: str = ""
    seat: str = Seat.NONE.value
    reason: str | None = None
    verdict: str = ""
    by_person: bool = False
    how_seated: str | None = None
    took: int | None = None
    seated: bool = False
    slip: bool = False
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    failing: str = ""
    traits: int = 0

    def columns(self) -> dict[str, Any]:
        """Give the columns of `standing` but its days."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(State.__dataclass_fields__)


def begin(of: Any) -> State:
    """Give the blank state of a registration."""
    day = taipei_day(of.registered_at).toordinal()
    return State(of.cohort_id, of.person_id, of.id, of.class_id, day, traits=of.traits)


def follow(state: State, event: Any, of: Any) -> State:
    """Give the state after an event; `of` is what the registration knows of itself today."""
    at, target, takes = event.at, event.target, event.takes
    newest = (of.moved_at, of.status, of.seat) == (at, target, takes)
    changes: dict[str, Any] = {
        "status": target,
        "seat": takes,
        "reason": None,
        "slip": False,
        "verdict": of.verdict if newest else _verdict(state, event),
    }
    if target not in _OPEN:
        changes["reason"] = event.reason or _default_reason(target)
        changes["ended_at"] = at
        withdrew = changes["reason"] == Reason.WITHDREW.value and target == Status.CANCELLED.value
        changes["slip"] = withdrew and int((at - of.registered_at).total_seconds()) < SLIP
    if takes in _SEATED and event.held not in _SEATED:
        how = of.how_seated if of.seated_at == at else _how(event, of)
        waited = int((at - of.registered_at).total_seconds()) // DAY
        took = waited if how in OFF_THE_LIST else None
        changes |= {"how_seated": how, "seated": True, "took": took}
    if target in _SAID_YES:
        changes["confirmed_at"] = at
    changes["failing"] = of.failing if changes["verdict"] == "ineligible" else ""
    return replace(state, **changes)


def _default_reason(target: str) -> str:
    if target in _ROLL:
        return Reason.ROLL.value
    return (Reason.RULES if target == Status.INELIGIBLE.value else Reason.NO_ANSWER).value


def _verdict(state: State, event: Any) -> str:
    """Only entering, a review and an appeal judge; every other step keeps the verdict."""
    judges = (Event.REGISTER, Event.MERGE, Event.APPROVE, Event.REJECT, Event.APPEAL)
    return _VERDICTS.get(event.target, "eligible") if event.event in judges else state.verdict


def _how(event: Any, of: Any) -> str | None:
    """Seats given from the promotion call on are promotions, those before fill a gap."""
    if event.event != Event.PROMOTE:
        return _HOW.get(Event(event.event))
    called = of.promoted_at is not None and of.promoted_at <= event.at
    return "promoted" if called else "backfill"
