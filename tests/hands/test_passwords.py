"""The own password: changed by who gives the old one; a one-time password opens nothing else."""

from datetime import timedelta

import pytest
from deployed import PASSWORD, Browser, Site
from sqlalchemy import select, update

from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import account, account_change
from services.identity.sessions import begin_session
from services.kernel.actor import Role

NEW, ONE_TIME = "Pilot-Ladder-77", "zv82-92na-sapk-pv9w"
FRESH = make_id("B", "1", "7000001")


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


@pytest.fixture
def fresh(world, site):
    """An officer's account that somebody has just opened: its ID number."""
    world.an_institution()
    with world.office.open() as work:
        open_account(
            work, role=Role.INSTITUTION, login_index=site.keys.index.of(FRESH), name="王怡婷",
            password=ONE_TIME, institution="NTOU", temporary=True,
        )  # fmt: skip
    return FRESH


def changes(browser, old=PASSWORD, new=NEW, again=None, **more):
    answer = browser.posts("/auth/password", password=old, new=new, again=again or new, **more)
    return answer.headers["Location"]


def logs_in(site, number, password):
    return "told=" not in Browser(site).logs_in(number, password).headers["Location"]


def kept(world):
    with world.office.look() as look:
        rows = look.all(select(account_change).order_by(account_change.c.id))
    return [(row.kind, row.account_id == row.by_account) for row in rows]


@pytest.mark.parametrize("who", ["seafarer", "officer", "planner", "administrator"])
def test_everybody_changes_the_own_password_and_stays_logged_in_here_only(world, site, who):
    here = getattr(site, who)()
    number = list(site.numbers)[-1]
    there = site.logged_in(number)
    before = here.sid()
    assert changes(here) == "/account?told=password_changed"
    assert here.sid() != before
    assert "您的其他登入都已結束" in here.reads("/account", "?told=password_changed")
    assert "登入" in there.reads("/account")
    assert "登出" not in there.opens("/").get_data(as_text=True)
    assert (logs_in(site, number, PASSWORD), logs_in(site, number, NEW)) == (False, True)
    assert kept(world) == [("own password", True)]


@pytest.mark.parametrize(
    ("form", "told"),
    [({"old": "wrong"}, "wrong_login"), ({"again": "Other-Ladder-77"}, "not_the_same"),
     ({"new": "short"}, "length"), ({"new": "My-Password-77"}, "easy"),
     ({"new": "harbour-lights"}, "mixed"), ({"new": PASSWORD}, "reused")],
)  # fmt: skip
def test_a_refusal_is_named_beside_its_field_and_changes_nothing(world, site, form, told):
    browser = site.planner()
    number = list(site.numbers)[-1]
    assert changes(browser, **form) == f"/account?told={told}"
    text = browser.reads("/account", f"?told={told}")
    assert "field-error" in text
    assert str(form) not in text
    assert logs_in(site, number, PASSWORD)
    assert kept(world) == []


def test_none_of_the_last_three_is_taken_again(site):
    browser = site.planner()
    others = ["Pilot-Ladder-77", "Anchor-Chain-88", "Fender-Rope-99"]
    for old, new in zip([PASSWORD, *others], others, strict=False):
        assert changes(browser, old, new).endswith("password_changed")
    for used in others:
        assert changes(browser, others[-1], used).endswith("reused")
    assert changes(browser, others[-1], PASSWORD).endswith("password_changed")


def test_guessing_the_old_password_is_stopped_as_at_the_log_in(site):
    number = site.account(Role.PLANNER)
    stranger = Browser(site)
    for _ in range(5):
        assert changes(stranger, "wrong", id_number=number).endswith("wrong_login")
    assert "too_many" in changes(stranger, PASSWORD, id_number=number)
    assert "too_many" in stranger.logs_in(number, PASSWORD).headers["Location"]


def test_a_one_time_password_opens_nothing_but_its_own_change(world, site, fresh):
    browser = Browser(site)
    assert browser.logs_in(fresh, ONE_TIME).headers["Location"] == "/account?told=temporary"
    assert browser.sid() is None
    assert "請先登入" in browser.reads("/desk/review")
    assert browser.clicks("review-approve", 1, False, None).status_code == 401
    assert fresh in browser.reads("/account", "?told=temporary")  # typed once, not twice
    assert changes(browser, ONE_TIME, ONE_TIME, id_number=fresh).endswith(("mixed", "reused"))
    assert changes(browser, ONE_TIME, id_number=fresh).endswith("password_changed")
    assert "請先登入" not in browser.reads("/desk/review")
    assert not logs_in(site, fresh, ONE_TIME)
    assert kept(world) == [("own password", True)]


def test_a_session_of_a_one_time_password_would_open_nothing(world, site, fresh):
    """The second net: even a session begun by mistake belongs to nobody."""
    with world.office.open() as work:
        token = begin_session(work, work.scalar(select(account.c.id)))
    browser = Browser(site)
    browser.client.set_cookie("sid", token)
    assert "請先登入" in browser.reads("/desk/review")
    with world.office.open() as work:
        work.run(update(account).values(temporary_until=None))
    assert "請先登入" not in browser.reads("/desk/review")


def test_a_one_time_password_counts_for_three_days(world, site, fresh):
    world.clock.go_to(world.clock.now() + timedelta(days=3))
    assert "wrong_login" in Browser(site).logs_in(fresh, ONE_TIME).headers["Location"]
    assert changes(Browser(site), ONE_TIME, id_number=fresh).endswith("wrong_login")


@pytest.mark.parametrize("number", ["", "A123456788", "Ｘ" * 50, None])
def test_without_a_session_the_id_number_is_checked_first(site, number):
    more = {} if number is None else {"id_number": number}
    assert "/account?told=wrong_" in changes(Browser(site), **more)
