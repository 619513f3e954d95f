"""Chromium, a served town on a free port, and people who open windows to it."""

import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import pytest
from browser.lottery import a_closed_window
from browser.surfer import Screen, Surfer, chromium_of, open_surfer
from browser.town import Citizen, Inhabitants, Town, found_town, settle
from playwright.sync_api import Browser, sync_playwright
from ports import own_port

from portal.running import gunicorn
from portal.settings import Settings


@dataclass
class Site:
    """The served town."""

    address: str
    town: Town
    folk: Inhabitants


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a fresh town by gunicorn, as `portal serve` does, and end it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_VAR", str(tmp_path_factory.mktemp("var")))
        patch.setenv("PORT", str(own_port()))
        patch.delenv("PORTAL_DATABASE_URL", raising=False)
        settings = Settings.load()
        town = found_town(settings)
        folk = settle(town)
        folk.examples.update(a_closed_window(town))
        server = subprocess.Popen(gunicorn(settings), start_new_session=True)
        try:
            _wait(settings.base_url, server)
            yield Site(settings.base_url, town, folk)
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # at once: nothing here is kept
            server.wait(60)
            town.office.engine.dispose()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        assert server.poll() is None, "the web server could not start"
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise AssertionError("the web server did not answer within a minute")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium_of(playwright)
        yield browser
        browser.close()


@pytest.fixture
def surf(chromium: Browser, site: Site) -> Iterator[Any]:
    """Open windows; when they close, none of them has heard a complaint."""
    windows: list[Surfer] = []

    def window(screen: Screen, who: Citizen | None = None) -> Surfer:
        surfer = open_surfer(chromium, site.address, screen)
        windows.append(surfer)
        return surfer.opens("/login").logs_in(who) if who else surfer

    yield window
    complaints = [text for surfer in windows for text in surfer.complaints]
    for surfer in windows:
        surfer.context.close()
    assert not complaints, "\n".join(["the console is not empty:", *complaints])


@pytest.fixture(scope="session")
def sessions(chromium: Browser, site: Site) -> dict[str, Any]:
    """Log everybody in once: role to the browser's kept cookies."""
    people = {
        "seafarer": site.folk.seafarer,
        "institution": site.folk.officer,
        "planner": site.folk.planner,
        "administrator": site.folk.administrator,
    }
    kept: dict[str, Any] = {"visitor": None}
    for role, who in people.items():
        surfer = open_surfer(chromium, site.address, Screen())
        surfer.opens("/login").logs_in(who)
        kept[role] = surfer.context.storage_state()
        surfer.context.close()
    return kept
