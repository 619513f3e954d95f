"""How a plan orders its queues: the choice in a draft, and the lottery's windows once published."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import Problems, choice, field, line, mark_of, push_button, summary
from services.catalogue.plan_page import PlanPage
from services.lottery.rules import FIRST_COME, LOTTERY, SOURCE_EN, SOURCE_ZH
from services.lottery.waiting import WindowDraws
from services.words import Words, mark

POLICIES: Mapping[str, str] = {
    FIRST_COME: mark("First come: the number decides"),
    LOTTERY: mark("Window lottery: ranks are drawn after the window"),
}
EXPLAINED = mark(
    "Under a lottery everybody who registers in a window gets a number and no seat. After the "
    "closing one public draw a course gives everybody a rank, and seats go by rank."
)


class OrderingIds:
    """Ids shared with the hands."""

    FORM, SAVE = "plan-ordering", "ordering-save"
    POLICY, SOURCE_ZH, SOURCE_EN = "ordering-policy", "ordering-source-zh", "ordering-source-en"


def ordering_form(
    words: Words, plan: PlanPage, typed: Mapping[str, Any], problems: Problems
) -> Component:
    """Choose the policy of a draft; a lottery names its public value in advance."""
    options = [(key, words(text)) for key, text in POLICIES.items()]
    hint = words("Something public that nobody can know before the closing; name it exactly.")
    labels = {
        "source_zh": words("Public value of the draw, in Chinese"),
        "source_en": words("Public value of the draw, in English"),
    }
    policy = typed.get("policy", plan.ordering_policy)
    source_zh = typed.get("source_zh", plan.draw_source_zh or SOURCE_ZH)
    source_en = typed.get("source_en", plan.draw_source_en or SOURCE_EN)
    return html.Form(
        [
            summary(words, problems, "ordering", labels),
            field(
                words,
                choice(OrderingIds.POLICY, options, policy, problems),
                words("Order of the queues"),
                problems,
                hint=words(EXPLAINED),
            ),
            field(
                words,
                line(OrderingIds.SOURCE_ZH, source_zh, problems=problems, maxLength=200),
                labels["source_zh"],
                problems,
            ),
            field(
                words,
                line(OrderingIds.SOURCE_EN, source_en, problems=problems, maxLength=200),
                labels["source_en"],
                problems,
                hint=hint,
            ),
            push_button(words("Save the order"), OrderingIds.SAVE, "outline-primary"),
        ],
        className="stack",
    )


def ordering_told(words: Words, plan: PlanPage, windows: Sequence[WindowDraws]) -> list[Component]:
    """Tell the policy of a published plan, and of a lottery how far each window is."""
    said = html.P(words(POLICIES[plan.ordering_policy]), className="strong")
    if plan.ordering_policy != LOTTERY:
        return [said]
    source = html.P(
        [words("Public value, named in advance:"), " ", words.name(plan, "draw_source")],
        className="sub",
    )
    rows = [html.Li(_window(words, window)) for window in windows]
    links = dcc.Link(words("The draws and their commitments"), href="/draws")
    return [said, source, html.Ul(rows, className="plain stack-s"), html.P(links)]


def _window(words: Words, window: WindowDraws) -> list[Component]:
    span = words("Classes of {span}", span=words.period(window.classes_from, window.classes_to))
    label = words("Public value: enter or confirm") if window.due else words("Public value")
    look = "btn btn-primary btn-sm" if window.due else "btn btn-outline-primary btn-sm"
    return [
        html.Div([html.Strong(span), " ", _state(words, window)]),
        html.Div(
            words("{drawn} of {n} draws made", drawn=window.drawn, n=window.draws),
            className="sub",
        ),
        dcc.Link(label, href=value_href(window.id), className=look),
    ]


def _state(words: Words, window: WindowDraws) -> Component:
    if window.due:
        return mark_of(words("Waits for you or a colleague"), "waiting", "hourglass")
    if window.now < window.closes_at:
        return mark_of(words("Window open or ahead"), "closed", "clock")
    if window.confirmed or not window.to_draw:
        return mark_of(words("Settled"), "confirmed", "check")
    return mark_of(words("Closed"), "closed", "lock")


def value_href(window_id: int) -> str:
    """Give the address where the public value of a window is entered."""
    return f"/plan/value/{window_id}"


def due_note(words: Words, due: Sequence[WindowDraws]) -> Component | None:
    """Remind a planner of the public values that are due."""
    if not due:
        return None
    items = [
        html.Li(
            dcc.Link(
                words(
                    "{year}, classes of {span}: enter or confirm the public value of the draw",
                    year=words.year(window.year),
                    span=words.period(window.classes_from, window.classes_to),
                ),
                href=value_href(window.id),
            )
        )
        for window in due
    ]
    title = words.many("{n} draw window waits", "{n} draw windows wait", len(due))
    return html.Section(
        [html.H2(title), html.Ul(items, className="plain stack-s")], className="panel"
    )
