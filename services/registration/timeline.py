"""The plotted course of a registration: what happened, is asked now, is ahead (pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.kernel.actor import Role
from services.kernel.clock import taipei, taipei_day
from services.registration.cards import Case, Mark, RegistrationCard, Say
from services.registration.endings import WHY, reason_of
from services.registration.lifecycle import Event, Status
from services.registration.next_step import LATE, STILL, WAITS, Milestones
from services.words import mark

_TITLES: Mapping[str, str] = {
    Event.RESERVE: mark("A seat is reserved for you"),
    Event.RELEASE: mark("The reserved seat was given back"),
    Event.APPROVE: mark("The review found you qualified"),
    Event.REJECT: mark("Found not eligible"),
    Event.PROMOTE: mark("Admitted from the waiting list"),
    Event.CONFIRM: mark("You confirmed that you will come"),
    Event.OFFER: mark("A self-funded seat was offered"),
    Event.SETTLE: mark("A self-funded seat is yours"),
    Event.CANCEL: mark("Cancelled"),
    Event.LAPSE: mark("No answer in time"),
    Event.UNPLACE: mark("Not placed"),
    Event.RESCHEDULE: mark("The class was moved"),
    Event.MERGE: mark("Moved here from another class"),
    Event.REOPEN: mark("Back on the waiting list"),
    Event.APPEAL: mark("Appeal received"),
    Event.OVERRIDE: mark("Two planners decided that you are served next"),
    Event.COMPLETE: mark("Course completed"),
    Event.FAIL: mark("Course not passed"),
    Event.MISS: mark("Did not attend"),
}
_KEPT = mark("Your seat was kept, although nothing had reached you")
_OUTCOMES: Mapping[str, str] = {
    Status.IN_REVIEW: mark("The records could not decide every rule; the institution looks at it."),
    Status.WAITLISTED: mark("All rules are met; you joined the waiting list."),
    Status.ADMITTED: mark("All rules are met; you got a seat."),
    Status.OFFERED: mark("All rules are met; only self-funded seats are left."),
    Status.INELIGIBLE: mark("Not every rule is met."),
}
_APPROVED: Mapping[str, str] = {
    Status.ADMITTED: mark("The reserved seat is yours."),
    Status.WAITLISTED: mark("You wait at your place in the queue."),
    Status.OFFERED: mark("Only self-funded seats are left."),
}
_ASKED = {
    "confirm": mark("You were asked whether you will come"),
    "claim": mark("You were asked whether you want a self-funded seat"),
}
_ASKING = {
    "confirm": mark("Please answer whether you will come"),
    "claim": mark("Please answer whether you want a self-funded seat"),
}
_REACHED = {
    "mail": mark("The question reached you by e-mail."),
    "sms": mark("The question reached you by text message."),
    "portal": mark("You read the question in the portal."),
    "phone": mark("The question reached you by phone."),
    "task": mark("The question counts as received."),
}
_STAFF = ("institution", "planner")
_TAKEN_BY = {
    "institution": mark("Registered for you by the institution, number {number}"),
    "planner": mark("Registered for you by MPB, number {number}"),
}


def timeline(
    card: RegistrationCard,
    *,
    events: Sequence[Any],
    requests: Sequence[Any],
    case: Case | None,
    ahead: Milestones,
    now: datetime,
) -> tuple[Mark, ...]:
    """Plot the course: sailed marks in order, the one that matters now, and those ahead."""
    done = [_event(card, event) for event in events]
    done += [_asked(row) for row in requests if row.closed_at is not None or card.asked is None]
    done.sort(key=lambda m: m.at)  # stable: a question and its answer keep their order
    return (*done, *_now(card, case, now), *_ahead(card, ahead, now))


def _event(card: RegistrationCard, event: Any) -> Mark:
    if event.event == Event.REGISTER:
        sentence = _TAKEN_BY.get(event.role, mark("Registered, number {number}"))
        title = Say(sentence, {"number": card.number})
        return Mark("done", title, event.at, Say(_OUTCOMES[event.target]))
    kept = event.event == Event.CONFIRM and event.role == Role.SYSTEM  # only at the freeze
    done = _KEPT if kept else _TITLES[event.event]
    return Mark("done", Say(done), event.at, _note(card, event))


def _note(card: RegistrationCard, event: Any) -> Say | None:
    if event.event == Event.APPROVE:
        return Say(_APPROVED[event.target])
    if event.event == Event.PROMOTE and card.draw is not None:
        return Say(mark("Your rank reached a free seat."))
    if event.event == Event.PROMOTE:
        return Say(mark("A seat became free and it was your turn."))
    if event.event == Event.REOPEN:
        return Say(
            mark(
                "The class that had ended this choice does not take place. Your number is the same."
            )
        )
    if event.event == Event.CONFIRM and event.role in _STAFF:
        return Say(mark("The institution recorded your answer."))
    if event.event == Event.UNPLACE:
        return reason_of(card)
    return Say(WHY[event.reason]) if event.reason in WHY else None


def _asked(row: Any) -> Mark:
    note = _REACHED.get(row.reached_by or "")
    return Mark("done", Say(_ASKED[row.kind]), row.asked_at, Say(note) if note else None)


def _now(card: RegistrationCard, case: Case | None, now: datetime) -> list[Mark]:
    if card.is_open and case is not None and case.state == "supplement" and case.supplement_due_at:
        return [Mark("now", Say(mark("Please upload a paper")), case.supplement_due_at, until=True)]
    if card.asked is not None and card.claimed_at is None and card.is_open:
        note = _REACHED.get(card.asked.reached_by or "", mark("The question is on its way to you."))
        title = Say(_ASKING.get(card.asked.kind, _ASKING["confirm"]))
        past = card.asked.by <= now
        return [Mark("now", title, card.asked.by, Say(STILL if past else note), until=not past)]
    if card.status is Status.IN_REVIEW and case is not None:
        appeal, review = (
            mark("MPB looks at your appeal"),
            mark("The institution reviews your papers"),
        )
        title = Say(appeal if case.statement else review)
        late = case.due_on < taipei_day(now)
        return [Mark("now", title, case.due_on, Say(LATE) if late else None, until=not late)]
    return []


_CALLS: Mapping[str, tuple[str, str, frozenset[Status]]] = {
    "confirmation_call": (
        mark("We ask you to confirm"),
        mark("Please answer within a week."),
        frozenset({Status.ADMITTED}),
    ),
    "promotion_call": (
        mark("Seats nobody confirmed go down the queue"),
        mark("You are told if it is your turn."),
        frozenset({Status.WAITLISTED}),
    ),
    "self_funded_call": (
        mark("Free seats are offered at your own cost"),
        mark("Nobody has to take one."),
        frozenset({Status.WAITLISTED}),
    ),
    "settlement": (
        mark("Self-funded seats are given, by rank"),
        mark("Only to those who claimed one."),
        frozenset({Status.OFFERED}),
    ),
}


def _concerns(kind: str, card: RegistrationCard) -> bool:
    """Whether a call still ahead is one to somebody on this track, in this kind of class."""
    if kind == "confirmation_call":
        return card.asked is None
    return card.track == card.kind if kind == "promotion_call" else card.kind == "funded"


_SEATED = (Status.ADMITTED, Status.CONFIRMED, Status.SELF_FUNDED)


def _ahead(card: RegistrationCard, ahead: Milestones, now: datetime) -> list[Mark]:
    if not card.is_open or card.class_state == "cancelled":
        return []
    marks = [
        Mark("ahead", Say(title), due, Say(note if due > now else WAITS))
        for kind, (title, note, concerns) in _CALLS.items()
        if card.status in concerns and _concerns(kind, card) and (due := ahead.at(kind)) is not None
    ]
    if card.draw is not None and card.in_line:
        note = mark("Seats are given by rank then.")
        marks.insert(
            0, Mark("ahead", Say(mark("Ranks are drawn")), taipei_day(card.draw.on), Say(note))
        )
    frozen = ahead.at("freeze")
    if frozen is not None:
        note = (
            mark("The list goes to MTNet and you get the joining details.")
            if card.status in _SEATED
            else mark("Who has no seat by then ends as not placed.")
        )
        marks.append(Mark("ahead", Say(mark("The list is frozen")), frozen, Say(note)))
    if now < taipei(card.starts_on):
        marks.append(Mark("ahead", Say(mark("The class begins")), card.starts_on))
    return marks
