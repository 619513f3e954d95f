"""The public value of a window's draws: entered by one planner, typed again by a second."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import (
    Problems,
    crumb,
    field,
    head,
    line,
    path_id,
    push_button,
    staff_page,
)
from pages.components.journey import note
from pages.visit import Visit
from services.lottery.waiting import WindowDraws, lottery_window
from services.words import Words

PATH = "/plan/value/<window_id>"


class Ids:
    """Ids shared with the hands."""

    WINDOW, FORM = "value-of", "value-form"
    VALUE, SAVE, BACK = "value-value", "value-save", "value-back"


def layout(visit: Visit, window_id: str) -> Component:
    """Show what was named in advance, and the form that this planner may fill in now."""
    words = visit.words
    window = lottery_window(visit.look, path_id(window_id))
    title = words("Public value of the draw")
    span = words.period(window.classes_from, window.classes_to)
    year = words("Annual plan {year}", year=words.year(window.year))
    return staff_page(
        crumb(
            words,
            (words("Annual plans"), "/plan"),
            (year, f"/plan/{window.year}"),
            here=title,
        ),
        head(title, words("Classes of {span}", span=span)),
        html.Section(
            [html.Dl(_facts(words, window), className="facts facts-stacked")], className="panel"
        ),
        html.Section(html.Div(value_form(words, window, "", {}), id=Ids.FORM), className="panel"),
        dcc.Store(id=Ids.WINDOW, data=window.id),
        title=title,
    )


def _facts(words: Words, window: WindowDraws) -> list[Component]:
    rows = (
        (words("Named in advance"), words.name(window, "source")),
        (words("Window closes"), words.deadline(window.closes_at)),
        (words("Value taken from"), words.deadline(window.value_from)),
        (words("Draws made"), f"{window.drawn} / {window.draws}"),
    )
    return [part for name, text in rows for part in (html.Dt(name), html.Dd(text))]


def value_form(
    words: Words, window: WindowDraws, typed: Any, problems: Problems, refused: Any = None
) -> Component:
    """What this planner can do now: enter, confirm, take back, or wait."""
    if window.confirmed:
        text = words("{value}. Read by two planners; it stands.", value=window.value)
        return note(words("The value is confirmed"), html.P(text), "confirmed", "check")
    if window.now < window.value_from:
        text = words(
            "It can be entered from {moment} on.", moment=words.deadline(window.value_from)
        )
        return note(words("Not yet"), html.P(text), "closed", "clock")
    back = push_button(words("Take the value back"), Ids.BACK, "outline-danger")
    if window.mine:
        text = words(
            "You entered {value}. Another planner now reads the source and types it again.",
            value=window.value,
        )
        waits = note(words("Waits for a colleague"), html.P(text), "waiting", "hourglass")
        return html.Div([refused, waits, back], className="stack")
    if window.entered:
        lead = words(
            "A colleague has entered a value. Read the source yourself and type what you see: only "
            "if both agree the draw is made."
        )
        label, act = words("Value as you read it"), words("Confirm the value")
    else:
        lead = words("Read the source named in advance and type the value exactly as named.")
        label, act = words("Value"), words("Enter the value")
    save = push_button(act, Ids.SAVE)
    return html.Form(
        [
            refused,
            html.P(lead),
            field(words, line(Ids.VALUE, typed, problems=problems, maxLength=80), label, problems),
            html.Div([save, back if window.entered else None], className="line"),
        ],
        className="stack",
    )
