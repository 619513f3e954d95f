"""The registrar: no callback without a policy, bound to the function itself."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from dash import Dash

from services.kernel.actor import Actor, Role
from services.kernel.errors import NotPermitted

EVERYBODY = frozenset(Role)


class Registrar:
    """Register guarded callbacks on an app; `allow` is mandatory."""

    def __init__(self, app: Dash, actor: Callable[[], Actor]) -> None:
        self._app = app
        self._actor = actor

    def callback(
        self,
        outputs: Sequence[Any],
        inputs: Sequence[Any],
        states: Sequence[Any] = (),
        *,
        allow: frozenset[Role],
        at_load: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Guard and register a callback; it runs at page load only where that is asked for."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def guarded(*values: Any) -> Any:
                if self._actor().role not in allow:
                    raise NotPermitted()  # the gate before the request refused already
                return function(*values)

            guarded.policy = allow  # type: ignore[attr-defined]
            self._app.callback(
                list(outputs), list(inputs), list(states), prevent_initial_call=not at_load
            )(guarded)
            return function

        return decorate
