"""The note on top of a page that says what was just done (`?told=<code>`, unknown: nothing)."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from services.words import Words, mark

GOOD, BAD = "confirmed", "problem"
NOTES: Mapping[str, tuple[str, str]] = {
    "logged_out": (GOOD, mark("You are logged out.")),
    "uploaded": (GOOD, mark("Your paper has arrived. The institution will look at it.")),
    "paper_missing": (BAD, mark("Choose a file first. Nothing was sent.")),
    "paper_too_large": (BAD, mark("The file is larger than 5 MB. Nothing was kept.")),
    "paper_not_readable": (
        BAD,
        mark("The file is not a readable PDF, JPEG or PNG. Nothing was kept."),
    ),
    "supplement_case_closed": (
        BAD,
        mark("This review is closed, so no more papers are taken. Nothing was kept."),
    ),
    "supplement_too_many": (BAD, mark("A review takes at most 10 files. Nothing was kept.")),
    "registered": (
        GOOD,
        mark("You are registered. Editing your details does not move you back."),
    ),
    "registered_several": (
        GOOD,
        mark("You are registered in several classes. Your numbers stand under your choices."),
    ),
    "registered_seat": (
        GOOD,
        mark("You have a seat. The choices after it were not sent: they are not needed."),
    ),
    "registered_for": (
        GOOD,
        mark("Sent on behalf of the person. The number and what follows stand below."),
    ),
    "said_yes_for": (GOOD, mark("The yes of the person is noted. What follows stands below.")),
    "reordered": (GOOD, mark("The order of your choices is changed. Your numbers stay.")),
    "standing_yes": (
        GOOD,
        mark("You have said yes ahead. You may take it back until a seat is given."),
    ),
    "confirmed_ahead": (GOOD, mark("A seat was free: it is yours, and it is confirmed.")),
    "stood_down": (GOOD, mark("You have taken the yes back. Your place stays.")),
    "confirmed": (GOOD, mark("You have confirmed. The seat is yours.")),
    "declined": (GOOD, mark("You have said no. This registration has ended.")),
    "cancelled": (GOOD, mark("The registration is cancelled.")),
    "claimed": (
        GOOD,
        mark("You have claimed a seat. You may take the claim back until it is given."),
    ),
    "claimed_at_once": (
        GOOD,
        mark("You have claimed a seat, and one was free for you. What follows stands below."),
    ),
    "all_read": (GOOD, mark("Everything that asks nothing of you is marked as read.")),
    "appealed": (GOOD, mark("Your appeal has arrived. MPB decides it.")),
    "report_begun": (GOOD, mark("The weekly report comes every Monday.")),
    "report_ended": (GOOD, mark("The weekly report has been stopped.")),
    "report_address": (BAD, mark("This is not an e-mail address. Nothing was changed.")),
    "unclaimed": (GOOD, mark("You have taken the claim back.")),
    "approved": (GOOD, mark("Approved. The person is told.")),
    "rejected": (GOOD, mark("Rejected. The person is told, and a freed seat has moved on.")),
    "supplement_asked": (GOOD, mark("The paper is asked for. The person is told by when.")),
    "call_saved": (GOOD, mark("The call is kept.")),
    "sent_again": (
        GOOD,
        mark("It goes again. The task closes by itself once the mail server takes it."),
    ),
    "told_by_phone": (GOOD, mark("Kept: the person was told by phone. The task is closed.")),
    "roll_saved": (GOOD, mark("The roll is kept; the results go to MTNet.")),
    "class_entered": (GOOD, mark("The class is entered as a draft.")),
    "class_saved": (GOOD, mark("The class is saved.")),
    "class_published": (GOOD, mark("The class is published.")),
    "override_proposed": (GOOD, mark("Proposed. Another planner decides it.")),
    "override_approved": (GOOD, mark("Approved. The person is served next and is told.")),
    "override_refused": (GOOD, mark("Refused. The rank stands.")),
    "class_moved": (GOOD, mark("The class is moved. Everybody is told the new days.")),
    "class_merged": (GOOD, mark("The classes are merged. Everybody is told.")),
    "class_cancelled": (GOOD, mark("The class is cancelled. Everybody is told.")),
    "password_changed": (
        GOOD,
        mark("Your password is changed. Every other session of yours has ended."),
    ),
    "account_locked": (GOOD, mark("The account is locked and its sessions have ended.")),
    "account_unlocked": (GOOD, mark("The account is unlocked.")),
    "plan_made": (GOOD, mark("The plan is started as a draft.")),
    "plan_saved": (GOOD, mark("The plan is saved.")),
    "plan_published": (GOOD, mark("The plan is published with its classes.")),
    "value_entered": (GOOD, mark("The value is entered; a colleague has to confirm it.")),
    "value_confirmed": (GOOD, mark("The value is confirmed; the draw follows by itself.")),
    "value_back": (GOOD, mark("The value is taken back; it stays on public record.")),
    "commission_saved": (GOOD, mark("The commission is saved.")),
}


def told_note(words: Words, code: str) -> Component | None:
    """Give the note of a code; pages that tell it in their own words are left alone."""
    if code not in NOTES:
        return None
    tone, sentence = NOTES[code]
    icon = "check" if tone == GOOD else "warn"
    return html.Div(
        html.Div(
            [ico(icon), html.Div(words(sentence))],
            className=f"note tone-{tone}",
            role="status" if tone == GOOD else "alert",
        ),
        className="told",
    )
