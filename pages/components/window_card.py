"""The card of the registration windows: which opens next, in how many days, and which is open."""

from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from services.catalogue.windows import Window
from services.kernel.clock import taipei_day
from services.words import Words


def window_card(
    words: Words, now: datetime, coming: Window | None, opened: Window | None
) -> Component:
    """Count the days to the next opening; below it, what is open now."""
    parts = _coming(words, now, coming) if coming else _none(words)
    if opened is not None:
        parts.append(_open(words, opened))
    more = dcc.Link(
        [words("About the windows"), ico("right")], href="/how#year", className="link-arrow"
    )
    return html.Aside([*parts, more], className="window", **attrs(aria_labelledby="window"))


def _coming(words: Words, now: datetime, window: Window) -> list[Component]:
    days = (taipei_day(window.opens_at) - taipei_day(now)).days
    moment = words.deadline(window.opens_at)
    return [
        html.H2(words("Next registration opening"), id="window"),
        _countdown(words, days),
        html.Div(words("Opens {moment}", moment=moment), className="strong"),
        html.P(
            words.many(
                "For {n} class that begins {span}.",
                "For {n} classes that begin {span}.",
                window.classes,
                span=span_of(words, window),
            )
        ),
        html.A(
            [ico("cal"), words("Put the opening into my calendar")],
            href="/calendar.ics/opening",
            className="btn btn-outline-primary btn-sm",
        ),
    ]


def _countdown(words: Words, days: int) -> Component:
    if days < 1:
        return html.Div(html.B(words("Today")), className="countdown")
    left = words.many("day to go", "days to go", days)
    return html.Div([html.B(str(days)), html.Span(left)], className="countdown")


def _open(words: Words, window: Window) -> Component:
    text = words("Open now: classes that begin {span}", span=span_of(words, window))
    since = words("open since {day}", day=words.date(taipei_day(window.opens_at)))
    return html.P(
        [dcc.Link(text, href="/classes?possible=now"), html.Br(), since], className="window-open"
    )


def _none(words: Words) -> list[Component]:
    return [
        html.H2(words("Next registration opening"), id="window"),
        html.P(words("No further opening is announced yet. It comes with the annual plan.")),
    ]


def span_of(words: Words, window: Window) -> str:
    """Write the months of a window."""
    first, last = window.classes_from, window.classes_to
    if words.zh:
        return f"{words.month(first.year, first.month)}至{last.month}月"
    begin = words.month(first.year, first.month)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
    return f"{begin} to {words.month(last.year, last.month)}"
