"""The gate before Dash: roles and shapes are judged before any callback runs."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException
from flask import Response, abort, g, request
from werkzeug.exceptions import NotFound

from services.kernel.actor import VISITOR, Actor, Role

UPDATE = "/_dash-update-component"


def gate(app: Dash, actor: Callable[[], Actor]) -> None:
    """Refuse what no policy allows, before Dash sees it."""

    @app.server.before_request
    def _judge() -> None:
        if request.path == UPDATE:
            _callback(app, actor())

    @app.server.after_request
    def _say(response: Response) -> Response:
        if "missing" in g and request.path != UPDATE:
            response.status_code = 404
        return response

    @app.server.errorhandler(DependencyException)
    def _no_such_file(_error: DependencyException) -> Any:
        return NotFound()


def _callback(app: Dash, actor: Actor) -> None:
    body = _body()
    if not isinstance(body.get("output"), str):
        abort(400)
    allow = policy_of(app, body["output"])
    if allow is None:
        abort(404)
    if actor.role not in allow:
        abort(401 if actor is VISITOR or actor.role is Role.VISITOR else 403)
    if not sound(body, app.callback_map[body["output"]]):
        abort(400)


def _body() -> dict[str, Any]:
    """Read the body; nonsense, a lone surrogate or a bomb of brackets is a bad request."""
    try:
        body = request.get_json(silent=True)
        json.dumps(body, ensure_ascii=False).encode()
    except (RecursionError, ValueError):
        abort(400)
    if not isinstance(body, dict):
        abort(400)
    return body


def sound(body: Mapping[str, Any], registered: Mapping[str, Any]) -> bool:
    """Tell whether a body has the parts its callback was registered with, and in their shape."""
    changed, outputs = body.get("changedPropIds", []), body.get("outputs")
    return (
        isinstance(outputs, list)
        and len(outputs) == body["output"].count("...") + 1
        and all(_part(part) for part in outputs)
        and isinstance(changed, list)
        and all(isinstance(each, str) and "." in each for each in changed)
        and _parts(body.get("inputs"), registered["inputs"])
        and _parts(body.get("state", []), registered["state"])
    )


def _parts(given: Any, registered: Sequence[Mapping[str, Any]]) -> bool:
    if not isinstance(given, list) or len(given) != len(registered):
        return False
    return all(
        isinstance(one, list) and all(_part(each) for each in one)
        if known["id"].startswith("{")
        else _part(one)
        for one, known in zip(given, registered, strict=True)
    )


def _part(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and isinstance(part.get("id"), (str, dict))
        and isinstance(part.get("property"), str)
    )


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
