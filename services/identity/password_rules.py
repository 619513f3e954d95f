"""What a password must be like (pure): the default profile of the design notes, tw-annex10."""

import re
from typing import Any

from services.identity.national_id import BadIdNumber, normalise, validate
from services.identity.passwords import LONGEST
from services.words import mark

SHORTEST, KINDS, DIFFERENT = 12, 3, 6
HISTORY = 3  # of the last so many none may be taken again, the present one counted in
GUESSED = (
    "password", "passw0rd", "p@ssw0rd", "mtnet", "motcmpb", "seafarer", "portal", "training",
    "qwerty", "asdf", "1qaz", "letmein", "welcome", "iloveyou", "admin", "1234", "4321", "0000",
)  # fmt: skip
Problem = tuple[str, dict[str, Any]]
LENGTH = mark("A password has {least} to {most} characters.")
EASY = mark(
    "It holds a word, a name or a number that is easily guessed, such as 1234, an ID number or "
    "your name. Take another."
)
MIXED = mark(
    "Mix three of these: small letters, capital letters, digits, other signs; with at least {n} "
    "different ones."
)
FACTS = {"least": SHORTEST, "most": LONGEST, "n": DIFFERENT}


def problem_of(password: str, *, name: str = "") -> Problem | None:
    """Say what is wrong with a password that somebody chose."""
    wrong_length = length_problem(password)
    if wrong_length:
        return wrong_length
    low, called = password.lower(), [part for part in re.split(r"\W+", name.lower()) if part]
    guessed = any(word in low for word in GUESSED)
    if guessed or any(len(part) > 1 and part in low for part in called) or _has_id(password):
        return EASY, {}
    if _kinds(password) < KINDS or len(set(password)) < DIFFERENT:
        return MIXED, {"n": DIFFERENT}
    return None


def length_problem(password: str) -> Problem | None:
    """Say whether a password is too short or too long; nothing is ever cut off."""
    if SHORTEST <= len(password) <= LONGEST:
        return None
    return LENGTH, {"least": SHORTEST, "most": LONGEST}


def _kinds(password: str) -> int:
    small, capital, digit, other = (
        any(c.isascii() and c.islower() for c in password),
        any(c.isascii() and c.isupper() for c in password),
        any(c.isascii() and c.isdigit() for c in password),
        any(not (c.isascii() and c.isalnum()) for c in password),
    )
    return small + capital + digit + other


def _has_id(password: str) -> bool:
    """Tell whether ten characters of it are an ID number."""
    text = normalise(password)
    for start in range(len(text) - 9):
        try:
            validate(text[start : start + 10])
        except BadIdNumber:
            continue
        return True
    return False
