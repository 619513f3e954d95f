"""Hands of the lottery: choose a draft's order, enter, confirm and take back a public value."""

from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import PLANNERS, QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.components.entry import refusal, say
from pages.components.ordering_form import POLICIES, OrderingIds, ordering_form
from pages.components.plan_forms import Ids as PlanIds
from pages.draw_value import Ids, value_form
from pages.frame import GO
from services.catalogue.plan_page import plan_page
from services.kernel.errors import DomainError, InvalidInput
from services.lottery.waiting import lottery_window
from services.ordering import set_ordering
from services.public_value import confirm_value, enter_value, take_back_value


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of these pages."""
    go = Output(GO, "href", allow_duplicate=True)
    ordering_ids = (OrderingIds.POLICY, OrderingIds.SOURCE_ZH, OrderingIds.SOURCE_EN)

    @reg.callback(
        [Output(OrderingIds.FORM, "children"), go],
        [Input(OrderingIds.SAVE, "n_clicks")],
        [
            State(PlanIds.YEAR, "data"),
            State(PlanIds.VERSION, "data"),
            *[State(ident, "value") for ident in ordering_ids],
        ],
        allow=PLANNERS,
    )
    def _ordering(clicks: int | None, of: int, version: int, *typed: Typed) -> Answer:
        return ordering(desk, of, version, *typed) if clicks else QUIET

    @reg.callback(
        [Output(Ids.FORM, "children"), go],
        [Input(Ids.SAVE, "n_clicks")],
        [State(Ids.WINDOW, "data"), State(Ids.VALUE, "value")],
        allow=PLANNERS,
    )
    def _value(clicks: int | None, window: int, typed: Typed) -> Answer:
        return value(desk, window, typed) if clicks else QUIET

    @reg.callback(
        [Output(Ids.FORM, "children", allow_duplicate=True), go],
        [Input(Ids.BACK, "n_clicks")],
        [State(Ids.WINDOW, "data")],
        allow=PLANNERS,
    )
    def _back(clicks: int | None, window: int) -> Answer:
        return take_back(desk, window) if clicks else QUIET


def ordering(
    desk: Desk, of: Any, version: Any, policy: Typed, source_zh: Typed, source_en: Typed
) -> Answer:
    """Save how a draft plan orders its queues."""
    words, year = desk.words(), whole_id(of)
    typed = {"policy": policy, "source_zh": source_zh, "source_en": source_en}
    try:
        with desk.office.open(desk.actor()) as work:
            plan = plan_page(work, year)
            reading = Reading()
            chosen = reading.choice("policy", policy, list(POLICIES))
            sources = [reading.text(source) for source in (source_zh, source_en)]
            reading.settle()
            set_ordering(
                work,
                year,
                version=version,
                policy=chosen,
                source_zh=sources[0],
                source_en=sources[1],
            )
    except InvalidInput as refused:
        return ordering_form(words, plan, typed, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"/plan/{year}?told=plan_saved"


def value(desk: Desk, window_id: Any, typed: Typed) -> Answer:
    """Enter a public value, or confirm a colleague's by typing it again."""
    words, key = desk.words(), whole_id(window_id)
    try:
        with desk.office.open(desk.actor()) as work:
            window = lottery_window(work, key)
            text = Reading().text(typed)
            if window.entered:
                confirm_value(work, key, text)
            else:
                enter_value(work, key, text)
    except InvalidInput as refused:
        return value_form(words, window, typed, refused.problems), no_update
    except DomainError as error:
        return _refused(desk, key, typed, error), no_update
    told = "value_confirmed" if window.entered else "value_entered"
    return no_update, f"/plan/value/{key}?told={told}"


def take_back(desk: Desk, window_id: Any) -> Answer:
    """Take back a value that nobody has confirmed."""
    key = whole_id(window_id)
    try:
        with desk.office.open(desk.actor()) as work:
            take_back_value(work, key)
    except DomainError as error:
        return _refused(desk, key, "", error), no_update
    return no_update, f"/plan/value/{key}?told=value_back"


def _refused(desk: Desk, window_id: int, typed: Typed, error: DomainError) -> Any:
    """Say why not, above the form as it stands now, with what was typed kept."""
    words = desk.words()
    said = refusal(say(words, error.sentence, error.facts))
    try:
        with desk.office.look(desk.actor()) as look:
            window = lottery_window(look, window_id)
    except DomainError:
        return said
    return value_form(words, window, typed, {}, said)
