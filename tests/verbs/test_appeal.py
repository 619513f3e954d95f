"""An appeal against a refusal: the same number, decided by MPB, and only once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from world import PAPER_RULES

from services import promote
from services.appeal import (
    AlreadyAppealed,
    NoChoiceLeft,
    StillRegistered,
    TooLateToAppeal,
    appeal,
)
from services.cancel import cancel
from services.cancel_class import cancel_class
from services.catalogue.records import training_class
from services.identity.records import account
from services.kernel.actor import Actor, Role
from services.kernel.errors import InvalidInput, NotFound
from services.notices.records import notice
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Status
from services.registration.records import registration, review_case
from services.review import AppealIsMPBs, approve, ask_supplement, reject
from services.supplements import add

WHY = "我的體檢證明在五月換發，海技資料尚未更新。"
PAPER = {"kind": "pdf", "size": 9, "sha256": "0" * 64, "given_name": "a.pdf"}


@pytest.fixture
def refused(world):
    """A class of one seat: one person refused by the records, one admitted, one waiting."""
    world.a_plan(max_choices=3)
    world.town = world.a_class(seats=1)
    world.who = world.a_person(medical=None)
    world.no = world.registers(world.who, world.town)
    world.clock.pass_by(timedelta(hours=1))
    world.others = world.registered(world.town, *world.people(2))
    assert world.no.status is Status.INELIGIBLE
    return world


@pytest.fixture
def mixed(world):
    """Two full classes of a course: refused and appealing in one, under review in the other."""
    world.a_plan(max_choices=3)
    more = {"seats": 1, "rules": PAPER_RULES}
    world.town, there = world.a_class(**more), world.a_class(starts_on=date(2027, 5, 10), **more)
    for class_id in (world.town, there):
        world.registers(world.a_person(), class_id, declared=["letter"])
    world.who = world.a_person()
    world.no = world.registers(world.who, world.town, declared=["letter"])
    world.decides(world.no.registration_id, reject, reason="paper_unreadable")
    world.other = world.registers(world.who, there, declared=["letter"])
    world.case = appeals(world)
    return world


def appeals(world, receipt=None, who=None, statement=WHY):
    key = (receipt or world.no).registration_id
    return world.does(who or world.who, appeal, key, statement=statement)


def decides(world, case, verb, actor=None, **more):
    with world.office.open(actor or world.planner()) as work:
        return verb(work, case, **more)


def plant(world, table, key, **values):
    with world.office.open() as work:
        work.run(table.update().where(table.c.id == key).values(**values))


def test_an_appeal_goes_to_review_with_the_same_number(refused):
    world = refused
    case = appeals(world)
    row = world.row(world.no.registration_id)
    assert (row.status, row.seat, row.number, row.reason) == ("in_review", "none", 1, None)
    with world.office.look() as look:
        kept = look.one_or_none(select(review_case).where(review_case.c.id == case))
        told = look.all(select(notice).where(notice.c.kind == "appeal"))
    assert (kept.statement, kept.state, kept.institution) == (WHY, "open", "NTOU")
    assert len(told) == 1
    assert world.broken() == []


def test_found_qualified_the_person_waits_at_the_old_place(refused):
    world = refused
    decides(world, appeals(world), approve)
    assert world.status(world.no) is Status.WAITLISTED
    assert world.broken() == []
    with world.office.open(world.officer()) as work:
        assert cancel(work, world.others[0].registration_id) == [world.no.registration_id]
    assert world.broken() == []


def test_found_qualified_where_a_seat_is_free_the_person_is_admitted(refused):
    world = refused
    plant(world, training_class, world.town, cap=3)
    plant(world, registration, world.others[1].registration_id, skip_reason="overlap")
    case = appeals(world)
    assert world.row(world.no.registration_id).seat == "reserved"
    decides(world, case, approve)
    assert world.status(world.no) is Status.ADMITTED


def test_seats_given_before_the_appeal_are_excused_and_later_ones_are_not(refused, monkeypatch):
    world = refused
    decides(world, appeals(world), approve)
    assert world.broken() == []
    monkeypatch.setattr(promote, "_WAITING", promote._WAITING.where(registration.c.number > 1))
    world.does(world.row(world.others[0].registration_id).person_id, cancel,
               world.others[0].registration_id)  # fmt: skip
    doctor, file = world.broken()
    assert doctor.startswith("2:")
    assert file == "the file of 116-BST-01: [[], ['3 past 1'], []]"  # everybody can see it


def test_after_the_self_funded_call_the_person_is_offered_a_seat(refused):
    world = refused
    world.days_before(world.town, 14)
    plant(world, registration, world.no.registration_id, ended_at=world.clock.now())
    world.days_before(world.town, 28)
    world.ticks()
    for days in (21, 14):
        world.days_before(world.town, days)
        world.ticks()
    decides(world, appeals(world), approve)
    assert world.status(world.no) is Status.OFFERED
    assert world.broken() == []


def test_a_refused_appeal_stands_and_cannot_be_repeated(refused):
    world = refused
    decides(world, appeals(world), reject, reason="not_entitled")
    assert world.status(world.no) is Status.INELIGIBLE
    with pytest.raises(AlreadyAppealed):
        appeals(world)
    world.clock.pass_by(timedelta(days=1))
    again = world.registers(world.who, world.town)
    with pytest.raises(AlreadyAppealed):
        appeals(world, again)
    assert world.broken() == []


def test_on_new_grounds_an_appeal_is_possible_again(refused):
    world = refused
    decides(world, appeals(world), reject, reason="not_entitled")
    world.clock.pass_by(timedelta(days=1))
    again = world.registers(world.who, world.town)
    plant(world, registration, again.registration_id, failing="holds_coc")
    appeals(world, again)
    assert world.status(again) is Status.IN_REVIEW


def test_a_refusal_by_the_review_can_be_appealed_too(world):
    world.a_plan()
    who, town = world.a_person(), world.a_class(rules=PAPER_RULES)
    receipt = world.registers(who, town, declared=["letter"])
    world.decides(receipt.registration_id, reject, reason="paper_unreadable")
    case = appeals(world, receipt, who)
    assert world.row(receipt.registration_id).seat == "reserved"  # nobody waits for it
    decides(world, case, approve)
    assert world.status(receipt) is Status.ADMITTED
    assert world.broken() == []


# MPB decides, the institution looks on


@pytest.mark.parametrize(
    ("verb", "more"),
    [(approve, {}), (reject, {"reason": "not_entitled"}), (ask_supplement, {"ask": "體檢證明"})],
)
def test_the_institution_decides_nothing(refused, verb, more):
    world = refused
    case = appeals(world)
    with pytest.raises(AppealIsMPBs):
        decides(world, case, verb, world.officer(), **more)
    assert world.status(world.no) is Status.IN_REVIEW


def test_an_appeal_decided_by_an_officer_is_found(refused):
    world = refused
    case = appeals(world)
    with world.office.open() as work:
        row = {"id": 9, "role": "institution", "institution": "NTOU", "login_index": "x"}
        more = {"password_hash": "x", "name": "承辦", "created_at": work.now}
        work.run(insert(account), row | more)
    decides(world, case, approve)
    plant(world, review_case, case, decided_by=9)
    assert [line[:3] for line in world.broken()] == ["14:"]


def test_papers_can_be_sent_and_asked_for(refused):
    world = refused
    case = appeals(world)
    decides(world, case, ask_supplement, ask="新的體檢證明")
    with world.office.open(world.seafarer(world.who)) as work:
        add(work, case, stored="one", **PAPER)
    decides(world, case, approve)
    assert world.broken() == []


def test_a_paper_that_is_late_ends_the_appeal_and_no_other_review(mixed):
    world = mixed
    decides(world, world.case, ask_supplement, ask="新的體檢證明")
    world.clock.pass_by(timedelta(days=9))
    assert world.ticks()["supplements missed"] == 1
    assert world.status(world.no) is Status.UNPLACED
    assert world.status(world.other) is Status.IN_REVIEW
    assert world.ticks()["supplements missed"] == 0
    assert world.broken() == []


@pytest.mark.parametrize(
    ("verb", "more", "ends"),
    [(approve, {}, Status.WAITLISTED), (reject, {"reason": "not_entitled"}, Status.INELIGIBLE)],
)
def test_mpb_decides_the_appeal_and_the_institution_its_own_review(mixed, verb, more, ends):
    world = mixed
    decides(world, world.case, verb, **more)
    assert world.status(world.no) is ends
    assert world.status(world.other) is Status.IN_REVIEW
    world.decides(world.other.registration_id, approve)
    assert world.status(world.other) is Status.WAITLISTED
    assert world.broken() == []


def test_the_institution_decides_its_own_review_and_not_the_appeal(mixed):
    world = mixed
    world.decides(world.other.registration_id, approve)
    assert world.status(world.other) is Status.WAITLISTED
    assert world.status(world.no) is Status.IN_REVIEW
    assert world.broken() == []


def test_a_review_that_is_left_is_not_put_on_the_choice_that_mpb_decides(mixed):
    world = mixed
    world.does(world.who, cancel, world.other.registration_id)
    with world.office.look() as look:
        waiting = select(review_case.c.id).where(review_case.c.person_id == world.who,
                                                 review_case.c.state == "open")  # fmt: skip
        assert list(look.connection.scalars(waiting)) == [world.case]
    assert world.status(world.no) is Status.IN_REVIEW
    assert world.broken() == []


# refusals


def test_only_within_the_days_of_the_plan(refused):
    world = refused
    world.clock.pass_by(timedelta(days=14))
    appeals(world)
    assert world.status(world.no) is Status.IN_REVIEW


def test_one_day_later_is_too_late(refused):
    world = refused
    world.clock.pass_by(timedelta(days=15))
    with pytest.raises(TooLateToAppeal):
        appeals(world)
    assert world.status(world.no) is Status.INELIGIBLE


def test_not_once_the_class_is_fixed_or_cancelled(refused):
    world = refused
    world.days_before(world.town, 5)
    plant(world, registration, world.no.registration_id, ended_at=world.clock.now())
    world.clock.pass_by(timedelta(minutes=1))
    with pytest.raises(TooLateToAppeal):
        appeals(world)
    world.days_before(world.town, 20)
    with world.office.open(world.officer()) as work:
        cancel_class(work, world.town)
    with pytest.raises(IllegalTransition):
        appeals(world)


def test_not_while_another_registration_in_the_class_is_open(refused):
    world = refused
    world.records[world.who]["medical"] = {"issued_on": "2026-06-01", "expires_on": "2028-06-01"}
    world.clock.pass_by(timedelta(days=1))
    again = world.registers(world.who, world.town)
    assert again.status is Status.WAITLISTED
    with pytest.raises(StillRegistered) as told:
        appeals(world)
    assert told.value.facts["number"] == again.number
    assert world.status(world.no) is Status.INELIGIBLE
    assert world.broken() == []


def test_not_with_a_seat_in_another_class_of_the_course(refused):
    world = refused
    world.records[world.who]["medical"] = {"issued_on": "2026-06-01", "expires_on": "2028-06-01"}
    later = world.a_class(seats=1, starts_on=world.clock.now().date() + timedelta(days=200))
    assert world.registers(world.who, later).status is Status.ADMITTED
    with pytest.raises(NoChoiceLeft):
        appeals(world)


def test_only_who_was_refused_and_only_the_own(refused):
    world = refused
    person = world.row(world.others[0].registration_id).person_id
    with pytest.raises(IllegalTransition):
        appeals(world, world.others[0], person)
    with pytest.raises(NotFound):
        appeals(world, world.no, person)
    with pytest.raises(NotFound), world.office.open(world.officer("NKUST")) as work:
        appeal(work, world.no.registration_id, statement=WHY)


@pytest.mark.parametrize("statement", ["", "不公平", "長" * 2001, "字" * 20 + "\x07"])
def test_a_statement_that_cannot_be_used(refused, statement):
    with pytest.raises(InvalidInput) as told:
        appeals(refused, statement=statement)
    assert "statement" in told.value.problems
    assert refused.status(refused.no) is Status.INELIGIBLE


def test_staff_may_write_it_down_for_the_person(refused):
    world = refused
    with world.office.open(Actor(Role.INSTITUTION, institution="NTOU")) as work:
        appeal(work, world.no.registration_id, statement=WHY)
    assert world.status(world.no) is Status.IN_REVIEW
    assert world.broken() == []
