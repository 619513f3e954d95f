"""The registrar: no callback without a policy, bound to the function itself."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from dash import Dash, Output, no_update

from pages.frame import CONTENT, GO
from services.kernel.actor import Actor, Role
from services.kernel.again import again
from services.kernel.errors import NotPermitted

EVERYBODY = frozenset(Role)
PLANNERS = frozenset({Role.PLANNER})
Answer = tuple[Any, Any]
"""What becomes of the page's own part, and the address to go to."""
QUIET: Answer = (no_update, no_update)


class Registrar:
    """Register guarded callbacks on an app; `allow` is mandatory.

    A hand that leads to another page brings that page along in the same answer: `page` gives what
    stands at an address, so that nobody asks twice to get there once.
    """

    def __init__(
        self, app: Dash, actor: Callable[[], Actor], page: Callable[[Any], Any] | None = None
    ) -> None:
        self._app = app
        self._actor = actor
        self._page = page

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
        leads = None if at_load else _where(outputs)
        brings = [] if leads is None else [Output(CONTENT, "children", allow_duplicate=True)]

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def guarded(*values: Any) -> Any:
                if self._actor().role not in allow:
                    raise NotPermitted()  # the gate before the request refused already
                answer = again(lambda: function(*values))  # nothing of a refused try was kept
                return answer if leads is None else [*answer, self._brought(answer[leads])]

            guarded.policy = allow  # type: ignore[attr-defined]
            self._app.callback(
                [*outputs, *brings], list(inputs), list(states), prevent_initial_call=not at_load
            )(guarded)
            return function

        return decorate

    def _brought(self, address: Any) -> Any:
        return self._page(address) if self._page and isinstance(address, str) else no_update


def _where(outputs: Sequence[Any]) -> int | None:
    """Find the output that leads to another page."""
    places = [(output.component_id, output.component_property) for output in outputs]
    return places.index((GO, "href")) if (GO, "href") in places else None
