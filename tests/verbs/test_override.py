"""The only way out of the rank order: two planners, a reason, the event chain, shown in public."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from services.cancel import cancel
from services.claim import claim
from services.identity.records import account
from services.kernel.actor import Actor, Role
from services.kernel.errors import DomainError, InvalidInput, NotFound, NotPermitted
from services.notices.records import notice
from services.override import (
    AlreadyDecided,
    AlreadyProposed,
    NotWaiting,
    SamePlanner,
    approve_override,
    propose_override,
    refuse_override,
)
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Status
from services.registration.lookup import progress
from services.registration.records import registration, registration_event, seat_override

WHY = {"reason": "portal_error", "note": "櫃檯登錄延誤"}


@pytest.fixture
def line(world):
    """A class of one seat with three people waiting; the last is the one it is about."""
    world.town = world.a_class(seats=1)
    world.people_ = world.people(4)
    world.receipts = world.registered(world.town, *world.people_)
    world.one, world.two = world.two_planners()
    world.clock.pass_by(timedelta(hours=1))
    return world


def does(world, actor, verb, key, **more):
    with world.office.open(actor) as work:
        return verb(work, key, **more)


def proposed(world, which=3, **more):
    key = world.receipts[which].registration_id
    return does(world, world.one, propose_override, key, **{**WHY, **more})


def approved(world, which=3):
    return does(world, world.two, approve_override, proposed(world, which))


def state(world, key):
    with world.office.look() as look:
        return look.one_or_none(select(seat_override).where(seat_override.c.id == key))


def test_the_overridden_person_gets_the_next_seat_and_the_others_follow_by_rank(line):
    world = line
    assert approved(world) == []
    assert world.status(world.receipts[3]) is Status.WAITLISTED
    first, last = world.receipts[0], world.receipts[3]
    assert world.does(world.people_[0], cancel, first.registration_id) == [last.registration_id]
    assert world.broken() == []
    world.clock.pass_by(timedelta(hours=1))
    world.does(world.people_[3], cancel, last.registration_id)
    assert world.statuses(world.receipts) == ["cancelled", "admitted", "waitlisted", "cancelled"]
    assert world.broken() == []


def test_number_and_rank_stay_and_the_step_is_in_the_chain(line):
    world = line
    approved(world)
    row = world.row(world.receipts[3].registration_id)
    assert (row.number, row.rank, row.overridden_at) == (4, 4, world.clock.now())
    with world.office.look() as look:
        step = look.one_or_none(
            select(registration_event).where(registration_event.c.event == "override")
        )
        told = look.all(select(notice).where(notice.c.kind == "override"))
    assert (step.registration_id, step.role, step.account_id) == (row.id, "planner", 2)
    assert [n.registration_id for n in told] == [row.id]
    assert world.broken() == []


def test_a_standing_claim_of_whom_an_override_serves_is_settled_at_once(line):
    world = line
    for days in (28, 21, 14):
        world.days_before(world.town, days)
        world.ticks()
    late = world.registered(world.town, *world.people(3))
    person = world.row(late[2].registration_id).person_id
    assert not world.does(person, claim, late[2].registration_id)  # two ahead may still claim
    world.receipts.append(late[2])
    approved(world, -1)
    assert world.statuses(late) == ["offered", "offered", "self_funded"]
    assert world.broken() == []


def test_after_the_self_funded_call_an_overridden_claim_comes_first(line):
    world = line
    for days in (28, 21, 14):
        world.days_before(world.town, days)
        world.ticks()
    late = world.registered(world.town, *world.people(3))
    assert {r.status for r in late} == {Status.OFFERED}
    world.receipts.append(late[2])
    approved(world, -1)
    people = [world.row(r.registration_id).person_id for r in late]
    world.does(people[0], claim, late[0].registration_id)
    world.does(people[2], claim, late[2].registration_id)
    world.days_before(world.town, 11)
    world.ticks()
    assert world.statuses(late) == ["offered", "offered", "self_funded"]
    assert world.broken() == []


def test_who_holds_a_seat_or_is_gone_cannot_be_overridden(line):
    world = line
    with pytest.raises(NotWaiting):
        proposed(world, 0)
    world.does(world.people_[3], cancel, world.receipts[3].registration_id)
    with pytest.raises(NotWaiting):
        proposed(world)


def test_a_proposal_whose_person_left_cannot_be_approved(line):
    world = line
    key = proposed(world)
    world.does(world.people_[3], cancel, world.receipts[3].registration_id)
    with pytest.raises(NotWaiting):
        does(world, world.two, approve_override, key)
    assert state(world, key).state == "proposed"


def test_not_in_a_class_that_is_fixed(line):
    world = line
    key = proposed(world)
    world.days_before(world.town, 4)
    with pytest.raises(IllegalTransition):
        does(world, world.two, approve_override, key)
    assert world.row(world.receipts[3].registration_id).overridden_at is None


@pytest.mark.parametrize("verb", [approve_override, refuse_override])
def test_no_account_does_both(line, verb):
    world = line
    key = proposed(world)
    with pytest.raises(SamePlanner):
        does(world, world.one, verb, key)
    assert state(world, key).state == "proposed"


def test_the_database_itself_refuses_one_account_for_both(line):

    world = line
    key = proposed(world)
    with pytest.raises(IntegrityError), world.office.open() as work:
        work.run(
            seat_override.update()
            .where(seat_override.c.id == key)
            .values(state="approved", decided_at=work.now, decided_by=1)
        )


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.SEAFARER, Role.ADMINISTRATOR, Role.SYSTEM])
def test_nobody_but_planners(line, role):
    world = line
    actor = Actor(role, account_id=2, institution="NTOU", person_id=world.people_[3])
    with pytest.raises(NotPermitted):
        does(world, actor, propose_override, world.receipts[3].registration_id, **WHY)
    key = proposed(world)
    with pytest.raises(NotPermitted):
        does(world, actor, approve_override, key)


def test_a_planner_without_an_account_cannot_be_told_apart_and_may_not(line):
    world = line
    with pytest.raises(NotPermitted):
        does(world, world.planner(), propose_override, world.receipts[3].registration_id, **WHY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"reason": "friend"}, "reason"), ({"note": " "}, "note"), ({"note": "長" * 501}, "note")],
)
def test_without_a_reason_and_a_note_nothing_is_proposed(line, facts, field):
    with pytest.raises(InvalidInput) as refused:
        proposed(line, **facts)
    assert field in refused.value.problems
    with line.office.look() as look:
        assert look.all(select(seat_override)) == []


def test_a_refused_proposal_changes_nothing_and_may_be_made_again(line):
    world = line
    key = proposed(world)
    with pytest.raises(AlreadyProposed):
        proposed(world)
    does(world, world.two, refuse_override, key)
    with pytest.raises(AlreadyDecided):
        does(world, world.two, approve_override, key)
    assert world.row(world.receipts[3].registration_id).overridden_at is None
    again = proposed(world)
    does(world, world.two, approve_override, again)
    with pytest.raises(AlreadyProposed):
        proposed(world)
    assert world.broken() == []


def test_there_is_no_such_proposal(line):
    with pytest.raises(NotFound):
        does(line, line.two, approve_override, 99)
    with pytest.raises(NotFound):
        does(line, line.one, propose_override, 99, **WHY)


def test_of_two_approvals_at_the_same_moment_one_counts(line):
    world = line
    with world.office.open() as work:
        row = {"id": 3, "role": "planner", "login_index": "p3", "password_hash": "x"}
        work.run(insert(account), {**row, "name": "規劃3", "created_at": work.now})
    key = proposed(world)
    start = Barrier(2)

    def decide(n):
        start.wait()
        try:
            does(world, Actor(Role.PLANNER, account_id=n), approve_override, key)
        except DomainError as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(decide, (2, 3)))) == sorted(
            map(str, (None, AlreadyDecided))
        )
    with world.office.look() as look:
        steps = look.all(
            select(registration_event.c.seq).where(registration_event.c.event == "override")
        )
    assert len(steps) == 1
    assert world.broken() == []


# what the invariants excuse


def test_an_overridden_mark_without_two_planners_is_found(line):
    world = line
    with world.office.open() as work:
        work.run(
            registration.update()
            .where(registration.c.id == world.receipts[3].registration_id)
            .values(overridden_at=work.now)
        )
    assert [line[:2] for line in world.broken()] == ["2:"]


def test_a_seat_before_the_override_is_not_excused_by_it(line):
    world = line
    approved(world)
    world.does(world.people_[0], cancel, world.receipts[0].registration_id)
    assert world.broken() == []
    with world.office.open() as work:
        work.run(
            registration.update()
            .where(registration.c.id == world.receipts[3].registration_id)
            .values(overridden_at=work.now + timedelta(minutes=1))
        )
    assert "2:" in [line[:2] for line in world.broken()]


def test_the_person_and_those_behind_are_told_where_they_stand(line):
    world = line
    approved(world)
    with world.office.look(world.seafarer(world.people_[3])) as look:
        first = progress(look, world.receipts[3].registration_id)
    with world.office.look(world.seafarer(world.people_[1])) as look:
        second = progress(look, world.receipts[1].registration_id)
    assert (first.card.place, second.card.place) == (1, 2)
    said = [say.sentence for say in first.why.stands]
    assert any("served before the rank order" in sentence for sentence in said)
    assert not any("before the rank order" in say.sentence for say in second.why.stands)
    assert [say.facts.get("n") for say in second.why.would if "n" in say.facts] == [2]
