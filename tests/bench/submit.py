"""The last click alone: the four steps are filled in, everybody sends at the same time."""

import json
import time
from collections.abc import Iterator

from applicant import CONTACT, Wire
from deployed import click_body
from serving import cpu_seconds, serving, settings_in
from sqlalchemy import insert

from bench.lines import Bar, Line
from bench.place import Place, url_of
from bench.storm import PROCESSES, SEATS, at, every, in_lanes, pids_of
from bench.town import Town, town
from portal.app import build
from portal.settings import Settings
from portal.wiring import cookie_name, desk_for
from services.registration.records import draft

AT_ONCE = 32


def run(place: Place) -> Iterator[Line]:
    """Send so many registrations, one request each."""
    people = place.size(600, 96)
    engine = place.fresh()
    settings = settings_in(place.folder, url_of(engine))
    made = town(engine, settings, people + 8, seats=SEATS)
    _filled_in(made)
    with serving(settings, *PROCESSES) as running:
        wires, body = _ready(settings, made)
        first, rest = made.crowd.people[:8], made.crowd.people[8:]
        took: list[float] = []

        def send(who: int) -> None:
            began = time.monotonic()
            answer = wires[who].asks("POST", "/_dash-update-component", body)
            took.append(time.monotonic() - began)
            assert "/registrations/" in answer.response()["where"]["href"]

        in_lanes(send, first, 4)  # every worker reads its templates once
        took.clear()
        before, began = cpu_seconds(every(pids_of(place, running))), time.monotonic()
        in_lanes(send, rest, AT_ONCE)
        seconds = time.monotonic() - began
        cost = (cpu_seconds(every(pids_of(place, running))) - before) * 1000 / people
    assert made.crowd.world.broken() == []
    engine.dispose()
    yield Line(
        f"submits over HTTP, {AT_ONCE} at once", people / seconds, "/s",
        "pretix, its REST API", 10.7, Bar("3 (rate)", 107, 300),
    )  # fmt: skip
    yield Line(
        "processor time per submit", cost, "ms", "pretix, its REST API", 178,
        Bar("3 (cpu)", 15, 5, below=True),
    )  # fmt: skip
    yield Line("submit p95", at(took, 95), "s", "p50", at(took, 50))


def _filled_in(made: Town) -> None:
    contact = dict(zip(("email", "mobile", "region", "locale"), CONTACT, strict=True))
    answers = {**contact, "mobile": "+886912345678", "done": 3, "classes": [made.class_id]}
    with made.crowd.world.office.open() as work:
        work.run(
            insert(draft),
            [
                {
                    "person_id": who,
                    "class_id": made.class_id,
                    "answers": answers,
                    "saved_at": work.now,
                }
                for who in made.crowd.people
            ],
        )


def _ready(settings: Settings, made: Town) -> tuple[dict[int, Wire], bytes]:
    """Give everybody an open page's token, and the body of the last click."""
    page = Wire(settings.port)
    page.asks("GET", "/login")
    page.hangs_up()
    app = build(desk_for(settings), settings)
    body = json.dumps(click_body(app, "apply-send", made.class_id)).encode()
    sid = cookie_name(settings)
    return {
        who: Wire(settings.port, {**page.cookies, sid: token}) for who, token in made.tokens.items()
    }, body
