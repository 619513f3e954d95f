"""The annual plan: numbers, commissions, windows, publishing."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from services.catalogue.records import (
    annual_plan,
    cohort,
    commission,
    course,
    plan_window,
    training_class,
)
from services.classes import create_class
from services.commissions import PlanPublished, Window, set_commission, set_windows
from services.kernel.clock import taipei
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.plan import PlanExists, PlanIncomplete, edit_plan, make_plan, publish_plan
from services.publish import StaleVersion

YEAR = 2028
SPAN = Window(date(2028, 1, 1), date(2028, 12, 31), taipei(date(2027, 12, 1), 9))


@pytest.fixture
def draft(world, office, clock):
    """A draft plan of 2028 with one commission and one window; today is 1 October 2027."""
    clock.go_to(taipei(date(2027, 10, 1), 10))
    world.an_institution()
    with office.open(world.planner()) as work:
        work.run(
            insert(course),
            {
                "code": "BST",
                "name_zh": "基本安全",
                "name_en": "Basic safety",
                "category": "safety",
                "days": 5,
                "class_size": 24,
                "rules": {},
                "auto_screenable": True,
                "assumption": True,
            },
        )
        make_plan(work, year=YEAR, seats_cap=100)
        commission_it(work)
        set_windows(work, YEAR, [SPAN])
    return YEAR


def commission_it(work, **caps):
    granted = {"classes_cap": 2, "seats_cap": 50, **caps}
    set_commission(work, year=YEAR, course="BST", institution="NTOU", **granted)


def a_draft_class(world, office, starts_on=date(2028, 3, 6)):
    with office.open(world.officer()) as work:
        return create_class(
            work,
            year=YEAR,
            course="BST",
            institution="NTOU",
            starts_on=starts_on,
            ends_on=starts_on,
            cap=24,
        )


def plan(office):
    with office.look() as look:
        return look.one_or_none(select(annual_plan).where(annual_plan.c.year == YEAR))


def test_only_planners_make_plans(world, office):
    with pytest.raises(NotPermitted), office.open(world.officer()) as work:
        make_plan(work, year=YEAR, seats_cap=1)


def test_there_is_one_plan_a_year(world, office, draft):
    with pytest.raises(PlanExists), office.open(world.planner()) as work:
        make_plan(work, year=draft, seats_cap=1)


@pytest.mark.parametrize(
    ("field", "numbers"),
    [
        ("promote_days", {"promote_days": 28}),
        ("freeze_days", {"freeze_days": 8}),
        ("batch_size", {"batch_size": 0}),
        ("subsidy_percent", {"subsidy_percent": 101}),
        ("milestone_hour", {"milestone_hour": 24}),
    ],
)
def test_numbers_that_cannot_be_are_refused_beside_their_field(
    world, office, draft, field, numbers
):
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        edit_plan(work, draft, version=1, **numbers)
    assert field in refused.value.problems
    assert plan(office).version == 1


def test_a_stale_version_changes_nothing(world, office, draft):
    with office.open(world.planner()) as work:
        edit_plan(work, draft, version=1, batch_size=50)
    with pytest.raises(StaleVersion), office.open(world.planner()) as work:
        edit_plan(work, draft, version=1, batch_size=70)
    assert plan(office).batch_size == 50


def test_no_cap_goes_below_what_is_entered(world, office, draft):
    a_draft_class(world, office)
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        commission_it(work, classes_cap=0, seats_cap=23)
    assert set(refused.value.problems) == {"classes_cap", "seats_cap"}
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        edit_plan(work, draft, version=1, seats_cap=23)
    assert refused.value.problems["seats_cap"][1] == {"used": 24}


@pytest.mark.parametrize(
    ("field", "who"),
    [("course", {"course": "XYZ"}), ("institution", {"institution": "XYZ"})],
)
def test_only_known_courses_and_commissioned_institutions(world, office, draft, field, who):
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        set_commission(
            work,
            **{"year": draft, "course": "BST", "institution": "NTOU", **who},
            classes_cap=1,
            seats_cap=1,
        )
    assert field in refused.value.problems


@pytest.mark.parametrize(
    ("field", "windows"),
    [
        ("from_0", [Window(date(2027, 12, 1), date(2028, 2, 1), SPAN.opens_at)]),
        ("to_0", [Window(date(2028, 3, 1), date(2028, 2, 1), SPAN.opens_at)]),
        ("opens_0", [Window(date(2028, 3, 1), date(2028, 4, 1), taipei(date(2028, 3, 1), 9))]),
        ("from_1", [SPAN, Window(date(2028, 6, 1), date(2028, 7, 1), SPAN.opens_at)]),
    ],
)
def test_windows_stay_in_the_year_in_order_and_apart(world, office, draft, field, windows):
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        set_windows(work, draft, windows)
    assert field in refused.value.problems
    with office.look() as look:
        assert len(look.all(select(plan_window).where(plan_window.c.year == draft))) == 1


def test_an_empty_plan_is_not_published(world, office):
    with office.open(world.planner()) as work:
        make_plan(work, year=YEAR, seats_cap=10)
    with pytest.raises(PlanIncomplete), office.open(world.planner()) as work:
        publish_plan(work, YEAR)


def test_publishing_opens_every_draft_and_names_those_that_cannot_go(world, office, clock, draft):
    good = a_draft_class(world, office)
    late = a_draft_class(world, office, starts_on=date(2028, 1, 3))
    clock.go_to(taipei(date(2027, 12, 26), 10))  # its list would be fixed in less than 72 hours
    with office.open(world.planner()) as work:
        done = publish_plan(work, draft)
    assert (done.classes, [code for code, _, _ in done.left]) == (1, ["117-BST-02"])
    with office.look() as look:
        states = dict(
            tuple(r) for r in look.all(select(training_class.c.id, training_class.c.state))
        )
    assert states == {good: "published", late: "draft"}


def test_a_published_plan_keeps_what_people_register_under(world, office, draft):
    with office.open(world.planner()) as work:
        publish_plan(work, draft)
    with pytest.raises(PlanPublished), office.open(world.planner()) as work:
        set_windows(work, draft, [])
    version = plan(office).version
    with pytest.raises(InvalidInput) as refused, office.open(world.planner()) as work:
        edit_plan(work, draft, version=version, confirm_days=30, batch_size=90)
    assert set(refused.value.problems) == {"confirm_days"}
    with office.open(world.planner()) as work:
        edit_plan(work, draft, version=version, batch_size=90)


def test_the_next_plan_copies_numbers_windows_and_commissions(world, office, draft):
    with office.open(world.planner()) as work:
        edit_plan(work, draft, version=1, batch_size=60)
        make_plan(work, year=2029, copy_from=draft)
    with office.look() as look:
        copied = look.one_or_none(select(annual_plan).where(annual_plan.c.year == 2029))
        window = look.one_or_none(select(plan_window).where(plan_window.c.year == 2029))
        granted = look.all(
            select(commission, cohort.c.fee)
            .join(cohort, cohort.c.id == commission.c.cohort_id)
            .where(cohort.c.year == 2029)
        )
    assert (copied.batch_size, copied.published_at) == (60, None)
    assert (window.classes_from, window.opens_at) == (
        date(2029, 1, 1),
        taipei(date(2028, 12, 1), 9),
    )
    assert [(g.institution, g.classes_cap, g.seats_cap) for g in granted] == [("NTOU", 2, 50)]


def test_a_plan_that_is_not_there_is_not_found(world, office):
    with pytest.raises(NotFound), office.open(world.planner()) as work:
        publish_plan(work, 2050)
