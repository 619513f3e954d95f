"""Overrides and appeals through the pages: who sees what, and who decides."""

from datetime import date, timedelta

import pytest
from deployed import Site
from sqlalchemy import select
from world import PAPER_RULES

from services.registration.desk_cases import cases
from services.registration.records import registration, review_case, seat_override
from services.review import reject

WHY = "我的體檢證明在五月換發，海技資料尚未更新。"


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


def said(answer):
    return str(answer.get_json())


def only(world, table):
    with world.office.look() as look:
        return look.one_or_none(select(table))


# overrides


@pytest.fixture
def line(world):
    """A full class with two people waiting."""
    world.town = world.a_class(seats=1)
    world.receipts = world.registered(world.town, *world.people(3))
    world.clock.pass_by(timedelta(hours=1))
    return world


def test_one_planner_proposes_and_another_decides(line, site):
    one, two = site.planner(), site.planner()
    page = one.reads("/desk/overrides", "?code=116-BST-01&number=3")
    assert "船員" in page
    assert "送另一位規劃人員決定" in page
    key = line.receipts[2].registration_id
    sent = one.clicks("override-propose", key, "portal_error", "櫃檯登錄延誤")
    assert "told=override_proposed" in sent.get_data(as_text=True)
    proposal = only(line, seat_override).id
    assert "這是您的提案" in one.reads("/desk/overrides", f"?proposal={proposal}")
    assert "override-approve" not in one.reads("/desk/overrides", f"?proposal={proposal}")
    assert "由另一位規劃人員決定" in said(one.clicks("override-approve", proposal))
    assert "待決1件" in two.reads("/desk/review")
    assert "櫃檯登錄延誤" in two.reads("/desk/overrides", f"?proposal={proposal}")
    two.clicks("override-approve", proposal)
    assert line.row(key).overridden_at is not None
    assert "優先遞補1件" in site.visitor().reads(f"/classes/{line.town}")
    assert "已核定" not in site.visitor().reads(f"/classes/{line.town}")
    assert line.broken() == []


def test_a_refusal_keeps_the_rank_and_shows_nothing_in_public(line, site):
    one, two = site.planner(), site.planner()
    one.clicks("override-propose", line.receipts[2].registration_id, "court", "判決")
    two.clicks("override-refuse", only(line, seat_override).id)
    assert only(line, seat_override).state == "refused"
    assert "優先遞補" not in site.visitor().reads(f"/classes/{line.town}")
    assert "否決" in two.reads("/desk/overrides")


def test_without_a_reason_the_form_comes_back_with_what_was_typed(line, site):
    key = line.receipts[2].registration_id
    answer = site.planner().clicks("override-propose", key, None, "櫃檯登錄延誤")
    text = answer.get_json()["response"]["override-form"]["children"]
    assert "櫃檯登錄延誤" in str(text)
    assert only(line, seat_override) is None


@pytest.mark.parametrize(
    ("query", "asks"),
    [("", ()), ("?find=1", ("班號", "掛號")), ("?find=1&code=x", ("掛號",)),
     ("?find=1&number=2", ("班號",)), ("?code=x&number=y", ("掛號",))],
)  # fmt: skip
def test_whoever_looks_for_nobody_reads_what_to_fill_in(line, site, query, asks):
    page = site.planner().reads("/desk/overrides", query)
    wanted = {"班號": "請填班號", "掛號": "請填這個人的掛號"}
    for label, sentence in wanted.items():
        assert page.count(sentence) == (2 if label in asks else 0)  # above, and at the field
    assert "找不到" not in page
    assert "override-propose" not in page


@pytest.mark.parametrize("query", ["?code=116-BST-01&number=9", "?code=x&number=2"])
def test_nobody_is_found_by_a_strange_number(line, site, query):
    page = site.planner().reads("/desk/overrides", query)
    assert "找不到" in page
    assert "override-propose" not in page


def test_who_has_a_seat_cannot_be_proposed(line, site):
    page = site.planner().reads("/desk/overrides", "?code=116-BST-01&number=1")
    assert "無法提案" in page
    assert "override-propose" not in page


def test_officers_and_seafarers_have_no_such_room(line, site):
    for browser, refusal in ((site.officer(), 403), (site.seafarer(), 403), (site.visitor(), 401)):
        assert "提出優先遞補" not in browser.reads("/desk/overrides")
        key = line.receipts[2].registration_id
        assert browser.clicks("override-propose", key, "court", "x").status_code == refusal
        assert browser.clicks("override-approve", 1).status_code == refusal
    assert only(line, seat_override) is None


# appeals


@pytest.fixture
def refused(world):
    world.a_plan()
    world.who = world.a_person(medical=None)
    world.no = world.registers(world.who, world.a_class(rules=PAPER_RULES))
    return world


def test_the_person_appeals_on_the_progress_page_and_mpb_decides(refused, site):
    world, key = refused, refused.no.registration_id
    person = site.seafarer(world.who)
    assert "向航港局申覆" in person.reads(f"/registrations/{key}")
    answer = person.clicks("progress-appeal", key, WHY)
    assert "told=appealed" in answer.get_data(as_text=True)
    page = person.reads(f"/registrations/{key}")
    assert "航港局正在審理您的申覆" in page
    assert WHY in page
    assert "向航港局申覆" not in page
    case = only(world, review_case).id
    officer = site.officer()
    seen = officer.reads(f"/desk/review/{case}")
    assert "由航港局決定。貴機構可以檢視" in seen
    assert "review-approve" not in seen
    assert "這是申覆案" in said(officer.clicks("review-approve", case, False, None))
    planner = site.planner()
    assert WHY in planner.reads("/desk/review", "?show=appeal")
    planner.clicks("review-approve", case, False, None)
    assert world.row(key).status == "admitted"
    assert world.broken() == []


def test_a_short_statement_comes_back_as_typed(refused, site):
    key = refused.no.registration_id
    answer = site.seafarer(refused.who).clicks("progress-appeal", key, "不公平")
    assert "不公平" in str(answer.get_json()["response"]["appeal-form"]["children"])
    assert refused.row(key).status == "ineligible"


def test_too_late_the_page_offers_no_appeal(refused, site, clock):
    clock.pass_by(timedelta(days=15))
    key = refused.no.registration_id
    person = site.seafarer(refused.who)
    assert "向航港局申覆" not in person.reads(f"/registrations/{key}")
    assert "申覆期限" in said(person.clicks("progress-appeal", key, WHY))


def test_after_a_refused_appeal_the_page_offers_none(refused, site):
    key, person = refused.no.registration_id, site.seafarer(refused.who)
    person.clicks("progress-appeal", key, WHY)
    case = only(refused, review_case).id
    site.planner().clicks("review-send-reject", case, "not_entitled", "")
    page = person.reads(f"/registrations/{key}")
    assert "航港局維持原結果" in page
    assert "向航港局申覆" not in page


def test_nobody_appeals_for_somebody_else(refused, site):
    key = refused.no.registration_id
    site.seafarer().clicks("progress-appeal", key, WHY)
    assert site.planner().clicks("progress-appeal", key, WHY).status_code == 403
    assert only(refused, registration).status == "ineligible"


def test_a_case_whose_class_is_called_stands_first_and_says_when_it_is_too_late(world, site):
    days = date(2027, 5, 3), date(2027, 9, 6)
    soon, later = (world.a_class(rules=PAPER_RULES, starts_on=day) for day in days)
    _, called = [
        world.registers(world.a_person(), class_id, declared=["letter"])
        for class_id in (later, soon)
    ]
    assert "前決定" not in site.officer().reads("/desk/review")
    world.days_before(soon, 28)
    world.ticks()
    with world.office.look(world.officer()) as look:
        first, second = cases(look)
    assert (first.starts_on, second.starts_on) == days
    assert second.freeze_at is None
    desk = site.officer().reads("/desk/review")
    assert "請於4月28日（三）09:00前決定" in desk
    assert "最急的在前" in desk
    world.decides(called.registration_id, reject, reason="paper_not_valid")
    assert "最近的在前" in site.officer().reads("/desk/review", "?show=decided")
