"""Under review when seats are sold: asked like everybody else, with the same time to answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import PAPER_RULES, called

from services.appeal import appeal
from services.claim import claim
from services.confirm import confirm
from services.move_class import NewDays, move_class
from services.notices.records import notice
from services.phone import record_call
from services.registration.lifecycle import Status
from services.registration.lookup import my_registrations, progress
from services.review import approve, reject

MAY, WHY = date(2027, 5, 3), "我的證明在五月換發，請再看一次。"


def told(world, receipt, kind):
    mine = notice.c.registration_id == receipt.registration_id, notice.c.kind == kind
    with world.office.look() as look:
        return look.all(select(notice).where(*mine))


def page(world, receipt):
    person_id = world.row(receipt.registration_id).person_id
    with world.office.look(world.seafarer(person_id)) as look:
        return progress(look, receipt.registration_id), my_registrations(look, person_id)[0]


@pytest.fixture
def town(world):
    """One seat that nobody has taken; two foreigners wait, the first under review."""
    world.class_id = world.a_class(seats=1, starts_on=MAY, rules=PAPER_RULES)
    world.first, world.second = (world.a_person(nationality="foreigner") for _ in range(2))
    world.reviewed, world.behind = (
        world.registers(who, world.class_id, declared=["letter"])
        for who in (world.first, world.second)
    )
    world.decides(world.behind.registration_id, approve)
    return world


def test_they_are_asked_with_the_same_deadline(town):
    called(town, town.class_id, 28, 21, 14)
    asked, theirs = (town.request_of(r.registration_id) for r in (town.reviewed, town.behind))
    assert (asked.kind, asked.deadline) == (theirs.kind, theirs.deadline) == (
        "claim", asked.deadline
    )  # fmt: skip
    assert town.broken() == []


def test_settlement_waits_for_their_answer(town):
    called(town, town.class_id, 28, 21)
    called(town, town.class_id, 14, hour=14)  # five hours late, so the deadline is at T-11, 14:00
    town.does(town.second, claim, town.behind.registration_id)
    called(town, town.class_id, 11)
    assert town.status(town.behind) is Status.OFFERED
    town.does(town.first, claim, town.reviewed.registration_id)
    assert town.row(town.reviewed.registration_id).seat == "reserved"
    called(town, town.class_id, 11, hour=15)
    assert town.status(town.behind) is Status.OFFERED
    assert town.broken() == []


def test_they_are_reminded_and_it_is_their_turn(town):
    called(town, town.class_id, 28, 21, 14)
    found, card = page(town, town.reviewed)
    assert (found.next.turn, card.needs_answer) == (True, True)
    called(town, town.class_id, 12)
    assert len(told(town, town.reviewed, "reminder")) == 1
    town.does(town.first, claim, town.reviewed.registration_id)
    assert not page(town, town.reviewed)[1].needs_answer


def test_after_the_deadline_it_is_still_their_turn_as_a_claim_still_counts(town):
    called(town, town.class_id, 28, 21, 14, 11, 9)
    found, card = page(town, town.reviewed)
    assert (found.next.turn, card.needs_answer, card.asked) == (True, True, None)


def test_a_yes_by_phone_is_a_claim(town):
    called(town, town.class_id, 28, 21, 14)
    with town.office.open(town.officer()) as work:
        record_call(work, town.reviewed.registration_id, outcome="yes")
    row = town.row(town.reviewed.registration_id)
    assert (row.seat, row.claimed_at is not None) == ("reserved", True)
    assert town.broken() == []


def test_a_review_that_passes_asks_afresh_and_the_first_question_is_void(town):
    called(town, town.class_id, 28, 21, 14)
    first = town.request_of(town.reviewed.registration_id)
    town.clock.pass_by(timedelta(hours=30))
    town.decides(town.reviewed.registration_id, approve)
    again = town.request_of(town.reviewed.registration_id)
    assert (again.id != first.id, again.closed_at) == (True, None)
    assert town.status(town.reviewed) is Status.OFFERED
    assert town.broken() == []


def test_who_comes_under_review_after_the_call_is_asked_too(town):
    called(town, town.class_id, 28, 21, 14, 13)
    late = town.registers(town.a_person(), town.class_id, declared=["letter"])
    assert town.request_of(late.registration_id).kind == "claim"
    town.decides(town.reviewed.registration_id, reject, reason="paper_not_valid")
    town.does(
        town.first,
        appeal,
        town.reviewed.registration_id,
        statement=WHY,
    )
    assert town.request_of(town.reviewed.registration_id).closed_at is None
    assert len(told(town, town.reviewed, "may_claim")) == 2
    assert town.broken() == []


def test_a_claim_that_was_passed_over_is_not_told_that_it_lost(world):
    class_id = world.a_class(seats=1, starts_on=MAY)
    busy, other, last = (world.a_person(nationality="foreigner") for _ in range(3))
    receipts = world.registered(class_id, busy, other, last)
    elsewhere = world.a_class(course_code="AFF", kind="self_funded", starts_on=MAY)
    way = world.registers(busy, elsewhere)
    called(world, class_id, 28)
    world.does(busy, confirm, way.registration_id)
    called(world, class_id, 21, 14)
    for who, receipt in zip((busy, other, last), receipts, strict=True):
        world.does(who, claim, receipt.registration_id)
    called(world, class_id, 11)
    kinds = [[bool(told(world, r, k)) for k in ("skipped", "claim_lost")] for r in receipts]
    assert kinds == [[True, False], [False, False], [False, True]]
    assert world.broken() == []


def moves(world, class_id):
    """Move the class by six weeks; every answer was for the old days."""
    days = NewDays(MAY + timedelta(days=42), MAY + timedelta(days=46))
    with world.office.open(world.officer()) as work:
        move_class(work, class_id, days, version=1)


def test_a_slow_review_keeps_the_seat_that_a_claim_kept_when_the_class_moves(town):
    """As of whoever had settled, it stays self-funded and they are asked for the new days."""
    receipts = town.reviewed, town.behind
    called(town, town.class_id, 28, 21, 14)
    for who, receipt in zip((town.first, town.second), receipts, strict=True):
        town.does(who, claim, receipt.registration_id)
    moves(town, town.class_id)
    town.decides(town.reviewed.registration_id, approve)
    row = town.row(town.reviewed.registration_id)
    assert (row.status, row.seat) == ("admitted", "self_funded")
    assert town.status(town.behind) is Status.WAITLISTED
    called(town, town.class_id, 28)
    town.does(town.first, confirm, town.reviewed.registration_id)
    called(town, town.class_id, 21, 14, 11, 7, 5)
    assert town.statuses(receipts) == ["confirmed", "unplaced"]
    assert town.broken() == []


def test_who_passes_after_the_call_of_the_new_days_is_asked_to_confirm_at_once(town):
    called(town, town.class_id, 28, 21, 14)
    town.does(town.first, claim, town.reviewed.registration_id)
    moves(town, town.class_id)
    called(town, town.class_id, 28, 21, 14)
    town.decides(town.reviewed.registration_id, approve)
    asked = town.request_of(town.reviewed.registration_id)
    assert (asked.kind, asked.closed_at) == ("confirm", None)
    assert town.status(town.reviewed) is Status.ADMITTED
    assert town.broken() == []
