"""Run the portal's processes together and end them together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from rich.console import Console

from portal.settings import Settings

GRACE_SECONDS = 10


def gunicorn(settings: Settings) -> list[str]:
    """Give the command line of the web server."""
    return [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi:server"),
        *("--bind", f"{settings.host}:{settings.port}"),
        *("--config", "python:portal.web.worker"),
        *("--worker-class", "portal.web.worker.EvenWorker", "--workers", "2", "--threads", "4"),
        *("--no-control-socket", "--log-level", "warning", "--preload"),
    ]


def serve(settings: Settings) -> NoReturn:
    """Become the web server, so that whoever stops this process stops the pages."""
    refuse_busy_port(settings)
    command = gunicorn(settings)
    os.execv(command[0], command)  # noqa: S606


def run(settings: Settings, out: Console) -> None:
    """Start web, clock and mailer; when one ends or Ctrl-C comes, end all."""
    refuse_busy_port(settings)
    commands = {
        "web": gunicorn(settings),
        "clock": [sys.executable, "-m", "portal", "clock"],
        "mailer": [sys.executable, "-m", "portal", "mailer"],
    }
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell may have said: ignore
        signal.signal(ending, _interrupt)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    address = f"http://{settings.host}:{settings.port}"
    try:
        for name, command in commands.items():
            processes[name] = subprocess.Popen(command, start_new_session=True)  # noqa: S603
        _wait_until_served(address, processes["web"])
        out.print(f"\n[bold]Serving {address}[/]  (Ctrl-C stops everything)")
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        ended = [name for name, process in processes.items() if process.poll() is not None]
        out.print(f"[bold red]{', '.join(ended)} ended by itself; stopping the rest.[/]")
        raise SystemExit(1)
    except KeyboardInterrupt:
        out.print("Stopping ...")
    finally:
        for impatience in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(impatience, signal.SIG_IGN)
        _end(list(processes.values()))
    out.print("Stopped.")


def refuse_busy_port(settings: Settings) -> None:
    """Say in one line that somebody else listens there, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise SystemExit(
                f"Port {settings.port} is busy. Stop what listens there, or choose another: "
                f"make run PORT={settings.port + 1}"
            ) from None


def _wait_until_served(address: str, web: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if web.poll() is not None:
            raise SystemExit("The web server could not start; see above.")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit(f"The web server did not answer at {address} within a minute.")


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask politely, wait, and kill only what does not listen."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
