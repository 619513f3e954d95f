"""Lives that are rare, told as they were: many choices under one review, moved and merged classes.

What is kept is compared with a recount of the database each time.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import PAPER_RULES, called

from analytics.asking import (
    ask_demand,
    ask_failing_rules,
    ask_funnel,
    ask_qualification,
    ask_waiting,
    facts,
)
from analytics.filters import Filters
from services.appeal import appeal
from services.cancel import cancel
from services.claim import claim
from services.confirm import confirm
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class
from services.reconcile import reconcile
from services.registration.records import review_case
from services.review import approve, reject
from services.roll import record_roll
from services.take_in import take_in
from services.tally.records import standing
from services.tally.rows import live

APRIL, MAY, JUNE = date(2027, 4, 12), date(2027, 5, 10), date(2027, 6, 7)


@pytest.fixture
def asked(world):
    """Ask a question of what is kept, once a recount has found the same."""

    def put(ask, filters=None):
        take_in(world.office)
        assert reconcile(world.office) == 0
        with world.office.look(world.planner()) as look:
            return ask(look, filters or Filters(2027)).value

    return put


@pytest.fixture
def three(world):
    """Three classes of a course, each with a seat, and somebody under review for all of them."""
    world.a_plan(max_choices=3)
    world.three = [world.a_class(starts_on=day, rules=PAPER_RULES) for day in (APRIL, MAY, JUNE)]
    who = world.a_person()
    world.theirs = [world.registers(who, each, declared=["letter"]) for each in world.three]
    return world


def test_a_review_decides_every_choice_that_is_under_it(three, asked):
    """It hangs on the best one; the last one tells what the person counts as."""
    three.decides(three.theirs[0].registration_id, approve)
    assert three.statuses(three.theirs) == ["admitted", "cancelled", "cancelled"]
    total = asked(ask_qualification).total
    assert (total.by_records, total.by_review) == (0, 1)


def test_what_a_review_refused_with_stands_at_every_choice(three, asked):
    three.decides(three.theirs[0].registration_id, reject, reason="paper_unreadable")
    total = asked(ask_qualification).total
    assert (total.refused_by_records, total.refused_by_review) == (0, 1)
    assert [code for code, *_ in asked(ask_failing_rules).rules] == ["paper_unreadable"]


def test_a_choice_that_the_records_decided_is_not_the_reviews(world, asked):
    """Somebody declares the paper for one class only: for the other the records refuse."""
    world.a_plan(max_choices=3)
    with_paper, without = (world.a_class(rules=PAPER_RULES) for _ in range(2))
    who = world.a_person()
    under = world.registers(who, with_paper, declared=["letter"])
    world.registers(world.a_person(), without, declared=["letter"])
    no = world.registers(who, without)
    assert no.status == "ineligible"
    world.decides(under.registration_id, approve)
    total = asked(ask_qualification).total
    assert (total.refused_by_records, total.refused_by_review) == (1, 0)


def test_who_came_along_with_a_merge_was_still_decided_by_a_review(three, asked):
    three.decides(three.theirs[0].registration_id, approve)
    there = three.a_class(starts_on=JUNE, rules=PAPER_RULES)
    with three.office.open(three.planner()) as work:
        merge_classes(work, three.three[0], into=there)
    total = asked(ask_qualification).total
    assert (total.by_records, total.by_review) == (0, 1)


def test_who_had_said_yes_to_other_days_has_not_confirmed(world, asked):
    """The class moves after its promotion call; one of two answers for the new days."""
    class_id = world.a_class(seats=2, starts_on=APRIL)
    people = world.people(2)
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28)
    for who, receipt in zip(people, receipts, strict=True):
        world.does(who, confirm, receipt.registration_id)
    called(world, class_id, 21)
    take_in(world.office)
    with world.office.open(world.officer()) as work:
        move_class(work, class_id, NewDays(JUNE, JUNE + timedelta(days=4)), version=1)
    (fact,) = asked(facts)
    assert (fact.at_promotion, fact.coming) == (0, 0)
    called(world, class_id, 28)
    world.does(people[0], confirm, receipts[0].registration_id)
    called(world, class_id, 21)
    assert world.statuses(receipts) == ["confirmed", "lapsed"]
    (fact,) = asked(facts)
    assert (fact.at_promotion, fact.coming) == (1, 1)
    assert asked(ask_funnel).reached[:4] == (1, 1, 1, 0)  # of who lapsed; the other is on the way


def test_who_confirmed_after_an_appeal_is_counted_at_the_checkpoints(world, asked):
    class_id = world.a_class(seats=1, starts_on=JUNE)
    who = world.a_person(medical=None)
    no = world.registers(who, class_id)
    world.clock.pass_by(timedelta(hours=1))
    world.does(
        who, appeal, no.registration_id, statement="我的體檢證明在五月換發，海技資料尚未更新。"
    )
    with world.office.open(world.planner()) as work:
        approve(work, work.scalar(select(review_case.c.id)))
    called(world, class_id, 28)
    world.does(who, confirm, no.registration_id)
    called(world, class_id, 21)
    (fact,) = asked(facts)
    assert fact.at_promotion == 1


def test_who_withdrew_after_a_merge_wants_no_seat_any_more(world, asked):
    """The seat moved along: what became of the person is told by the new registration."""
    here, there = world.a_class(starts_on=MAY), world.a_class(seats=2, starts_on=JUNE)
    who = world.a_person()
    world.registers(who, here)
    with world.office.open(world.planner()) as work:
        merge_classes(work, here, into=there)
    take_in(world.office)
    with world.office.look() as look:
        new = max(look.connection.scalars(select(standing.c.registration_id).where(live())))
    world.clock.pass_by(timedelta(days=3))
    world.does(who, cancel, new)
    assert asked(ask_demand).total.unmet == 0


def test_who_waited_in_a_class_that_was_merged_still_wants_a_seat(world, asked):
    here, there = world.a_class(starts_on=MAY), world.a_class(seats=2, starts_on=JUNE)
    world.registered(here, *world.people(2))
    with world.office.open(world.planner()) as work:
        merge_classes(work, here, into=there)
    assert asked(ask_demand).total.unmet == 1


def test_a_seat_somebody_pays_for_stays_one_when_classes_are_merged(world, asked):
    """Settled at one's own cost, then the small class is merged: not a funded seat."""
    here = world.a_class(seats=1, starts_on=MAY)
    there = world.a_class(seats=2, starts_on=JUNE)
    *_, who = people = world.people(3)
    *_, third = world.registered(here, *people)
    called(world, here, 28, 21, 14)  # nobody answers: the seat goes down the queue to the third
    world.does(who, claim, third.registration_id)
    called(world, here, 11)
    with world.office.open(world.planner()) as work:
        merge_classes(work, here, into=there)
    called(world, there, 28)
    new = own_of(world, who, there)
    assert (new.seat, new.how_seated) == ("self_funded", "merge_own")
    world.does(who, confirm, new.id)
    called(world, there, 21, 14, 11, 7, 5)
    world.clock.go_to(world.clock.now() + timedelta(days=15))
    with world.office.open(world.officer()) as work:
        record_roll(work, there, {new.id: "completed"})
    fact = next(f for f in asked(facts) if f.id == there)
    assert (fact.attended, fact.by_own_cost, fact.by_register) == (1, 1, 0)


def test_who_has_a_seat_kept_for_a_review_does_not_wait_elsewhere(world, asked):
    """A reserved seat counts as the seat of the course (rules.md 4)."""
    world.a_plan(max_choices=2)
    first, second = (world.a_class(starts_on=day, rules=PAPER_RULES) for day in (APRIL, MAY))
    who = world.a_person()
    receipts = [world.registers(who, each, declared=["letter"]) for each in (first, second)]
    assert [world.row(r.registration_id).seat for r in receipts] == ["reserved", "none"]
    assert asked(ask_waiting).people == 0


def own_of(world, person_id, class_id):
    take_in(world.office)
    with world.office.look() as look:
        mine = standing.c.person_id == person_id, standing.c.class_id == class_id
        (key,) = look.connection.scalars(select(standing.c.registration_id).where(live(), *mine))
    return world.row(key)
