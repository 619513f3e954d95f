"""Hands of the counter: look a person up, enter one, declare papers, register on behalf, answer."""

from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.components.counter_forms import FIELDS, Ids, number_form, person_form
from pages.components.entry import refusal, say
from pages.counter import visit_href
from pages.frame import GO
from services.counter import (
    answer_visitor,
    declare_papers,
    may_take,
    open_visit,
    person_of,
    register_visitor,
    visit_of,
)
from services.enter_person import NEW_PERSON, enter_person
from services.identity.national_id import BadIdNumber, validate
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.words import ZH_HANT

COUNTER = frozenset({Role.INSTITUTION, Role.PLANNER})
LONGEST = 40


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of these pages."""
    form = Output(Ids.FORM, "children", allow_duplicate=True)
    problem = Output(Ids.PROBLEM, "children", allow_duplicate=True)
    go = Output(GO, "href", allow_duplicate=True)
    which, number = State(Ids.WHICH, "data"), State(Ids.NUMBER, "value")
    typed = [State(ident, "value") for ident in FIELDS]

    @reg.callback([form, go], [Input(Ids.FIND, "n_clicks")], [which, number], allow=COUNTER)
    def _find(clicks: int | None, class_id: Any, number: Typed) -> Answer:
        return find(desk, class_id, number) if clicks else QUIET

    @reg.callback(
        [form, go], [Input(Ids.ENTER, "n_clicks")], [which, number, *typed], allow=COUNTER
    )
    def _enter(clicks: int | None, class_id: Any, number: Typed, *values: Typed) -> Answer:
        facts = dict(zip(NEW_PERSON, values, strict=True))
        return enter(desk, class_id, number, facts) if clicks else QUIET

    @reg.callback(
        [problem, go],
        [Input(Ids.DECLARE, "n_clicks")],
        [which, State(Ids.PAPERS, "value")],
        allow=COUNTER,
    )
    def _declare(clicks: int | None, visit_id: Any, papers: Any) -> Answer:
        return declare(desk, visit_id, papers) if clicks else QUIET

    @reg.callback([problem, go], [Input(Ids.SEND, "n_clicks")], [which], allow=COUNTER)
    def _send(clicks: int | None, visit_id: Any) -> Answer:
        return send(desk, visit_id) if clicks else QUIET

    @reg.callback([problem, go], [Input(Ids.YES, "n_clicks")], [which], allow=COUNTER)
    def _yes(clicks: int | None, visit_id: Any) -> Answer:
        return say_yes(desk, visit_id) if clicks else QUIET


def find(desk: Desk, class_id: Any, number: Typed) -> Answer:
    """Look a person up by the ID number; an unknown one may be entered."""
    words, class_id = desk.words(), whole_id(class_id)
    try:
        index = desk.index(validate(_short(number)))
        with desk.office.open(desk.actor()) as work:
            closed = may_take(work, class_id)
            if closed is not None:
                raise closed
            person_id = person_of(work, index)
            if person_id is None:
                likely = {"locale": ZH_HANT}  # the person's, whatever the officer reads
                return person_form(words, class_id, _short(number), likely, {}), no_update
            visit_id = open_visit(work, class_id, person_id)
    except BadIdNumber as error:
        wrong = {"number": (error.sentence, error.facts)}
        return number_form(words, class_id, _short(number), wrong), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, visit_href(visit_id)


def enter(desk: Desk, class_id: Any, number: Typed, typed: dict[str, Typed]) -> Answer:
    """Enter a person; a refused field keeps what was typed, with a sentence beside it."""
    words, class_id = desk.words(), whole_id(class_id)
    reading = Reading()
    facts = {name: reading.text(value)[:300] for name, value in typed.items()}
    try:
        sound = validate(_short(number))
        index = desk.index(sound)
        with desk.office.open(desk.actor()) as work:
            person_id = person_of(work, index) or enter_person(
                work, class_id, facts, number=sound, id_index=index, seal=desk.seal
            )
            visit_id = open_visit(work, class_id, person_id)
    except BadIdNumber as error:
        wrong = {"number": (error.sentence, error.facts)}
        return person_form(words, class_id, _short(number), facts, wrong), no_update
    except InvalidInput as refused:
        return person_form(words, class_id, _short(number), facts, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, visit_href(visit_id)


def declare(desk: Desk, visit_id: Any, papers: Any) -> Answer:
    """Keep which papers the person says to have, and judge again."""
    at = int(desk.office.clock.now().timestamp())
    try:
        with desk.office.open(desk.actor()) as work:
            declare_papers(work, whole_id(visit_id), papers or [])
    except InvalidInput as refused:
        sentence, facts = next(iter(refused.problems.values()))
        return refusal(say(desk.words(), sentence, facts)), no_update
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return None, f"{visit_href(whole_id(visit_id))}?checked={at}"


def send(desk: Desk, visit_id: Any) -> Answer:
    """Register the person; MTNet is asked before the lock."""
    number = whole_id(visit_id)
    try:
        with desk.office.look(desk.actor()) as look:
            person_id = visit_of(look, number).person_id
        fetched = desk.fetch(person_id)
        with desk.office.open(desk.actor()) as work:
            register_visitor(work, fetched, number)
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return None, f"{visit_href(number)}?told=registered_for"


def say_yes(desk: Desk, visit_id: Any) -> Answer:
    """Pass on that the person says yes."""
    number = whole_id(visit_id)
    try:
        with desk.office.open(desk.actor()) as work:
            answer_visitor(work, number)
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return None, f"{visit_href(number)}?told=said_yes_for"


def _short(number: Typed) -> str:
    return str(number or "")[:LONGEST]
