"""The whole portal as it is deployed: real log-ins, cookies, tokens, sealed numbers."""

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update
from world import World

from callbacks.desk import Desk
from portal.app import build
from portal.settings import Settings
from portal.visitor import Visitors
from portal.wiring import cookie_name, keys_for
from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import person
from services.kernel.actor import Role
from services.kernel.db import metadata
from services.mtnet.gateway import EmbeddedMTNet, put_records

PASSWORD = "Lantern-Quay-58"
RUNNING = ("login_attempt", "web_session", "heartbeat")  # they change without anybody's doing


class Site:
    """One portal over a world's database, with an account of every role on demand."""

    def __init__(self, world: World, folder: Path, **changes: Any):
        self.world = world
        secrets = {"secret_key": "s" * 40, "index_key": "i" * 40, "seal_key": "k" * 40}
        self.settings = Settings(**secrets, var=folder, **changes)
        self.keys = keys_for(self.settings)
        visitors = Visitors(world.office, cookie_name(self.settings))
        self.desk = Desk(
            office=world.office,
            mtnet=EmbeddedMTNet(world.office, self.keys.index.of),
            unseal=lambda person_id, sealed: self.keys.seal.open(sealed, person_id),
            uploads=folder / "uploads",
            actor=visitors.actor,
            words=visitors.words,
            index=self.keys.index.of,
            seal=self.keys.seal.seal,
        )
        self.app = build(self.desk, self.settings)
        self.numbers: dict[Any, str] = {}

    def account(self, role: Role, *, person_id: int | None = None, at: str | None = None) -> str:
        """Open an account; return its ID number."""
        number = make_id("A", "1", f"{5_000_000 + len(self.numbers):07d}")
        with self.world.office.open() as work:
            if person_id is not None:
                index, seal = self.keys.index.of(number), self.keys.seal.seal(number, person_id)
                mine = update(person).where(person.c.id == person_id)
                work.run(mine.values(id_index=index, id_sealed=seal))
            open_account(
                work, role=role, login_index=self.keys.index.of(number), password=PASSWORD,
                name=f"帳號{len(self.numbers)}", person_id=person_id, institution=at,
            )  # fmt: skip
        if person_id is not None:
            told = self.world.records[person_id]
            put_records(self.world.office, self.keys.index.of, [(number, told)])
        self.numbers[number] = role
        return number

    def seafarer(self, person_id: int | None = None) -> "Browser":
        """Log a seafarer in."""
        known = self.world.a_person() if person_id is None else person_id
        return self.logged_in(self.account(Role.SEAFARER, person_id=known))

    def officer(self, at: str = "NTOU") -> "Browser":
        self.world.an_institution(at)
        return self.logged_in(self.account(Role.INSTITUTION, at=at))

    def planner(self) -> "Browser":
        return self.logged_in(self.account(Role.PLANNER))

    def administrator(self) -> "Browser":
        return self.logged_in(self.account(Role.ADMINISTRATOR))

    def visitor(self) -> "Browser":
        return Browser(self)

    def logged_in(self, number: str) -> "Browser":
        browser = Browser(self)
        assert browser.logs_in(number, PASSWORD).headers["Location"].find("told=") < 0
        return browser

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Dump every table, save what runs by itself."""
        with self.world.office.look() as look:
            return {
                table.name: sorted((tuple(row) for row in look.all(select(table))), key=repr)
                for table in metadata.sorted_tables
                if table.name not in RUNNING
            }


class Browser:
    """A browser: keeps its cookies and sends the token back, unless told otherwise."""

    def __init__(self, site: Site):
        self.site = site
        self.client: FlaskClient = site.app.server.test_client()
        self._token = ""

    def opens(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def token(self) -> str:
        """Give the token of the page the browser has open; a log-in or log-out opens a new one."""
        if not self._token:
            self.client.get("/login")
            self._token = self.client.get_cookie("_csrf_token").value
        return self._token

    def sid(self) -> str | None:
        found = self.client.get_cookie(cookie_name(self.site.settings))
        return found.value if found else None

    def posts(self, path: str, *, token: str | None = None, **form: Any) -> Any:
        known = self.token() if token is None else token
        self._token = ""
        return self.client.post(path, data={"csrf_token": known, **form})

    def logs_in(self, number: str, password: str, **form: Any) -> Any:
        return self.posts("/auth/login", id_number=number, password=password, **form)

    def sends(self, body: Any, *, token: str | None = None, **more: Any) -> Any:
        """Send a callback body as it is."""
        header = {"X-CSRFToken": self.token() if token is None else token}
        return self.client.post("/_dash-update-component", json=body, headers=header, **more)

    def reads(self, path: str, search: str = "") -> str:
        """Render a page and give everything on it as text."""
        answer = self.sends(page_body(path, search))
        assert answer.status_code == 200
        return json.dumps(answer.get_json(), ensure_ascii=False)

    def clicks(self, button: str, *states: Any, **more: Any) -> Any:
        return self.sends(click_body(self.site.app, button, *states), **more)


def page_body(path: Any, search: Any = "") -> dict[str, Any]:
    return {
        "output": "..page.children..",
        "outputs": [{"id": "page", "property": "children"}],
        "inputs": [
            {"id": "where", "property": "pathname", "value": path},
            {"id": "where", "property": "search", "value": search},
        ],
        "changedPropIds": [],
    }


def output_of(app: Any, button: str) -> str:
    """Find the callback that a button triggers."""
    return next(
        key
        for key, entry in app.callback_map.items()
        if {"id": button, "property": "n_clicks"} in entry["inputs"]
    )


def click_body(app: Any, button: str, *states: Any) -> dict[str, Any]:
    """Write the body a browser would send for a click, its states as given."""
    return callback_body(app, output_of(app, button), [1], list(states))


def press_body(app: Any, ident: dict[str, Any], *states: Any) -> dict[str, Any]:
    """Write the body of a press on one of many like buttons, all of which hear of it."""
    output = next(
        key
        for key, entry in app.callback_map.items()
        if f'"type":"{ident["type"]}"' in entry["inputs"][0]["id"]
    )
    body = callback_body(app, output, [], list(states))
    body["inputs"] = [[{"id": ident, "property": "n_clicks", "value": 1}]]
    named = json.dumps(ident, sort_keys=True, separators=(",", ":"))
    return body | {"changedPropIds": [f"{named}.n_clicks"]}


def callback_body(app: Any, output: str, inputs: list[Any], states: list[Any]) -> dict[str, Any]:
    """Write a body with values for each input and state; patterns get one part per value."""
    entry = app.callback_map[output]
    parts = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
    return {
        "output": output,
        "outputs": [{"id": ident, "property": prop.split("@")[0]} for ident, prop in parts],
        "inputs": _filled(entry["inputs"], inputs),
        "state": _filled(entry["state"], states),
        "changedPropIds": [f"{entry['inputs'][0]['id']}.{entry['inputs'][0]['property']}"],
    }


def _filled(registered: list[dict[str, Any]], values: list[Any]) -> list[Any]:
    padded = [*values, *[None] * (len(registered) - len(values))]
    return [
        [
            {"id": json.loads(each["id"]) | {"n": n}, "property": each["property"], "value": v}
            for n, v in enumerate(value if isinstance(value, list) else [value])
        ]
        if each["id"].startswith("{")
        else {**each, "value": value}
        for each, value in zip(registered, padded, strict=True)
    ]
