"""Every field of every form: what cannot be used is said beside it, kept, and changes nothing."""

import json

import pytest
from deployed import Site
from sqlalchemy import select
from world import PAPER_RULES

from services.catalogue.plan_fields import LIMITS
from services.catalogue.records import annual_plan, training_class
from services.plan import make_plan
from services.registration.records import review_case

SQL, HTML, SHIP, NUL = "'; DROP TABLE person; --", "<img src=x onerror=alert(1)>", "🚢", "a\x00b"
NO_NUMBER = ["", " ", "-1", "1.5", "1e3", "twelve", "9" * 12, SQL, HTML, SHIP, NUL, "٣", None,
             True, [], {}]  # fmt: skip
NO_DAY = ["", "2027-02-30", "12/4/2027", "1027-01-01", "9999-12-31", SQL, HTML, SHIP, NUL, None, 5,
          []]  # fmt: skip
NO_CHOICE = ["", "gold", SQL, HTML, SHIP, NUL, None, 7, []]
CLASS = {"starts_on": "2027-06-07", "ends_on": "2027-06-11", "cap": "24", "min_size": "8",
         "fee": "12,000", "kind": "funded", "labels": "Panama", "place_zh": "",
         "place_en": ""}  # fmt: skip
CONTACT = {"email": "a@example.com", "mobile": "0912345678", "region": "north", "locale": "en"}

CLASS_BAD = {
    "starts_on": [*NO_DAY, "2026-01-05", "2028-01-05", "2027-01-12"],
    "ends_on": [*NO_DAY, "2027-06-06", "2027-12-31"],
    "cap": [*NO_NUMBER, "0", "501", "５０１"],
    "min_size": [*NO_NUMBER, "0", "25"],
    "fee": [*NO_NUMBER, "1000001"],
    "kind": NO_CHOICE,
    "labels": ["x" * 25, ",".join(f"L{n}" for n in range(13)), NUL],
    "place_zh": ["港" * 81, NUL],
    "place_en": ["x" * 121, NUL],
}
CONTACT_BAD = {
    "email": ["", "a", "a@", "@b.c", "a@b", "a b@c.de", "a..b@c.de", "x" * 120 + "@c.de", SQL, HTML,
              SHIP, NUL, "a@b.de\nBcc: c@d.de", None, 7, []],
    "mobile": ["", "12", "091234567", "09123456789", "+1", "+" + "1" * 16, "phone", SQL, HTML, SHIP,
               NUL, None, 912345678, []],
    "region": NO_CHOICE,
    "locale": NO_CHOICE,
}  # fmt: skip


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


def unmoved(answer):
    assert answer.status_code == 200
    assert '"where"' not in answer.get_data(as_text=True)


def refused(browser, before, answer, field, odd):
    """The answer stays on the page, names the field, and shows the value as it was typed."""
    assert answer.status_code == 200
    told = json.dumps(answer.get_json(), ensure_ascii=False)
    assert '"where"' not in told
    assert f'"{field}-problem"' in told
    assert '"invalid": true' in told or field in ("ask", "note", "reject_note")
    if isinstance(odd, str) and odd.strip() and len(odd) < 60:
        assert json.dumps(odd, ensure_ascii=False)[1:-1] in told
    after = browser.site.everything()
    assert {k: v for k, v in after.items() if k != "draft"} == {
        k: v for k, v in before.items() if k != "draft"
    }


@pytest.mark.parametrize("field", CLASS_BAD)
def test_a_class_is_not_entered(world, site, field):
    world.a_class()
    planner = site.planner()
    before = site.everything()
    for odd in CLASS_BAD[field]:
        typed = {**CLASS, field: odd}
        answer = planner.clicks("class-create", "2027|BST|NTOU", *typed.values())
        refused(planner, before, answer, field, odd)


def test_a_class_needs_a_course_that_is_in_the_plan(world, site):
    world.a_class()
    planner = site.planner()
    before = site.everything()
    for room in ["", "2027|BST", "x|y|z", "2031|BST|NTOU", SQL, NUL, None, 5, []]:
        unmoved(planner.clicks("class-create", room, *CLASS.values()))
    assert site.everything() == before


def test_full_width_digits_and_commas_are_numbers(world, site):
    world.a_class()
    typed = {**CLASS, "cap": "２４", "fee": "１２，０００"}
    site.planner().clicks("class-create", "2027|BST|NTOU", *typed.values())
    with world.office.look() as look:
        made = look.all(select(training_class).order_by(training_class.c.id))[-1]
    assert (made.cap, made.fee) == (24, 12_000)


@pytest.mark.parametrize("field", CONTACT_BAD)
def test_contact_data_are_not_kept(world, site, field):
    class_id = world.a_class()
    seafarer = site.seafarer()
    seafarer.clicks("apply-choose", class_id)
    before = site.everything()
    for odd in CONTACT_BAD[field]:
        answer = seafarer.clicks("apply-next-2", class_id, *{**CONTACT, field: odd}.values())
        refused(seafarer, before, answer, field, odd)


@pytest.mark.parametrize("mobile", ["０９１２３４５６７８", "0912-345-678", "(09) 1234 5678"])
def test_a_number_may_be_written_in_any_usual_way(world, site, mobile):
    class_id = world.a_class()
    seafarer = site.seafarer()
    seafarer.clicks("apply-choose", class_id)
    answer = seafarer.clicks("apply-next-2", class_id, *{**CONTACT, "mobile": mobile}.values())
    assert answer.get_json()["response"]["where"]["href"] == f"/apply/{class_id}/3"


def test_a_paper_the_course_does_not_ask_for_is_not_declared(world, site):
    class_id = world.a_class(rules=PAPER_RULES)
    seafarer = site.seafarer()
    before = site.everything()
    for papers in [["crown"], "letter", 7, {"a": 1}, [None], [["letter"]], [NUL]]:
        unmoved(seafarer.clicks("apply-declare", class_id, papers))
    assert site.everything() == before


def test_each_number_of_a_plan_is_refused_beside_its_field(world, site):
    world.a_plan()
    with world.office.open(world.planner()) as work:
        make_plan(work, year=2028, seats_cap=100)
    with world.office.look() as look:
        row = look.one_or_none(select(annual_plan).where(annual_plan.c.year == 2028))
    planner, sound = site.planner(), {name: str(getattr(row, name)) for name in LIMITS}
    before = site.everything()
    for field, (least, most) in LIMITS.items():
        for odd in ("", NUL, str(most + 1), str(least - 1)):
            typed = {**sound, field: odd}
            answer = planner.clicks("plan-save", 2028, row.version, *typed.values())
            refused(planner, before, answer, field, odd)


def test_no_plan_is_started_for_such_a_year(world, site):
    world.a_plan()
    planner = site.planner()
    before = site.everything()
    for year in ["", "x", "1999", "2101", "2027", SQL, NUL, None, [], -1]:
        unmoved(planner.clicks("make-plan", year))
    assert site.everything() == before


COMMISSION_BAD = {
    "course": NO_CHOICE,
    "institution": NO_CHOICE,
    "classes_cap": ["", "-1", "x", NUL, None],
    "seats_cap": ["", "-1", "x", NUL, None],
}


def test_a_commission_is_not_saved(world, site):
    world.a_class()
    planner = site.planner()
    before = site.everything()
    sound = {"course": "BST", "institution": "NTOU", "classes_cap": "3", "seats_cap": "60"}
    for field, values in COMMISSION_BAD.items():
        for odd in values:
            typed = {**sound, field: odd}
            answer = planner.clicks("commission-save", 2027, *typed.values())
            refused(planner, before, answer, field, odd)


ASK_BAD = ["", " ", "x", "x" * 501, NUL, None, 7]


def test_a_paper_is_not_asked_for_with_such_words(world, site):
    world.registers(world.a_person(), world.a_class(rules=PAPER_RULES), declared=["letter"])
    with world.office.look() as look:
        case_id = look.scalar(select(review_case.c.id))
    officer = site.officer()
    before = site.everything()
    for odd in ASK_BAD:
        refused(officer, before, officer.clicks("review-send-ask", case_id, odd), "ask", odd)


def test_a_rejection_needs_a_reason_and_a_note_that_fits(world, site):
    from services.notices.reasons import REJECT_REASONS

    sound = next(iter(REJECT_REASONS))
    world.registers(world.a_person(), world.a_class(rules=PAPER_RULES), declared=["letter"])
    with world.office.look() as look:
        case_id = look.scalar(select(review_case.c.id))
    officer = site.officer()
    before = site.everything()
    for odd in NO_CHOICE:
        answer = officer.clicks("review-send-reject", case_id, odd, "")
        refused(officer, before, answer, "reason", odd)
    for odd in ("x" * 501, NUL):
        answer = officer.clicks("review-send-reject", case_id, sound, odd)
        refused(officer, before, answer, "reject_note", odd)


def test_a_call_needs_an_outcome_and_a_note_that_fits(world, site):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    world.ticks()
    officer = site.officer()
    before = site.everything()
    for odd in NO_CHOICE:
        answer = officer.clicks("call-save", receipt.registration_id, odd, "")
        refused(officer, before, answer, "outcome", odd)
    for odd in ("x" * 301, NUL):
        answer = officer.clicks("call-save", receipt.registration_id, "spoken", odd)
        refused(officer, before, answer, "note", odd)


def test_what_a_person_typed_is_shown_as_text_in_both_languages(world, site):
    world.a_class()
    planner = site.planner()
    for lang, said in (("zh-Hant-TW", "請"), ("en", "Please")):
        planner.opens(f"/lang/{lang}")
        answer = planner.clicks("class-create", "2027|BST|NTOU", *{**CLASS, "cap": HTML}.values())
        told = json.dumps(answer.get_json(), ensure_ascii=False)
        assert said in told
        assert "dangerously" not in told
