"""A real SMTP server on a socket of this machine, with the faults of the world on demand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class PostOffice:
    """Take letters; `faults` maps a command (BANNER, EHLO, MAIL, RCPT, DATA, DOT, QUIT) to what
    it answers instead: a line, 'drop' (hang up), 'hang' (say nothing) or 'late' (the usual, but
    half a second late)."""

    faults: dict[str, str] = field(default_factory=dict)
    letters: list[Message] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open = True
        self._quiet = threading.Event()
        self._threads: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._open = False
        self._quiet.set()
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while self._open:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rwb") as wire:
            try:
                self._session(wire)
            except (OSError, EOFError):
                return

    def _session(self, wire) -> None:
        self._answer(wire, "BANNER", "220 post office")
        while line := wire.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == "DATA":
                self._answer(wire, "DATA", "354 go on")
                self.letters.append(message_from_bytes(_until_dot(wire)))
                self._answer(wire, "DOT", "250 taken")
            else:
                self._answer(wire, verb, "221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _answer(self, wire, moment: str, usual: str) -> None:
        answer = self.faults.get(moment, usual)
        if answer == "late":
            self._quiet.wait(0.5)
            answer = usual
        if answer == "hang":
            self._quiet.wait(10)
        if answer in ("hang", "drop"):
            raise EOFError
        wire.write(answer.encode() + b"\r\n")
        wire.flush()
        if answer[0] in "45" and moment == "DATA":
            raise EOFError


def _until_dot(wire) -> bytes:
    lines = []
    while (line := wire.readline()) != b".\r\n":
        if not line:
            raise EOFError
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


@contextmanager
def post_office(**faults: str) -> Iterator[PostOffice]:
    """Open a post office for the length of a test."""
    office = PostOffice(faults)
    try:
        yield office
    finally:
        office.close()
