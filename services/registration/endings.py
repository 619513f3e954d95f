"""How a registration ended and what the person can do now (pure)."""

from collections.abc import Mapping

from services.registration.cards import NextStep, RegistrationCard, Say
from services.registration.lifecycle import Reason, Status
from services.words import mark

_HEADS: Mapping[Status, str] = {
    Status.INELIGIBLE: mark("You do not meet the rules of this course"),
    Status.CANCELLED: mark("This registration was cancelled"),
    Status.LAPSED: mark("We had no answer in time, so the seat was passed on"),
    Status.UNPLACED: mark("You did not get a seat in this class"),
    Status.COMPLETED: mark("You have completed this course"),
    Status.FAILED: mark("You did not pass this course"),
    Status.ABSENT: mark("You did not attend this class"),
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
    Reason.ROLL: mark("So the institution recorded it."),
}
_AFTER: Mapping[Status, str] = {
    Status.INELIGIBLE: mark("You can register again once the rules are met"),
    Status.COMPLETED: mark("The result goes to MTNet"),
    Status.FAILED: mark("You can register for another class of the course"),
    Status.ABSENT: mark("You can register for another class of the course"),
}
_AGAIN = mark("You can register again, at the end of the queue")


def ending(card: RegistrationCard) -> NextStep:
    """Say how a closed registration ended and what can be done now."""
    return NextStep(
        Say(_HEADS[card.status]),
        Say(_AFTER.get(card.status, _AGAIN)),
        Say(WHY[card.reason]) if card.reason else None,
        None,
        None,
        Say(mark("This registration is closed")),
        Say(mark("Your other registrations are not affected.")),
    )
