"""Hands of the inbox: opening a notice marks it as read and shows the deadline that then holds."""

from typing import Any

from dash import Input, Output

from callbacks.desk import Desk
from callbacks.guard import Registrar
from callbacks.progress import numbered
from pages.components.entry import refusal, say
from pages.inbox import Ids, letter_body
from services.inbox import mark_read
from services.kernel.actor import Role
from services.kernel.errors import DomainError
from services.notices.letters import letter
from services.registration.inbox import notice_line


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
        return letter_body(words, letter(look, notice_id, words), line)
