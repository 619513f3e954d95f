"""Log-in, sessions, cookies and headers, as a browser meets them."""

import json
import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from time import perf_counter

import pytest
from deployed import PASSWORD, Browser, Site
from sqlalchemy import func, select

from portal.settings import Settings, SettingsError
from portal.web.rendering import local
from services.identity.limiter import PER_ADDRESS, PER_ID
from services.identity.national_id import make_id
from services.identity.records import account, web_session
from services.kernel.actor import Role


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


@pytest.fixture
def served(world, tmp_path):
    """The portal as it stands behind TLS."""
    return Site(world, tmp_path, secure_cookies=True)


def sessions(site):
    with site.world.office.look() as look:
        return look.scalar(select(func.count()).select_from(web_session))


def is_logged_in(browser):
    return "請先登入" not in browser.reads("/desk/review")


class TestLogIn:
    @pytest.mark.parametrize(
        "write", [str, str.lower, lambda n: f" {n[:4]}-{n[4:]} ",
                  lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n)],
        ids=["plain", "lower case", "with gaps", "full width"],
    )  # fmt: skip
    def test_the_number_may_be_typed_in_any_usual_way(self, site, write):
        site.world.an_institution()
        number = site.account(Role.INSTITUTION, at="NTOU")
        browser = site.visitor()
        assert browser.logs_in(write(number), PASSWORD).headers["Location"] == "/desk/review"
        assert is_logged_in(browser)

    @pytest.mark.parametrize(
        ("number", "told"),
        [("", "wrong_length"), ("A12345678", "wrong_length"), ("A12345678901", "wrong_length"),
         ("1234567890", "wrong_shape"), ("A323456789", "wrong_shape"),
         ("A123456788", "wrong_checksum"), ("A12345678🚢", "wrong_shape"),
         ("A12345678\x00", "wrong_shape"), ("' OR 1=1 --", "wrong_length"),
         ("A" * 10_000, "wrong_length")],
        ids=range(10),
    )  # fmt: skip
    def test_a_number_that_cannot_be_one_is_said_so_beside_the_field(self, site, number, told):
        browser = site.visitor()
        where = browser.logs_in(number, PASSWORD).headers["Location"]
        assert where.startswith(f"/login?told={told}")
        path, _, query = where.partition("?")
        for lang, sentence in (("zh-Hant-TW", "證號"), ("en", "ID number")):
            browser.opens(f"/lang/{lang}")
            text = browser.reads(path, f"?{query}")
            assert '"id": "id_number-problem"' in text
            assert sentence in text
        assert sessions(site) == 0

    def test_wrong_and_unknown_get_the_same_answer_in_the_same_time(self, site):
        known = site.account(Role.PLANNER)
        unknown = make_id("B", "2", "7654321")
        times = {known: [], unknown: []}
        answers = set()
        for _ in range(4):
            for number in times:
                browser = site.visitor()
                token, started = browser.token(), perf_counter()
                answer = browser.posts(
                    "/auth/login", token=token, id_number=number, password="wrong"
                )
                times[number].append(perf_counter() - started)
                answers.add((answer.status_code, answer.headers["Location"]))
        assert answers == {(303, "/login?told=wrong_login")}
        fast, slow = sorted(min(spent) for spent in times.values())
        assert fast > 0.005  # both were hashed
        assert slow < 3 * fast

    @pytest.mark.parametrize("password", ["", " ", PASSWORD.lower(), PASSWORD + " ",
                                          PASSWORD + "x" * 300, "\x00", "密碼" * 50])  # fmt: skip
    def test_only_the_exact_password_opens(self, site, password):
        number = site.account(Role.PLANNER)
        browser = site.visitor()
        assert "told=wrong_login" in browser.logs_in(number, password).headers["Location"]
        assert sessions(site) == 0

    def test_a_disabled_account_is_out_at_once(self, site):
        number = site.account(Role.PLANNER)
        browser = site.logged_in(number)
        with site.world.office.open() as work:
            work.run(account.update().values(disabled_at=work.now))
        assert not is_logged_in(browser)
        assert "wrong_login" in site.visitor().logs_in(number, PASSWORD).headers["Location"]

    @pytest.mark.parametrize(
        "target",
        ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
         "/%0d%0aSet-Cookie:x=1", "\r\n/x", "/x\r\ny", "evil.example", "/\t/evil.example",
         "///evil.example", "/a:b", "", "/x#y", "/@evil.example"],
    )  # fmt: skip
    def test_a_log_in_never_leads_out_of_the_portal(self, site, target):
        number = site.account(Role.PLANNER)
        where = site.visitor().logs_in(number, PASSWORD, next=target).headers["Location"]
        assert re.fullmatch(r"/(?![/\\])[^\s:#@]*", where)
        for route in ("/lang/en", "/theme/dark"):
            answer = site.visitor().client.get(route, query_string={"next": target})
            assert re.fullmatch(r"/(?![/\\])[^\s:#@]*", answer.headers["Location"])

    def test_and_comes_back_to_the_page_that_was_asked_for(self, site):
        number = site.account(Role.PLANNER)
        where = site.visitor().logs_in(number, PASSWORD, next="/desk/classes?page=2")
        assert where.headers["Location"] == "/desk/classes?page=2"
        assert local("/classes?course=BST&city=%E9%AB%98%E9%9B%84") != "/"


class TestTheLimiter:
    def fail(self, site, number, times, address="10.0.0.1"):
        for _ in range(times):
            browser = site.visitor()
            answer = browser.client.post(
                "/auth/login",
                data={"csrf_token": browser.token(), "id_number": number, "password": "no"},
                environ_overrides={"REMOTE_ADDR": address},
            )
        return answer.headers["Location"]

    def test_after_five_wrong_tries_even_the_right_password_waits(self, site):
        number = site.account(Role.PLANNER)
        assert "wrong_login" in self.fail(site, number, PER_ID)
        site.world.clock.pass_by(timedelta(minutes=4))
        where = site.visitor().logs_in(number, PASSWORD).headers["Location"]
        assert where == "/login?told=too_many_attempts&wait=11"
        assert sessions(site) == 0

    def test_the_reader_is_told_when_to_try_again(self, site):
        browser = site.visitor()
        text = browser.reads("/login", "?told=too_many_attempts&wait=11")
        assert "10:11起可以再試" in text
        browser.opens("/lang/en")
        assert "You may try again from" in browser.reads(
            "/login", "?told=too_many_attempts&wait=11"
        )
        for odd in ("x", "-1", "999", "１１", "1e1"):
            assert "You may try again" not in browser.reads(
                "/login", f"?told=too_many_attempts&wait={odd}"
            )

    def test_and_then_it_opens_again(self, site):
        number = site.account(Role.PLANNER)
        self.fail(site, number, PER_ID)
        site.world.clock.pass_by(timedelta(minutes=15))
        assert "told" not in site.visitor().logs_in(number, PASSWORD).headers["Location"]

    def test_another_worker_counts_the_same_tries(self, site, world, tmp_path):
        number = site.account(Role.PLANNER)
        self.fail(site, number, PER_ID)
        other = Site(world, tmp_path)
        assert "too_many" in Browser(other).logs_in(number, PASSWORD).headers["Location"]

    def test_one_address_may_not_try_many_numbers(self, site):
        from services.identity.limiter import note_failure

        with site.world.office.open() as work:
            for n in range(PER_ADDRESS):
                note_failure(work, f"someone-{n}", "10.9.9.9")
        number = site.account(Role.PLANNER)
        assert "too_many" in self.fail(site, number, 1, "10.9.9.9")
        assert "wrong_login" in self.fail(site, number, 1, "10.9.9.8")

    @pytest.mark.parametrize(("hops", "counted"), [(0, "10.0.0.1"), (1, "203.0.113.9")])
    def test_a_forwarded_address_is_believed_only_from_our_own_proxy(
        self, world, tmp_path, hops, counted
    ):
        from services.identity.records import login_attempt

        site = Site(world, tmp_path, trusted_proxies=hops)
        browser = site.visitor()
        browser.client.post(
            "/auth/login",
            data={"csrf_token": browser.token(), "id_number": make_id("B", "1", "1234567"),
                  "password": "no"},
            headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"},
            environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
        )  # fmt: skip
        with world.office.look() as look:
            keys = set(look.connection.scalars(select(login_attempt.c.key)))
        assert f"address:{sha256(counted.encode()).hexdigest()[:32]}" in keys


class TestSessions:
    def test_a_session_set_before_log_in_is_not_taken_over(self, site):
        number = site.account(Role.PLANNER)
        browser = site.visitor()
        browser.client.set_cookie("sid", "chosen-by-the-attacker")
        browser.logs_in(number, PASSWORD)
        assert browser.sid() != "chosen-by-the-attacker"

    def test_logging_in_again_ends_the_session_before(self, site):
        number = site.account(Role.PLANNER)
        browser = site.logged_in(number)
        first = browser.sid()
        browser.logs_in(number, PASSWORD)
        old = site.visitor()
        old.client.set_cookie("sid", first)
        assert browser.sid() != first
        assert not is_logged_in(old)

    def test_log_out_ends_it_for_every_copy_of_the_cookie(self, site):
        browser = site.planner()
        copy = site.visitor()
        copy.client.set_cookie("sid", browser.sid())
        assert is_logged_in(copy)
        answer = browser.posts("/logout")
        assert answer.headers["Location"] == "/?told=logged_out"
        assert browser.sid() is None
        assert not is_logged_in(copy)

    @pytest.mark.parametrize(("who", "minutes"), [("planner", 15), ("seafarer", 30)])
    def test_it_ends_when_nobody_is_there(self, site, who, minutes):
        browser = getattr(site, who)()
        page = "/inbox" if who == "seafarer" else "/desk/review"
        site.world.clock.pass_by(timedelta(minutes=minutes))
        assert "請先登入" not in browser.reads(page)
        site.world.clock.pass_by(timedelta(minutes=minutes, seconds=1))
        assert "請先登入" in browser.reads(page)

    def test_it_ends_after_eight_hours_whatever_happens(self, site):
        browser = site.planner()
        for _ in range(47):
            site.world.clock.pass_by(timedelta(minutes=10))
            assert is_logged_in(browser)
        site.world.clock.pass_by(timedelta(minutes=10))
        assert not is_logged_in(browser)

    def test_the_database_keeps_no_token(self, site):
        browser = site.planner()
        assert browser.sid() not in repr(site.everything())
        with site.world.office.look() as look:
            assert browser.sid() not in look.scalar(select(web_session.c.token_hash))

    @pytest.mark.parametrize("token", ["x", "", "ü" * 100, "0" * 3_000])
    def test_an_invented_token_is_nobody(self, site, token):
        browser = site.visitor()
        browser.client.set_cookie("sid", token)
        assert not is_logged_in(browser)


class TestCookiesAndHeaders:
    def test_every_cookie_behind_tls_is_secure_and_the_session_is_bound_to_the_host(self, served):
        number = served.account(Role.PLANNER)
        browser = served.visitor()
        secure = {"base_url": "https://portal.example"}
        browser.client.get("/login", **secure)
        token = browser.client.get_cookie("_csrf_token", domain="portal.example").value
        form = {"csrf_token": token, "id_number": number, "password": PASSWORD}
        answers = [
            browser.client.get("/login", **secure),
            browser.client.post("/auth/login", data=form, **secure),
            browser.client.get("/lang/en", **secure),
            browser.client.get("/theme/dark", **secure),
        ]
        cookies = [c for answer in answers for c in answer.headers.getlist("Set-Cookie")]
        names = {cookie.split("=", 1)[0] for cookie in cookies}
        assert names >= {"__Host-sid", "_csrf_token", "lang", "theme"}
        for cookie in cookies:
            name = cookie.split("=", 1)[0]
            assert "Secure" in cookie
            assert "SameSite=Lax" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie
            assert "HttpOnly" in cookie or name == "_csrf_token"  # the page sends it back

    def test_without_tls_the_session_is_still_out_of_reach_of_scripts(self, site):
        number = site.account(Role.PLANNER)
        cookie = next(
            c for c in site.visitor().logs_in(number, PASSWORD).headers.getlist("Set-Cookie")
            if c.startswith("sid=")
        )  # fmt: skip
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie

    @pytest.mark.parametrize(
        "path", ["/", "/nothing", "/healthz", "/lang/en", "/supplements/file/1", "/_dash-layout",
                 "/_dash-component-suites/x/y", "/assets/app.js", "/auth/login"]
    )  # fmt: skip
    def test_every_answer_carries_the_security_headers(self, served, path):
        with served.visitor().opens(path) as answer:
            sent = answer.headers
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert sent["X-Frame-Options"] == "DENY"
        assert sent["Referrer-Policy"] == "same-origin"
        assert sent["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
        assert sent["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]
        assert "unsafe-eval" not in sent["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in sent

    @pytest.mark.parametrize("path", ["/", "/nothing", "/login"])
    def test_exactly_the_inline_scripts_of_a_page_may_run(self, site, path):
        answer = site.visitor().opens(path, headers={"Accept-Encoding": "identity"})
        script_src = re.search(r"script-src ([^;]*)", answer.headers["Content-Security-Policy"])
        every = re.findall(rb"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", answer.data, re.S)
        inline = [text for kind, text in every if b"application/json" not in kind]
        hashes = {f"'sha256-{b64encode(sha256(s).digest()).decode()}'" for s in inline}
        assert inline
        assert set(script_src[1].split()) == {"'self'"} | hashes
        assert b"onclick=" not in answer.data

    def test_pages_and_data_are_kept_by_nobody_on_the_way(self, site):
        browser = site.planner()
        assert browser.opens("/").headers["Cache-Control"] == "no-store"
        assert browser.opens("/_dash-layout").headers["Cache-Control"] == "no-store"

    def test_a_page_of_another_site_reads_nothing(self, site):
        answer = site.visitor().opens("/_dash-layout", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


class TestSettings:
    @pytest.mark.parametrize("name", ["SECRET_KEY", "INDEX_KEY", "SEAL_KEY", "SIGN_KEY"])
    @pytest.mark.parametrize("value", ["", "short", "x" * 31])
    def test_production_refuses_a_weak_secret(self, monkeypatch, name, value):
        for each in ("SECRET_KEY", "INDEX_KEY", "SEAL_KEY", "SIGN_KEY"):
            monkeypatch.setenv(f"PORTAL_{each}", each[0] * 20 + "0123456789abcdef")
        monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
        monkeypatch.setenv("PORTAL_MTNET_URL", "https://mtnet.example")
        monkeypatch.setenv("PORTAL_MTNET_TOKEN", "shown there")
        monkeypatch.setenv(f"PORTAL_{name}", value)
        with pytest.raises(SettingsError, match=f"PORTAL_{name}"):
            Settings.load()

    def test_production_cookies_are_secure_whatever_is_set(self, monkeypatch):
        for n, each in enumerate(("SECRET_KEY", "INDEX_KEY", "SEAL_KEY", "SIGN_KEY")):
            monkeypatch.setenv(f"PORTAL_{each}", f"{n}123456789abcdef-xyz-098765-mnopqr-stuvw")
        monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
        monkeypatch.setenv("PORTAL_MTNET_URL", "https://mtnet.example")
        monkeypatch.setenv("PORTAL_MTNET_TOKEN", "shown there")
        monkeypatch.setenv("PORTAL_SECURE_COOKIES", "false")
        assert Settings.load().secure_cookies

    @pytest.mark.parametrize("value", ["x" * 40, "0123456789" * 4, "change-me" * 5])
    def test_production_refuses_a_secret_anybody_could_guess(self, monkeypatch, value):
        for n, each in enumerate(("SECRET_KEY", "INDEX_KEY", "SEAL_KEY", "SIGN_KEY")):
            monkeypatch.setenv(f"PORTAL_{each}", f"{n}3b9f0c7d2e84a61-77d0c4e1b9a2f356")
        monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
        monkeypatch.setenv("PORTAL_MTNET_URL", "https://mtnet.example")
        monkeypatch.setenv("PORTAL_MTNET_TOKEN", "shown there")
        monkeypatch.setenv("PORTAL_INDEX_KEY", value)
        with pytest.raises(SettingsError, match="PORTAL_INDEX_KEY"):
            Settings.load()

    def test_production_refuses_one_secret_for_everything(self, monkeypatch):
        for each in ("SECRET_KEY", "INDEX_KEY", "SEAL_KEY", "SIGN_KEY"):
            monkeypatch.setenv(f"PORTAL_{each}", "f3b9f0c7d2e84a615c08d97e41ab26f0")
        monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
        monkeypatch.setenv("PORTAL_MTNET_URL", "https://mtnet.example")
        monkeypatch.setenv("PORTAL_MTNET_TOKEN", "shown there")
        with pytest.raises(SettingsError, match="different"):
            Settings.load()

    def test_a_folder_of_before_there_was_a_key_has_the_same_one_at_every_start(
        self, monkeypatch, tmp_path
    ):
        monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
        made = Settings.load()
        path = tmp_path / "secrets.json"
        kept = json.loads(path.read_text())
        assert kept["sign_key"] == made.sign_key
        path.write_text(json.dumps({k: v for k, v in kept.items() if k != "sign_key"}))
        first, second = Settings.load(), Settings.load()
        assert first.sign_key == second.sign_key != first.seal_key == made.seal_key
        assert len(first.sign_key) == 64
