"""The processes of the portal, really started: one clear line when it cannot be, a clean end."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from ports import own_port

from portal.running import refuse_busy_port
from portal.setting_up import alone, prepare
from portal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def portal(folder, *words, port=0):
    """Start a command of the portal with its data in a folder."""
    set_to = [f"PORTAL_VAR={folder}", f"PORT={port or own_port()}"]
    return subprocess.Popen(
        ["/usr/bin/env", *set_to, sys.executable, "-m", "portal", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_in(folder):
    """Give the running processes whose data lie in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"PORTAL_VAR={folder}".encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def wait_until_served(port):
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail("the pages were not served within a minute")


def test_who_stops_the_web_process_stops_the_pages(tmp_path):
    prepare(Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/portal.db"))
    port = own_port()
    serving = portal(tmp_path, "serve", port=port)
    try:
        wait_until_served(port)
        serving.terminate()
        serving.communicate(timeout=60)
    finally:
        serving.kill()
    assert processes_in(tmp_path) == []


def test_ctrl_c_ends_web_clock_and_mailer(tmp_path):
    prepare(Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/portal.db"))
    port = own_port()
    running = portal(tmp_path, "run", port=port)
    try:
        wait_until_served(port)
        assert len(processes_in(tmp_path)) >= 4
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 0
    assert said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said
    assert processes_in(tmp_path) == []


def test_a_port_that_a_test_was_given_is_left_for_its_server():
    port = own_port()
    with socket.socket() as another, pytest.raises(OSError, match="in use"):
        another.bind(("127.0.0.1", port))
    refuse_busy_port(Settings(PORT=port))
    socket.create_server(("127.0.0.1", port)).close()


def test_a_busy_port_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"Port {port} is busy.*PORT={port + 1}"):
            refuse_busy_port(Settings(PORT=port))


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    answer = portal(tmp_path / "var", "setup")
    said, _ = answer.communicate(timeout=60)
    assert answer.returncode != 0
    assert "Traceback" not in said
    assert "PORTAL_VAR" in said


def test_two_set_ups_of_one_folder_do_not_meet(tmp_path):
    settings = Settings(var=tmp_path)
    with alone(settings), pytest.raises(SystemExit, match="Another set-up"):
        with alone(settings):
            pass
    with alone(settings):
        pass


def test_a_broken_off_set_up_leaves_the_folder_free(tmp_path):
    """Kill a demo in the middle as a machine would; the next command says what it found."""
    playing = portal(tmp_path, "demo", "--seafarers", "50", "--years", "1")
    database = tmp_path / "portal.db"
    for _ in range(400):
        if database.exists() and _people(database):
            break
        time.sleep(0.1)
    playing.kill()
    playing.communicate()
    again = portal(tmp_path, "demo", "--seafarers", "50", "--years", "1", "--today", "2025-10-20")
    said, _ = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "broken off" in said


def _people(database):
    import sqlite3

    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as look:
        try:
            return look.execute("SELECT COUNT(*) FROM person").fetchone()[0]
        except sqlite3.OperationalError:
            return 0
