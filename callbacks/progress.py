"""Hands of the progress page: answer, cancel, claim, say yes ahead, put choices in order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.desk import Desk
from callbacks.guard import Answer, Registrar
from callbacks.reading import Reading, Typed
from pages.components.appeal_panel import appeal_form
from pages.components.dialogs import Ids
from pages.components.entry import refusal, say
from pages.components.my_choices import ORDER
from pages.frame import GO
from pages.my_registrations import href
from services import appeal as appealing
from services import cancel as cancelling
from services import claim as claiming
from services import confirm as confirming
from services import standing_yes as standing
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput, NotFound
from services.kernel.work import Work
from services.registration.lookup import progress
from services.reorder import reorder

SEAFARER = frozenset({Role.SEAFARER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    for ident, act in (
        (Ids.CONFIRM, confirm),
        (Ids.DECLINE, decline),
        (Ids.CANCEL, cancel),
        (Ids.CLAIM, claim),
        (Ids.UNCLAIM, unclaim),
        (Ids.STAND_BY, stand_by),
        (Ids.STAND_DOWN, stand_down),
    ):
        _tie(reg, desk, ident, act)

    @reg.callback(
        [
            Output(Ids.APPEAL_FORM, "children", allow_duplicate=True),
            Output(GO, "href", allow_duplicate=True),
        ],
        [Input(Ids.APPEAL, "n_clicks")],
        [State(Ids.WHICH, "data"), State(Ids.STATEMENT, "value")],
        allow=SEAFARER,
    )
    def _appeal(clicks: int | None, which: Any, statement: Typed) -> Answer:
        if not clicks:
            raise PreventUpdate
        return appeal(desk, which, statement)

    for box, ask, back in (
        (Ids.DECLINE_BOX, Ids.DECLINE_ASK, Ids.DECLINE_BACK),
        (Ids.CANCEL_BOX, Ids.CANCEL_ASK, Ids.CANCEL_BACK),
    ):
        _tie_dialog(reg, box, ask, back)
    moves = [Input({"type": ORDER, "act": ALL, "n": ALL}, "n_clicks")]

    @reg.callback(
        [
            Output(Ids.PROBLEM, "children", allow_duplicate=True),
            Output(GO, "href", allow_duplicate=True),
        ],
        moves,
        [State(Ids.WHICH, "data")],
        allow=SEAFARER,
    )
    def _move(clicks: list[int | None], which: Any) -> Answer:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, Mapping):
            raise PreventUpdate
        return move(desk, which, pressed.get("act"), pressed.get("n"))


def _tie(reg: Registrar, desk: Desk, ident: str, act: Callable[[Desk, Any], Answer]) -> None:
    @reg.callback(
        [
            Output(Ids.PROBLEM, "children", allow_duplicate=True),
            Output(GO, "href", allow_duplicate=True),
        ],
        [Input(ident, "n_clicks")],
        [State(Ids.WHICH, "data")],
        allow=SEAFARER,
    )
    def _act(clicks: int | None, which: Any) -> Answer:
        if not clicks:
            raise PreventUpdate
        return act(desk, which)


def _tie_dialog(reg: Registrar, box: str, ask: str, back: str) -> None:
    @reg.callback(
        [Output(box, "is_open", allow_duplicate=True)], [Input(ask, "n_clicks")], [], allow=SEAFARER
    )
    def _open(clicks: int | None) -> list[bool]:
        return [bool(clicks)]

    @reg.callback(
        [Output(box, "is_open", allow_duplicate=True)],
        [Input(back, "n_clicks")],
        [],
        allow=SEAFARER,
    )
    def _close(clicks: int | None) -> list[bool]:
        return [not clicks]


def confirm(desk: Desk, which: Any) -> Answer:
    """Say yes to the confirmation request."""
    return _do(desk, which, confirming.confirm, "confirmed")


def decline(desk: Desk, which: Any) -> Answer:
    """Say no to the request or the offer; the seat goes to the next."""
    return _do(desk, which, confirming.decline, "declined")


def cancel(desk: Desk, which: Any) -> Answer:
    """Give the registration up."""
    return _do(desk, which, cancelling.cancel, "cancelled")


def claim(desk: Desk, which: Any) -> Answer:
    """Claim the offered self-funded seat."""
    return _do(desk, which, claiming.claim, "claimed", at_once="claimed_at_once")


def unclaim(desk: Desk, which: Any) -> Answer:
    """Take the claim back."""
    return _do(desk, which, claiming.unclaim, "unclaimed")


def appeal(desk: Desk, which: Any, statement: Typed) -> Answer:
    """Appeal against a refusal; what was typed stays after a refusal of the form."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            appealing.appeal(work, numbered(which), statement=Reading().text(statement))
    except InvalidInput as refused:
        return appeal_form(words, statement, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{href(which)}?told=appealed"


def stand_by(desk: Desk, which: Any) -> Answer:
    """Say yes ahead: a seat that comes up is confirmed at once."""
    return _do(desk, which, standing.stand_by, "standing_yes", at_once="confirmed_ahead")


def stand_down(desk: Desk, which: Any) -> Answer:
    """Take the yes back."""
    return _do(desk, which, standing.stand_down, "stood_down")


def move(desk: Desk, which: Any, act: Any, one: Any) -> Answer:
    """Move a choice of the course up or down."""
    try:
        with desk.office.open(desk.actor()) as work:
            choices = progress(work, numbered(which)).choices
            order = shifted([c.card.id for c in choices if c.card.is_open], act, numbered(one))
            reorder(work, order)
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    now = "-".join(str(each) for each in order)
    return None, f"{href(which)}?told=reordered&order={now}"


def shifted(order: Sequence[int], act: Any, one: int) -> list[int]:
    """Give an order with one of it a place up or down; what it does not hold moves nothing."""
    step = {"up": -1, "down": 1}.get(act, 0) if isinstance(act, str) else 0
    if one not in order:
        return list(order)
    at = max(order.index(one) + step, 0)
    rest = [each for each in order if each != one]
    return [*rest[:at], one, *rest[at:]]


def _do(
    desk: Desk, which: Any, verb: Callable[[Work, int], Any], code: str, *, at_once: str = ""
) -> Answer:
    """Do one verb with one registration; a refusal stays on the page, nothing is changed.

    at_once: what is told instead when the verb says that a seat was given at once.
    """
    try:
        with desk.office.open(desk.actor()) as work:
            given = verb(work, numbered(which))
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return None, f"{href(which)}?told={at_once if given and at_once else code}"


def numbered(which: Any) -> int:
    """Read an id that came from the page.

    Raises:
        NotFound: it is no number.
    """
    if isinstance(which, int) and not isinstance(which, bool) and 0 < which < 2**31:
        return which
    raise NotFound()
