"""Find the room of an address and render it for the visitor."""

import logging
import re
import secrets
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, session

from callbacks.desk import Desk
from pages.directory import Room
from pages.errors import failed, log_in_first, not_found, not_permitted
from pages.frame import page
from pages.visit import Visit
from portal.visitor import theme_of_request
from services.kernel.actor import Role
from services.kernel.errors import NotFound, NotPermitted
from services.words import Words

log = logging.getLogger("portal.pages")
TYPED = ("/login", "/account")  # rooms of plain forms that come back as typed


@cache
def pattern(path: str) -> re.Pattern[str]:
    """Turn `/classes/<class_id>` into a pattern whose parts never cross a slash."""
    return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path.rstrip("/") or "/") + r"/?")


def room_at(rooms: Sequence[Room], path: str) -> tuple[Room, dict[str, str]] | None:
    """Find the room of a path and its path variables."""
    for room in rooms:
        found = pattern(room.path).fullmatch(path)
        if found:
            return room, found.groupdict()
    return None


def render(desk: Desk, rooms: Sequence[Room], path: str, search: str) -> Any:
    """Render a page; what goes wrong becomes a page that says what to do next."""
    words, actor = desk.words(), desk.actor()
    found = room_at(rooms, path)
    if found is None:
        return missing(words)
    room, variables = found
    title = words(room.title)
    if not room.open_to(actor.role):
        if actor.role is Role.VISITOR:
            return page(words, title, log_in_first(words, path + search))
        return page(words, title, not_permitted(words))
    query = {k: v[:200] for k, v in parse_qsl(search.lstrip("?")) if k in (*room.query, "told")}
    try:
        with desk.office.look(actor) as look:
            visit = Visit(
                words,
                actor,
                look,
                theme_of_request(),
                path,
                query,
                fetch=cache(desk.fetch),  # a page asks MTNet once
                typed=session.get("typed", "") if room.path in TYPED else "",
            )
            content = room.layout(visit, **variables)
            return page(words, title, content, query.get("told"), under=room.under)
    except NotFound:
        return missing(words)
    except NotPermitted:
        return page(words, title, not_permitted(words))
    except Exception:
        case = secrets.token_hex(2).upper()
        log.exception("case %s: %s failed", case, room.path)
        return page(words, title, failed(words, case))


def missing(words: Words) -> Any:
    """Render what stands at an address that leads nowhere; a first HTML with it answers 404."""
    g.missing = True
    return page(words, words("Page not found"), not_found(words))


def local(target: str | None) -> str:
    """Give a target inside the portal, or home: never another host (no open redirect)."""
    if target and re.fullmatch(r"/(?![/\\])[\w\-./?=&%]*", target):
        return target
    return "/"


def with_query(path: str, **facts: str) -> str:
    """Add facts to an address."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(facts)}"
