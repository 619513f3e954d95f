"""Hands of the review desk: approve, reject, ask for a paper."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.components.decide import Ids, decide_bar
from pages.components.entry import refusal, say
from pages.frame import GO
from pages.review import PATH
from services import review
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.work import Work
from services.registration.desk_cases import case_page
from services.registration.lifecycle import Track

REVIEWERS = frozenset({Role.INSTITUTION, Role.PLANNER})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    outputs = [
        Output(Ids.BAR, "children", allow_duplicate=True),
        Output(GO, "href", allow_duplicate=True),
    ]
    case = State(Ids.CASE, "data")

    @reg.callback(
        outputs,
        [Input(Ids.APPROVE, "n_clicks")],
        [case, State(Ids.SIGHTED, "value"), State(Ids.TRACK, "value")],
        allow=REVIEWERS,
    )
    def _approve(clicks: int | None, case_id: int, sighted: Any, track: Typed) -> Answer:
        return approve(desk, case_id, sighted, track) if clicks else QUIET

    @reg.callback(
        outputs,
        [Input(Ids.SEND_REJECT, "n_clicks")],
        [case, State(Ids.REASON, "value"), State(Ids.REJECT_NOTE, "value")],
        allow=REVIEWERS,
    )
    def _reject(clicks: int | None, case_id: int, reason: Typed, note: Typed) -> Answer:
        return reject(desk, case_id, reason, note) if clicks else QUIET

    @reg.callback(
        outputs,
        [Input(Ids.SEND_ASK, "n_clicks")],
        [case, State(Ids.ASK, "value")],
        allow=REVIEWERS,
    )
    def _ask(clicks: int | None, case_id: int, text: Typed) -> Answer:
        return ask(desk, case_id, text) if clicks else QUIET


def approve(desk: Desk, case_id: Any, sighted: Any, track: Typed = None) -> Answer:
    """Approve a case; the track counts only where MTNet leaves the nationality open."""

    def act(work: Work, number: int) -> None:
        seen = work.today if sighted else None
        open_track = case_page(work, number).findings.get("nationality") == "unknown"
        chosen = Track(str(track)) if open_track and track in tuple(Track) else None
        review.approve(work, number, sighted_on=seen, track=chosen)

    typed = {"sighted": bool(sighted), "track": track}
    return _decide(desk, case_id, "", typed, act, "approved")


def reject(desk: Desk, case_id: Any, reason: Typed, note: Typed) -> Answer:
    """Reject a case with a reason."""

    def act(work: Work, number: int) -> None:
        reading = Reading()
        text = reading.text(note)
        reading.short("reject_note", text, 500)
        reading.settle()
        review.reject(work, number, reason=str(reason or ""), note=text)

    return _decide(desk, case_id, "reject", {"reason": reason, "note": note}, act, "rejected")


def ask(desk: Desk, case_id: Any, text: Typed) -> Answer:
    """Ask the person for a paper."""
    return _decide(
        desk,
        case_id,
        "supplement",
        {"ask": text},
        lambda work, number: review.ask_supplement(work, number, ask=Reading().text(text)),
        "supplement_asked",
    )


def _decide(
    desk: Desk,
    case_id: Any,
    form: str,
    typed: dict[str, Any],
    act: Callable[[Work, int], Any],
    told: str,
) -> Answer:
    words, number = desk.words(), whole_id(case_id)
    try:
        with desk.office.open(desk.actor()) as work:
            page = case_page(work, number)
            act(work, number)
    except InvalidInput as refused:
        return decide_bar(words, page, form, typed, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}?told={told}"
