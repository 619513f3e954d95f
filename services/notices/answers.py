"""What a mail server answered, in words a desk can act on (RFC 3463's codes where it sent any)."""

import re

from services.words import mark

_CODES = re.compile(r"([45])\d\d(?: [45]\.(\d{1,3})\.(\d{1,3}))?\b")
_FULL = ("452", "552")

OURS = mark("The letter did not get out of the portal; the address may be right.")
FULL = mark("The mailbox is full.")
CLOSED = mark("The mailbox is there, but takes no letters.")
UNWANTED = mark("The mail server takes no letters from the portal, whatever the address.")
PUT_OFF = mark("The mail server put the letter off until no try was left.")
UNKNOWN = mark("The mail server knows no such address: mistyped, or given up.")
REFUSED = mark("The mail server refuses this letter for good.")
_BY_SUBJECT = {"1": UNKNOWN, "2": CLOSED, "7": UNWANTED}
_BY_CODE = {"550": UNKNOWN, "551": UNKNOWN, "553": UNKNOWN, "554": UNWANTED}


def in_words(answer: str | None) -> str:
    """Say what an answer means; one without a code is the portal's own trouble."""
    found = _CODES.match(answer or "")
    if found is None:
        return OURS
    kind, subject, detail = found.groups()
    code = found[0][:3]
    if code in _FULL or (subject, detail) == ("2", "2"):
        return FULL
    if kind == "4":
        return PUT_OFF
    return _BY_SUBJECT.get(subject) or (_BY_CODE.get(code) if subject is None else None) or REFUSED
