"""What a seafarer is told about a registration, at every turn of its life."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from world import PAPER_RULES

from services.cancel import cancel
from services.claim import claim
from services.confirm import confirm
from services.inbox import mark_read
from services.kernel.clock import taipei
from services.kernel.errors import NotFound
from services.registration.inbox import inbox, unread
from services.registration.lookup import my_registrations, progress
from services.review import approve, ask_supplement, reject
from services.supplements import add


def seen(world, person_id, receipt):
    with world.office.look(world.seafarer(person_id)) as look:
        return progress(look, receipt.registration_id)


def titles(page):
    return [mark.title.sentence for mark in page.marks]


def test_an_admitted_person_need_do_nothing_before_the_call(world):
    class_id, person_id = world.a_class(), world.a_person()
    page = seen(world, person_id, world.registers(person_id, class_id))
    assert page.next.head.sentence == "You have a seat"
    assert not page.next.turn
    assert page.can == {"cancel"}
    assert titles(page)[0] == "Registered, number {number}"
    assert page.marks[-1].state == "ahead"


def test_a_waiting_person_sees_the_place_and_moves_up_when_someone_cancels(world):
    class_id = world.a_class(seats=1)
    first, second, third = world.people(3)
    one, two, three = world.registered(class_id, first, second, third)
    assert seen(world, third, three).card.place == 2
    world.does(first, cancel, one.registration_id)
    assert seen(world, third, three).card.place == 1
    promoted = seen(world, second, two)
    assert promoted.card.place is None
    assert "Admitted from the waiting list" in titles(promoted)


def test_the_call_asks_with_a_deadline_and_says_what_silence_costs(world):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    page = seen(world, person_id, receipt)
    assert page.next.turn
    assert page.next.by == page.card.asked.by
    assert page.next.otherwise.sentence == "The seat goes to the next person"
    assert {"confirm", "decline", "cancel"} <= page.can
    assert [mark.state for mark in page.marks].count("now") == 1
    world.does(person_id, confirm, receipt.registration_id)
    page = seen(world, person_id, receipt)
    assert page.next.head.sentence == "Your seat is confirmed"
    assert "You were asked whether you will come" in titles(page)
    assert page.can == {"cancel"}


def test_a_day_that_is_past_is_no_day_to_answer_by(world):
    class_id, person_id = world.a_class(seats=1), world.a_person()
    receipt = world.registers(person_id, class_id)
    behind = world.a_person()
    waits = world.registers(behind, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    (asking,) = (mark for mark in seen(world, person_id, receipt).marks if mark.state == "now")
    assert asking.until
    world.days_before(class_id, 21, hour=10)  # the clock has not come by yet
    page = seen(world, person_id, receipt)
    (asking,) = (mark for mark in page.marks if mark.state == "now")
    assert not asking.until
    assert asking.note == page.next.by_more
    assert "An answer still counts" in page.next.by_more.sentence
    page = seen(world, behind, waits)
    assert "This day is past" in page.next.by_more.sentence
    ahead = [mark.note.sentence for mark in page.marks if mark.at == page.next.by]
    assert ahead == [page.next.by_more.sentence]


def test_a_person_under_review_knows_by_when_and_may_bring_papers(world):
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    person_id = world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    page = seen(world, person_id, receipt)
    assert page.next.head.sentence == "The institution is looking at your papers"
    assert page.next.by == page.case.due_on
    assert "upload" in page.can
    assert "late" not in page.next.by_more.sentence
    world.clock.go_to(taipei(page.case.due_on + timedelta(days=1)))
    late = seen(world, person_id, receipt)
    assert "the review is late" in late.next.by_more.sentence
    (told,) = (mark for mark in late.marks if mark.state == "now")
    assert "the review is late" in told.note.sentence
    assert not told.until
    world.decides(receipt.registration_id, ask_supplement, ask="離船紀錄")
    page = seen(world, person_id, receipt)
    assert page.next.turn
    assert page.next.then.facts == {"ask": "離船紀錄"}
    assert page.next.by == page.case.supplement_due_at
    with world.office.open(world.seafarer(person_id)) as work:
        add(work, page.case.id, stored="a", kind="pdf", size=9, sha256="0", given_name="證明.pdf")
    page = seen(world, person_id, receipt)
    assert [paper.given_name for paper in page.case.papers] == ["證明.pdf"]
    world.decides(receipt.registration_id, approve)
    page = seen(world, person_id, receipt)
    assert "The review found you qualified" in titles(page)
    assert "upload" not in page.can


def test_a_refused_person_sees_the_reason_and_the_findings(world):
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    person_id = world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    world.decides(receipt.registration_id, reject, reason="paper_unreadable")
    page = seen(world, person_id, receipt)
    assert page.next.head.sentence == "You do not meet the rules of this course"
    assert page.case.reason == "paper_unreadable"
    assert page.findings
    assert page.can == {"appeal"}


def test_who_is_over_may_register_again_only_while_the_class_takes_registrations(world):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    for days in (28, 21):
        world.days_before(class_id, days)
        world.ticks()
    page = seen(world, person_id, receipt)
    assert page.next.then.sentence == "You can register again, at the end of the queue"
    assert page.next.by is None
    world.days_before(class_id, 5)  # whether the clock has come by or not
    page = seen(world, person_id, receipt)
    assert page.next.then.sentence == "You can register for another class of the course"


def test_a_missing_paper_is_not_called_a_full_class(world):
    class_id, person_id = world.a_class(rules=PAPER_RULES), world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    world.decides(receipt.registration_id, ask_supplement, ask="離船紀錄")
    world.clock.go_to(seen(world, person_id, receipt).case.supplement_due_at + timedelta(hours=1))
    world.ticks()
    page = seen(world, person_id, receipt)
    assert page.card.status.value == "unplaced"
    assert "paper did not come in time" in page.next.head.sentence


def test_an_offer_can_be_claimed_and_taken_back(world):
    class_id = world.a_class(seats=3)
    seated, lazy, waiting = world.people(3)
    world.registered(class_id, seated, lazy)
    book = {"seamans_book": None}
    foreigner = world.a_person(nationality="foreigner", **book)
    receipt = world.registers(foreigner, class_id)
    world.registers(waiting, class_id)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    page = seen(world, foreigner, receipt)
    if page.card.status.value == "offered":
        assert "claim" in page.can
        world.does(foreigner, claim, receipt.registration_id)


def test_the_first_day_to_claim_by_is_no_deadline_once_it_is_over(world):
    class_id = world.a_class(seats=3)
    world.registered(class_id, *world.people(3))
    foreigner = world.a_person(nationality="foreigner", seamans_book=None)
    receipt = world.registers(foreigner, class_id)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    first = seen(world, foreigner, receipt)
    assert (first.card.status.value, first.next.by) == ("offered", first.card.asked.by)
    world.days_before(class_id, 10)
    world.ticks()
    page = seen(world, foreigner, receipt)
    assert page.card.asked is None
    assert "You were asked whether you want a self-funded seat" in titles(page)
    assert page.next.by > first.next.by
    assert page.next.turn
    assert page.card.needs_answer
    assert "claim" in page.can


def test_a_seat_at_ones_own_cost_says_what_it_costs_when_it_is_asked_for(world):
    class_id = world.a_class(kind="self_funded")
    (person_id,) = world.people(1)
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    world.ticks()
    assert "fee" in seen(world, person_id, receipt).next.then_more.facts


def test_another_persons_registration_is_not_found(world):
    class_id = world.a_class()
    owner, other = world.people(2)
    receipt = world.registers(owner, class_id)
    with world.office.look(world.seafarer(other)) as look:
        with pytest.raises(NotFound):
            progress(look, receipt.registration_id)
        with pytest.raises(NotFound):
            my_registrations(look, owner)
        with pytest.raises(NotFound):
            inbox(look, owner)


def test_only_the_classs_own_institution_sees_it(world):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    with world.office.look(world.officer("NTOU")) as look:
        assert progress(look, receipt.registration_id).can == frozenset()
    with world.office.look(world.officer("NKUST")) as look, pytest.raises(NotFound):
        progress(look, receipt.registration_id)


def test_my_registrations_begin_with_what_needs_an_answer(world):
    person_id = world.a_person()
    early = world.registers(person_id, world.a_class())
    later = world.a_class(course_code="PSCRB", starts_on=world.clock.now().date().replace(month=6))
    registered = world.registers(person_id, later)
    world.does(person_id, cancel, early.registration_id)
    with world.office.look(world.seafarer(person_id)) as look:
        cards = my_registrations(look, person_id)
    assert [card.id for card in cards] == [registered.registration_id, early.registration_id]
    assert [card.is_open for card in cards] == [True, False]


def test_reading_the_question_in_the_portal_fixes_the_deadline(world):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    world.days_before(class_id, 28)
    from services.sweep import sweep

    sweep(world.office)  # the mailer is down
    assert seen(world, person_id, receipt).card.asked.deadline is None
    with world.office.look(world.seafarer(person_id)) as look:
        asking = next(line for line in inbox(look, person_id) if line.asks)
        before = unread(look, person_id)
    with world.office.open(world.seafarer(person_id)) as work:
        mark_read(work, asking.id)
    assert seen(world, person_id, receipt).card.asked.deadline is not None
    with world.office.look(world.seafarer(person_id)) as look:
        assert unread(look, person_id) == before - 1


def test_nobody_opens_another_persons_notice(world):
    class_id, (owner, other) = world.a_class(), world.people(2)
    world.registers(owner, class_id)
    with world.office.look(world.seafarer(owner)) as look:
        line = inbox(look, owner)[0]
    with pytest.raises(NotFound), world.office.open(world.seafarer(other)) as work:
        mark_read(work, line.id)
    with world.office.look(world.seafarer(owner)) as look:
        assert inbox(look, owner)[0].read_at is None
        assert look.scalar(select(1)) == 1


def test_the_calls_ahead_are_those_that_concern_the_track_and_the_class(world):
    self_funded = world.a_class(kind="self_funded", seats=1)
    funded = world.a_class(seats=5, course_code="AFF")
    _, waits = world.registered(self_funded, *(people := world.people(2)))
    foreigner = world.a_person(nationality="foreigner", seamans_book=None)
    pays = world.registers(foreigner, funded)
    call, offer = (
        "Seats nobody confirmed go down the queue",
        "Free seats are offered at your own cost",
    )
    shown = titles(seen(world, people[1], waits))
    assert call in shown
    assert offer not in shown
    shown = titles(seen(world, foreigner, pays))
    assert call not in shown
    assert offer in shown
