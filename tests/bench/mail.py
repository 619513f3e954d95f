"""Notices composed and handed to an SMTP server of this machine, each settled by itself."""

import multiprocessing
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from post_office import PostOffice

from bench.crowd import COURSE, crowd, rules
from bench.filling import fill
from bench.lines import Line
from bench.place import Place
from services.deliver import deliver
from services.notices.gateway import Smtp
from services.registration.lifecycle import Seat, Status


def run(place: Place) -> Iterator[Line]:
    """Deliver a queue of receipts; beside it the same server and a letter that is already there."""
    letters = place.size(1_000, 200)
    engine = place.fresh()
    town = crowd(engine, letters)
    class_id = town.world.a_class(seats=1, course_code=COURSE, rules=rules())
    fill(town.world, class_id, town.people, Status.WAITLISTED, Seat.NONE)
    with _post_office() as port:
        bare = _bare(port, letters)
        began = time.monotonic()
        sent = deliver(
            town.world.office, Smtp("127.0.0.1", port, tls=False), base_url="http://here"
        )
        seconds = time.monotonic() - began
    assert (sent.sent, sent.retried, sent.dead) == (letters, 0, 0)
    yield Line("notices composed, sent and settled", letters / seconds, "/s", "bare SMTP", bare)
    engine.dispose()


def _bare(port: int, letters: int) -> float:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@mail.example", "b@mail.example", "c"
    message.set_content("text\n" * 20)
    began = time.monotonic()
    for _ in range(letters):
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
            server.send_message(message)
    return letters / (time.monotonic() - began)


@contextmanager
def _post_office() -> Iterator[int]:
    """Open a post office in a process of its own: taking letters costs the mailer nothing."""
    ctx = multiprocessing.get_context("forkserver")
    here, there = ctx.Pipe()
    process = ctx.Process(target=_take, args=(there,), daemon=True)
    process.start()
    yield here.recv()
    here.send("enough")
    process.join(10)


def _take(pipe: Any) -> None:
    office = PostOffice()
    pipe.send(office.port)
    pipe.recv()
    office.close()
