"""People at their browsers, without the browser: every request one would make, and no other.

Sockets and threads only, so that the one who measures costs the machine little.
"""

import gzip
import json
import re
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from dash import Dash
from deployed import click_body, page_body

COOKIE = re.compile(rb"(?im)^set-cookie: ([^=;\r\n]+)=([^;\r\n]*)")
LENGTH = re.compile(rb"(?im)^content-length: (\d+)")
BROUGHT = b'id="came-along"'  # a first page that carries its layout asks for nothing more
CONTACT = ("crew@mail.example", "0912345678", "north", "zh-Hant-TW")


class Gone(OSError):
    """The server hung up."""


@dataclass
class Answer:
    """One answer, opened."""

    status: int
    body: bytes

    def response(self) -> dict[str, Any]:
        """Give what a callback tells the page; empty where it tells nothing."""
        return json.loads(self.body)["response"] if self.status == 200 else {}


@dataclass
class Wire:
    """One browser's connection: kept alive, opened again when the server has closed it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    timeout: float = 60
    _socket: socket.socket | None = None

    def asks(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Send a request and read its answer.

        Raises:
            OSError: nobody answers; whether the request was heard is not known.
        """
        self.requests += 1
        head = self._head(method, path, len(body))
        if self._socket is not None:
            try:
                return self._exchange(head + body)
            except Gone:  # an idle connection that the server closed before it heard us
                self.hangs_up()
        self._socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(head + body)

    def hangs_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _head(self, method: str, path: str, length: int) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = self.cookies.get("_csrf_token", "")
        more = f"Content-Type: application/json\r\nContent-Length: {length}\r\n" if length else ""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Accept: text/html,application/json\r\nAccept-Encoding: gzip\r\nCookie: {cookies}\r\n"
            f"Accept-Language: zh-TW\r\nX-CSRFToken: {token}\r\n{more}\r\n"
        ).encode()

    def _exchange(self, request: bytes) -> Answer:
        assert self._socket is not None
        try:
            self._socket.sendall(request)
            head, body = self._heard(b"")
        except (ConnectionResetError, BrokenPipeError):
            raise Gone from None
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        if b"content-encoding: gzip" in head.lower():
            body = gzip.decompress(body)
        if b"connection: close" in head.lower():
            self.hangs_up()
        return Answer(int(head[9:12]), body)

    def _heard(self, heard: bytes) -> tuple[bytes, bytes]:
        while b"\r\n\r\n" not in heard:
            heard += self._some()
        head, body = heard.split(b"\r\n\r\n", 1)
        told = LENGTH.search(head)
        rest = int(told[1]) - len(body) if told else 0
        parts = [body]
        while rest > 0:
            parts.append(self._some())
            rest -= len(parts[-1])
        return head, b"".join(parts)

    def _some(self) -> bytes:
        assert self._socket is not None
        some = self._socket.recv(1 << 18)
        if not some:
            raise Gone
        return some


class Refused(Exception):
    """An answer that a person would see as a failure."""


@dataclass
class Applicant:
    """One logged-in person who registers in a class, page by page."""

    app: Dash
    wire: Wire
    statuses: list[int] = field(default_factory=list)
    submit: float = 0  # seconds the last click took

    def registers(self, class_id: int) -> str:
        """Go from the class page to the receipt; return the receipt's address."""
        self.opens(f"/classes/{class_id}")
        self.goes(f"/apply/{class_id}/1")
        self.clicks("apply-choose", class_id)
        self.clicks("apply-next-2", class_id, *CONTACT)
        self.clicks("apply-next-3", class_id)
        began = time.monotonic()
        went = self.clicks("apply-send", class_id)
        self.submit = time.monotonic() - began
        return went

    def opens(self, path: str) -> None:
        """Load a page as an address typed or a bookmark would."""
        first = self._asks("GET", path)
        if BROUGHT not in first.body:
            self._asks("GET", "/_dash-layout")
            self._asks("GET", "/_dash-dependencies")
            self.goes(path)

    def goes(self, path: str) -> Answer:
        """Follow a link inside the portal."""
        where, _, query = path.partition("?")
        return self._sends(page_body(where, f"?{query}" if query else ""))

    def clicks(self, button: str, *states: Any) -> str:
        """Click a button; go where the answer says, unless it brought the page along."""
        told = self._sends(click_body(self.app, button, *states)).response()
        href = told.get("where", {}).get("href")
        if href is None:
            raise Refused(f"{button}: {json.dumps(told, ensure_ascii=False)[:300]}")
        if "page" not in told:
            self.goes(href)
        return str(href)

    def _sends(self, body: dict[str, Any]) -> Answer:
        return self._asks("POST", "/_dash-update-component", json.dumps(body).encode())

    def _asks(self, method: str, path: str, body: bytes = b"") -> Answer:
        answer = self.wire.asks(method, path, body)
        self.statuses.append(answer.status)
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status}")
        return answer
