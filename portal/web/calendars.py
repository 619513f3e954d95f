"""A class as a calendar file: the opening of registration and the class days."""

from flask import Flask, Response, abort

from callbacks.desk import Desk
from portal.settings import Settings
from services.kernel.errors import NotFound
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
            text = calendar_file(entries(desk.words(), found, settings.base_url), look.now)
        name = f"{found.code}.ics"
        return Response(
            text,
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
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
