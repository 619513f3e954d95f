"""The draft of the four steps and the contact data in it."""

import pytest
from sqlalchemy import func, select
from world import PAPER_RULES

from services.contact import international, person_of, update_contact
from services.drafts import draft_of, drop_draft, save_draft, unsent
from services.kernel.actor import VISITOR
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.registration.records import draft

GOOD = {
    "email": "kuanyu@example.com",
    "mobile": "0912-345-678",
    "region": "south",
    "locale": "zh-Hant-TW",
}


def saves(world, person_id, class_id, **answers):
    with world.office.open(world.seafarer(person_id)) as work:
        return save_draft(work, class_id=class_id, answers=answers)


def reads(world, person_id, class_id):
    with world.office.look(world.seafarer(person_id)) as look:
        return draft_of(look, class_id)


def drafts(world):
    with world.office.look() as look:
        return look.scalar(select(func.count()).select_from(draft))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "+886912345678"),
        ("0912-345-678", "+886912345678"),
        ("+63 917 123 4567", "+639171234567"),
    ],
)
def test_a_mobile_number_is_kept_in_its_international_form(typed, kept):
    assert international(typed) == kept


def test_each_step_adds_to_the_draft_and_back_keeps_what_was_typed(world):
    class_id, person_id = world.a_class(), world.a_person()
    saves(world, person_id, class_id, done=1)
    saves(world, person_id, class_id, done=2, **GOOD)
    saves(world, person_id, class_id, done=1)
    kept = reads(world, person_id, class_id)
    assert kept.done == 2
    assert kept.contact.mobile == "+886912345678"
    assert kept.contact.region == "south"


def test_a_step_cannot_be_skipped(world):
    class_id, person_id = world.a_class(), world.a_person()
    with pytest.raises(InvalidInput) as refused:
        saves(world, person_id, class_id, done=2, **GOOD)
    assert list(refused.value.problems) == ["done"]
    assert drafts(world) == 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""),
        ("email", "kuanyu"),
        ("email", "a b@example.com"),
        ("email", "a@example..com"),
        ("email", "a@" + "b" * 120 + ".com"),
        ("email", None),
        ("email", ["a@example.com"]),
        ("mobile", ""),
        ("mobile", "12345"),
        ("mobile", "091234567"),
        ("mobile", "+0912345678"),
        ("mobile", "call me"),
        ("region", "mars"),
        ("region", None),
        ("locale", "fr"),
        ("locale", 7),
    ],
)
def test_a_bad_contact_field_is_named_and_nothing_is_kept(world, field, typed):
    class_id, person_id = world.a_class(), world.a_person()
    saves(world, person_id, class_id, done=1)
    with pytest.raises(InvalidInput) as refused:
        saves(world, person_id, class_id, done=2, **{**GOOD, field: typed})
    assert list(refused.value.problems) == [field]
    assert reads(world, person_id, class_id).contact is None


def test_all_bad_fields_are_named_together(world):
    class_id, person_id = world.a_class(), world.a_person()
    with pytest.raises(InvalidInput) as refused:
        saves(world, person_id, class_id, email="x", mobile="x", region="x", locale="x")
    assert set(refused.value.problems) == {"email", "mobile", "region", "locale"}


def test_only_papers_of_the_course_can_be_declared(world):
    class_id, person_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES), world.a_person()
    assert saves(world, person_id, class_id, declared=["letter"]).declared == ("letter",)
    for odd in (["crown"], "letter", [7], [["letter"]], [{}]):
        with pytest.raises(InvalidInput):
            saves(world, person_id, class_id, declared=odd)
    assert reads(world, person_id, class_id).declared == ("letter",)


def test_a_draft_is_its_owners_alone(world):
    class_id, owner, other = world.a_class(), *world.people(2)
    saves(world, owner, class_id, done=1)
    assert reads(world, other, class_id) is None
    with world.office.open(world.seafarer(other)) as work:
        drop_draft(work, class_id)
    assert reads(world, owner, class_id).done == 1
    with world.office.open(world.seafarer(owner)) as work:
        drop_draft(work, class_id)
    assert reads(world, owner, class_id) is None


@pytest.mark.parametrize("who", ["visitor", "officer", "planner"])
def test_only_a_seafarer_keeps_a_draft(world, who):
    class_id = world.a_class()
    actor = VISITOR if who == "visitor" else getattr(world, who)()
    with pytest.raises(NotPermitted), world.office.open(actor) as work:
        save_draft(work, class_id=class_id, answers={"done": 1})
    assert drafts(world) == 0


def test_there_is_no_draft_for_a_class_that_does_not_exist(world):
    with pytest.raises(NotFound):
        saves(world, world.a_person(), 4711, done=1)


def test_contact_data_are_kept_with_the_person(world):
    person_id, other = world.people(2)
    with world.office.open(world.seafarer(person_id)) as work:
        update_contact(work, GOOD)
    with world.office.look(world.seafarer(person_id)) as look:
        assert person_of(look, person_id)[1].mobile == "+886912345678"
        with pytest.raises(NotFound):
            person_of(look, other)


def test_what_is_begun_and_not_sent_is_found_again_until_the_class_begins(world):
    class_id, person_id = world.a_class(), world.a_person()

    def found(who=person_id):
        with world.office.look(world.seafarer(who)) as look:
            return [(one.class_id, one.step) for one in unsent(look)]

    assert found() == []
    saves(world, person_id, class_id, done=1)
    saves(world, person_id, class_id, done=2, **GOOD)
    assert found() == [(class_id, 3)]
    assert found(world.a_person()) == []
    world.days_before(class_id, 0)
    assert found() == []
