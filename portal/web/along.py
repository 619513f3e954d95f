"""Pages come along: in the first HTML, and with the answer that leads to them.

assets/app.js answers from what came along, so that a page costs one request and a click one more.
"""

from functools import cache
from hashlib import sha256
from typing import Any

from dash import Dash
from dash._utils import to_json
from flask import Flask, Response, g, request

from callbacks.desk import Desk
from pages.directory import ROOMS
from portal.web.components import plain
from portal.web.rendering import render

CAME = "X-Page-Came-Along"
RULES = "/_dash-dependencies"
FOREVER = "public, max-age=31536000, immutable"


def along(server: Flask, app: Dash) -> None:
    """Say which page an answer brings; let browsers keep the list of callbacks by its hash."""

    @server.after_request
    def _name(response: Response) -> Response:
        if "came" in g and response.status_code == 200:
            response.headers[CAME] = g.came
        if request.path == RULES and request.args.get("v") == version_of(app):
            response.headers["Cache-Control"] = FOREVER
        return response


@cache
def version_of(app: Dash) -> str:
    """Give the hash of the list of callbacks: it changes with the release, never in between."""
    return sha256(to_json(app._callback_list).encode()).hexdigest()[:16]


def page_at(desk: Desk, address: str) -> Any:
    """Give the page at an address of the portal, and note that it goes along with this answer."""
    g.came = address.partition("#")[0]
    path, _, query = g.came.partition("?")
    return plain(render(desk, ROOMS, path, f"?{query}" if query else ""))


def first_page(desk: Desk) -> Any:
    """Give the page that the present request asks for."""
    query = request.query_string.decode(errors="replace")
    return render(desk, ROOMS, request.path, f"?{query}" if query else "")


def data_of(part: Any) -> str:
    """Write a part of a layout as data that cannot end the element it stands in."""
    written: str = to_json(plain(part))
    return written.replace("<", "\\u003c")


def script_of(app: Dash, data: str) -> str:
    """Write the element of the first HTML that carries the layout: data, not a program."""
    return (
        f'<script type="application/json" id="came-along" data-rules="{version_of(app)}">'
        f"{data}</script>"
    )
