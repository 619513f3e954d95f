"""Hands of the four steps: keep the draft, declare papers, send the registration."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.desk import Desk
from callbacks.guard import Answer, Registrar
from callbacks.progress import SEAFARER, numbered, shifted
from pages.apply import Ids, href
from pages.components.choosing import PICK
from pages.components.contact_form import FIELDS, contact_form
from pages.components.contact_form import Ids as ContactIds
from pages.components.entry import refusal, say
from pages.frame import GO
from services.contact import update_contact
from services.drafts import draft_for, draft_of, drop_draft, save_draft
from services.kernel.errors import DomainError, InvalidInput, NotPermitted
from services.register import Receipt, register_choices
from services.registration.lifecycle import Seat, Status
from services.registration.lookup import is_registered
from services.words import mark

NAMES = ("email", "mobile", "region", "locale")
LONGEST = 200


class StepsMissing(DomainError):
    """The draft is not finished."""

    code = "apply.steps_missing"
    sentence = mark("Please finish the steps in their order.")


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of these pages."""
    problem = Output(Ids.PROBLEM, "children", allow_duplicate=True)
    go = Output(GO, "href", allow_duplicate=True)
    which = State(Ids.WHICH, "data")
    typed = [State(ident, "value") for ident in FIELDS]

    @reg.callback([problem, go], [Input(Ids.CHOOSE, "n_clicks")], [which], allow=SEAFARER)
    def _choose(clicks: int | None, class_id: Any) -> Answer:
        _clicked(clicks)
        return step_done(desk, class_id, 1)

    picks = [Input({"type": PICK, "act": ALL, "n": ALL}, "n_clicks")]

    @reg.callback([problem, go], picks, [which], allow=SEAFARER)
    def _pick(clicks: list[int | None], class_id: Any) -> Answer:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, Mapping):
            raise PreventUpdate
        return pick(desk, class_id, pressed.get("act"), pressed.get("n"))

    form = Output(ContactIds.FORM, "children", allow_duplicate=True)

    @reg.callback([form, go], [Input(ContactIds.NEXT, "n_clicks")], [which, *typed], allow=SEAFARER)
    def _details(clicks: int | None, class_id: Any, *values: Any) -> Answer:
        _clicked(clicks)
        return details(desk, class_id, dict(zip(NAMES, values, strict=True)))

    @reg.callback([form, go], [Input(ContactIds.BACK, "n_clicks")], [which, *typed], allow=SEAFARER)
    def _back(clicks: int | None, class_id: Any, *values: Any) -> Answer:
        _clicked(clicks)
        return keep_typed(desk, class_id, dict(zip(NAMES, values, strict=True)))

    @reg.callback(
        [problem, go],
        [Input(Ids.DECLARE, "n_clicks")],
        [which, State(Ids.PAPERS, "value")],
        allow=SEAFARER,
    )
    def _declare(clicks: int | None, class_id: Any, papers: Any) -> Answer:
        _clicked(clicks)
        return declare(desk, class_id, papers)

    @reg.callback([problem, go], [Input(Ids.RULES_NEXT, "n_clicks")], [which], allow=SEAFARER)
    def _rules(clicks: int | None, class_id: Any) -> Answer:
        _clicked(clicks)
        return step_done(desk, class_id, 3)

    @reg.callback([problem, go], [Input(Ids.SEND, "n_clicks")], [which], allow=SEAFARER)
    def _send(clicks: int | None, class_id: Any) -> Answer:
        _clicked(clicks)
        return send(desk, class_id)


def _clicked(clicks: int | None) -> None:
    if not clicks:
        raise PreventUpdate


def step_done(desk: Desk, class_id: Any, step: int) -> Answer:
    """Finish a step that asks nothing and go to the next."""
    return _save(desk, class_id, {"done": step}, step + 1)


def pick(desk: Desk, class_id: Any, act: Any, which: Any) -> Answer:
    """Choose a class as the last choice, take one out, or move one up or down."""
    try:
        number, one = numbered(class_id), numbered(which)
        with desk.office.open(desk.actor()) as work:
            classes = changed(draft_for(work, number).classes, act, one)
            save_draft(work, class_id=number, answers={"classes": classes})
    except InvalidInput as refused:
        sentence, facts = next(iter(refused.problems.values()))
        return refusal(say(desk.words(), sentence, facts)), no_update
    except DomainError as error:
        return _said(desk, error), no_update
    here = number if number in classes else classes[0]
    place = classes.index(one) + 1 if one in classes else 0
    return no_update, f"{href(here, 1)}?moved={one}-{place}"


def changed(classes: Sequence[int], act: Any, one: int) -> list[int]:
    """Give the choices after an act; one that changes nothing leaves them as they are."""
    rest = [each for each in classes if each != one]
    if act == "drop" and rest:
        return rest
    return [*rest, one] if act == "add" else shifted(classes, act, one)


def declare(desk: Desk, class_id: Any, papers: Any) -> Answer:
    """Keep which papers the person has and judge the rules again."""
    at = int(desk.office.clock.now().timestamp())
    return _save(desk, class_id, {"declared": papers or []}, 3, f"?checked={at}")


def details(desk: Desk, class_id: Any, typed: dict[str, Any]) -> Answer:
    """Keep the contact data; a refused field keeps what was typed, with a sentence beside it."""
    try:
        with desk.office.open(desk.actor()) as work:
            save_draft(work, class_id=numbered(class_id), answers={"done": 2, **typed})
    except InvalidInput as refused:
        words = desk.words()
        if "done" in refused.problems:
            return _said(desk, StepsMissing()), no_update
        return contact_form(words, typed, refused.problems), no_update
    except DomainError as error:
        return _said(desk, error), no_update
    return no_update, href(class_id, 3)


def keep_typed(desk: Desk, class_id: Any, typed: dict[str, Any]) -> Answer:
    """Go back a step without losing what was typed, sound or not."""
    kept = {name: value[:LONGEST] for name, value in typed.items() if isinstance(value, str)}
    return _save(desk, class_id, {"typed": kept}, 1)


def send(desk: Desk, class_id: Any) -> Answer:
    """Register; the contact data and the end of the draft are part of the same commit."""
    actor = desk.actor()
    try:
        number = numbered(class_id)
        if actor.person_id is None:
            raise NotPermitted()
        fetched = desk.fetch(actor.person_id)
        with desk.office.open(actor) as work:
            draft = draft_of(work, number)
            ready = draft is not None and draft.done >= 3 and draft.contact is not None
            if not ready and not is_registered(work, number):
                raise StepsMissing()
            classes = (draft.classes if draft is not None and ready else ()) or (number,)
            receipts = register_choices(
                work,
                fetched,
                class_ids=classes,
                person_id=actor.person_id,
                declared=draft.declared if draft is not None else (),
            )
            if draft is not None and draft.contact is not None:
                update_contact(work, asdict(draft.contact))
            drop_draft(work, number)
    except DomainError as error:
        return _said(desk, error), no_update
    return None, _receipt(receipts)


def _receipt(receipts: Sequence[Receipt]) -> str:
    """Give the page that shows the numbers: of the seat, else of the best choice not refused."""
    open_ones = [r for r in receipts if r.status is not Status.INELIGIBLE]
    seated = [r for r in open_ones if r.seat is not Seat.NONE]
    first = [*seated, *open_ones, receipts[0]][0]
    told = "registered" if len(receipts) == 1 else "registered_several"
    if receipts[-1].left_out:
        told = "registered_seat"
    return f"/registrations/{first.registration_id}?told={told}"


def _save(desk: Desk, class_id: Any, answers: dict[str, Any], then: int, query: str = "") -> Answer:
    try:
        number = numbered(class_id)
        with desk.office.open(desk.actor()) as work:
            save_draft(work, class_id=number, answers=answers)
    except InvalidInput as refused:
        sentence, facts = next(iter(refused.problems.values()))
        return refusal(say(desk.words(), sentence, facts)), no_update
    except DomainError as error:
        return _said(desk, error), no_update
    return None if then != 1 else no_update, href(number, then) + query


def _said(desk: Desk, error: DomainError) -> Any:
    return refusal(say(desk.words(), error.sentence, error.facts))
