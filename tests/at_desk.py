"""A hand's reach without an app: the office, who acts, the reader's words; pages as text."""

import json
from dataclasses import dataclass

from dash import no_update

from pages.visit import Visit
from services.kernel.actor import Actor
from services.kernel.work import Office
from services.words import Words
from services.words.catalogue import words_for


@dataclass
class AtDesk:
    """What a hand reaches: the office, who acts, the reader's words."""

    office: Office
    who: Actor
    locale: str = "en"

    def actor(self) -> Actor:
        return self.who

    def words(self) -> Words:
        return words_for(self.locale)


def shown(desk, layout, query=None, **path):
    """Render a page and give its text as one string."""
    with desk.office.look(desk.who) as look:
        visit = Visit(desk.words(), desk.who, look, "light", "", query or {})
        return json.dumps(
            layout(visit, **path).to_plotly_json(), default=_plain, ensure_ascii=False
        )


def text(component):
    return json.dumps(component, default=_plain)


def _plain(component):
    return component.to_plotly_json()


def went(answer):
    return answer[1] is not no_update
