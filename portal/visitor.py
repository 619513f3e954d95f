"""The present request: who is visiting, in which language and theme."""

from dataclasses import dataclass
from functools import lru_cache

from flask import g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from services.identity.sessions import actor_of, touch_session
from services.kernel.actor import VISITOR, Actor
from services.kernel.work import Office
from services.words import ENGLISH, LOCALES, ZH_HANT, Words, words_for


@dataclass(frozen=True, slots=True)
class Visitors:
    """Read session, language and theme of a request, each once."""

    office: Office
    cookie: str

    def actor(self) -> Actor:
        """Give who the session cookie belongs to; a visitor without one."""
        if not has_request_context():
            return VISITOR
        if "actor" not in g:
            g.actor = self._of(request.cookies.get(self.cookie, ""))
        found: Actor = g.actor
        return found

    def _of(self, token: str) -> Actor:
        if not token:
            return VISITOR
        with self.office.glance() as look:
            actor, touch = actor_of(look, token)
        if touch:
            with self.office.open(actor) as work:
                touch_session(work, token)
        return actor

    def words(self) -> Words:
        """Give the reader's language: the cookie, else the browser's wish, else Chinese."""
        return words_for(locale_of_request())


def locale_of_request() -> str:
    """Give the locale of the present request."""
    if not has_request_context():
        return ZH_HANT
    if "locale" not in g:
        g.locale = _locale()
    found: str = g.locale
    return found


def _locale() -> str:
    chosen = request.cookies.get("lang")
    if chosen in LOCALES:
        return str(chosen)
    return _wished(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _wished(header: str) -> str:
    """Choose a locale by what a browser says it would like; few browsers differ."""
    wishes = parse_accept_header(header, LanguageAccept)
    wish = wishes.best_match(["zh-TW", "zh-Hant", "zh", "en"], default="zh-TW")
    return ENGLISH if wish == "en" else ZH_HANT


def theme_of_request() -> str:
    """Give the theme of the present request."""
    if has_request_context() and request.cookies.get("theme") == "dark":
        return "dark"
    return "light"
