"""Hands of class upkeep: enter, save, publish a training class."""

from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.classes import PATH
from pages.components.class_form import FIELDS, Ids, form
from pages.components.entry import refusal, say
from pages.frame import GO
from services.catalogue.upkeep import class_entry, plan_years, rooms
from services.classes import KINDS, create_class, edit_class
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.publish import publish_class

NAMES = tuple(ident.removeprefix("class-").replace("-", "_") for ident in FIELDS)
UPKEEP = frozenset({Role.INSTITUTION, Role.PLANNER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    states = [State(ident, "value") for ident in FIELDS]
    go = Output(GO, "href", allow_duplicate=True)

    @reg.callback(
        [Output(Ids.FORM, "children", allow_duplicate=True), go],
        [Input(Ids.CREATE, "n_clicks")],
        [State(Ids.ROOM, "value"), *states],
        allow=UPKEEP,
    )
    def _create(clicks: int | None, room: Typed, *typed: Typed) -> Answer:
        if not clicks:
            return no_update, no_update
        return create(desk, room, dict(zip(NAMES, typed, strict=True)))

    @reg.callback(
        [Output(Ids.FORM, "children", allow_duplicate=True), go],
        [Input(Ids.SAVE, "n_clicks")],
        [State(Ids.WHICH, "data"), State(Ids.VERSION, "data"), *states],
        allow=UPKEEP,
    )
    def _save(clicks: int | None, class_id: int, version: int, *typed: Typed) -> Answer:
        if not clicks:
            return no_update, no_update
        return save(desk, class_id, version, dict(zip(NAMES, typed, strict=True)))

    @reg.callback(
        [Output("class-publish-problem", "children"), go],
        [Input(Ids.PUBLISH, "n_clicks")],
        [State(Ids.WHICH, "data")],
        allow=frozenset({Role.PLANNER}),
    )
    def _publish(clicks: int | None, class_id: int) -> Answer:
        if not clicks:
            return no_update, no_update
        return publish(desk, class_id)


def create(desk: Desk, room: Typed, typed: dict[str, Typed]) -> Answer:
    """Enter a class; after a refusal the form comes back as typed, each problem at its field."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            reading = Reading()
            year, course, institution = _room(reading, room)
            values = read(reading, typed)
            reading.settle()
            class_id = create_class(
                work, year=year, course=course, institution=institution, **values
            )
    except InvalidInput as refused:
        with desk.office.look(desk.actor()) as look:
            granted = [r for year in plan_years(look)[:2] for r in rooms(look, year)]
        again = form(words, {**typed, "course": room}, refused.problems, rooms=granted)
        return again, no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{class_id}?told=class_entered"


def save(desk: Desk, class_id: Any, version: Any, typed: dict[str, Typed]) -> Answer:
    """Save a class; on a refusal nothing is lost of what was typed."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            entry = class_entry(work, whole_id(class_id))
            reading = Reading()
            values = read(reading, typed)
            reading.settle()
            edit_class(work, entry.id, version=version, **values)
    except InvalidInput as refused:
        return form(words, typed, refused.problems, entry=entry), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{entry.id}?told=class_saved"


def publish(desk: Desk, class_id: Any) -> Answer:
    """Publish one draft class."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            publish_class(work, whole_id(class_id))
    except InvalidInput as refused:
        sentence, facts = next(iter(refused.problems.values()))
        return refusal(say(words, sentence, facts)), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{class_id}?told=class_published"


def read(reading: Reading, typed: dict[str, Typed]) -> dict[str, Any]:
    """Turn the typed fields into the facts of a class."""
    labels = reading.text(typed["labels"]).replace("，", ",").replace("、", ",").split(",")
    return {
        "starts_on": reading.day("starts_on", typed["starts_on"]),
        "ends_on": reading.day("ends_on", typed["ends_on"]),
        "cap": reading.whole("cap", typed["cap"]),
        "min_size": reading.whole("min_size", typed["min_size"]),
        "fee": reading.whole("fee", typed["fee"]),
        "kind": reading.choice("kind", typed["kind"], KINDS),
        "labels": list(dict.fromkeys(label.strip() for label in labels if label.strip())),
        "place_zh": reading.text(typed["place_zh"]),
        "place_en": reading.text(typed["place_en"]),
    }


def _room(reading: Reading, room: Typed) -> tuple[int, str, str]:
    year, _, rest = str(room or "").partition("|")
    course, _, institution = rest.partition("|")
    if not (year.isascii() and year.isdigit() and course and institution):
        reading.refuse("course", "Please choose one of the options.")
        return 0, "", ""
    return int(year), course, institution
