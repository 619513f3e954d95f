"""People are spread evenly over the web workers; one that is stuck keeps nobody waiting."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from applicant import Wire
from gunicorn.config import Config
from gunicorn.glogging import Logger
from serving import serving, settings_in

from portal.migrate import migrate
from portal.web import worker as workers
from portal.web.worker import FREE, EvenWorker, child_exit, held
from services.kernel.db import engine_for


class Listening(EvenWorker):
    """A worker that takes connections and answers none."""

    def enqueue_req(self, conn: Any) -> None:
        conn.close()


def a_worker() -> Listening:
    settings = Config()
    return Listening(1, os.getpid(), [], None, 30, settings, Logger(settings))


def ends(worker: Listening) -> None:
    """Do what gunicorn does when a worker has ended."""
    worker.tmp.close()
    child_exit(None, worker)


@pytest.fixture
def two() -> Iterator[tuple[Listening, Listening]]:
    first, second = a_worker(), a_worker()
    yield first, second
    for each in (first, second):
        ends(each)


@pytest.fixture
def knocking() -> Iterator[socket.socket]:
    """A listener before which somebody stands."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        with socket.create_connection(listener.getsockname()):
            yield listener


def test_who_holds_more_leaves_who_comes_to_the_other(two, knocking) -> None:
    first, second = two
    first.nr_conns, second.nr_conns = 3, 2
    first.accept(knocking)
    assert (first.nr_conns, second.nr_conns) == (3, 2)
    second.accept(knocking)
    assert (first.nr_conns, second.nr_conns) == (3, 3)


def test_without_looking_at_the_other_it_would_take_who_comes(two, knocking, monkeypatch) -> None:
    first, second = two
    first.nr_conns, second.nr_conns = 3, 2
    monkeypatch.setattr(EvenWorker, "_others_with_fewer", lambda _: [])
    first.accept(knocking)
    assert (first.nr_conns, second.nr_conns) == (4, 2)


def test_with_as_many_as_the_other_it_takes_who_comes(two, knocking) -> None:
    first, second = two
    first.nr_conns = second.nr_conns = 3
    first.accept(knocking)
    assert first.nr_conns == 4


def test_a_worker_that_is_stuck_keeps_nobody_waiting_for_long(two, knocking, monkeypatch) -> None:
    first, second = two
    first.nr_conns, second.nr_conns = 3, 2
    first.accept(knocking)
    assert first.nr_conns == 3
    monkeypatch.setattr(workers, "PATIENCE", 0)
    first.accept(knocking)
    assert first.nr_conns == 4


def test_a_worker_that_takes_who_comes_is_left_the_next_one_too(two, knocking, monkeypatch) -> None:
    """Patience is with each who comes, not once for all."""
    monkeypatch.setattr(workers, "PATIENCE", 0.05)
    first, second = two
    first.nr_conns, second.nr_conns = 5, 2
    first.accept(knocking)
    second.accept(knocking)
    time.sleep(0.06)
    with socket.create_connection(knocking.getsockname()):
        first.accept(knocking)
    assert (first.nr_conns, second.nr_conns) == (5, 3)


def test_a_worker_that_has_ended_is_not_waited_for(two, knocking) -> None:
    first, second = two
    first.nr_conns, second.nr_conns = 3, 0
    ends(second)
    assert held[second.place] == FREE
    first.accept(knocking)
    assert first.nr_conns == 4
    successor = a_worker()
    assert successor.place == second.place
    ends(successor)


def test_both_workers_of_a_deployment_hold_as_many_connections(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path}/portal.db")
    migrate(engine_for(settings.database_url))
    with serving(settings, "serve") as running:
        patience = time.monotonic() + 30
        while len(running.pids("serve")) < 3 and time.monotonic() < patience:
            time.sleep(0.05)
        wires = [Wire(settings.port) for _ in range(20)]
        for wire in wires:
            assert wire.asks("GET", "/healthz").status == 200
        _, one, other = (sockets_of(pid) for pid in running.pids("serve"))
        for wire in wires:
            wire.hangs_up()
    assert one + other >= 20
    assert abs(one - other) <= 2


def sockets_of(pid: int) -> int:
    """Count the sockets a process has open."""
    return sum(
        os.readlink(each).startswith("socket:") for each in Path(f"/proc/{pid}/fd").iterdir()
    )
