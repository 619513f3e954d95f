"""Letters that came back: sent again, told by phone, or gone to a corrected address."""

from datetime import timedelta

import pytest
from post_office import post_office
from sqlalchemy import func, select, update

from services import deliver as mailer
from services.cancel import cancel
from services.contact import update_contact
from services.deliver import BACK_OFF, Delivered, deliver
from services.identity.records import person
from services.inbox import mark_all_read, mark_read
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.notices.gateway import Counting, Smtp
from services.notices.records import notice, staff_task
from services.notices.tasks import TaskDone
from services.phone import AnswerWanted, record_call, tell_by_phone
from services.registration.desk_lists import call_list
from services.registration.records import phone_call
from services.send_again import NothingToSend, send_again
from services.sweep import sweep

URL = "http://127.0.0.1:8050"
UNKNOWN = "550 5.1.1 no such person"
CONTACT = {"mobile": "0912345678", "region": "north", "locale": "zh-Hant-TW"}


def posted(office, server):
    return deliver(office, Smtp("127.0.0.1", server.port, tls=False, timeout=2.0), base_url=URL)


def comes_back(office, answer=UNKNOWN):
    with post_office(RCPT=answer) as server:
        return posted(office, server)


def arrives(office):
    with post_office() as server:
        posted(office, server)
    return server.letters


def letters(office):
    with office.look() as look:
        return look.all(select(notice).order_by(notice.c.id))


def tasks(office, *, still_open=True):
    with office.look() as look:
        found = look.all(select(staff_task).order_by(staff_task.c.id))
    return [task for task in found if (task.closed_at is None) == still_open]


def calls(office):
    with office.look() as look:
        return look.all(select(phone_call))


def by(office, who, verb, *given, **more):
    with office.open(who) as work:
        return verb(work, *given, **more)


@pytest.fixture
def receipt(world):
    """One person has registered; the receipt waits in the outbox."""
    return world.registers(world.a_person(), world.a_class())


@pytest.fixture
def task(office, receipt):
    """The receipt came back; gives the task that tells of it."""
    assert comes_back(office) == Delivered(dead=1)
    [task] = tasks(office)
    return task.id


@pytest.fixture
def who(world, receipt):
    return world.row(receipt.registration_id).person_id


@pytest.fixture
def question(world, office):
    """Somebody asked to confirm, whose question came back; gives registration and task."""
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    arrives(office)
    world.days_before(class_id, 28)
    sweep(office)
    comes_back(office)
    [task] = tasks(office)
    return receipt.registration_id, task.id


# sent again


def test_a_letter_goes_again_under_its_own_id_and_its_task_closes_with_it(world, office, receipt):
    with post_office(DOT=UNKNOWN) as server:
        posted(office, server)
        [task] = tasks(office)
        by(office, world.officer(), send_again, task.id)
        assert [t.id for t in tasks(office)] == [task.id]  # it has not arrived yet
        server.faults.clear()
        assert posted(office, server) == Delivered(sent=1)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert tasks(office) == []


def test_a_letter_sent_again_is_tried_as_long_as_a_new_one(world, office, clock, receipt):
    with post_office(RCPT="450 busy") as server:
        for minutes in (0, *BACK_OFF):
            clock.pass_by(timedelta(minutes=minutes))
            last = posted(office, server)
        assert last == Delivered(dead=1)
        [task] = tasks(office)
        by(office, world.officer(), send_again, task.id)
        for minutes in BACK_OFF[1:]:
            assert posted(office, server) == Delivered(retried=1)
            assert posted(office, server) == Delivered()  # not before its time
            clock.pass_by(timedelta(minutes=minutes))
        assert posted(office, server) == Delivered(dead=1)
    assert [t.id for t in tasks(office)] == [task.id]


def test_a_second_click_sends_no_second_letter(world, office, clock, task):
    clock.pass_by(timedelta(days=1))
    for _ in range(2):
        by(office, world.officer(), send_again, task)
        assert [letter.next_try_at for letter in letters(office)] == [clock.now()]
    assert len(arrives(office)) == 1
    with pytest.raises(TaskDone):
        by(office, world.officer(), send_again, task)
    assert arrives(office) == []


def test_what_does_not_lie_undelivered_is_not_sent(world, office, clock, task, who):
    with office.open() as work:
        work.run(update(notice).values(read_at=work.now))
    with pytest.raises(NothingToSend):
        by(office, world.officer(), send_again, task)
    assert [letter.mail for letter in letters(office)] == ["dead"]


def test_a_letter_from_before_a_class_is_not_sent_once_the_class_has_begun(
    world, office, receipt, task
):
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 0)
    with pytest.raises(NothingToSend):
        by(office, world.officer(), send_again, task)
    world.days_before(class_id, 1)
    by(office, world.officer(), send_again, task)
    assert [letter.mail for letter in letters(office)] == ["due"]


def test_of_a_registration_that_has_ended_only_the_letter_about_the_end_is_sent(
    world, office, clock, receipt, task
):
    clock.pass_by(timedelta(days=1))
    by(office, world.officer(), cancel, receipt.registration_id)
    comes_back(office)
    [about_the_end] = tasks(office)
    by(office, world.officer(), send_again, about_the_end.id)
    assert [letter["Message-ID"].split(".")[1] for letter in arrives(office)] == ["cancelled"]
    assert tasks(office) == []


def test_planners_send_again_too_and_nobody_else(world, office, task, who):
    world.an_institution("NKUST")
    for verb in (send_again, tell_by_phone):
        for stranger, refusal in (
            (world.officer("NKUST"), NotFound),
            (world.seafarer(who), NotPermitted),
        ):
            with pytest.raises(refusal):
                by(office, stranger, verb, task)
        with pytest.raises(NotFound):
            by(office, world.officer(), verb, task + 1)
    assert ([letter.mail for letter in letters(office)], calls(office)) == (["dead"], [])
    by(office, world.planner(), send_again, task)
    assert len(arrives(office)) == 1


def test_a_task_about_a_class_is_none_about_letters(world, office):
    world.registers(world.a_person(), class_id := world.a_class(seats=5, min_size=2))
    for days in (28, 21, 14, 11, 7):
        world.days_before(class_id, days)
        world.ticks()
    [small] = tasks(office)
    assert small.kind == "too_small"
    with pytest.raises(NotFound):
        by(office, world.officer(), send_again, small.id)


def test_a_question_that_arrives_after_all_starts_the_days_and_closes_the_task(
    world, office, clock, question
):
    registration_id, task = question
    by(office, world.officer(), send_again, task)
    clock.pass_by(timedelta(hours=1))
    arrives(office)
    assert world.request_of(registration_id).reached_by == "mail"
    assert tasks(office) == []


def test_a_question_that_arrives_after_the_task_counted_the_days_closes_it_too(
    world, office, clock, question
):
    registration_id, task = question
    clock.pass_by(timedelta(hours=72))
    sweep(office)
    counted = world.request_of(registration_id)
    assert counted.reached_by == "task"
    by(office, world.officer(), send_again, task)
    arrives(office)
    assert tasks(office) == []
    assert world.request_of(registration_id).deadline == counted.deadline


def test_a_letter_that_never_failed_looks_for_no_task(office, receipt, monkeypatch):
    asked = []
    monkeypatch.setattr(mailer, "close_tasks_called", lambda _work, keys: asked.append(keys))
    assert len(arrives(office)) == 1
    assert asked == []


def test_mail_that_is_counted_closes_the_task_as_well(world, office, task):
    by(office, world.officer(), send_again, task)
    deliver(office, Counting(), base_url=URL)
    assert tasks(office) == []


def test_an_answer_is_kept_in_one_line_without_signs_that_no_database_keeps(office, receipt):
    comes_back(office, "550-5.1.1 no\x00 such\r\n550 5.1.1 person")
    [letter] = letters(office)
    assert letter.error == "550 5.1.1 no such 5.1.1 person"


# told by phone


def test_a_call_that_told_a_letter_is_kept_and_closes_the_task(world, office, receipt, task):
    by(office, world.planner(), tell_by_phone, task)
    [call] = calls(office)
    assert (call.registration_id, call.outcome) == (receipt.registration_id, "told")
    assert tasks(office) == []
    with pytest.raises(TaskDone):
        by(office, world.officer(), tell_by_phone, task)
    assert len(calls(office)) == 1


def test_one_call_tells_every_letter_about_a_registration(world, office, receipt, task):
    by(office, world.officer(), cancel, receipt.registration_id)  # the first task ends with it
    comes_back(office)
    with office.open() as work:
        work.run(update(staff_task).values(closed_at=None))
    first, second = tasks(office)
    by(office, world.officer(), tell_by_phone, second.id)
    assert (tasks(office), len(calls(office))) == ([], 1)
    assert first.registration_id == second.registration_id


def test_whoever_is_asked_is_not_only_told(world, office, question):
    registration_id, task = question
    with pytest.raises(AnswerWanted):
        by(office, world.officer(), tell_by_phone, task)
    with pytest.raises(InvalidInput):
        by(office, world.officer(), record_call, registration_id, outcome="told")
    assert (calls(office), len(tasks(office))) == ([], 1)
    by(office, world.officer(), record_call, registration_id, outcome="spoken")
    assert tasks(office) == []


def test_the_call_list_shows_that_a_letter_was_told(world, office, receipt, task):
    by(office, world.officer(), tell_by_phone, task)
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    world.ticks()
    with office.look(world.officer()) as look:
        [line] = call_list(look, class_id)
    assert (line.attempts, line.last_outcome) == (1, "told")


# read in the portal


@pytest.mark.parametrize("every", [False, True])
def test_a_letter_read_in_the_portal_needs_nobody_any_more(world, office, task, who, every):
    [letter] = letters(office)
    me = world.seafarer(who)
    by(office, me, mark_all_read) if every else by(office, me, mark_read, letter.id)
    assert tasks(office) == []


def test_a_letter_read_in_the_portal_before_it_comes_back_opens_no_task(world, office, receipt):
    who = world.row(receipt.registration_id).person_id
    by(office, world.seafarer(who), mark_all_read)
    assert comes_back(office) == Delivered(dead=1)
    assert tasks(office) == []


# to another address


def corrects(office, world, who, address):
    by(office, world.seafarer(who), update_contact, {**CONTACT, "email": address})


def test_a_corrected_address_gets_what_did_not_reach_the_old_one(world, office, task, who):
    corrects(office, world, who, "right@mail.example")
    [letter] = arrives(office)
    assert letter["To"] == "right@mail.example"
    assert tasks(office) == []


def test_an_address_that_stays_sends_nothing(world, office, task, who):
    with office.look() as look:
        known = look.scalar(select(person.c.email).where(person.c.id == who))
    corrects(office, world, who, known)
    with office.look() as look:
        row = look.one_or_none(select(person).where(person.c.id == who))
    assert (row.mobile, row.email) == ("+886912345678", known)
    assert (arrives(office), len(tasks(office))) == ([], 1)


def test_nobody_elses_letters_go(world, office, receipt, task, who):
    other = world.a_person()
    world.registers(other, world.row(receipt.registration_id).class_id)
    comes_back(office)
    corrects(office, world, other, "other@mail.example")
    assert [letter["To"] for letter in arrives(office)] == ["other@mail.example"]
    assert [t.id for t in tasks(office)] == [task]


def test_a_letter_that_was_told_goes_to_the_corrected_address_too(world, office, task, who):
    """As long as the registration is open, people want their letters in writing."""
    by(office, world.officer(), tell_by_phone, task)
    corrects(office, world, who, "right@mail.example")
    assert [letter["To"] for letter in arrives(office)] == ["right@mail.example"]


def test_of_a_registration_that_has_ended_goes_only_what_is_still_to_be_told(
    world, office, receipt, task, who
):
    """The receipt's task ended with the registration; that it was cancelled nobody has told."""
    by(office, world.officer(), cancel, receipt.registration_id)
    assert tasks(office) == []
    corrects(office, world, who, "second@mail.example")
    arrived = arrives(office)  # the letter about the end alone: the receipt is over
    assert [letter["Message-ID"].split(".")[1] for letter in arrived] == ["cancelled"]


def test_that_a_registration_was_ended_goes_to_the_corrected_address(world, office, receipt, who):
    arrives(office)
    by(office, world.officer(), cancel, receipt.registration_id)
    comes_back(office)
    corrects(office, world, who, "right@mail.example")
    assert [letter["To"] for letter in arrives(office)] == ["right@mail.example"]
    assert tasks(office) == []


def test_every_letter_that_came_back_goes_once(world, office, receipt, task, who):
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    sweep(office)
    comes_back(office)
    corrects(office, world, who, "right@mail.example")
    assert len(arrives(office)) == 2
    assert tasks(office) == []
    with office.look() as look:
        assert look.scalar(select(func.count()).where(notice.c.mail == "sent")) == 2
    assert world.broken() == []
