"""The door to MTNet: what it says is judged, its silence is unknown, and nobody waits in vain."""

import json
import time

import pytest
from mtnet_office import TOKEN, mtnet_office
from sqlalchemy import func, select
from world import sound_record

from portal.settings import Settings, SettingsError
from portal.wiring import desk_for
from services.confirm import confirm
from services.hand_over import hand_over
from services.kernel import http
from services.mtnet import door
from services.mtnet.door import PATIENCE, MTNetDoor
from services.mtnet.fetch import fetch_record
from services.mtnet.gateway import UNKNOWN_PERSON, EmbeddedMTNet, MTNetUnavailable
from services.mtnet.record import from_json
from services.register import register
from services.registration.lifecycle import Status
from services.registration.records import handover
from services.rescreen import rescreen

ID = "A123456789"
RECORD = sound_record()
SECRETS = {
    "PORTAL_ENVIRONMENT": "production",
    "PORTAL_SECRET_KEY": "0b9f0c7d2e84a61-77d0c4e1b9a2f356",
    "PORTAL_INDEX_KEY": "1b9f0c7d2e84a61-77d0c4e1b9a2f356",
    "PORTAL_SEAL_KEY": "2b9f0c7d2e84a61-77d0c4e1b9a2f356",
    "PORTAL_SIGN_KEY": "3b9f0c7d2e84a61-77d0c4e1b9a2f356",
    "PORTAL_MTNET_URL": "https://mtnet.example/portal",
    "PORTAL_MTNET_TOKEN": TOKEN,
}


def at(server, token=TOKEN, pause=60.0):
    return MTNetDoor(server.url, token, timeout=0.4, pause=pause)


def test_a_record_comes_over_the_wire_as_from_the_embedded_one():
    with mtnet_office(records={ID: RECORD}) as server:
        assert at(server).record_of(ID) == from_json(RECORD)


def test_whom_mtnet_does_not_know_has_no_papers():
    with mtnet_office() as server:
        assert at(server).record_of(ID) == UNKNOWN_PERSON


@pytest.mark.parametrize(
    "fault",
    ["500", "503", "403", "302", "drop", "hang", "trickle", "long", "elsewhere", "no json", "\x00"],
)
def test_what_is_no_answer_is_unknown(fault):
    with mtnet_office(records={ID: RECORD}, fault=fault) as server:
        began = time.monotonic()
        with pytest.raises(MTNetUnavailable):
            at(server).record_of(ID)
    assert time.monotonic() - began < 5


def test_a_refused_token_is_no_answer_and_no_verdict():
    with mtnet_office(records={ID: RECORD}) as server, pytest.raises(MTNetUnavailable, match="401"):
        at(server, token="old").record_of(ID)


@pytest.mark.parametrize("body", ["[]", "null", '"text"', '{"medical": 5}'])
def test_a_record_of_another_shape_is_unknown_and_fails_nobody(body):
    with mtnet_office(fault=body) as server:
        assert at(server).record_of(ID) == from_json(json.loads(body))


def test_after_three_silences_nobody_waits_until_the_pause_is_over(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(door.time, "monotonic", lambda: now[0])
    with mtnet_office(records={ID: RECORD}, fault="503") as server:
        asking = at(server)
        for _ in range(PATIENCE + 5):
            with pytest.raises(MTNetUnavailable):
                asking.record_of(ID)
        assert server.asked == PATIENCE
        now[0] += 61
        with pytest.raises(MTNetUnavailable):
            asking.record_of(ID)  # one try, still silent: the pause begins again
        with pytest.raises(MTNetUnavailable):
            asking.record_of(ID)
        assert server.asked == PATIENCE + 1
        now[0] += 61
        server.fault = ""
        assert asking.record_of(ID) == from_json(RECORD)
        assert asking.record_of(ID) == from_json(RECORD)


def test_without_the_pause_everybody_waits_for_an_mtnet_that_is_down():
    with mtnet_office(fault="503") as server:
        asking = at(server, pause=0)
        for _ in range(PATIENCE + 5):
            with pytest.raises(MTNetUnavailable):
                asking.record_of(ID)
    assert server.asked == PATIENCE + 5


def test_a_person_registers_while_mtnet_hangs_and_is_screened_when_it_answers(world):
    person_id = world.a_person()
    class_id = world.a_class()
    with mtnet_office(records={ID: world.records[person_id]}, fault="hang") as server:
        asking = at(server)

        def fetch(each):
            return fetch_record(world.office, asking, lambda *_: ID, each)

        with world.office.open(world.seafarer(person_id)) as work:
            receipt = register(work, fetch(person_id), class_id=class_id, person_id=person_id)
        assert receipt.status is Status.IN_REVIEW
        server.fault = ""
        assert rescreen(world.office, fetch) == 1
    assert world.status(receipt) is Status.ADMITTED


def test_a_roster_that_was_not_taken_is_handed_over_again_as_the_same(world):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(person_id, confirm, receipt.registration_id)
    for days in (21, 14, 11, 7, 5):
        world.days_before(class_id, days)
        world.ticks()
    with mtnet_office(fault="503") as server:
        asking = at(server, pause=0)
        assert hand_over(world.office, asking, lambda *_: ID) == 0
        server.fault = ""
        assert hand_over(world.office, asking, lambda *_: ID) == 1
        assert hand_over(world.office, asking, lambda *_: ID) == 0
    (where,) = server.kept
    assert where.startswith(f"rosters/{class_id}/")
    assert [each["id_number"] for each in server.kept[where]["people"]] == [ID]
    with world.office.look() as look:
        due = select(func.count()).where(handover.c.sent_at.is_(None))
        assert look.scalar(due) == 0


class TestSettings:
    @pytest.fixture
    def production(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)
        return monkeypatch

    @pytest.mark.usefixtures("production")
    def test_production_asks_mtnet_over_the_network(self):
        desk = desk_for(Settings.load())
        assert isinstance(desk.mtnet, MTNetDoor)

    def test_production_does_not_screen_against_an_empty_mtnet(self, production):
        production.delenv("PORTAL_MTNET_URL")
        with pytest.raises(SettingsError, match="PORTAL_MTNET_URL is missing"):
            Settings.load()

    @pytest.mark.parametrize("name", ["MTNET", "SMS"])
    @pytest.mark.parametrize("url", ["http://mtnet.example", "mtnet.example", "ftp://127.0.0.1"])
    def test_no_persons_data_go_in_the_clear(self, production, name, url):
        production.setenv(f"PORTAL_{name}_URL", url)
        with pytest.raises(SettingsError, match=f"PORTAL_{name}_URL"):
            Settings.load()

    def test_a_missing_token_is_named(self, production):
        production.delenv("PORTAL_MTNET_TOKEN")
        with pytest.raises(SettingsError, match="PORTAL_MTNET_TOKEN"):
            Settings.load()

    def test_the_demo_has_an_mtnet_of_its_own(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
        assert isinstance(desk_for(Settings.load()).mtnet, EmbeddedMTNet)


def test_a_long_answer_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(http, "MOST", 1000)
    with mtnet_office(fault="x" * 2000) as server, pytest.raises(MTNetUnavailable, match="long"):
        at(server).record_of(ID)
