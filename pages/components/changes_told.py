"""What staff have changed about a class, told to everybody on its page."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import ico
from services.registration.changes import Change
from services.words import Words


def changes_told(words: Words, changes: Sequence[Change]) -> list[Component]:
    """Write one note per change, latest first."""
    return [
        html.Div(
            [ico("warn"), html.Div([html.Strong(_title(words, each)), *_more(words, each)])],
            className="note tone-waiting",
        )
        for each in changes
    ]


def _title(words: Words, change: Change) -> str:
    on = words.deadline(change.at)
    if change.kind == "moved":
        was = words.period(change.was_starts_on, change.was_ends_on)
        return words(
            "The class was moved on {moment}; it was planned for {was}.", moment=on, was=was
        )
    if change.kind == "merged":
        return words("The class was merged into another one on {moment}.", moment=on)
    return words("The class was cancelled on {moment}.", moment=on)


def _more(words: Words, change: Change) -> list[Component]:
    more: list[Component] = []
    if change.into_id is not None:
        more.append(
            html.Div(
                dcc.Link(
                    words("See class {code}", code=change.into_code),
                    href=f"/classes/{change.into_id}",
                )
            )
        )
    if change.note:
        more.append(html.Div(words("What the institution says: {note}", note=change.note)))
    return more
