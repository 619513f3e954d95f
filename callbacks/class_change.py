"""Hands of a class's changes: move, merge, cancel."""

from collections.abc import Callable
from datetime import date
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.class_change import Ids
from pages.classes import PATH
from pages.components.entry import refusal, say
from pages.frame import GO
from services.cancel_class import cancel_class
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.work import Work
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class

STAFF = frozenset({Role.INSTITUTION, Role.PLANNER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    outputs = [
        Output(Ids.PROBLEM, "children", allow_duplicate=True),
        Output(GO, "href", allow_duplicate=True),
    ]
    which, note = State(Ids.WHICH, "data"), State(Ids.NOTE, "value")
    to = State(Ids.TO, "data")

    @reg.callback(
        outputs,
        [Input(Ids.MOVE, "n_clicks")],
        [
            which,
            State(Ids.VERSION, "data"),
            to,
            State(Ids.PLACE_ZH, "value"),
            State(Ids.PLACE_EN, "value"),
            note,
        ],
        allow=STAFF,
    )
    def _move(clicks: int | None, class_id: Any, version: Any, *typed: Any) -> Answer:
        return move(desk, class_id, version, *typed) if clicks else QUIET

    @reg.callback(outputs, [Input(Ids.MERGE, "n_clicks")], [which, to, note], allow=STAFF)
    def _merge(clicks: int | None, class_id: Any, into: Any, note: Typed) -> Answer:
        return merge(desk, class_id, into, note) if clicks else QUIET

    @reg.callback(outputs, [Input(Ids.CANCEL, "n_clicks")], [which, note], allow=STAFF)
    def _cancel(clicks: int | None, class_id: Any, note: Typed) -> Answer:
        return cancel(desk, class_id, note) if clicks else QUIET


def move(
    desk: Desk, class_id: Any, version: Any, days: Any, zh: Typed, en: Typed, note: Typed
) -> Answer:
    """Move a class to the days that were looked at."""

    def act(work: Work, number: int, text: str) -> None:
        reading = Reading()
        first, last = days if isinstance(days, list) and len(days) == 2 else (None, None)
        to = NewDays(_day(reading, first), _day(reading, last), reading.text(zh), reading.text(en))
        reading.settle()
        move_class(work, number, to, version=whole_id(version), note=text)

    return _do(desk, class_id, note, act, "class_moved")


def _day(reading: Reading, value: Any) -> date:
    return reading.day("starts_on", value if isinstance(value, str) else None)


def merge(desk: Desk, class_id: Any, into: Any, note: Typed) -> Answer:
    """Merge a class into the one that was looked at."""

    def act(work: Work, number: int, text: str) -> None:
        merge_classes(work, number, into=whole_id(into), note=text)

    return _do(desk, class_id, note, act, "class_merged")


def cancel(desk: Desk, class_id: Any, note: Typed) -> Answer:
    """Cancel a class."""

    def act(work: Work, number: int, text: str) -> None:
        cancel_class(work, number, note=text)

    return _do(desk, class_id, note, act, "class_cancelled")


def _do(
    desk: Desk, class_id: Any, note: Typed, act: Callable[[Work, int, str], None], told: str
) -> Answer:
    words, number = desk.words(), whole_id(class_id)
    try:
        with desk.office.open(desk.actor()) as work:
            act(work, number, Reading().text(note))
    except InvalidInput as refused:
        sentence, facts = next(iter(refused.problems.values()))
        return refusal(say(words, sentence, facts)), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{number}?told={told}"
