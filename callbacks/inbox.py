"""Hands of the inbox: open a notice, which shows the deadline that then holds; read them all."""

from typing import Any

from dash import Input, Output, no_update

from callbacks.desk import Desk
from callbacks.guard import Registrar
from callbacks.progress import numbered
from pages.components.entry import refusal, say
from pages.frame import GO, bell
from pages.inbox import PATH, Ids, letter_body
from services.inbox import mark_all_read, mark_read
from services.kernel.actor import Role
from services.kernel.errors import DomainError
from services.notices.letters import letter
from services.registration.inbox import notice_line, unread


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""

    @reg.callback(
        [Output(Ids.LETTER, "children")],
        [Input(Ids.WHICH, "data")],
        [],
        allow=frozenset({Role.SEAFARER}),
        at_load=True,
    )
    def _open(which: Any) -> list[Any]:
        return [open_notice(desk, which)]

    @reg.callback(
        [Output(GO, "href", allow_duplicate=True)],
        [Input(Ids.ALL, "n_clicks")],
        [],
        allow=frozenset({Role.SEAFARER}),
    )
    def _all(clicks: int | None) -> list[Any]:
        return [read_all(desk) if clicks else no_update]


def open_notice(desk: Desk, which: Any) -> Any:
    """Mark a notice as read and write its letter anew."""
    words, actor = desk.words(), desk.actor()
    try:
        notice_id = numbered(which)
        with desk.office.open(actor) as work:
            mark_read(work, notice_id)
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts))
    with desk.office.look(actor) as look:
        line = notice_line(look, notice_id)
        body = letter_body(words, letter(look, notice_id, words), line)
        return [*body, bell(words, unread(look, actor.person_id or 0))]


def read_all(desk: Desk) -> str:
    """Mark as read whatever asks nothing of the reader."""
    with desk.office.open(desk.actor()) as work:
        mark_all_read(work)
    return f"{PATH}?told=all_read"
