"""The gate before Dash: roles, shapes and unknown addresses are judged before any callback runs."""

from collections.abc import Callable
from typing import Any

from dash import Dash
from flask import Response, abort, request

from pages.directory import ROOMS
from portal.web.rendering import room_at
from services.kernel.actor import VISITOR, Actor, Role
from services.kernel.work import Office

UPDATE = "/_dash-update-component"
OURS = ("/_dash-", "/assets/", "/_favicon", "/auth/", "/lang/", "/theme/", "/healthz", "/readyz")
ROUTES = ("/supplements/", "/export/", "/logout", "/calendar.ics/")
CLIENTSIDE = "clientside_function"


def gate(app: Dash, actor: Callable[[], Actor], office: Office) -> None:
    """Refuse what no policy allows, before Dash sees it."""

    @app.server.before_request
    def _judge() -> Any:
        if request.path == UPDATE:
            return _callback(app, actor())
        page = request.method in ("GET", "HEAD") and not request.path.startswith((*OURS, *ROUTES))
        if page and not _known(office, request.path):
            return Response(app.index(), status=404, mimetype="text/html")
        return None


def _known(office: Office, path: str) -> bool:
    """Tell whether an address leads to a room, and to something in it that may be seen."""
    found = room_at(ROOMS, path)
    if found is None:
        return False
    room, variables = found
    if room.exists is None:
        return True
    with office.look() as look:
        return room.exists(look, **variables)


def _callback(app: Dash, actor: Actor) -> None:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        abort(400)
    if not isinstance(body.get("inputs"), list) or not isinstance(body.get("state", []), list):
        abort(400)
    if not isinstance(body.get("changedPropIds", []), list) or "outputs" not in body:
        abort(400)
    allow = policy_of(app, body["output"])
    if allow is None:
        abort(404)
    if actor.role not in allow:
        abort(401 if actor is VISITOR or actor.role is Role.VISITOR else 403)


def policy_of(app: Dash, output: str) -> frozenset[Role] | None:
    """Give the roles a callback allows; None where there is no such callback."""
    entry = app.callback_map.get(output)
    function = entry.get("callback") if entry else None
    found = getattr(function, "policy", None)
    return found if isinstance(found, frozenset) else None


def assert_all_guarded(app: Dash) -> None:
    """Refuse to start with a callback that has no policy."""
    app._setup_server()  # moves the registered callbacks into callback_map
    bare = [output for output in app.callback_map if policy_of(app, output) is None]
    if bare:
        raise RuntimeError(f"callbacks without a policy: {bare}")
