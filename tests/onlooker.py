"""Someone who reads pages over the wire, as a browser without JavaScript's eyes would."""

import json
from typing import Any

from flask.testing import FlaskClient
from world import World

from callbacks.desk import Desk
from portal.app import build
from portal.settings import Settings
from services.kernel.actor import VISITOR
from services.words import ENGLISH, words_for


class Records:
    """MTNet as the world tells it; the "national ID" here is the person id."""

    def __init__(self, world: World):
        self.world = world

    def record_of(self, id_number: str) -> Any:
        return self.world.fetched(int(id_number)).record


class Onlooker:
    """Reads pages in one language; nobody is logged in until `who` is set."""

    def __init__(self, world: World, locale: str = ENGLISH):
        self.who, self.locale = VISITOR, locale
        desk = Desk(
            office=world.office,
            mtnet=Records(world),
            unseal=lambda person_id, _sealed: str(person_id),
            uploads=None,
            actor=lambda: self.who,
            words=lambda: words_for(self.locale),
        )
        settings = Settings(secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40)
        self.client: FlaskClient = build(desk, settings).server.test_client()

    def finds(self, path: str) -> int:
        """Ask for an address and give the status of the answer."""
        return self.client.get(path).status_code

    def reads(self, path: str, search: str = "") -> str:
        """Open a page and give everything on it as text; a broken page fails the test."""
        body = {
            "output": "..page.children..",
            "outputs": [{"id": "page", "property": "children"}],
            "inputs": [
                {"id": "where", "property": "pathname", "value": path},
                {"id": "where", "property": "search", "value": search},
            ],
            "changedPropIds": [],
        }
        self.client.get("/login")
        header = {"X-CSRFToken": self.client.get_cookie("_csrf_token").value}
        answer = self.client.post("/_dash-update-component", json=body, headers=header)
        assert answer.status_code == 200
        text = json.dumps(answer.get_json(), ensure_ascii=False)
        assert words_for(self.locale)("Something went wrong on our side") not in text
        return text
