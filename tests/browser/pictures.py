"""Take every picture of README and .docs/dashboards.md anew from the demo: `make pictures`.

A dashboard becomes one sheet: its page in both languages, on a desk and, in columns, on a phone.
"""

import math
from base64 import b64decode, b64encode
from dataclasses import dataclass
from itertools import product
from typing import Any

from browser.surfer import Screen, Surfer, chromium_of, open_surfer
from browser.town import Citizen
from playwright.sync_api import Browser, Page, sync_playwright
from ports import own_port
from rich.console import Console
from serving import serving
from sqlalchemy import select
from tree import ROOT

from analytics.boards import BOARDS
from callbacks.desk import Desk
from pages import my_registrations
from portal.clock import tick
from portal.demo.accounts import DemoAccount, demo_accounts
from portal.settings import Settings
from portal.wiring import desk_for, keys_for
from services.catalogue.records import training_class

PICTURES, SHEETS = ROOT / ".docs/pictures", ROOT / ".docs/dashboards"
DESK, PHONE = 1366, 390
LANGUAGES = {"zh-Hant-TW": "中文", "en": "English"}
SCALE = 0.6  # of a page on its sheet
LARGEST = 240_000  # bytes of a sheet
QUALITIES = (60, 45, 30, 20, 10)
BOTTOM = "document.querySelector('#main').getBoundingClientRect().bottom + scrollY"
STYLE = """<style>
  body { margin: 0; padding: 12px; display: flex; gap: 24px; align-items: start; background: #889;
         width: max-content; font: 600 15px sans-serif; color: #fff }
  figure { margin: 0 } figcaption { padding-bottom: 8px }
  div { display: flex; gap: 6px; align-items: start }
</style>"""


@dataclass
class Studio:
    """A browser before the served demo."""

    browser: Browser
    address: str

    def window(self, screen: Screen, who: DemoAccount | None, scale: float = 1) -> Surfer:
        """Open a window, of a visitor or of somebody logged in."""
        surfer = open_surfer(self.browser, self.address, screen, scale=scale)
        if who is None:
            return surfer
        return surfer.opens("/login").logs_in(Citizen(who.id_number, who.title), who.password)

    def take(self, name: str, who: DemoAccount | None, path: str, width: int, height: int) -> None:
        """Take the upper part of a page, as README shows it."""
        surfer = self.window(Screen(width), who)
        page = surfer.opens(path).page
        picture = encoded(page, width, height, 80)
        (PICTURES / f"{name}.webp").write_bytes(picture)
        surfer.context.close()

    def sheet(self, surfers: list[Surfer], code: str) -> bytes:
        """Put a dashboard's pages beside each other, as well as the bytes of a sheet allow."""
        shown, most = [], 0
        for surfer in surfers:
            surfer.opens(f"/{code}")
            bottom = math.ceil(surfer.page.evaluate(BOTTOM))
            on_desk = surfer.screen.width == DESK
            most = max(most, bottom) if on_desk else most
            columns = _columns(surfer.page, bottom, 1 if on_desk else math.ceil(bottom / most))
            caption = f"{surfer.screen.width} px, {LANGUAGES[surfer.screen.lang]}"
            shown.append(f"<figure><figcaption>{caption}</figcaption><div>{columns}</div></figure>")
        page = self.browser.new_page()
        page.set_content(STYLE + "".join(shown), wait_until="load")
        root = "document.documentElement"
        width, height = page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]")
        tries = (encoded(page, width, height, quality) for quality in QUALITIES)
        picture = next(found for found in tries if len(found) <= LARGEST)
        page.close()
        return picture


def _columns(page: Page, bottom: int, columns: int) -> str:
    """Take a page above its footer, in parts of equal height."""
    tall = math.ceil(bottom / columns)
    parts = (
        {"x": 0, "y": y, "width": page.viewport_size["width"], "height": min(tall, bottom - y)}
        for y in range(0, bottom, tall)
    )
    pngs = [b64encode(page.screenshot(full_page=True, clip=part)).decode() for part in parts]
    return "".join(f'<img src="data:image/png;base64,{png}">' for png in pngs)


def encoded(page: Page, width: int, height: int, quality: int) -> bytes:
    """Take the upper left of a page as WebP."""
    asked: dict[str, Any] = {"format": "webp", "quality": quality, "captureBeyondViewport": True}
    asked["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    session = page.context.new_cdp_session(page)
    return b64decode(session.send("Page.captureScreenshot", asked)["data"])


def a_wanted_class(desk: Desk) -> int:
    """Choose the published class for which most people took a number."""
    chosen = (
        select(training_class.c.id)
        .where(training_class.c.state == "published")
        .order_by(training_class.c.numbers_given.desc(), training_class.c.id)
        .limit(1)
    )
    with desk.office.look() as look:
        return int(look.scalar(chosen))


def main() -> None:
    out, port = Console(), own_port()
    settings = Settings.load().model_copy(
        update={"port": port, "base_url": f"http://127.0.0.1:{port}"}
    )
    desk = desk_for(settings)
    while tick(desk)["taken in"]:  # the demo ended a while ago
        pass
    seafarer, *others = demo_accounts(desk.office, keys_for(settings))
    planner = next(account for account in others if account.title.startswith("planner"))
    for folder in (PICTURES, SHEETS):
        folder.mkdir(exist_ok=True)
    with serving(settings, "serve", "clock", "mailer"), sync_playwright() as playwright:
        studio = Studio(chromium_of(playwright), settings.base_url)
        studio.take("home", None, "/", DESK, 1000)
        studio.take("class", None, f"/classes/{a_wanted_class(desk)}", DESK, 1000)
        studio.take("fill-rate", planner, "/fill-rate", DESK, 1250)
        studio.take("me", seafarer, my_registrations.PATH, PHONE, 850)
        screens = [Screen(width, lang) for width, lang in product((DESK, PHONE), LANGUAGES)]
        surfers = [studio.window(screen, planner, SCALE) for screen in screens]
        for code in BOARDS:
            picture = studio.sheet(surfers, code)
            (SHEETS / f"{code}.webp").write_bytes(picture)
            out.print(f"{code}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
