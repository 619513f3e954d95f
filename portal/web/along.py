"""Pages come along: in the first HTML, and with the answer that leads to them.

assets/app.js answers from what came along, so that a page costs one request and a click one more.
"""

from functools import cache
from hashlib import sha256
from typing import Any

from dash import Dash
from dash._utils import to_json
from dash.development.base_component import Component
from flask import Flask, Response, g, request

from callbacks.desk import Desk
from pages.directory import ROOMS
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


def script_of(app: Dash, layout: Component) -> str:
    """Write a layout for the first HTML: data, not a program, and no way out of its element."""
    data = to_json(plain(layout)).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="came-along" data-rules="{version_of(app)}">'
        f"{data}</script>"
    )


def plain(node: Any) -> Any:
    """Turn a tree of components into what JSON knows: ten times as quick as the encoder's way."""
    if isinstance(node, Component):
        names = _names(node)
        props = {
            name: plain(value)
            for name, value in vars(node).items()
            if name in names or name.startswith(("data-", "aria-"))
        }
        return {"props": props, "type": node._type, "namespace": node._namespace}
    if isinstance(node, (list, tuple)):
        return [plain(each) for each in node]
    return node


_NAMES: dict[type[Component], frozenset[str]] = {}


def _names(node: Component) -> frozenset[str]:
    """Give the properties of a kind of component; Dash writes the list into every one of them."""
    kind = type(node)
    if kind not in _NAMES:
        _NAMES[kind] = frozenset(node._prop_names)
    return _NAMES[kind]
