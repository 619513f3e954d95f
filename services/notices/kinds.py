"""The notices by name: what the inbox calls each kind."""

from collections.abc import Mapping

from services.registration.lifecycle import Notice
from services.words import mark

SUBJECTS: Mapping[str, str] = {
    Notice.RECEIPT: mark("Receipt of your registration"),
    Notice.REVIEW_RESULT: mark("Result of the review"),
    Notice.SUPPLEMENT_ASKED: mark("A paper is asked for"),
    Notice.ADMITTED: mark("A seat has come free for you"),
    Notice.CONFIRM_REQUEST: mark("Please confirm that you will come"),
    Notice.PROMOTED: mark("You are promoted from the waiting list"),
    Notice.STANDBY: mark("You are on standby"),
    Notice.MOVED_UP: mark("You have moved up to a better choice"),
    Notice.SUPERSEDED: mark("This choice is closed: you have a seat elsewhere"),
    Notice.SELF_FUNDED_OFFER: mark("A self-funded seat is offered"),
    Notice.MAY_CLAIM: mark("You may claim a self-funded seat"),
    Notice.CLAIM_SETTLED: mark("Your self-funded seat is settled"),
    Notice.CLAIM_LOST: mark("No seat for your claim so far"),
    Notice.SKIPPED: mark("You were passed over this time"),
    Notice.REMINDER: mark("Reminder: your answer is still open"),
    Notice.LAPSED: mark("Your seat has been passed on"),
    Notice.CANCELLED: mark("Your registration is cancelled"),
    Notice.UNPLACED: mark("You did not get a seat"),
    Notice.CLASS_CHANGED: mark("Your class has been moved"),
    Notice.MERGED: mark("Your seat moved to another class"),
    Notice.INVITED: mark("You are invited to another class"),
    Notice.REOPENED: mark("Your registration is open again"),
    Notice.OVERRIDE: mark("You are served next"),
    Notice.APPEAL: mark("Your appeal has arrived"),
    Notice.DRAWN: mark("Your rank has been drawn"),
    Notice.OPENING: mark("Your class opens"),
    Notice.RESULT: mark("Result of your training"),
}
