"""The weekly report: begin it while logged in, end it from the letter without logging in."""

from typing import Any

from flask import Flask, Response, abort, redirect, request
from markupsafe import escape

from callbacks.desk import Desk
from pages.reports import PATH
from portal.settings import Settings
from portal.visitor import locale_of_request
from portal.web.rendering import with_query
from portal.weekly_report import subscription_in
from services.kernel.actor import SYSTEM, Role
from services.kernel.errors import InvalidInput, NotPermitted
from services.subscribe import subscribe, subscription, unsubscribe
from services.words import mark

ASKING = mark("Stop the weekly report?")
STOP, ENDED = mark("Stop the report"), mark("The weekly report has been stopped.")
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>{act}<p><a href="/">{home}</a></p></main></body></html>"""
ACT = '<form method="post"><button type="submit">{text}</button></form>'


def report_routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the routes of the weekly report."""

    @server.post("/reports/subscribe")
    def _begin() -> Any:
        actor = desk.actor()
        if actor.role is Role.VISITOR:
            abort(401)
        email = request.form.get("email", "").strip()[:254]
        try:
            with desk.office.open(actor) as work:
                subscribe(work, email, desk.words().locale)
        except NotPermitted:
            abort(403)
        except InvalidInput:
            return redirect(with_query(PATH, told="report_address"), 303)
        return redirect(with_query(PATH, told="report_begun"), 303)

    @server.post("/reports/end")
    def _end() -> Any:
        actor = desk.actor()
        if actor.role is Role.VISITOR:
            abort(401)
        with desk.office.open(actor) as work:
            found = subscription(work)
            if found is not None:
                unsubscribe(work, found.id)
        return redirect(with_query(PATH, told="report_ended"), 303)

    @server.get("/reports/unsubscribe/<token>")
    def _ask(token: str) -> Response:
        """Ask first: mail programs open links to look at them."""
        _known(token)
        return _page(ASKING, ACT.format(text=escape(desk.words()(STOP))))

    @server.post("/reports/unsubscribe/<token>")
    def _leave(token: str) -> Response:
        found = _known(token)
        with desk.office.open(SYSTEM) as work:
            unsubscribe(work, found)
        return _page(ENDED, "")

    server.extensions["csrf"].exempt(_leave)  # the signed token is the permission (RFC 8058)

    def _known(token: str) -> int:
        found = subscription_in(settings, token)
        if found is None:
            abort(404)
        return found

    def _page(title: str, act: str) -> Response:
        words = desk.words()
        home = escape(words("Back to the start page"))
        body = PAGE.format(lang=locale_of_request(), title=escape(words(title)), act=act, home=home)
        return Response(body, mimetype="text/html")
