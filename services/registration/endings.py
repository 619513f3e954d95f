"""How a registration ended and what the person can do now (pure)."""

from collections.abc import Mapping

from services.registration.cards import NextStep, RegistrationCard, Say
from services.registration.lifecycle import Reason, Status
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
    Reason.SEATS_UNCLAIMED: mark("No seat was claimed before the list was frozen."),
    Reason.REVIEW_UNDECIDED: mark("The review was not decided before the list was frozen."),
    Reason.SUPPLEMENT_MISSING: mark("The paper we asked for did not come in time."),
    Reason.RULES: mark("What is missing is listed below."),
    Reason.NO_ANSWER: mark("There was no answer by the deadline."),
    Reason.ROLL: mark("This is what the institution recorded."),
}
_AFTER: Mapping[Status, str] = {
    Status.INELIGIBLE: mark("You can register again once the rules are met"),
    Status.COMPLETED: mark("The result goes to MTNet"),
}
_AGAIN = mark("You can register again, at the end of the queue")
_ANOTHER = mark("You can register for another class of the course")


# ended by the portal, not by the person: head, what comes next, what of the rest
_BY_ITSELF: Mapping[str, tuple[str, str, str]] = {
    Reason.SUPERSEDED: (
        mark("This choice ended: a better choice got you a seat"),
        mark("Look at the class where you have the seat"),
        mark("If that class does not take place, this choice waits again with its old number."),
    ),
    Reason.CONFIRMED_ELSEWHERE: (
        mark("This choice ended: you confirmed another class of the course"),
        mark("Look at the class you confirmed"),
        mark("If that class does not take place, this choice waits again with its old number."),
    ),
    Reason.CLASS_CANCELLED: (
        mark("The class does not take place, so this registration ended"),
        _ANOTHER,
        mark("Choices that a seat in this class had ended wait again with their old numbers."),
    ),
    Reason.MERGED: (
        mark("The class was merged into another one, so this registration ended"),
        mark("Whoever had a seat has one in the other class, with a new number"),
        mark("Whoever waited is invited to the end of that class's queue."),
    ),
}


def ending(card: RegistrationCard, *, again: bool) -> NextStep:
    """Say how a closed registration ended and what can be done now.

    again: whether the class still takes registrations.
    """
    head = _HEADS.get(card.reason or "", _HEADS[card.status])
    then = _AFTER.get(card.status, _AGAIN if again else _ANOTHER)
    why = Say(WHY[card.reason]) if card.reason else None
    more = Say(mark("Your other registrations are not affected."))
    if card.reason and card.reason in _BY_ITSELF:
        head, then, last = _BY_ITSELF[card.reason]
        why, more = None, Say(last)
    nothing = Say(mark("Nothing is needed from you"))
    return NextStep(Say(head), Say(then), why, None, None, nothing, more)
