"""How a registration ended and what the person can do now (pure)."""

from collections.abc import Mapping

from services.registration.afresh import FULL, Afresh
from services.registration.cards import NextStep, RegistrationCard, Say
from services.registration.lifecycle import Reason, Status
from services.registration.refusals import AlreadyCompleted
from services.words import mark

_HEADS: Mapping[str, str] = {
    Status.INELIGIBLE: mark("You do not meet the rules of this course"),
    Status.CANCELLED: mark("This registration was cancelled"),
    Status.LAPSED: mark("We had no answer in time, so the seat was passed on"),
    Status.UNPLACED: mark("You did not get a seat in this class"),
    Status.COMPLETED: mark("You have completed this course"),
    Status.FAILED: mark("You did not pass this course"),
    Status.ABSENT: mark("You did not attend this class"),
    Reason.REVIEW_UNDECIDED: mark("The review had no result in time"),
    Reason.SUPPLEMENT_MISSING: mark("The paper did not come in time, so the place was passed on"),
}
WHY: Mapping[str, str] = {
    Reason.WITHDREW: mark("You cancelled it yourself."),
    Reason.DECLINED: mark("You said that you will not come."),
    Reason.STAFF: mark("Staff cancelled it on request."),
    Reason.SUPERSEDED: mark("A better choice got you a seat."),
    Reason.CONFIRMED_ELSEWHERE: mark("You confirmed another class of this course."),
    Reason.CLASS_CANCELLED: mark("The class does not take place."),
    Reason.MERGED: mark("The class was merged into another one."),
    Reason.CLASS_FULL: mark("The class was full when the list was frozen."),
    Reason.SEATS_UNCLAIMED: mark("You had not claimed a seat when the list was frozen."),
    Reason.REVIEW_UNDECIDED: mark("The review was not decided before the list was frozen."),
    Reason.SUPPLEMENT_MISSING: mark("The paper we asked for did not come in time."),
    Reason.RULES: mark("What is missing is listed below."),
    Reason.NO_ANSWER: mark("There was no answer by the deadline."),
    Reason.ROLL: mark("This is what the institution recorded."),
}
_STOOD_IN_THE_WAY = mark(
    "Seats were left when the list was frozen, but another seat of yours stood in the way of your "
    "claim."
)
_WENT_PAST = mark(
    "Seats were left when the list was frozen, but another seat of yours stood in the way."
)
_TOO_LATE = mark("The seats left came free too late to be given before the list was frozen.")


def why_ended(reason: str, *, kind: str, claimed: bool, skipped: bool) -> str:
    """Say why a registration ended: where seats were left, also why none was this person's.

    kind: of the class. skipped: whether seats went past, because another one stood in the way.
    """
    if reason == Reason.SEATS_UNCLAIMED and claimed:
        return _STOOD_IN_THE_WAY
    if reason == Reason.SEATS_UNCLAIMED and kind == "self_funded":
        return _WENT_PAST if skipped else _TOO_LATE
    return WHY[reason]


def reason_of(card: RegistrationCard) -> Say | None:
    """Say why a closed registration ended."""
    if card.reason is None:
        return None
    passed = card.skip_reason is not None
    claimed = card.claimed_at is not None
    return Say(why_ended(card.reason, kind=card.kind, claimed=claimed, skipped=passed))


_LOST = (Reason.SUPERSEDED, Reason.CONFIRMED_ELSEWHERE)


# ended by the portal, not by the person: head, what of the rest
_BY_ITSELF: Mapping[str, tuple[str, str]] = {
    Reason.SUPERSEDED: (
        mark("This choice ended: a better choice got you a seat"),
        mark("If that class does not take place, this choice waits again with its old number."),
    ),
    Reason.CONFIRMED_ELSEWHERE: (
        mark("This choice ended: you confirmed another class of the course"),
        mark("If that class does not take place, this choice waits again with its old number."),
    ),
    Reason.CLASS_CANCELLED: (
        mark("The class does not take place, so this registration ended"),
        mark("Choices that a seat in this class had ended wait again with their old numbers."),
    ),
    Reason.MERGED: (
        mark("The class was merged into another one, so this registration ended"),
        mark("Whoever waited is invited to the end of that class's queue."),
    ),
}


def ending(card: RegistrationCard, now: Afresh, *, returns: bool) -> NextStep:
    """Say how a closed registration ended and what can be done now.

    returns: whether it is opened again if the class that won does not take place.
    """
    head = _HEADS.get(card.reason or "", _HEADS[card.status])
    then, why = Say(_then(card, now)), reason_of(card)
    more = Say(mark("Your other registrations are not affected."))
    if card.reason and card.reason in _BY_ITSELF:
        head, last = _BY_ITSELF[card.reason]
        if returns or card.reason not in _LOST:
            why, more = None, Say(last)
    return NextStep(Say(head), then, why, None, None, Say(mark("Nothing is needed from you")), more)


def _then(card: RegistrationCard, now: Afresh) -> str:
    if card.status is Status.COMPLETED:
        return mark("The result goes to MTNet")
    if card.reason == Reason.MERGED:
        return mark("Whoever had a seat has one in the other class, with a new number")
    if now.number is not None:
        return mark("Look at your new registration for this class")
    if isinstance(now.own, AlreadyCompleted):
        return mark("You have completed this course")
    if isinstance(now.own, FULL):
        return mark("Your other choices of the course go on")
    if now.own is not None:
        return mark("Look at the class where you have the seat")
    if card.status is Status.INELIGIBLE:
        return mark("You can register again once the rules are met")
    if now.refused is None:
        return mark("You can register again, at the end of the queue")
    return mark("You can register for another class of the course")
