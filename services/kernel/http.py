"""Speak HTTP to a foreign system: bounded in time and size, and never redirected elsewhere."""

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from services.kernel.errors import GatewayError

MOST = 2_000_000  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What a foreign system answered; a refusal is an answer too."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def send(
    method: str, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
) -> Reply:
    """Send one request; `timeout` bounds each wait and the whole reading, in seconds.

    Raises:
        GatewayError: no answer, too slow a one, or too long a one.
    """
    until = time.monotonic() + timeout
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
    try:
        try:
            answer = _opener().open(request, timeout=timeout)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Reply(answer.status, _read(answer, until))
    except (OSError, ValueError, http.client.HTTPException) as silence:
        raise GatewayError(f"{type(silence).__name__}: {silence}") from None


def is_address(url: str) -> bool:
    """Tell whether an address can be asked: HTTPS, or HTTP on this machine."""
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


def _read(answer: Any, until: float) -> bytes:
    read = bytearray()
    while piece := answer.read1(65_536):
        read += piece
        if len(read) > MOST:
            raise ValueError("the answer is too long")
        if time.monotonic() > until:
            raise TimeoutError("the answer trickles")
    return bytes(read)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Refuse to be sent elsewhere: what we say is for the system we were told of."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing; the redirection is the answer."""


@cache
def _opener() -> urllib.request.OpenerDirector:
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    return urllib.request.build_opener(_Stay, secure)
