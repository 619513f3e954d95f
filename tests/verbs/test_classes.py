"""Class upkeep: the plan's caps, what has been promised to people, and the calendar."""

from datetime import date

import pytest
from sqlalchemy import select

from services.catalogue.records import milestone, training_class
from services.claim import claim
from services.classes import ClassFixed, create_class, edit_class
from services.commissions import set_commission
from services.confirm import confirm
from services.kernel.actor import Actor, Role
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.publish import NotADraft, PlanNotPublished, StaleVersion, publish_class

FACTS = {
    "year": 2027,
    "course": "BST",
    "institution": "NTOU",
    "starts_on": date(2027, 6, 7),
    "ends_on": date(2027, 6, 11),
    "cap": 24,
    "min_size": 8,
}


@pytest.fixture
def commissioned(world, office):
    """NTOU may run two BST classes with together forty seats."""
    for code in ("NTOU", "NKUST"):
        world.an_institution(code)
    world.a_cohort("BST")
    with office.open(world.planner()) as work:
        set_commission(
            work, year=2027, course="BST", institution="NTOU", classes_cap=2, seats_cap=40
        )


def enter(world, office, at="NTOU", **other):
    with office.open(world.officer(at)) as work:
        return create_class(work, **{**FACTS, **other})


def edit(world, office, class_id, version=1, at="NTOU", **changes):
    with office.open(world.officer(at)) as work:
        edit_class(work, class_id, version=version, **changes)


def row(office, class_id):
    with office.look() as look:
        return look.one_or_none(select(training_class).where(training_class.c.id == class_id))


def problems(refused):
    return refused.value.problems


@pytest.mark.usefixtures("commissioned")
def test_an_officer_enters_a_draft_with_a_code_of_year_course_and_number(world, office):
    first = enter(world, office)
    second = enter(world, office, cap=10)
    assert [row(office, c).code for c in (first, second)] == ["116-BST-01", "116-BST-02"]
    assert (row(office, first).state, row(office, first).fee) == ("draft", 12_000)


@pytest.mark.usefixtures("commissioned")
def test_the_cap_on_classes_says_by_how_much_it_would_break(world, office):
    enter(world, office, cap=10)
    enter(world, office, cap=10)
    with pytest.raises(InvalidInput) as refused:
        enter(world, office, cap=10)
    assert problems(refused)["course"][1] == {"cap": 2, "used": 2, "over": 1}


@pytest.mark.usefixtures("commissioned")
def test_the_cap_on_seats_says_by_how_much_it_would_break(world, office):
    enter(world, office, cap=24)
    with pytest.raises(InvalidInput) as refused:
        enter(world, office, cap=24)
    assert problems(refused)["cap"][1] == {"cap": 40, "used": 24, "over": 8}


def test_the_year_has_a_cap_of_its_own(world, office):
    world.an_institution()
    world.a_plan(seats_cap=30)
    world.a_cohort("BST")
    with office.open(world.planner()) as work:
        set_commission(
            work, year=2027, course="BST", institution="NTOU", classes_cap=9, seats_cap=99
        )
    with pytest.raises(InvalidInput) as refused:
        enter(world, office, cap=31)
    assert problems(refused)["cap"][1]["over"] == 1


@pytest.mark.usefixtures("commissioned")
def test_a_wholly_self_funded_class_takes_nothing_of_the_plan(world, office):
    enter(world, office, cap=40)
    assert enter(world, office, cap=100, kind="self_funded")
    with pytest.raises(InvalidInput) as refused:
        enter(world, office, at="NKUST", institution="NKUST", kind="self_funded")
    assert "course" in problems(refused)


@pytest.mark.usefixtures("commissioned")
@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("course", {"course": "PSCRB"}),
        ("starts_on", {"starts_on": date(2026, 12, 30)}),
        ("starts_on", {"starts_on": date(2027, 1, 11), "ends_on": date(2027, 1, 15)}),
        ("ends_on", {"ends_on": date(2027, 6, 6)}),
        ("ends_on", {"ends_on": date(2027, 12, 6)}),
        ("cap", {"cap": 0}),
        ("min_size", {"min_size": 25}),
        ("fee", {"fee": -1}),
        ("kind", {"kind": "free"}),
        ("labels", {"labels": ["x" * 30]}),
        ("place_zh", {"place_zh": "長" * 81}),
    ],
)
def test_a_fact_that_cannot_be_is_refused_beside_its_field(world, office, field, facts):
    with pytest.raises(InvalidInput) as refused:
        enter(world, office, **facts)
    assert field in problems(refused)
    with office.look() as look:
        assert look.all(select(training_class)) == []


@pytest.mark.usefixtures("commissioned")
def test_another_institution_does_not_exist_to_an_officer(world, office):
    class_id = enter(world, office)
    with pytest.raises(NotFound):
        enter(world, office, at="NKUST")
    with pytest.raises(NotFound):
        edit(world, office, class_id, at="NKUST", cap=10)
    assert row(office, class_id).cap == 24


@pytest.mark.usefixtures("commissioned")
@pytest.mark.parametrize("role", [Role.VISITOR, Role.SEAFARER, Role.ADMINISTRATOR])
def test_nobody_else_enters_classes(office, role):
    with pytest.raises(NotPermitted), office.open(Actor(role, person_id=1)) as work:
        create_class(work, **FACTS)


@pytest.mark.usefixtures("commissioned")
def test_publishing_sets_the_opening_minute_and_six_milestones(world, office, clock):
    class_id = enter(world, office)
    with office.open(world.planner()) as work:
        publish_class(work, class_id)
    assert row(office, class_id).state == "published"
    assert row(office, class_id).opens_at == clock.now()  # its window has opened already
    with office.look() as look:
        due = look.all(select(milestone).where(milestone.c.class_id == class_id))
    assert len(due) == 6
    with pytest.raises(NotADraft), office.open(world.planner()) as work:
        publish_class(work, class_id)


def test_a_class_cannot_go_out_before_its_plan(world, office):
    world.an_institution()
    world.a_plan(published_at=None)
    world.a_cohort("BST")
    with office.open(world.planner()) as work:
        set_commission(
            work, year=2027, course="BST", institution="NTOU", classes_cap=1, seats_cap=40
        )
    class_id = enter(world, office)
    with pytest.raises(PlanNotPublished), office.open(world.planner()) as work:
        publish_class(work, class_id)


@pytest.mark.usefixtures("commissioned")
def test_an_officer_does_not_publish(world, office):
    class_id = enter(world, office)
    with pytest.raises(NotPermitted), office.open(world.officer()) as work:
        publish_class(work, class_id)


@pytest.mark.usefixtures("commissioned")
def test_a_draft_left_too_long_cannot_be_published(world, office):
    class_id = enter(world, office)
    world.days_before(class_id, 14)
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        publish_class(work, class_id)
    assert "starts_on" in problems(refused)


@pytest.mark.usefixtures("commissioned")
def test_two_people_never_overwrite_each_other_silently(world, office):
    class_id = enter(world, office)
    edit(world, office, class_id, version=1, cap=20)
    with pytest.raises(StaleVersion):
        edit(world, office, class_id, version=1, cap=30)
    assert row(office, class_id).cap == 20


@pytest.mark.usefixtures("commissioned")
def test_an_edit_is_held_to_the_caps_without_counting_itself(world, office):
    class_id = enter(world, office)
    edit(world, office, class_id, cap=40)
    with pytest.raises(InvalidInput) as refused:
        edit(world, office, class_id, version=2, cap=41)
    assert problems(refused)["cap"][1]["over"] == 1


def test_a_published_class_keeps_its_dates_its_kind_and_the_fee_people_registered_at(world, office):
    class_id = world.a_class(seats=2)
    world.registered(class_id, world.a_person())
    with pytest.raises(InvalidInput) as refused:
        edit(world, office, class_id, starts_on=date(2027, 4, 13), kind="self_funded", fee=9_000)
    assert set(problems(refused)) == {"starts_on", "kind", "fee"}


def test_the_cap_is_never_below_the_seats_held(world, office):
    class_id = world.a_class(seats=3)
    world.registered(class_id, *world.people(2))
    with pytest.raises(InvalidInput) as refused:
        edit(world, office, class_id, cap=1)
    assert problems(refused)["cap"][1] == {"held": 2}
    edit(world, office, class_id, cap=2)


def test_raising_the_cap_admits_the_next_in_line(world, office):
    class_id = world.a_class(seats=1)
    receipts = world.registered(class_id, *world.people(3))
    edit(world, office, class_id, cap=2)
    assert world.statuses(receipts) == ["admitted", "admitted", "waitlisted"]
    assert world.broken() == []


def after_the_self_funded_call(world):
    """One seat confirmed, two people with a standing offer."""
    class_id, people = world.a_class(seats=1), world.people(3)
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    world.ticks()
    world.does(people[0], confirm, receipts[0].registration_id)
    for days in (21, 14):
        world.days_before(class_id, days)
        world.ticks()
    return class_id, people, receipts


def test_a_seat_added_after_the_self_funded_call_is_self_funded(world, office):
    class_id, people, receipts = after_the_self_funded_call(world)
    world.does(people[1], claim, receipts[1].registration_id)
    edit(world, office, class_id, cap=2)
    assert world.statuses(receipts) == ["confirmed", "self_funded", "offered"]
    assert world.row(receipts[1].registration_id).seat == "self_funded"
    assert world.broken() == []


def test_seats_cut_after_the_confirmation_call_are_remembered_until_they_are_there_again(
    world, office
):
    """A plan made smaller before the call is the plan; then people are asked for its seats."""
    class_id = world.a_class(seats=9)
    world.registered(class_id, world.a_person())
    edit(world, office, class_id, cap=8)
    assert row(office, class_id).cut_from is None
    world.days_before(class_id, 28)
    world.ticks()
    told = []
    caps = ({"cap": n} for n in (6, 5, 7, 8, 10, 9))
    for version, change in enumerate((*caps, {"place_zh": "基隆"}), 2):
        edit(world, office, class_id, version=version, **change)
        told.append(row(office, class_id).cut_from)
    assert told == [8, 8, 8, None, None, 10, 10]


def test_the_cap_is_never_below_seats_held_and_claims_that_stand(world, office):
    class_id, people, receipts = after_the_self_funded_call(world)
    edit(world, office, class_id, cap=3)  # nobody has claimed: two seats stay free
    world.does(people[2], claim, receipts[2].registration_id)  # certain: one ahead, two seats
    assert world.statuses(receipts) == ["confirmed", "offered", "self_funded"]
    with pytest.raises(InvalidInput) as refused:
        edit(world, office, class_id, version=2, cap=1)
    assert problems(refused)["cap"][1] == {"held": 2}
    edit(world, office, class_id, version=2, cap=2)


def test_from_the_freeze_on_a_class_is_fixed(world, office):
    class_id = world.a_class(seats=2)
    world.days_before(class_id, 5)
    with pytest.raises(ClassFixed):
        edit(world, office, class_id, place_zh="基隆")
