"""Hands of the letters that came back: send them again, keep that the person was told."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.calls import CALLERS
from callbacks.desk import Desk
from callbacks.guard import QUIET, Answer, Registrar
from callbacks.reading import whole_id
from pages.calls import PATH as CALLS
from pages.components.entry import refusal, say
from pages.frame import GO
from pages.undelivered import Ids
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.phone import tell_by_phone
from services.send_again import send_again


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    go = Output(GO, "href", allow_duplicate=True)

    @reg.callback(
        [Output(Ids.SAID, "children"), go],
        [Input(Ids.AGAIN, "n_clicks")],
        [State(Ids.TASK, "data")],
        allow=CALLERS,
    )
    def _again(clicks: int | None, task: int) -> Answer:
        return again(desk, task) if clicks else QUIET

    @reg.callback(
        [Output(Ids.SAID, "children", allow_duplicate=True), go],
        [Input(Ids.TOLD, "n_clicks")],
        [State(Ids.TASK, "data")],
        allow=CALLERS,
    )
    def _told(clicks: int | None, task: int) -> Answer:
        return told(desk, task) if clicks else QUIET


def again(desk: Desk, task: Any) -> Answer:
    """Let the letters of a task go again."""
    return _done(desk, task, send_again, "sent_again")


def told(desk: Desk, task: Any) -> Answer:
    """Keep that the person was told by phone."""
    return _done(desk, task, tell_by_phone, "told_by_phone")


def _done(desk: Desk, task: Any, verb: Callable[[Work, int], None], code: str) -> Answer:
    """Do it, and go back to the tasks."""
    try:
        with desk.office.open(desk.actor()) as work:
            verb(work, whole_id(task))
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return no_update, f"{CALLS}?told={code}"
