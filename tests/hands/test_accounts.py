"""Staff accounts: opened by an administrator or the command line, locked, renewed, all kept."""

import re

import pytest
from deployed import PASSWORD, Browser, Site
from sqlalchemy import select
from typer.testing import CliRunner

from portal.cli import app
from services.identity.national_id import make_id
from services.identity.records import account, account_change
from services.kernel.actor import Role

NEW = make_id("B", "1", "7000001")


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


def said(answer):
    return str(answer.get_json())


def kept(world):
    with world.office.look() as look:
        return [row.kind for row in look.all(select(account_change).order_by(account_change.c.id))]


def password_in(text):
    return re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", text)[0]


def logs_in(site, number, password):
    return "told=" not in Browser(site).logs_in(number, password).headers["Location"]


def chooses(site, number, password):
    """Log in with a password made by an administrator: an own one has to be chosen first."""
    browser = Browser(site)
    assert browser.logs_in(number, password).headers["Location"] == "/account?told=temporary"
    own = {"new": "Pilot-Ladder-77", "again": "Pilot-Ladder-77"}
    answer = browser.posts("/auth/password", id_number=number, password=password, **own)
    changed = answer.headers["Location"] == "/account?told=password_changed"
    return changed and logs_in(site, number, "Pilot-Ladder-77")


def key_of(world, number, site):
    with world.office.look() as look:
        index = site.keys.index.of(number)
        return look.scalar(select(account.c.id).where(account.c.login_index == index))


def test_an_administrator_opens_an_account_that_can_log_in(world, site):
    world.an_institution("NTOU")
    admin = site.administrator()
    assert "帳號管理" in admin.reads("/admin/accounts")
    answer = said(admin.clicks("account-add", "institution", "NTOU", "王怡婷", NEW))
    assert NEW not in answer
    assert chooses(site, NEW, password_in(answer))
    assert "王怡婷" in admin.reads("/admin/accounts")
    assert NEW not in admin.reads("/admin/accounts")
    assert kept(world) == ["added", "own password"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [(("institution", None, "王", NEW), "請選承辦人的訓練機構"),
     (("seafarer", None, "王", NEW), "請選"),
     (("planner", None, "", NEW), "請填姓名"), (("planner", None, "王", "A123"), "身分證字號")],
)  # fmt: skip
def test_fields_that_cannot_be_used_open_nothing(world, site, typed, words):
    assert words in said(site.administrator().clicks("account-add", *typed))
    assert key_of(world, NEW, site) is None
    assert kept(world) == []


def test_every_field_that_is_missing_has_its_own_sentence_and_what_was_typed_stays(site):
    admin = site.administrator()
    answer = said(admin.clicks("account-add", "institution", None, " ", ""))
    for sentence in ("請選承辦人的訓練機構", "請填姓名", "請填身分證字號"):
        assert answer.count(sentence) == 2  # gathered above, and beside the field
    assert "有3個地方要修正" in answer
    assert "'value': 'institution'" in answer
    assert "請從選項中選一個" in said(admin.clicks("account-add", None, None, "王怡婷", "A123"))
    answer = said(admin.clicks("account-add", "planner", None, "王怡婷", "A123"))
    assert "王怡婷" in answer
    assert "A123" not in answer


def test_institutions_are_offered_by_name_and_code(world, site):
    world.an_institution("NTOU")
    page = site.administrator().reads("/admin/accounts")
    assert "NTOU" in page
    assert "（NTOU）" in page


def test_one_account_per_id_number(world, site):
    admin = site.administrator()
    admin.clicks("account-add", "planner", None, "周明哲", NEW)
    again = said(admin.clicks("account-add", "planner", None, "別人", NEW))
    assert "已有帳號" in again
    assert "別人" in again  # the form is still there, as typed
    assert kept(world) == ["added"]


def test_locking_ends_the_session_and_stops_the_log_in_until_unlocked(world, site):
    admin, officer = site.administrator(), site.officer()
    number = list(site.numbers)[-1]
    key = key_of(world, number, site)
    assert "複審" in officer.reads("/desk/review")
    admin.clicks("account-lock", key)
    assert officer.clicks("review-approve", 1, False, None).status_code == 401
    assert not logs_in(site, number, PASSWORD)
    admin.clicks("account-unlock", key)
    assert logs_in(site, number, PASSWORD)
    assert kept(world) == ["locked", "unlocked"]


def test_a_new_password_replaces_the_old_one(world, site):
    admin, _ = site.administrator(), site.planner()
    number = list(site.numbers)[-1]
    new = password_in(said(admin.clicks("account-renew", key_of(world, number, site))))
    assert not logs_in(site, number, PASSWORD)
    assert chooses(site, number, new)
    assert kept(world) == ["password", "own password"]


def test_nobody_locks_the_own_account(world, site):
    admin = site.administrator()
    key = key_of(world, list(site.numbers)[-1], site)
    assert "不能停用自己的帳號" in said(admin.clicks("account-lock", key))
    assert kept(world) == []


def test_a_seafarers_account_is_no_staff_account(world, site):
    person, admin = site.seafarer(), site.administrator()
    key = key_of(world, next(iter(site.numbers)), site)
    assert person.reads("/me")
    admin.clicks("account-lock", key)
    assert logs_in(site, next(iter(site.numbers)), PASSWORD)
    assert kept(world) == []


@pytest.mark.parametrize("role", [Role.PLANNER, Role.INSTITUTION, Role.SEAFARER])
def test_nobody_else_has_this_room(world, site, role):
    browser = {
        Role.PLANNER: site.planner, Role.INSTITUTION: site.officer, Role.SEAFARER: site.seafarer,
    }[role]()  # fmt: skip
    assert "新增帳號" not in browser.reads("/admin/accounts")
    assert browser.clicks("account-add", "planner", None, "x", NEW).status_code == 403
    assert browser.clicks("account-renew", 1).status_code == 403


# known devices


def test_wrong_passwords_elsewhere_do_not_lock_out_a_browser_that_has_logged_in(site):
    browser = site.planner()
    number = list(site.numbers)[-1]
    stranger = Browser(site)
    for _ in range(5):
        stranger.logs_in(number, "wrong")
    assert "too_many" in stranger.logs_in(number, PASSWORD).headers["Location"]
    browser.posts("/logout")
    assert "told=" not in browser.logs_in(number, PASSWORD).headers["Location"]


def test_a_known_browser_has_a_limit_of_its_own(site):
    browser = site.planner()
    number = list(site.numbers)[-1]
    browser.posts("/logout")
    for _ in range(5):
        browser.logs_in(number, "wrong")
    assert "too_many" in browser.logs_in(number, PASSWORD).headers["Location"]
    assert "told=" not in Browser(site).logs_in(number, PASSWORD).headers["Location"]


def test_a_browser_is_known_only_for_who_logged_in_with_it(site):
    browser, other = site.planner(), site.account(Role.PLANNER)
    for _ in range(5):
        Browser(site).logs_in(other, "wrong")
    browser.posts("/logout")
    assert "too_many" in browser.logs_in(other, PASSWORD).headers["Location"]


@pytest.mark.parametrize("cookie", ["", "x", "." * 40, "f" * 64, "é", "0" * 3000])
def test_a_made_up_mark_is_worth_nothing(site, cookie):
    number = site.account(Role.PLANNER)
    browser = Browser(site)
    browser.client.set_cookie("known", cookie)
    for _ in range(5):
        browser.logs_in(number, "wrong")
    assert "too_many" in browser.logs_in(number, PASSWORD).headers["Location"]
    assert "too_many" in Browser(site).logs_in(number, PASSWORD).headers["Location"]


class TestCommand:
    def add(self, *more, **given):
        line = ["account", "add", "--name", "周明哲", "--id", NEW, *more]
        return CliRunner().invoke(app, line, **given)

    def test_it_opens_an_account_and_prints_the_password_once(self, database):
        done = self.add("--role", "planner")
        assert done.exit_code == 0
        assert password_in(done.output)
        with database.connect() as connection:
            row = connection.execute(select(account)).one()
            change = connection.execute(select(account_change)).one()
        assert (row.role, row.name) == ("planner", "周明哲")
        assert (change.kind, change.by_account) == ("added", None)

    def test_a_password_can_come_from_outside_and_is_not_printed(self, database):
        done = self.add("--role", "administrator", "--password-stdin", input="Lantern-Quay-58\n")
        assert done.exit_code == 0
        assert "Lantern" not in done.output

    @pytest.mark.parametrize("more", [("--role", "officer"), ("--role", "friend")])
    def test_what_cannot_be_opened_leaves_with_1(self, database, more):
        assert self.add(*more).exit_code == 1
        with database.connect() as connection:
            assert connection.execute(select(account)).all() == []

    def test_a_short_password_leaves_with_1(self, database):
        done = self.add("--role", "planner", "--password-stdin", input="short\n")
        assert done.exit_code == 1
        assert "12" in done.output
