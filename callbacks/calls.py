"""Hands of the call list: note a call."""

from typing import Any

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.desk import Desk
from callbacks.guard import Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.calls import PATH, Ids, form
from pages.components.entry import refusal, say
from pages.frame import GO
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.phone import record_call
from services.registration.desk_lists import class_of

CALLERS = frozenset({Role.INSTITUTION, Role.PLANNER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""

    @reg.callback(
        [Output(Ids.FORM, "children"), Output(GO, "href", allow_duplicate=True)],
        [Input(Ids.SAVE, "n_clicks")],
        [State(Ids.WHO, "data"), State(Ids.OUTCOME, "value"), State(Ids.NOTE, "value")],
        allow=CALLERS,
    )
    def _call(clicks: int | None, who: int, outcome: Typed, note: Typed) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return call(desk, who, outcome, note)


def call(desk: Desk, who: Any, outcome: Typed, note: Typed) -> tuple[Component | Any, Any]:
    """Note a call; yes and no count at once."""
    words, who = desk.words(), whole_id(who)
    try:
        with desk.office.open(desk.actor()) as work:
            class_id = class_of(work, who)
            record_call(work, who, outcome=str(outcome or ""), note=Reading().text(note))
    except InvalidInput as refused:
        return form(words, who, outcome, note, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{class_id}?told=call_saved"
