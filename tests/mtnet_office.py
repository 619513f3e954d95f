"""An MTNet on a socket of this machine that speaks the door's protocol, with faults on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "harbour light"


@dataclass
class MTNetOffice:
    """Know `records` by national ID and keep what is handed over by its path; `fault` is what
    happens instead: an HTTP status, 'drop', 'hang', 'trickle', 'long', 'elsewhere' or a body."""

    records: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    asked: int = 0

    def __post_init__(self) -> None:
        self._quiet = threading.Event()
        office = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                office._take(self)

            do_PUT = do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/mtnet"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._quiet.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, desk: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        said = json.loads(desk.rfile.read(int(desk.headers.get("Content-Length") or 0)) or b"{}")
        if self.fault == "hang":
            self._quiet.wait(10)
        if self.fault in ("hang", "drop"):
            return
        if self.fault == "elsewhere":
            desk.send_response(307)
            desk.send_header("Location", f"{self.url}/records")
            desk.end_headers()
            return
        status, body = self._answer(desk, said)
        desk.send_response(status)
        desk.end_headers()
        if self.fault == "trickle":
            for byte in body[:40]:
                desk.wfile.write(bytes([byte]))
                self._quiet.wait(0.05)
        desk.wfile.write(body)

    def _answer(self, desk: BaseHTTPRequestHandler, said: Any) -> tuple[int, bytes]:
        if self.fault.isdigit():
            return int(self.fault), b""
        if self.fault == "long":
            return 200, b" " * 3_000_000
        if self.fault and self.fault != "trickle":
            return 200, self.fault.encode()
        if desk.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, b""
        if desk.command == "POST" and desk.path == "/mtnet/records":
            record = self.records.get(said["id_number"])
            return (404, b"") if record is None else (200, json.dumps(record).encode())
        if desk.command == "PUT":
            self.kept[desk.path.removeprefix("/mtnet/")] = said
            return 204, b""
        return 405, b""


@contextmanager
def mtnet_office(**known: Any) -> Iterator[MTNetOffice]:
    """Open an MTNet for the length of a test."""
    office = MTNetOffice(**known)
    try:
        yield office
    finally:
        office.close()
