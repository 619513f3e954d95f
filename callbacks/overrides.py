"""Hands of the overrides: propose, approve, refuse."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import PLANNERS, QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.components.entry import refusal, say
from pages.frame import GO
from pages.overrides import PATH, Ids, propose_form
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.work import Work
from services.override import approve_override, propose_override, refuse_override

DECISIONS: dict[str, tuple[Callable[[Work, int], Any], str]] = {
    "approve": (approve_override, "override_approved"),
    "refuse": (refuse_override, "override_refused"),
}


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    go = Output(GO, "href", allow_duplicate=True)

    @reg.callback(
        [Output(Ids.FORM, "children", allow_duplicate=True), go],
        [Input(Ids.PROPOSE, "n_clicks")],
        [State(Ids.WHICH, "data"), State(Ids.REASON, "value"), State(Ids.NOTE, "value")],
        allow=PLANNERS,
    )
    def _propose(clicks: int | None, which: Any, reason: Typed, note: Typed) -> Answer:
        return propose(desk, which, reason, note) if clicks else QUIET

    for ident, kind in ((Ids.APPROVE, "approve"), (Ids.REFUSE, "refuse")):
        _tie(reg, desk, ident, kind)


def _tie(reg: Registrar, desk: Desk, ident: str, kind: str) -> None:
    @reg.callback(
        [
            Output(Ids.PROBLEM, "children", allow_duplicate=True),
            Output(GO, "href", allow_duplicate=True),
        ],
        [Input(ident, "n_clicks")],
        [State(Ids.PROPOSAL, "data")],
        allow=PLANNERS,
    )
    def _decide(clicks: int | None, which: Any) -> Answer:
        return decide(desk, kind, which) if clicks else QUIET


def propose(desk: Desk, which: Any, reason: Typed, note: Typed) -> Answer:
    """Propose an override; after a refusal the form comes back as typed."""
    words, typed = desk.words(), {"reason": reason, "note": note}
    try:
        with desk.office.open(desk.actor()) as work:
            text = Reading().text(note)
            propose_override(work, whole_id(which), reason=str(reason or ""), note=text)
    except InvalidInput as refused:
        return propose_form(words, typed, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}?told=override_proposed"


def decide(desk: Desk, kind: str, override_id: Any) -> Answer:
    """Approve or refuse another planner's proposal."""
    verb, told = DECISIONS[kind]
    try:
        with desk.office.open(desk.actor()) as work:
            verb(work, whole_id(override_id))
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return no_update, f"{PATH}?told={told}"
