"""Calendar files: one class with its opening, a month of classes, the next opening of all."""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask, Response, abort, request

from callbacks.desk import Desk
from pages.calendar import WHOLE_MONTH
from pages.components.class_filters import read
from pages.components.window_card import span_of
from portal.settings import Settings
from services.catalogue.windows import Window, next_window
from services.kernel.errors import NotFound
from services.registration.listing import choices, listing
from services.registration.offers import Offer, offer
from services.words import Words
from services.words.ics import Entry, calendar_file

DOMAIN = "seafarer-training-portal"  # stays in every UID, whatever host serves the file


def calendar_routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the calendar routes; they are open to everybody."""

    @server.get("/calendar.ics/<int:class_id>")
    def _class(class_id: int) -> Response:
        with desk.office.look(desk.actor()) as look:
            try:
                found = offer(look, class_id)
            except NotFound:
                abort(404)
            made = entries(desk.words(), found, settings.base_url)
            return _file(found.code, made, look.now)

    @server.get("/calendar.ics/month")
    def _month() -> Response:
        with desk.office.look(desk.actor()) as look:
            query = {name: value[:200] for name, value in request.args.items()}
            asked = read(query, choices(look, look.today))
            if asked.month is None:
                abort(404)
            found = listing(look, asked.wanted, per_page=WHOLE_MONTH)
            words, base = desk.words(), settings.base_url
            made = [entries(words, one, base)[-1] for one in found.offers]
            return _file(f"{asked.month:%Y-%m}", made, look.now)

    @server.get("/calendar.ics/opening")
    def _opening() -> Response:
        with desk.office.look(desk.actor()) as look:
            window = next_window(look)
            if window is None:
                abort(404)
            entry = opening_of(desk.words(), window, settings.base_url)
            return _file("opening", [entry], look.now)


def _file(name: str, made: Sequence[Entry], now: datetime) -> Response:
    return Response(
        calendar_file(made, now),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


def opening_of(words: Words, window: Window, base_url: str) -> Entry:
    """Give the minute at which a window of the plan opens."""
    url = f"{base_url}/how#year"
    span = span_of(words, window)
    return Entry(
        uid=f"window.{window.year}.{window.classes_from}@{DOMAIN}",
        version=1,
        summary=words(
            "Registration opens: {course}", course=words("classes that begin {span}", span=span)
        ),
        text=f"{words('Log in a little before.')}\n{url}",
        url=url,
        first=window.opens_at,
    )


def entries(words: Words, found: Offer, base_url: str) -> list[Entry]:
    """Give the opening of a class's registration and its class days."""
    name, place = words.name(found, "course"), words.name(found, "institution")
    short = words.name(found, "short")
    url = f"{base_url}/classes/{found.id}"
    cancelled = found.state == "cancelled"
    days = Entry(
        uid=f"{found.code}.days@{DOMAIN}",
        version=found.version,
        summary=words("{course} ({institution})", course=name, institution=short),
        text=words("Class {code}. Bring an identity document.", code=found.code) + f"\n{url}",
        url=url,
        first=found.starts_on,
        last=found.ends_on,
        place=", ".join(part for part in (place, words.name(found, "place")) if part),
        cancelled=cancelled,
    )
    if found.opens_at is None:
        return [days]
    opening = Entry(
        uid=f"{found.code}.opening@{DOMAIN}",
        version=found.version,
        summary=words("Registration opens: {course}", course=name),
        text=words("Class {code}. Log in a little before.", code=found.code) + f"\n{url}",
        url=url,
        first=found.opens_at,
        cancelled=cancelled,
    )
    return [opening, days]
