"""The seafarer's side over the wire: the gate, the token, the callbacks, the upload route."""

import io
import json

import pytest
from flask.testing import FlaskClient
from reader import Reader
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from world import PAPER_RULES

from callbacks.desk import Desk
from portal.app import build
from portal.settings import Settings
from portal.web.uploads import LARGEST
from services.kernel.actor import VISITOR
from services.registration.lookup import progress

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


class Records:
    """MTNet as the world tells it; the "national ID" here is the person id."""

    def __init__(self, world):
        self.world = world

    def record_of(self, id_number):
        return self.world.fetched(int(id_number)).record


class Browser:
    """A browser of whoever is logged in: keeps the cookie and sends the token back."""

    def __init__(self, world, folder):
        self.who = VISITOR
        desk = Desk(
            office=world.office,
            mtnet=Records(world),
            unseal=lambda person_id, _sealed: str(person_id),
            uploads=folder,
            actor=lambda: self.who,
            words=Reader(world, 0).words,
        )
        settings = Settings(secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40)
        self.app = build(desk, settings)
        self.client: FlaskClient = self.app.server.test_client()

    def token(self):
        self.client.get("/me")
        return self.client.get_cookie("_csrf_token").value

    def clicks(self, button, *states, token=None):
        """Send the callback of a button as the browser would, with one store beside it."""
        output = next(
            key
            for key, entry in self.app.callback_map.items()
            if entry["inputs"] == [{"id": button, "property": "n_clicks"}]
        )
        names = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
        body = {
            "output": output,
            "outputs": [{"id": i, "property": p.split("@")[0]} for i, p in names],
            "inputs": [{"id": button, "property": "n_clicks", "value": 1}],
            "changedPropIds": [f"{button}.n_clicks"],
            "state": [{"id": "store", "property": "data", "value": value} for value in states],
        }
        header = {"X-CSRFToken": token if token is not None else self.token()}
        return self.client.post("/_dash-update-component", json=body, headers=header)

    def uploads(self, case_id, data, name="paper.pdf", *, token=None):
        token = token if token is not None else self.token()
        paper = FileStorage(io.BytesIO(data), filename=name)
        boundary, body = encode_multipart({"csrf_token": token, "paper": paper})
        kind = f"multipart/form-data; boundary={boundary}"
        return self.client.post(f"/supplements/{case_id}", data=body, content_type=kind)


@pytest.fixture
def browser(world, tmp_path):
    return Browser(world, tmp_path / "uploads")


@pytest.fixture
def asked(world):
    """A person who has been asked to confirm, and the registration."""
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    return person_id, receipt.registration_id


@pytest.fixture
def reviewed(world):
    """A person under review, the registration and its case."""
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    person_id = world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    with world.office.look(world.seafarer(person_id)) as look:
        case = progress(look, receipt.registration_id).case
    return person_id, receipt.registration_id, case.id


def test_a_click_confirms_and_navigates(world, browser, asked):
    person_id, registration_id = asked
    browser.who = world.seafarer(person_id)
    answer = browser.clicks("progress-confirm", registration_id)
    assert answer.status_code == 200
    went = answer.get_json()["response"]["where"]["href"]
    assert went == f"/registrations/{registration_id}?told=confirmed"
    assert world.status(registration_id).value == "confirmed"


def test_a_click_without_the_token_changes_nothing(world, browser, asked):
    person_id, registration_id = asked
    browser.who = world.seafarer(person_id)
    for token in ("", "forged"):
        assert browser.clicks("progress-confirm", registration_id, token=token).status_code == 400
    assert world.status(registration_id).value == "admitted"


@pytest.mark.parametrize("button", ["progress-confirm", "progress-cancel", "apply-send"])
def test_the_gate_knows_who_may_click(world, browser, asked, button):
    _, registration_id = asked
    assert browser.clicks(button, registration_id).status_code == 401
    browser.who = world.officer()
    assert browser.clicks(button, registration_id).status_code == 403
    assert world.status(registration_id).value == "admitted"


def test_a_stranger_is_told_that_there_is_no_such_registration(world, browser, asked):
    _, registration_id = asked
    browser.who = world.seafarer(world.a_person())
    answer = browser.clicks("progress-cancel", registration_id)
    assert "could not find" in answer.get_data(as_text=True)
    assert world.status(registration_id).value == "admitted"


def test_a_paper_goes_to_the_review_and_comes_back_to_its_owner_only(world, browser, reviewed):
    person_id, registration_id, case_id = reviewed
    browser.who = world.seafarer(person_id)
    answer = browser.uploads(case_id, PDF, "../證明.pdf")
    assert answer.headers["Location"] == f"/registrations/{registration_id}?told=uploaded"
    with world.office.look(browser.who) as look:
        (paper,) = progress(look, registration_id).case.papers
    with browser.client.get(f"/supplements/file/{paper.id}") as given:
        assert given.data == PDF
    browser.who = world.seafarer(world.a_person())
    assert browser.client.get(f"/supplements/file/{paper.id}").status_code == 404
    assert browser.uploads(case_id, PDF).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("", b"", "paper_missing"),
        ("empty.pdf", b"", "paper_not_readable"),
        ("paper.pdf", b"MZ not a paper", "paper_not_readable"),
        ("paper.pdf", b"%PDF-1.4" + b"x" * LARGEST, "paper_too_large"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(world, browser, reviewed, name, data, told):
    person_id, registration_id, case_id = reviewed
    browser.who = world.seafarer(person_id)
    answer = browser.uploads(case_id, data, name)
    assert answer.headers["Location"] == f"/registrations/{registration_id}?told={told}"
    with world.office.look(browser.who) as look:
        assert progress(look, registration_id).case.papers == ()


def test_an_upload_without_the_token_is_refused(world, browser, reviewed):
    person_id, registration_id, case_id = reviewed
    browser.who = world.seafarer(person_id)
    assert browser.uploads(case_id, PDF, token="").status_code == 400
    with world.office.look(browser.who) as look:
        assert progress(look, registration_id).case.papers == ()


def test_every_room_of_the_seafarer_renders_over_the_wire(world, browser, asked):
    person_id, registration_id = asked
    browser.who = world.seafarer(person_id)
    token = browser.token()
    for path in ("/me", f"/registrations/{registration_id}", "/inbox", "/eligible"):
        body = {
            "output": "..page.children..",
            "outputs": [{"id": "page", "property": "children"}],
            "inputs": [
                {"id": "where", "property": "pathname", "value": path},
                {"id": "where", "property": "search", "value": ""},
            ],
            "changedPropIds": [],
        }
        answer = browser.client.post(
            "/_dash-update-component", json=body, headers={"X-CSRFToken": token}
        )
        text = json.dumps(answer.get_json(), ensure_ascii=False)
        assert answer.status_code == 200
        assert "main" in text
        assert "Something went wrong" not in text
