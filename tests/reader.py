"""A reader at a page: who acts, in which language, with what MTNet says; what hands reach for."""

import json
from dataclasses import dataclass
from typing import Any

import plotly.utils
from world import World

from pages.visit import Visit
from services.kernel.actor import Actor
from services.kernel.work import Office
from services.mtnet.fetch import Fetched
from services.words import Words, words_for


@dataclass
class Reader:
    """One seafarer in front of the pages; `silent` means MTNet does not answer."""

    world: World
    person_id: int
    locale: str = "en"
    silent: bool = False

    @property
    def office(self) -> Office:
        return self.world.office

    def actor(self) -> Actor:
        return self.world.seafarer(self.person_id)

    def words(self) -> Words:
        return words_for(self.locale)

    def fetch(self, person_id: int) -> Fetched:
        if self.silent:
            return Fetched(None, self.office.clock.now())
        return self.world.fetched(person_id)

    def sees(self, layout: Any, path: str = "/", **params: str) -> str:
        """Render a page for the reader and give everything on it as text."""
        with self.office.look(self.actor()) as look:
            visit = Visit(self.words(), self.actor(), look, "light", path, {}, fetch=self.fetch)
            return as_text(layout(visit, **params))


def as_text(component: Any) -> str:
    """Give a component as the browser would receive it."""
    return json.dumps(component, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)
