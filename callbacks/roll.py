"""Hands of the roll: save results."""

from typing import Any

from dash import ALL, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.desk import Desk
from callbacks.guard import Registrar
from callbacks.reading import Typed, whole_id
from pages.components.entry import refusal, say
from pages.frame import GO
from pages.roll import PATH, Ids, form, lines
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.registration.desk_lists import class_head, roll_list
from services.registration.lifecycle import Status
from services.roll import RESULTS, record_roll

MARKERS = frozenset({Role.INSTITUTION, Role.PLANNER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""

    @reg.callback(
        [Output(Ids.FORM, "children"), Output(GO, "href", allow_duplicate=True)],
        [Input(Ids.SAVE, "n_clicks")],
        [
            State(Ids.WHICH, "data"),
            State({"type": Ids.RESULT, "n": ALL}, "id"),
            State({"type": Ids.RESULT, "n": ALL}, "value"),
        ],
        allow=MARKERS,
    )
    def _save(
        clicks: int | None, class_id: int, idents: list[dict[str, Any]], values: list[Typed]
    ) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return save(desk, class_id, numbered_values(idents, values))

    @reg.callback(
        [Output(Ids.LINES, "children"), Output(Ids.FILLED, "children")],
        [Input(Ids.FILL, "n_clicks")],
        [
            State(Ids.WHICH, "data"),
            State({"type": Ids.RESULT, "n": ALL}, "id"),
            State({"type": Ids.RESULT, "n": ALL}, "value"),
        ],
        allow=MARKERS,
    )
    def _fill(
        clicks: int | None, class_id: int, idents: list[dict[str, Any]], values: list[Typed]
    ) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return fill(desk, class_id, numbered_values(idents, values))


def fill(desk: Desk, class_id: Any, typed: dict[Any, Typed]) -> tuple[Component | Any, Any]:
    """Choose completed for everybody for whom nothing is chosen; nothing is saved."""
    words = desk.words()
    try:
        with desk.office.look(desk.actor()) as look:
            people = roll_list(look, whole_id(class_id))
    except DomainError as error:
        return no_update, refusal(say(words, error.sentence, error.facts))
    left = [
        person.registration_id
        for person in people
        if person.status not in RESULTS and not typed.get(person.registration_id)
    ]
    said = words.many(
        "{n} line filled in; nothing is saved yet.", "{n} lines filled in; nothing is saved yet.",
        len(left),
    )  # fmt: skip
    chosen = {**typed, **dict.fromkeys(left, Status.COMPLETED.value)}
    return lines(words, people, chosen, {}), said


def numbered_values(idents: list[Any], values: list[Typed]) -> dict[int, Typed]:
    """Give each value its registration; ids that no page of ours carries are left out."""
    found: dict[int, Typed] = {}
    for ident, value in zip(idents, values, strict=False):
        number = ident.get("n") if isinstance(ident, dict) else None
        if whole_id(number):
            found[whole_id(number)] = value
    return found


def save(desk: Desk, class_id: Any, typed: dict[Any, Typed]) -> tuple[Component | Any, Any]:
    """Save the results that were chosen; people left open stay open."""
    words, class_id = desk.words(), whole_id(class_id)
    results = {key: str(value) for key, value in typed.items() if value and isinstance(key, int)}
    try:
        with desk.office.open(desk.actor()) as work:
            record_roll(work, class_id, results)
    except InvalidInput as refused:
        with desk.office.look(desk.actor()) as look:
            people = roll_list(look, class_id)
            return form(
                words, class_head(look, class_id), people, typed, refused.problems
            ), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{class_id}?told=roll_saved"
