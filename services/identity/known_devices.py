"""Known devices: a signed mark in a browser says who has logged in with it before (pure).

The mark names nobody: it is a keyed hash that can only be compared.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

MOST = 4  # people who share one browser


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """Make and read the marks of a cookie, newest first."""

    key: bytes

    def knows(self, cookie: str, login_index: str) -> bool:
        """Tell whether this browser has logged in with the ID before."""
        own = self._mark(login_index)
        return any(hmac.compare_digest(own.encode(), m.encode()) for m in cookie.split(".")[:MOST])

    def adding(self, cookie: str, login_index: str) -> str:
        """Give the cookie after a log-in; the oldest mark makes room."""
        own = self._mark(login_index)
        others = [m for m in cookie.split(".") if m != own and len(m) == len(own) and m.isalnum()]
        return ".".join([own, *others][:MOST])

    def _mark(self, login_index: str) -> str:
        told = b"known-device\0" + login_index.encode()
        return hmac.new(self.key, told, sha256).hexdigest()
