"""The gate: every callback and page has a policy, and keeps it whatever is sent."""

import copy
import json

import pytest
from deployed import Site, callback_body, click_body, page_body
from world import PAPER_RULES

from callbacks.guard import Registrar
from pages.directory import ROOMS
from portal.web.gate import assert_all_guarded, policy_of
from services.kernel.actor import Role
from services.words import words_for

ROUTES = {  # every plain route and who may use it
    "/": "rooms", "/<path:path>": "rooms",
    "/assets/<path:filename>": "everybody",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": "everybody",
    "/_dash-layout": "everybody", "/_dash-dependencies": "everybody",
    "/_dash-update-component": "gate", "/_reload-hash": "everybody", "/_favicon.ico": "everybody",
    "/auth/login": "everybody", "/auth/password": "everybody", "/logout": "everybody",
    "/lang/<code>": "everybody", "/theme/<name>": "everybody",
    "/healthz": "everybody", "/readyz": "everybody",
    "/supplements/<int:case_id>": "seafarer", "/supplements/file/<int:supplement_id>": "owner",
    "/calendar.ics/<int:class_id>": "everybody", "/calendar.ics/month": "everybody",
    "/calendar.ics/opening": "everybody",
    "/draws/<int:draw_id>.json": "everybody", "/draws/<int:draw_id>.csv": "everybody",
    "/draws/check_draw.py": "everybody",
    "/checkpoints/<int:number>.json": "everybody", "/checkpoints/newest.json": "everybody",
    "/checkpoints/check_checkpoints.py": "everybody",
    "/checkpoints/check_queue.py": "everybody",
    "/classes/<int:class_id>/queue.json": "everybody",
    "/api/open/v1/metrics": "everybody", "/api/open/v1/metrics/<name>": "everybody",
    "/reports/subscribe": "staff", "/reports/end": "owner", "/reports/unsubscribe/<token>": "owner",
}  # fmt: skip


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


@pytest.fixture
def people(site):
    """One browser of every role."""
    return {
        Role.VISITOR: site.visitor(),
        Role.SEAFARER: site.seafarer(),
        Role.INSTITUTION: site.officer(),
        Role.PLANNER: site.planner(),
        Role.ADMINISTRATOR: site.administrator(),
    }


@pytest.fixture
def situation(world, site):
    """A person under review in NTOU's class, asked for a paper; and who belongs elsewhere."""
    class_id = world.a_class(seats=2, rules=PAPER_RULES)
    person_id = world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    return class_id, person_id, receipt.registration_id


def test_no_callback_is_without_a_policy(site):
    assert_all_guarded(site.app)
    for output in site.app.callback_map:
        allowed = policy_of(site.app, output)
        assert allowed
        assert allowed <= set(Role)


def test_a_callback_without_a_policy_stops_the_portal_from_starting(site):
    from dash import Input, Output

    site.app._got_first_request["setup_server"] = False
    site.app.callback([Output("x", "children")], [Input("y", "n_clicks")])(lambda _: [None])
    with pytest.raises(RuntimeError, match="without a policy"):
        assert_all_guarded(site.app)


def test_each_role_gets_what_the_policy_of_each_callback_says(site, people):
    before = site.everything()
    tokens = {role: browser.token() for role, browser in people.items()}
    for output, entry in list(site.app.callback_map.items()):
        allowed = policy_of(site.app, output)
        body = callback_body(site.app, output, [0] * len(entry["inputs"]), [])
        for role, browser in people.items():
            expected = 200 if role in allowed else 401 if role is Role.VISITOR else 403
            got = browser.sends(body, token=tokens[role]).status_code
            assert got in ((200, 204) if expected == 200 else (expected,)), (role, output)
    assert site.everything() == before


def test_the_second_net_refuses_even_with_the_gate_off(site):
    ran = []
    registrar = Registrar(site.app, lambda: site.world.seafarer(1))
    from dash import Input, Output

    from services.kernel.errors import NotPermitted

    @registrar.callback(
        [Output("net", "children")], [Input("net2", "n_clicks")], allow=frozenset({Role.PLANNER})
    )
    def _secret(clicks):
        ran.append(clicks)
        return [None]

    entry = site.app._callback_list[-1]
    assert entry["output"] == "..net.children.."
    guarded = registrar_function(site.app)
    with pytest.raises(NotPermitted):
        guarded(1)
    assert ran == []


def registrar_function(app):
    return app.callback_map["..net.children.."]["callback"].__wrapped__


def test_each_role_reads_the_rooms_that_are_open_to_it_and_no_other(site, people):
    english = words_for("zh-Hant-TW")
    for room in ROOMS:
        path = "/".join("1" if part.startswith("<") else part for part in room.path.split("/"))
        for role, browser in people.items():
            text = browser.reads(path)
            if room.open_to(role):
                assert english("Please log in first") not in text, (role, path)
                assert english("This page is not open to your account") not in text, (role, path)
            elif role is Role.VISITOR:
                assert english("Please log in first") in text, (role, path)
            else:
                assert english("This page is not open to your account") in text, (role, path)
            assert english("Something went wrong on our side") not in text, (role, path)


def test_every_plain_route_is_known(site):
    found = {rule.rule for rule in site.app.server.url_map.iter_rules()}
    unknown = {r for r in found if not r.startswith("/export/")} - set(ROUTES)
    assert unknown == set()


HUGE = "9" * 30
UNKNOWN = ["/.env", "/wp-login.php", "/admin", "/export", "/export/", "/logout", "/auth/login",
     "/_dash-x", "/_dash-component-suites/x/y.js", "/_dash-component-suites/dash/../../.env",
     "/assets/../portal/settings.py", "/assets/..%2f..%2fpyproject.toml",
     "/static/x", "/%00", "/classes/1%2f2", "/console", "/supplements/1/2", "/healthz/x",
     "/server-status", "/var/secrets.json", f"/draws/{HUGE}.json", f"/draws/{HUGE}.csv",
     f"/checkpoints/{HUGE}.json", f"/calendar.ics/{HUGE}"]  # fmt: skip


def test_an_unknown_address_is_not_found(site):
    visitor = site.visitor()
    for path in UNKNOWN:
        assert visitor.opens(path).status_code == 404, path


def test_two_slashes_lead_nowhere_else(site):
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    for path in ("//evil.example", "///evil.example/x", "/\\evil.example"):
        environ = EnvironBuilder(path="/", base_url="http://portal.example").get_environ()
        environ["PATH_INFO"] = path
        _, status, headers = run_wsgi_app(site.app.server, environ)
        assert status[:3] in ("404", "308")
        assert headers.get("Location", "http://portal.example/").startswith(
            "http://portal.example/"
        )


def test_a_query_never_overrides_a_part_of_the_address(world, site, situation):
    class_id, person_id, registration_id = situation
    other = world.registers(world.a_person(), class_id, declared=["letter"])
    mine = site.seafarer(person_id)
    plain = json.loads(mine.reads(f"/registrations/{registration_id}"))
    forged = f"?registration_id={other.registration_id}&visit=1&words=x&actor=planner"
    assert json.loads(mine.reads(f"/registrations/{registration_id}", forged)) == plain


# What a callback is sent may be anything.


def _bodies(app):
    """Give a sound body of every callback."""
    for output, entry in app.callback_map.items():
        yield callback_body(app, output, [1] * len(entry["inputs"]), [])


NO_CALLBACK = [b"", b"x", b"[]", b"1", b"null", b'"x"', b"{}", b"[" * 100_000, b'{"a":' * 50_000,
     b'{"output": "..page.children..", "a": "\\ud800"}', b"\xff\xfe", b'{"output": 1}',
     b'{"output": "..page.children..", "outputs": 1, "inputs": [], "changedPropIds": []}',
]  # fmt: skip


def test_a_body_that_is_no_callback_is_a_bad_request(site):
    visitor = site.visitor()
    header = {"X-CSRFToken": visitor.token()}
    for raw in NO_CALLBACK:
        answer = visitor.client.post(
            "/_dash-update-component", data=raw, content_type="application/json", headers=header
        )
        assert answer.status_code in (400, 404), raw[:60]


def test_a_body_of_megabytes_is_refused_before_it_is_read(site):
    visitor = site.visitor()
    answer = visitor.client.post(
        "/_dash-update-component", data=b"x" * (7 * 1024 * 1024), content_type="application/json",
        headers={"X-CSRFToken": visitor.token()},
    )  # fmt: skip
    assert answer.status_code == 413


def test_an_unknown_callback_is_not_found(site):
    body = page_body("/")
    for output in ("..x.children..", "", "page.children", "..page.children...x.y.."):
        assert site.visitor().sends({**body, "output": output}).status_code == 404


def first_input(body):
    """Give the first input of a body; of a pattern its first part."""
    part = body["inputs"][0]
    return part[0] if isinstance(part, list) else part


DAMAGE = {
    "no outputs": lambda b: b.pop("outputs"),
    "outputs of another shape": lambda b: b.update(outputs={"id": "x"}),
    "too many outputs": lambda b: b["outputs"].append(b["outputs"][0]),
    "an output without id": lambda b: b["outputs"][0].pop("id"),
    "no inputs": lambda b: b.pop("inputs"),
    "inputs of another shape": lambda b: b.update(inputs=7),
    "an input too few": lambda b: b["inputs"].pop(),
    "an input too many": lambda b: b["inputs"].append({"id": "x", "property": "y", "value": 1}),
    "an input that is a number": lambda b: b["inputs"].__setitem__(0, 5),
    "an input without property": lambda b: first_input(b).pop("property"),
    "an input whose id is a number": lambda b: first_input(b).update(id=5),
    "state of another shape": lambda b: b.update(state="x"),
    "a state too many": lambda b: b["state"].append({"id": "x", "property": "y", "value": 1}),
    "a change that is no text": lambda b: b.update(changedPropIds=[7]),
    "a change without a dot": lambda b: b.update(changedPropIds=["x"]),
    "changes of another shape": lambda b: b.update(changedPropIds={"x": 1}),
}


def test_a_damaged_body_is_a_bad_request_everywhere(site):
    planner = site.planner()
    before = site.everything()
    for body in _bodies(site.app):
        expected = 400 if Role.PLANNER in policy_of(site.app, body["output"]) else 403
        for what, damage in DAMAGE.items():
            broken = copy.deepcopy(body)
            damage(broken)
            assert planner.sends(broken).status_code == expected, what
    assert site.everything() == before


ODD = [None, "", "x" * 3000, -1, 2**70, 1.5, True, [], {}, [1], {"a": [1]}, "\u0000", "１２",
       "2027-02-30", "'; DROP TABLE person; --", "<img src=x onerror=alert(1)>", "🚢", [None, {}],
       "116|BST", float("inf")]  # fmt: skip


@pytest.mark.parametrize("who", [Role.SEAFARER, Role.INSTITUTION, Role.PLANNER])
def test_odd_values_never_break_a_callback_and_never_change_a_thing(world, site, people, who):
    world.a_class()
    before = site.everything()
    for output, entry in list(site.app.callback_map.items()):
        if who not in policy_of(site.app, output):
            continue
        for odd in ODD:
            body = callback_body(
                site.app, output, [odd] * len(entry["inputs"]), [odd] * len(entry["state"])
            )
            if entry["inputs"][0]["property"] == "n_clicks" and body["inputs"][0]:
                first_input(body)["value"] = 1
            assert people[who].sends(body).status_code in (200, 204), (output, repr(odd)[:40])
    after = site.everything()
    assert {k: v for k, v in after.items() if k != "draft"} == {
        k: v for k, v in before.items() if k != "draft"
    }


# Whose is it? An officer of another institution, another seafarer: not a trace.


def test_another_institutions_officer_leaves_no_trace(world, site, situation):
    class_id, _, registration_id = situation
    asked = world.a_class(course_code="ECDIS")
    called = world.registers(world.a_person(), asked).registration_id
    world.days_before(asked, 28)
    world.ticks()
    stranger = site.officer("NKUST")
    before = site.everything()
    sent = {
        "review-approve": [1, True, "funded"],
        "review-send-reject": [1, "paper_not_accepted", "no"],
        "review-send-ask": [1, "the letter please"],
        "class-save": [class_id, 1, "2027-04-12", "2027-04-16", "3", "1", "12000", "funded"],
        "class-create": ["2027|BST|NTOU", "2027-06-07", "2027-06-11", "3", "1", "100", "funded"],
        "call-save": [called, "yes", "spoke"],
        "counter-find": [class_id, "A123456789"],
        "counter-enter": [
            class_id,
            "A123456789",
            "名",
            "",
            "1990-05-01",
            "",
            "0912345678",
            "north",
            "en",
        ],
        "roll-save": [class_id, [{"type": "roll-result", "n": registration_id}], ["completed"]],
    }
    for button, states in sent.items():
        answer = stranger.clicks(button, *states)
        assert answer.status_code == 200
        assert "where" not in json.dumps(answer.get_json()), button
    for path in ("/desk/review/1", f"/desk/classes/{class_id}", f"/desk/calls/{class_id}",
                 f"/desk/roll/{class_id}"):  # fmt: skip
        assert "船員" not in stranger.reads(path).replace("船員訓練", "").replace("船員服務", "")
    assert site.everything() == before


def test_another_seafarer_leaves_no_trace(world, site, situation):
    _, _, registration_id = situation
    free = world.a_class(course_code="ECDIS")
    held = world.registers(world.a_person(), free).registration_id
    world.days_before(free, 28)
    world.ticks()
    stranger = site.seafarer()
    before = site.everything()
    for which in (registration_id, held):
        for button in ("progress-confirm", "progress-decline", "progress-cancel",
                       "progress-claim", "progress-unclaim"):  # fmt: skip
            answer = stranger.clicks(button, which)
            assert answer.status_code == 200
            assert "where" not in json.dumps(answer.get_json()), button
        assert "116-" not in stranger.reads(f"/registrations/{which}")
    notice = stranger.sends(
        {**click_like("..inbox-letter.children..", site.app), "changedPropIds": []}
    )
    assert notice.status_code == 200
    assert site.everything() == before


def click_like(output, app):
    return callback_body(app, output, [1], [])


# The token against foreign pages.


def test_a_write_without_its_own_token_is_refused_everywhere(world, site):
    mine, other = site.seafarer(), site.seafarer()
    before, foreign = site.everything(), other.token()
    for token in ("", "forged", foreign):
        assert (
            mine.sends(click_body(site.app, "progress-cancel", 1), token=token).status_code == 400
        )
        for path in ("/auth/login", "/auth/password", "/logout", "/supplements/1"):
            assert mine.posts(path, token=token).status_code == 400
    assert site.everything() == before
    assert "請先登入" not in mine.reads("/me")  # still logged in


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_a_foreign_form_could_send_is_refused(site, kind):
    visitor = site.visitor()
    answer = visitor.client.post(
        "/_dash-update-component", data=json.dumps(page_body("/")), content_type=kind
    )
    assert answer.status_code == 400


def test_a_refusal_is_said_in_the_readers_language(site):
    visitor = site.visitor()
    assert "沒有任何變更" in visitor.posts("/logout", token="").get_data(as_text=True)
    visitor.opens("/lang/en")
    assert "Nothing was changed" in visitor.posts("/logout", token="").get_data(as_text=True)
