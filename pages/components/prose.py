"""Pages that are read: a head, sections one below the other, short lists of sentences."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.entry import head
from services.words import Words


def prose_page(title: str, lead: str, *sections: Component | None) -> Component:
    """A page to read, its sections in a narrow column."""
    return html.Div([head(title, lead), *(s for s in sections if s is not None)], className="prose")


def section(title: str, *content: Any, anchor: str | None = None) -> Component:
    """One section; a plain sentence becomes a paragraph."""
    parts = [html.P(part) if isinstance(part, str) else part for part in content]
    more: dict[str, Any] = {"id": anchor, "tabIndex": -1} if anchor else {}
    return html.Section([html.H2(title), *parts], **more)


def points(words: Words, sentences: Sequence[str], **facts: Any) -> Component:
    """A list of sentences of the catalogue with their facts."""
    return html.Ul(
        [html.Li(words(sentence, **facts)) for sentence in sentences], className="points"
    )


def pairs(found: Sequence[tuple[str, str]]) -> Component:
    """A list of terms and what is said of each."""
    items = [html.Div([html.Dt(term), html.Dd(text)]) for term, text in found]
    return html.Dl(items, className="panel prose-pairs")
