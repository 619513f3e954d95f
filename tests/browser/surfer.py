"""One person at a screen: opens pages, clicks what is written on it, and hears every complaint."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from browser.town import PASSWORD, Citizen
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Request, expect
from playwright.sync_api import TimeoutError as TooLate

from portal.front_end import axe
from services.words.catalogue import words_for

SHELL, FULL = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = SHELL if SHELL.exists() else FULL  # one of them is enough
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  .then(found => found.violations)"""  # what passes is not told node by node
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button, .btn, select, input:not([type=hidden])')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5
    && e.getBoundingClientRect().width > 1 && !e.closest('.form-check'))
  .map(e => e.outerHTML.slice(0, 120))"""

FOLLOW = """path => {
  history.pushState({}, '', path);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
}"""

KNOWN = (  # what browser and Dash themselves say of an answer that failed
    "Failed to load resource", "body stream already read", "Callback failed", "Callback error",
)  # fmt: skip
MOMENT, QUIET, PATIENCE = 50, 4, 400  # milliseconds; moments of quiet; moments at the most


@dataclass(frozen=True)
class Screen:
    """How wide, in which language, in which theme."""

    width: int = 1366
    lang: str = "zh-Hant-TW"
    theme: str = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.lang[:2]}-{self.theme}"


@dataclass
class Surfer:
    """A browser of one person; `complaints` is what the console said."""

    address: str
    screen: Screen
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words = words_for(self.screen.lang)
        self.page.on("request", lambda request: self.under_way.add(request))
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.under_way.discard(request))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complain(f"script error: {error}"))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"{message.type}: {message.text[:300]}")

    def _complain(self, text: str) -> None:
        self.complaints.append(f"{self.page.url}: {text}")

    def forgives(self) -> None:
        """Forget what the console said of an answer that failed on purpose."""
        self.complaints[:] = [said for said in self.complaints if not any(k in said for k in KNOWN)]

    def opens(self, path: str) -> "Surfer":
        """Load a page as from a bookmark and wait until it is drawn."""
        self.page.goto(self.address + path)
        return self.waits()

    def follows(self, path: str) -> "Surfer":
        """Go to a page as a link in the portal does, without loading the portal anew."""
        self.page.evaluate(FOLLOW, path)
        return self.waits()

    def waits(self) -> "Surfer":
        """Wait until the page has its landmark and nothing is on its way."""
        try:
            self.page.wait_for_selector("#main[data-title]")
            self._settles()
            self.page.wait_for_selector("#page:not([aria-busy])")
        except TooLate as late:
            text = self.page.locator("body").inner_text()[:300]
            complaints = "\n".join(self.complaints)
            raise AssertionError(f"{self.page.url} was not drawn: {text}\n{complaints}") from late
        return self

    def _settles(self) -> None:
        """Wait until nothing has been on its way for a moment; answers come one by one."""
        quiet = 0
        for _ in range(PATIENCE):
            self.page.wait_for_timeout(MOMENT)
            quiet = 0 if self.under_way else quiet + 1
            if quiet == QUIET:
                return

    def logs_in(self, who: Citizen, password: str = PASSWORD) -> "Surfer":
        self.page.fill("#id_number", who.id_number)
        self.page.fill("#password", password)
        self.page.click("main form button[type=submit]")
        return self.waits()

    def button(self, sentence: str, **facts: Any) -> Locator:
        """The button or link that reads so in the reader's language."""
        text = self.words(sentence, **facts)
        either = self.page.get_by_role("button", name=text)
        return either.or_(self.page.get_by_role("link", name=text)).first

    def clicks(self, sentence: str, **facts: Any) -> "Surfer":
        self.button(sentence, **facts).click()
        return self.waits()

    def reads(self, sentence: str, **facts: Any) -> "Surfer":
        """Find a sentence on the page, in the reader's language."""
        expect(self.page.locator("body")).to_contain_text(self.words(sentence, **facts))
        return self

    def arrives(self, path: str) -> "Surfer":
        self.page.wait_for_url(lambda url: path in url)
        return self.waits()

    def title(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def violations(self) -> list[str]:
        """What axe-core objects to: rule, node, help."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(axe().read_text())
        where = self.page.url.removeprefix(self.address)
        return [
            f"{where} [{self.screen}] {found['id']}: {node['target']} {node['html'][:200]}"
            for found in self.page.evaluate(RUN_AXE, RULES)
            for node in found["nodes"]
        ]

    def misfits(self) -> list[str]:
        """What does not fit the screen: sideways scroll; on a phone, targets under 44 px."""
        where = f"{self.page.url.removeprefix(self.address)} [{self.screen}]"
        found = [f"{where} scrolls sideways"] if self.page.evaluate(SIDEWAYS) else []
        if self.screen.width < 500:
            found += [f"{where} target under 44 px: {node}" for node in self.page.evaluate(SMALL)]
        return found


def chromium_of(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


def open_surfer(
    browser: Browser, address: str, screen: Screen, *, state: Any = None, scale: float = 1
) -> Surfer:
    """Open a browser window, under the portal's own content security policy."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": 850},
        locale="zh-TW",
        storage_state=state,
        device_scale_factor=scale,
        reduced_motion="reduce",  # colours are judged at rest
        has_touch=screen.width < 500,
    )
    context.set_default_timeout(30_000)
    context.add_cookies(
        [
            {"name": "lang", "value": screen.lang, "url": address},
            {"name": "theme", "value": screen.theme, "url": address},
        ]
    )
    return Surfer(address, screen, context, context.new_page())
