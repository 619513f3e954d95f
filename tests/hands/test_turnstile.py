"""Requests are worked on one at a time in a process, and no slow one holds up the others."""

import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest

from portal.web import turnstile as at
from portal.web.turnstile import SMALL, turnstile

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Counted:
    """An application that takes its time and notes how many are in it at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.inside = self.most = 0
        self._noting = threading.Lock()

    def __call__(self, environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        with self._noting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(self.seconds)
        with self._noting:
            self.inside -= 1
        return [environ["wsgi.input"].read()]


def ask(application: Application, bodies: list[Any]) -> list[bytes]:
    """Ask for each body from a thread of its own, all at once."""
    answers: list[bytes] = []

    def one(body: Any) -> None:
        environ = {"CONTENT_LENGTH": str(body.length), "wsgi.input": body}
        answers.extend(application(environ, None))

    threads = [threading.Thread(target=one, args=[body]) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


class Body(BytesIO):
    """A body as a socket gives it, perhaps slowly."""

    def __init__(self, text: bytes, seconds: float = 0) -> None:
        super().__init__(text)
        self.length, self.seconds = len(text), seconds

    def read(self, size: int | None = -1) -> bytes:
        time.sleep(self.seconds)
        return super().read(size)


def test_requests_are_worked_on_one_at_a_time_and_each_gets_its_own_body() -> None:
    application = Counted(0.005)
    bodies = [Body(str(n).encode()) for n in range(6)]
    assert ask(turnstile(application), bodies) == [str(n).encode() for n in range(6)]
    assert application.most == 1


def test_without_the_turnstile_they_would_all_be_worked_on_at_once() -> None:
    application = Counted(0.05)
    ask(application, [Body(b"x") for _ in range(6)])
    assert application.most > 1


def test_whoever_has_waited_long_enough_goes_in_beside_a_slow_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(at, "PATIENCE", 0.01)
    application = Counted(0.2)
    assert len(ask(turnstile(application), [Body(b"x") for _ in range(3)])) == 3
    assert application.most == 3


def test_a_body_that_comes_slowly_is_waited_for_before_the_turnstile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(at, "PATIENCE", 30)
    finished: list[bytes] = []
    guarded = turnstile(lambda environ, _start: finished.append(environ["wsgi.input"].read()) or [])
    ask(guarded, [Body(b"slow", seconds=0.2), Body(b"quick")])
    assert finished == [b"quick", b"slow"]


def test_a_large_body_goes_in_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at, "PATIENCE", 30)
    application = Counted(0.1)
    ask(turnstile(application), [Body(b"x" * (SMALL + 1)), Body(b"y")])
    assert application.most == 2


def test_a_request_that_fails_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at, "PATIENCE", 30)

    def application(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        if environ["wsgi.input"].read() == b"bad":
            raise ValueError
        return [b"good"]

    guarded = turnstile(application)
    with pytest.raises(ValueError):
        guarded({"CONTENT_LENGTH": "3", "wsgi.input": Body(b"bad")}, None)
    assert guarded({"CONTENT_LENGTH": "4", "wsgi.input": Body(b"good")}, None) == [b"good"]
