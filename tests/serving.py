"""The portal's own processes as a deployment starts them, and what the machine says of them."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ports import own_port

from portal.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


def settings_in(folder: Path, url: str, **more: object) -> Settings:
    """Give the settings of a portal whose data lie in a folder."""
    secrets = {"secret_key": "s" * 40, "index_key": "i" * 40, "seal_key": "k" * 40}
    port = own_port()
    base = f"http://127.0.0.1:{port}"
    return Settings(PORT=port, var=folder, database_url=url, base_url=base, **secrets, **more)


@dataclass
class Serving:
    """Started processes by name; each is ended by its own pid."""

    settings: Settings
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start commands of the portal (serve, clock, mailer), each in a group of its own."""
        told = self.settings.model_dump(mode="json")
        environment = [f"PORTAL_{key.upper()}={value}" for key, value in told.items()]
        environment.append(f"PORT={self.settings.port}")  # make hands its own down
        for name in names:
            self.processes[name] = subprocess.Popen(
                ["/usr/bin/env", *environment, sys.executable, "-m", "portal", name.split(".")[0]],
                cwd=ROOT, stdout=subprocess.DEVNULL, stderr=self._log(name),
                start_new_session=True,
            )  # fmt: skip
        if "serve" in names:
            self._wait_until_served()

    def pids(self, name: str) -> list[int]:
        """Give a started process and all its children."""
        return family(self.processes[name].pid)

    def kill(self, name: str) -> None:
        """End a process and its children at once, as a power cut would."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):  # it has ended by itself, and said why
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_a_worker(self, lot: random.Random) -> None:
        """Kill one of the web workers; its master starts another."""
        os.kill(lot.choice(self.pids("serve")[1:]), signal.SIGKILL)

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def said(self, name: str) -> str:
        """Give what a process wrote to its error output."""
        return (self.settings.var / f"{name}.log").read_text()

    def _log(self, name: str) -> int:
        path = self.settings.var / f"{name}.log"
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def _wait_until_served(self) -> None:
        patience = time.monotonic() + 60
        while time.monotonic() < patience and self.processes["serve"].poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.settings.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the pages were not served: {self.said('serve')[-800:]}")


@contextmanager
def serving(settings: Settings, *names: str) -> Iterator[Serving]:
    """Start processes for the length of a block."""
    running = Serving(settings)
    try:
        running.start(*names)
        yield running
    finally:
        running.end()


def family(pid: int) -> list[int]:
    """Give a process and everything it has started."""
    found, parents = [pid], _parents()
    for known in found:
        found += [child for child, parent in parents.items() if parent == known]
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(_stat(entry)[1])
        except OSError:
            continue
    return parents


def _stat(path: Path) -> list[str]:
    return path.read_text().rsplit(") ", 1)[1].split()


def cpu_seconds(pids: Sequence[int]) -> float:
    """Give the processor time of processes and of their children that have ended."""
    total = 0
    for pid in pids:
        total += sum(map(int, _stat(Path(f"/proc/{pid}/stat"))[11:15]))
    return total / TICKS


def memory(pids: Sequence[int]) -> float:
    """Give the memory of processes in MiB, what they share divided among them (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
