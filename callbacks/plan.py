"""Hands of the annual plan: start, save numbers, windows and commissions, publish."""

from itertools import zip_longest
from typing import Any

from dash import ALL, Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import PLANNERS, QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.components.entry import refusal, say
from pages.components.plan_forms import (
    Ids,
    commission_form,
    left_behind,
    number_id,
    numbers_form,
    windows_form,
)
from pages.frame import GO
from pages.plan import PATH
from services.catalogue.plan_fields import LIMITS
from services.catalogue.plan_page import PlanPage, plan_page, plans
from services.commissions import Window, set_commission, set_windows
from services.kernel.errors import DomainError, InvalidInput
from services.plan import edit_plan, make_plan, publish_plan


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of these pages."""
    go = Output(GO, "href", allow_duplicate=True)
    year = State(Ids.YEAR, "data")

    @reg.callback(
        [Output(Ids.MAKE_PROBLEM, "children"), go],
        [Input(Ids.MAKE, "n_clicks")],
        [State(Ids.MAKE_YEAR, "value")],
        allow=PLANNERS,
    )
    def _make(clicks: int | None, typed: Typed) -> Answer:
        return make(desk, typed) if clicks else QUIET

    @reg.callback(
        [Output(Ids.NUMBERS, "children"), go],
        [Input(Ids.SAVE, "n_clicks")],
        [
            year,
            State(Ids.VERSION, "data"),
            *[State(number_id(name), "value") for name in LIMITS],
        ],
        allow=PLANNERS,
    )
    def _numbers(clicks: int | None, of: int, version: int, *values: Typed) -> Answer:
        typed = dict(zip(LIMITS, values, strict=True))
        return numbers(desk, of, version, typed) if clicks else QUIET

    @reg.callback(
        [Output(Ids.WINDOWS, "children"), go],
        [Input(Ids.SAVE_WINDOWS, "n_clicks")],
        [
            year,
            *[
                State({"type": name, "n": ALL}, "value")
                for name in (Ids.FROM, Ids.TO, Ids.OPENS, Ids.CLOSES)
            ],
        ],
        allow=PLANNERS,
    )
    def _windows(clicks: int | None, of: int, *columns: list[Typed]) -> Answer:
        return windows(desk, of, [(*row,) for row in zip_longest(*columns)]) if clicks else QUIET

    @reg.callback(
        [Output(Ids.COMMISSION, "children"), go],
        [Input(Ids.SAVE_COMMISSION, "n_clicks")],
        [
            year,
            *[
                State(ident, "value")
                for ident in (Ids.COURSE, Ids.INSTITUTION, Ids.CLASSES_CAP, Ids.SEATS_CAP)
            ],
        ],
        allow=PLANNERS,
    )
    def _commission(clicks: int | None, of: int, *typed: Typed) -> Answer:
        return commission(desk, of, *typed) if clicks else QUIET

    @reg.callback(
        [Output(Ids.DIALOG, "is_open")],
        [Input(Ids.ASK_PUBLISH, "n_clicks"), Input(Ids.BACK, "n_clicks")],
        [State(Ids.DIALOG, "is_open")],
        allow=PLANNERS,
    )
    def _dialog(ask: int | None, back: int | None, is_open: bool) -> tuple[Any]:
        return (not is_open if ask or back else no_update,)

    @reg.callback(
        [Output(Ids.PUBLISH_PROBLEM, "children"), go],
        [Input(Ids.PUBLISH, "n_clicks")],
        [year],
        allow=PLANNERS,
    )
    def _publish(clicks: int | None, of: int) -> Answer:
        return publish(desk, of) if clicks else QUIET


def make(desk: Desk, typed: Typed) -> Answer:
    """Start a plan, copied from the latest one before it."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            reading = Reading()
            year = reading.whole("year", typed)
            reading.settle()
            before = [plan.year for plan in plans(work) if plan.year < year]
            make_plan(work, year=year, copy_from=before[0] if before else None)
    except InvalidInput as refused:
        return refusal(_first(words, refused)), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{year}?told=plan_made"


def numbers(desk: Desk, of: Any, version: Any, typed: dict[str, Typed]) -> Answer:
    """Save the numbers of a plan."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            plan = _page(work, of)
            reading = Reading()
            values = {name: reading.whole(name, typed.get(name)) for name in LIMITS}
            reading.settle()
            edit_plan(work, plan.year, version=version, **values)
    except InvalidInput as refused:
        return numbers_form(words, plan, typed, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{of}?told=plan_saved"


def windows(desk: Desk, of: Any, typed: list[tuple[Typed, ...]]) -> Answer:
    """Save the registration windows of a draft plan; empty lines are none, first come no closing.

    A window without a closing is refused where the plan draws lots.
    """
    words = desk.words()
    rows = sorted((row for row in typed if any(row)), key=lambda row: str(row[0] or "~"))
    try:
        with desk.office.open(desk.actor()) as work:
            plan = _page(work, of)
            reading = Reading()
            read = [
                Window(
                    reading.day(f"from_{n}", first),
                    reading.day(f"to_{n}", last),
                    reading.moment(f"opens_{n}", opens),
                    reading.moment(f"closes_{n}", closing[0]) if any(closing) else None,
                )
                for n, (first, last, opens, *closing) in enumerate(rows)
            ]
            reading.settle()
            set_windows(work, plan.year, read)
    except InvalidInput as refused:
        spare = [("", "", "", "")] * max(len(typed) - len(rows), 1)
        return windows_form(words, plan, [*rows, *spare], refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{of}?told=plan_saved"


def commission(
    desk: Desk, of: Any, course: Typed, institution: Typed, classes_cap: Typed, seats_cap: Typed
) -> Answer:
    """Save a commission and its caps."""
    words = desk.words()
    typed = {
        "course": course,
        "institution": institution,
        "classes_cap": classes_cap,
        "seats_cap": seats_cap,
    }
    try:
        with desk.office.open(desk.actor()) as work:
            plan = _page(work, of)
            reading = Reading()
            values = {
                "course": reading.choice("course", course, [c.code for c in plan.courses]),
                "institution": reading.choice(
                    "institution", institution, [i.code for i in plan.institutions]
                ),
                "classes_cap": reading.whole("classes_cap", classes_cap),
                "seats_cap": reading.whole("seats_cap", seats_cap),
            }
            reading.settle()
            set_commission(work, year=plan.year, **values)  # type: ignore[arg-type]
    except InvalidInput as refused:
        return commission_form(words, plan, typed, refused.problems), no_update
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    return no_update, f"{PATH}/{of}?told=commission_saved"


def publish(desk: Desk, of: Any) -> Answer:
    """Publish a plan with its drafts; drafts that cannot go out are named, each with why."""
    words = desk.words()
    try:
        with desk.office.open(desk.actor()) as work:
            done = publish_plan(work, whole_id(of))
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts)), no_update
    if done.left:
        return left_behind(words, done.left), no_update
    return no_update, f"{PATH}/{of}?told=plan_published"


def _page(work: Any, of: Any) -> PlanPage:
    return plan_page(work, whole_id(of))


def _first(words: Any, refused: InvalidInput) -> str:
    return say(words, *next(iter(refused.problems.values())))
