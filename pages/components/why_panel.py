"""Why a registration stands where it stands, and what would have to happen for a seat."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from pages.components.journey import told
from services.registration.cards import Say, Why
from services.words import Words


def why_panel(words: Words, why: Why, *, seated: bool) -> Component:
    """Tell it in two short lists; who has a seat need not be told how to get one."""
    title = words("What comes next") if seated else words("What would have to happen")
    would = [html.H3(title), _list(words, why.would)]
    return html.Section(
        [
            html.H2(words("Why this is your status")),
            _list(words, why.stands),
            *(would if why.would else ()),
        ],
        className="panel why",
    )


def _list(words: Words, sentences: Sequence[Say]) -> Component:
    return html.Ul([html.Li(told(words, say)) for say in sentences])
