"""A text gateway on a socket of this machine that speaks Mitake's SmSend, with faults on demand."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "portal", "harbour light"
_NUMBER = re.compile(r"09\d{8}|[1-9]\d{7,14}")


@dataclass
class TextOffice:
    """Take texts; `fault` is what happens instead: an HTTP status, a statuscode, 'drop', 'hang',
    or 'drop after' (the text is taken, the answer lost)."""

    fault: str = ""
    texts: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self._taken: dict[str, str] = {}
        self._quiet = threading.Event()
        office = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                office.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                office._answer(self, {k: v[0] for k, v in parse_qs(body.decode()).items()})

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/mtk/SmSend"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._quiet.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, desk: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        if self.fault == "hang":
            self._quiet.wait(10)
        if self.fault in ("hang", "drop"):
            return
        if self.fault.isdigit() and len(self.fault) == 3:
            desk.send_error(int(self.fault))
            return
        said = self._said(urlsplit(desk.path), form)
        if self.fault == "drop after":
            return
        desk.send_response(200)
        desk.send_header("Content-Type", "text/plain; charset=UTF-8")
        desk.end_headers()
        desk.wfile.write(said.encode())

    def _said(self, address, form: dict[str, str]) -> str:
        if address.path != "/api/mtk/SmSend" or parse_qs(address.query) != {
            "CharsetURL": ["UTF-8"]
        }:
            return "statuscode=p\r\nError=no such service\r\n"
        if (form.get("username"), form.get("password")) != (USER, PASSWORD):
            return "statuscode=e\r\nError=wrong account or password\r\n"
        if self.fault and self.fault != "drop after":
            return f"[1]\r\nstatuscode={self.fault}\r\n"
        if not _NUMBER.fullmatch(form["dstaddr"]):
            return "[1]\r\nstatuscode=v\r\nError=wrong number\r\n"
        known = form["clientid"] in self._taken
        if not known:
            self.texts.append(form)
        name = self._taken.setdefault(form["clientid"], f"#{len(self.texts):09}")
        twice = "Duplicate=Y\r\n" if known else ""
        return f"[1]\r\nmsgid={name}\r\nstatuscode=1\r\n{twice}AccountPoint=126\r\n"


@contextmanager
def text_office(fault: str = "") -> Iterator[TextOffice]:
    """Open a gateway for the length of a test."""
    office = TextOffice(fault)
    try:
        yield office
    finally:
        office.close()
