"""Passwords: argon2id, 19 MiB, two passes, one lane; at most four at a time."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
LONGEST = 200
_AT_ONCE = BoundedSemaphore(4)
_DUMMY = _HASHER.hash("nobody has this password")  # unknown users cost the same time


def hash_password(password: str) -> str:
    """Give the hash to keep."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Tell whether the password is right; nobody's hash is verified against a dummy."""
    if len(password) > LONGEST:
        password, kept = "", None  # as slow, and never right
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _DUMMY, password) and kept is not None
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
