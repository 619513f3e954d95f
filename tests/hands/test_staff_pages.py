"""Staff pages without a browser: they render, refuse beside the field, and keep to their scope."""

from datetime import date

import pytest
from at_desk import AtDesk, shown, text, went
from sqlalchemy import select
from world import PAPER_RULES

from callbacks import calls, classes, plan, review, roll
from pages import calls as calls_page
from pages import class_entry
from pages import classes as classes_page
from pages import plan as plan_page
from pages import review as review_page
from pages import roll as roll_page
from pages.components.class_form import Ids
from services.catalogue.records import annual_plan, plan_window, training_class
from services.kernel.errors import NotFound, NotPermitted
from services.plan import make_plan
from services.registration.records import phone_call, review_case

TYPED = {
    "starts_on": "2027-06-07",
    "ends_on": "2027-06-11",
    "cap": "24",
    "min_size": "8",
    "fee": "12,000",
    "kind": "funded",
    "labels": "Panama、ClassNK, Panama",
    "place_zh": "",
    "place_en": "",
}


@pytest.fixture
def officer(world, office):
    world.an_institution("NKUST")
    return AtDesk(office, world.officer())


@pytest.fixture
def stranger(world, office):
    return AtDesk(office, world.officer("NKUST"))


@pytest.fixture
def planner(world, office):
    return AtDesk(office, world.planner())


@pytest.fixture
def case(world):
    """A person under review in a class of two seats; gives class, registration and case."""
    class_id = world.a_class(seats=2, rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), class_id, declared=["letter"])
    with world.office.look() as look:
        case_id = look.scalar(select(review_case.c.id))
    return class_id, receipt, case_id


def row(office, class_id):
    with office.look() as look:
        return look.one_or_none(select(training_class).where(training_class.c.id == class_id))


def everything(office, table):
    with office.look() as look:
        return [tuple(r) for r in look.all(select(table))]


@pytest.mark.parametrize("locale", ["en", "zh-Hant-TW"])
def test_every_page_renders_in_both_languages(world, office, case, locale):
    class_id, _, case_id = case
    officer = AtDesk(office, world.officer(), locale)
    planner = AtDesk(office, world.planner(), locale)
    for desk in (officer, planner):
        assert shown(desk, review_page.layout)
        assert shown(desk, review_page.one, case_id=str(case_id))
        for act in ("reject", "supplement"):
            assert shown(desk, review_page.one, {"act": act}, case_id=str(case_id))
        assert shown(desk, classes_page.layout, {"state": "all"})
        assert shown(desk, class_entry.new)
        for layout in (class_entry.one, calls_page.one, roll_page.one):
            assert shown(desk, layout, class_id=str(class_id))
        assert shown(desk, calls_page.layout)
        assert shown(desk, roll_page.layout)
    assert shown(planner, plan_page.layout)
    assert shown(planner, plan_page.one, year="2027")


def test_another_institutions_pages_do_not_exist(stranger, case):
    class_id, _, case_id = case
    with pytest.raises(NotFound):
        shown(stranger, review_page.one, case_id=str(case_id))
    for layout in (class_entry.one, calls_page.one, roll_page.one):
        with pytest.raises(NotFound):
            shown(stranger, layout, class_id=str(class_id))
    assert "船員" not in shown(stranger, review_page.layout)


@pytest.mark.parametrize("path", ["0", "x", "99999", "-1", "１"])
def test_ids_that_are_none_are_not_found(officer, case, path):
    assert case
    for layout, name in (
        (review_page.one, "case_id"),
        (class_entry.one, "class_id"),
        (calls_page.one, "class_id"),
        (roll_page.one, "class_id"),
    ):
        with pytest.raises(NotFound):
            shown(officer, layout, **{name: path})


def test_officers_and_seafarers_see_no_plan(world, office, officer):
    world.a_plan()
    with pytest.raises(NotPermitted):
        shown(officer, plan_page.layout)
    with pytest.raises(NotPermitted):
        shown(AtDesk(office, world.seafarer(1)), review_page.layout)


def test_an_officer_enters_a_class_with_labels_read_once(world, office, officer):
    world.a_class()
    answer = classes.create(officer, "2027|BST|NTOU", dict(TYPED))
    assert answer[1].endswith("?told=class_entered")
    made = row(office, 2)
    assert (made.labels, made.fee, made.state) == (["Panama", "ClassNK"], 12_000, "draft")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_on", "soon"),
        ("starts_on", ""),
        ("ends_on", "2027-06-01"),
        ("cap", "many"),
        ("cap", "-1"),
        ("cap", "9999999999"),
        ("min_size", "1.5"),
        ("min_size", "25"),
        ("fee", None),
        ("kind", "free"),
        ("labels", ",".join(f"flag {n}" for n in range(13))),
        ("place_zh", "長" * 81),
        ("place_en", "x" * 121),
    ],
)
def test_a_slip_in_a_class_is_told_beside_its_field_and_nothing_is_lost(
    world, office, officer, field, value
):
    world.a_class()
    typed = {**TYPED, "place_en": "Maritime Building", field: value}
    answer = classes.create(officer, "2027|BST|NTOU", typed)
    assert not went(answer)
    assert f"{field}-problem" in text(answer[0])
    assert field == "place_en" or "Maritime Building" in text(answer[0])
    assert row(office, 2) is None


@pytest.mark.parametrize("room", ["", None, "2027", "x|BST|NTOU", "2027|XXX|NTOU"])
def test_a_course_that_is_none_is_told(world, office, officer, room):
    world.a_class()
    answer = classes.create(officer, room, dict(TYPED))
    assert "course-problem" in text(answer[0])
    assert row(office, 2) is None


def test_a_forged_institution_enters_nothing(world, office, stranger):
    world.a_class()
    answer = classes.create(stranger, "2027|BST|NTOU", dict(TYPED))
    assert not went(answer)
    assert row(office, 2) is None


def test_saving_a_strangers_class_changes_nothing(world, office, stranger):
    class_id = world.a_class()
    answer = classes.save(stranger, class_id, 1, dict(TYPED))
    assert not went(answer)
    assert row(office, class_id).version == 1


@pytest.mark.parametrize(("class_id", "version"), [(None, 1), ("1", 1), (1, None), (1, "1")])
def test_malformed_states_change_nothing(world, office, officer, class_id, version):
    made = world.a_class()
    before = row(office, made)
    assert not went(classes.save(officer, class_id, version, dict(TYPED)))
    assert row(office, made) == before


def test_an_officer_approves_with_the_original_seen(world, officer, case):
    _, receipt, case_id = case
    assert went(review.approve(officer, case_id, True))
    assert world.status(receipt) == "admitted"


def test_a_strangers_case_is_not_decided(world, office, stranger, case):
    _, receipt, case_id = case
    for answer in (
        review.approve(stranger, case_id, False),
        review.reject(stranger, case_id, "paper_not_valid", ""),
        review.ask(stranger, case_id, "please"),
    ):
        assert not went(answer)
    assert world.status(receipt) == "in_review"
    with office.look() as look:
        assert look.scalar(select(review_case.c.state)) == "open"


@pytest.mark.parametrize(
    ("field", "act"),
    [
        ("reason", lambda desk, case: review.reject(desk, case, "", "")),
        ("reason", lambda desk, case: review.reject(desk, case, "dislike", "kept words")),
        (
            "reject_note",
            lambda desk, case: review.reject(desk, case, "paper_not_valid", "x" * 501),
        ),
        ("ask", lambda desk, case: review.ask(desk, case, " ")),
        ("ask", lambda desk, case: review.ask(desk, case, "x" * 501)),
    ],
)
def test_a_slip_in_a_decision_is_told_beside_its_field(world, officer, case, field, act):
    _, receipt, case_id = case
    answer = act(officer, case_id)
    assert not went(answer)
    assert f"{field}-problem" in text(answer[0])
    assert world.status(receipt) == "in_review"


def test_a_call_is_noted_and_a_slip_is_told(world, office, officer, stranger):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    world.days_before(class_id, 28)
    world.ticks()
    key = receipt.registration_id
    assert "outcome-problem" in text(calls.call(officer, key, "", "")[0])
    assert "note-problem" in text(calls.call(officer, key, "yes", "x" * 301)[0])
    assert not went(calls.call(stranger, key, "yes", ""))
    assert not went(calls.call(officer, "1", "yes", ""))
    assert everything(office, phone_call) == []
    assert calls.call(officer, key, "yes", "")[1] == f"/desk/calls/{class_id}?told=call_saved"
    assert world.status(receipt) == "confirmed"


@pytest.mark.parametrize("class_id", [None, "1", 99, 1])
def test_a_roll_that_has_not_begun_takes_nothing(world, officer, class_id):
    made = world.a_class()
    receipt = world.registers(world.a_person(), made)
    assert not went(roll.save(officer, class_id, {receipt.registration_id: "completed"}))
    assert world.status(receipt) == "admitted"


@pytest.mark.parametrize("typed", ["", "soon", "1999", "99999", None, "2027"])
def test_a_plan_year_that_cannot_be_is_told(world, office, planner, typed):
    world.a_plan()
    assert not went(plan.make(planner, typed))
    assert len(everything(office, annual_plan)) == 1


@pytest.fixture
def draft(world, office):
    world.a_class()
    with office.open(world.planner()) as work:
        return make_plan(work, year=2028, seats_cap=100)


@pytest.mark.parametrize("value", ["", "x", "-3", None, "999999"])
@pytest.mark.parametrize(
    "field", ["seats_cap", "confirm_days", "batch_size", "review_days", "milestone_hour"]
)
def test_a_slip_in_a_number_is_told_beside_its_field(world, office, planner, draft, field, value):
    with office.look(world.planner()) as look:
        numbers = plan_page.plan_page(look, draft).numbers
    typed = {**{name: str(number) for name, number in numbers.items()}, field: value}
    answer = plan.numbers(planner, draft, 1, typed)
    assert not went(answer)
    assert f"{field}-problem" in text(answer[0])


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("from_0", ("soon", "2028-06-30", "2027-12-01T09:00")),
        ("to_0", ("2028-01-01", "", "2027-12-01T09:00")),
        ("opens_0", ("2028-01-01", "2028-06-30", "2027-12-01")),
        ("opens_0", ("2028-01-01", "2028-06-30", "2028-02-01T09:00")),
    ],
)
def test_a_slip_in_a_window_is_told_beside_its_field(office, planner, draft, field, line):
    before = everything(office, plan_window)
    answer = plan.windows(planner, draft, [line, ("", "", "")])
    assert not went(answer)
    assert f"{field}-problem" in text(answer[0])
    assert everything(office, plan_window) == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("course", ("XXX", "NTOU", "1", "1")),
        ("institution", ("BST", None, "1", "1")),
        ("classes_cap", ("BST", "NTOU", "x", "1")),
        ("seats_cap", ("BST", "NTOU", "1", "99999")),
    ],
)
def test_a_slip_in_a_commission_is_told_beside_its_field(planner, draft, field, typed):
    answer = plan.commission(planner, draft, *typed)
    assert not went(answer)
    assert f"{field}-problem" in text(answer[0])


def test_a_plan_goes_from_draft_to_published(office, planner, draft):
    line = ("2028-01-01", "2028-12-31", "2027-12-01T09:00")
    assert went(plan.windows(planner, draft, [line]))
    assert went(plan.commission(planner, draft, "BST", "NTOU", "2", "48"))
    assert went(plan.publish(planner, draft))
    with office.look() as look:
        published = look.scalar(
            select(annual_plan.c.published_at).where(annual_plan.c.year == draft)
        )
    assert published is not None


def test_an_officer_publishes_nothing(office, officer, draft):
    before = everything(office, annual_plan)
    assert not went(plan.publish(officer, draft))
    assert not went(plan.make(officer, "2030"))
    assert everything(office, annual_plan) == before


def test_the_first_day_of_a_published_class_stays(world, office, officer):
    class_id = world.a_class(starts_on=date(2027, 4, 12))
    answer = classes.save(officer, class_id, 1, dict(TYPED))
    assert "starts_on-problem" in text(answer[0])
    assert row(office, class_id).starts_on == date(2027, 4, 12)


def test_a_class_that_is_fixed_shows_its_plan_and_no_form(world, office, officer):
    """Everything but its draft's and its published form could only be refused."""
    class_id = world.a_class(seats=2)
    for state, said in (("opened", "takes place as it stands"), ("cancelled", "was cancelled")):
        assert Ids.SAVE in shown(officer, class_entry.one, class_id=str(class_id))
        with office.open() as work:
            here = training_class.c.id == class_id
            work.run(training_class.update().where(here).values(state=state, ended_at=work.now))
        page = shown(officer, class_entry.one, class_id=str(class_id))
        assert said in page
        assert Ids.SAVE not in page
        with office.open() as work:
            work.run(training_class.update().where(here).values(state="published", ended_at=None))
