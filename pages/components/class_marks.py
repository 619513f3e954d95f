"""What a class is marked with at the desks: its state, and the ways to change it."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import mark_of
from services.words import Words, mark

CHANGES = {
    "move": mark("Move or postpone"),
    "merge": mark("Merge into another class"),
    "cancel": mark("Cancel the class"),
}
STATES = {
    "draft": (mark("Draft"), "closed", "dash", ""),
    "published": (mark("Published"), "admitted", "check", ""),
    "opened": (mark("Opened"), "confirmed", "star", "st-done"),
    "cancelled": (mark("Class cancelled"), "closed", "x", "st-over"),
}


def state_badge(words: Words, state: str) -> Component:
    """The badge of a class's state."""
    sentence, tone, icon, form = STATES[state]
    return mark_of(words(sentence), tone, icon, form)


def change_href(class_id: int, act: str) -> str:
    """Give the address of one change of a class."""
    return f"/desk/classes/{class_id}/change?act={act}"


def change_links(words: Words, class_id: int) -> Component:
    """Link the three changes: move, merge, cancel."""
    links = [
        html.Li(dcc.Link(words(text), href=change_href(class_id, act)))
        for act, text in CHANGES.items()
    ]
    return html.Ul(links, className="change-links")
