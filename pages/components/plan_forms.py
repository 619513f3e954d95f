"""The forms of an annual plan: its numbers, windows, commissions, and the publishing dialog."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, choice, field, line, push_button, say, summary
from services.catalogue.plan_fields import FIXED_ONCE_PUBLISHED
from services.catalogue.plan_page import PlanPage, WindowCard
from services.kernel.clock import TAIPEI
from services.lottery.rules import DRAW_DAYS, LOTTERY
from services.words import Words, mark

LABELS = {
    "seats_cap": mark("Funded seats of the year"),
    "subsidy_percent": mark("Subsidy in percent of the fee"),
    "max_choices": mark("Choices of a course at most"),
    "batch_size": mark("People told at most per class and run"),
    "confirm_days": mark("Confirmation call, days before"),
    "promote_days": mark("Promotion call, days before"),
    "self_fund_days": mark("Self-funded call, days before"),
    "settle_days": mark("Self-funded seats given, days before"),
    "size_check_days": mark("Size check, days before"),
    "freeze_days": mark("Freeze, days before"),
    "milestone_hour": mark("Hour of the calls (0 to 23)"),
    "response_hours": mark("Hours to answer at least"),
    "late_response_hours": mark("Hours to answer late"),
    "review_days": mark("Working days for a review"),
    "supplement_days": mark("Days to send a paper"),
    "appeal_days": mark("Days to appeal"),
}
GROUPS = (
    (mark("Seats and money"), ("seats_cap", "subsidy_percent", "max_choices", "batch_size")),
    (
        mark("Milestones"),
        ("confirm_days", "promote_days", "self_fund_days", "settle_days", "size_check_days",
         "freeze_days", "milestone_hour"),
    ),
    (
        mark("Deadlines"),
        ("response_hours", "late_response_hours", "review_days", "supplement_days", "appeal_days"),
    ),
)  # fmt: skip
SPARE_WINDOWS = 2


class Ids:
    """Ids shared with the hands."""

    YEAR, VERSION = "plan-year-of", "plan-version"
    MAKE, MAKE_YEAR, MAKE_PROBLEM = "make-plan", "make-year", "make-problem"
    NUMBERS, SAVE = "plan-numbers", "plan-save"
    WINDOWS, SAVE_WINDOWS = "plan-windows", "plan-save-windows"
    FROM, TO = "window-from", "window-to"  # patterns: one per row
    OPENS, CLOSES = "window-opens", "window-closes"
    COMMISSION, SAVE_COMMISSION = "plan-commission", "commission-save"
    COURSE, INSTITUTION = "commission-course", "commission-institution"
    CLASSES_CAP, SEATS_CAP = "commission-classes-cap", "commission-seats-cap"
    ASK_PUBLISH, DIALOG, BACK = "publish-ask", "publish-dialog", "publish-back"
    PUBLISH, PUBLISH_PROBLEM = "publish-do", "publish-problem"


def numbers_form(
    words: Words, plan: PlanPage, typed: Mapping[str, Any], problems: Problems
) -> Component:
    """The policy numbers; those people have registered under are fixed once published."""
    groups = [
        html.Fieldset(
            [
                html.Legend(words(title), className="form-label"),
                html.Div(
                    [_number(words, plan, name, typed, problems) for name in names],
                    className="threes",
                ),
            ]
        )
        for title, names in GROUPS
    ]
    fixed = words(
        "Milestones, answering times and subsidy stand: people registered under them. Choices may "
        "become more, not fewer."
    )
    by_number = words("First come, first served: the number decides.")
    rule = "" if plan.ordering_policy == LOTTERY else by_number
    return html.Form(
        [
            summary(words, problems, "plan", {name: words(text) for name, text in LABELS.items()}),
            *groups,
            html.P([rule, " ", fixed if plan.published_at else ""], className="sub"),
            push_button(words("Save the numbers"), Ids.SAVE, "outline-primary"),
        ],
        className="stack",
    )


def _number(
    words: Words, plan: PlanPage, name: str, typed: Mapping[str, Any], problems: Problems
) -> Component:
    fixed = plan.published_at is not None and name in FIXED_ONCE_PUBLISHED
    control = line(
        number_id(name),
        typed.get(name, str(plan.numbers[name])),
        kind="number",
        problems=problems,
        readonly=fixed or None,
    )
    return field(words, control, words(LABELS[name]), problems)


def number_id(name: str) -> str:
    """The id of a number's field."""
    return f"plan-{name.replace('_', '-')}"


Rows = Sequence[tuple[Any, ...]]


def windows_form(words: Words, plan: PlanPage, typed: Rows | None, problems: Problems) -> Component:
    """The registration windows: editable while the plan is a draft, a list afterwards."""
    if plan.published_at is not None:
        return html.Ul(
            [html.Li(_standing(words, w)) for w in plan.windows],
            className="plain stack-s",
        )
    known = [
        (w.classes_from.isoformat(), w.classes_to.isoformat(), _local(w.opens_at),
         _local(w.closes_at))
        for w in plan.windows
    ]  # fmt: skip
    rows = typed if typed is not None else [*known, *[("", "", "", "")] * SPARE_WINDOWS]
    lottery = plan.ordering_policy == LOTTERY
    return html.Form(
        [
            summary(words, problems, "window"),
            *[_window(words, n, row, problems, lottery) for n, row in enumerate(rows)],
            html.P(words(CLOSING, days=DRAW_DAYS), className="sub") if lottery else None,
            html.P(
                words("A line left empty is no window. All times are Taipei time."), className="sub"
            ),
            push_button(words("Save the windows"), Ids.SAVE_WINDOWS, "outline-primary"),
        ],
        className="stack",
    )


CLOSING = mark(
    "Who registers before the closing takes part in the draw. It lies at least {days} days before "
    "the first confirmation call of the classes."
)


def _standing(words: Words, window: WindowCard) -> str:
    facts = {
        "span": words.period(window.classes_from, window.classes_to),
        "moment": words.deadline(window.opens_at),
    }
    if window.closes_at is None:
        return words("Classes of {span}: open from {moment}", **facts)
    until = words.deadline(window.closes_at)
    return words("Classes of {span}: draw window from {moment} to {until}", until=until, **facts)


def _local(moment: datetime | None) -> str:
    return moment.astimezone(TAIPEI).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _window(
    words: Words, n: int, row: tuple[Any, ...], problems: Problems, lottery: bool
) -> Component:
    columns = [
        (Ids.FROM, "date", words("Classes from")),
        (Ids.TO, "date", words("Classes to")),
        (Ids.OPENS, "datetime-local", words("Registration opens")),
    ]
    if lottery:
        columns.append((Ids.CLOSES, "datetime-local", words("Window closes")))
    return html.Div(
        [
            field(
                words,
                line({"type": ident, "n": n}, value, kind=kind, problems=problems),
                label,
                problems,
            )
            for (ident, kind, label), value in zip(columns, row, strict=False)
        ],
        className="pair draw-window" if lottery else "threes",
    )


def commission_form(
    words: Words, plan: PlanPage, typed: Mapping[str, Any], problems: Problems
) -> Component:
    """Commission an institution for a course, or change the caps of a commission."""
    courses = [("", words("Choose a course"))]
    courses += [(c.code, f"{c.code} {words.name(c)}") for c in plan.courses]
    places = [("", words("Choose an institution"))]
    places += [(i.code, words.name(i)) for i in plan.institutions]
    return html.Form(
        [
            summary(words, problems, "commission"),
            field(
                words,
                choice(Ids.COURSE, courses, typed.get("course", ""), problems),
                words("Course"),
                problems,
            ),
            field(
                words,
                choice(Ids.INSTITUTION, places, typed.get("institution", ""), problems),
                words("Institution"),
                problems,
            ),
            field(
                words,
                line(
                    Ids.CLASSES_CAP, typed.get("classes_cap", ""), kind="number", problems=problems
                ),
                words("Classes at most"),
                problems,
            ),
            field(
                words,
                line(Ids.SEATS_CAP, typed.get("seats_cap", ""), kind="number", problems=problems),
                words("Funded seats at most"),
                problems,
            ),
            push_button(words("Save the commission"), Ids.SAVE_COMMISSION, "outline-primary"),
        ],
        className="stack",
    )


def publish_part(words: Words, plan: PlanPage) -> list[Component | None]:
    """Say what publishing does, with the button and its dialog."""
    drafts = words.many("{n} draft class", "{n} draft classes", plan.drafts)
    if plan.published_at is not None:
        since = words("Published on {moment}.", moment=words.deadline(plan.published_at))
        if not plan.drafts:
            return [html.H2(words("Publishing")), html.P(since)]
    else:
        since = words("Nobody but MPB and the institutions sees this plan yet.")
    return [
        html.H2(words("Publishing")),
        html.P(since),
        push_button(
            words("Publish {drafts}", drafts=drafts) if plan.drafts else words("Publish this plan"),
            Ids.ASK_PUBLISH,
        ),
        dbc.Modal(
            [
                dbc.ModalHeader(
                    dbc.ModalTitle(words("Publish the plan {year}?", year=words.year(plan.year))),
                    close_button=False,
                ),
                dbc.ModalBody(
                    [
                        html.P(
                            words(
                                "Everybody sees {drafts} at once. Windows, milestones and "
                                "answering times cannot change afterwards.",
                                drafts=drafts,
                            )
                        ),
                        html.Div(id=Ids.PUBLISH_PROBLEM),
                    ]
                ),
                dbc.ModalFooter(
                    [
                        push_button(words("Not yet"), Ids.BACK, "outline-primary"),
                        push_button(words("Publish now"), Ids.PUBLISH),
                    ]
                ),
            ],
            id=Ids.DIALOG,
            is_open=False,
            centered=True,
        ),
    ]


def left_behind(words: Words, left: Sequence[tuple[str, str, Mapping[str, Any]]]) -> Component:
    """List the drafts that publishing had to leave, each with why."""
    return html.Ul([html.Li(f"{code}: {say(words, why, facts)}") for code, why, facts in left])


__all__ = ["Ids", "commission_form", "left_behind", "numbers_form", "publish_part", "windows_form"]
