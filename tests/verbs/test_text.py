"""Text messages: questions and reminders reach people by phone too, each once."""

from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
from post_office import post_office
from sqlalchemy import select, update
from text_office import PASSWORD, USER, text_office

from services.confirm import confirm
from services.deliver import deliver
from services.identity.records import person
from services.notices.gateway import Outcome, Smtp
from services.notices.records import staff_task, text_message
from services.notices.texting import Mitake, TextFolder
from services.sweep import sweep
from services.text import BACK_OFF, text_people

URL = "http://127.0.0.1:8050"


def mitake(server, password=PASSWORD):
    return Mitake(server.url, USER, password, timeout=0.4)


def texted(office, gateway):
    return text_people(office, gateway, base_url=URL)


def the_text(office):
    with office.look() as look:
        return look.all(select(text_message))[-1]


def tasks(office):
    with office.look() as look:
        return look.all(select(staff_task))


def admitted(world, n):
    """So many people with phones hold seats of one class and are asked to confirm."""
    class_id = world.a_class(seats=n)
    people = world.people(n)
    with world.office.open() as work:
        work.run(update(person).values(mobile="+886912345678"))
    receipts = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    sweep(world.office)
    return people, [receipt.registration_id for receipt in receipts]


@pytest.fixture
def asked(world):
    """One admitted person is asked to confirm four weeks before; give the registration."""
    return admitted(world, 1)[1][0]


def test_a_question_is_texted_once_with_its_deadline_and_no_name(world, office, asked):
    with text_office() as server:
        assert texted(office, mitake(server)) == 1
        assert texted(office, mitake(server)) == 0
    (text,) = server.texts
    assert text["dstaddr"].startswith("09")
    assert "確認" in text["smbody"]
    assert "09:00" in text["smbody"]
    assert f"{URL}/registrations/{asked}" in text["smbody"]
    with office.look() as look:
        someone = look.all(select(person.c.name_zh, person.c.mobile))[0]
    assert someone.name_zh not in text["smbody"]
    assert len(text["smbody"]) <= 134  # two pieces on the phone
    assert (the_text(office).state, the_text(office).gateway_id) == ("sent", "#000000001")


def test_an_accepted_text_counts_as_reached_and_fixes_the_deadline(world, office, asked):
    assert world.request_of(asked).reached_at is None
    with text_office() as server:
        texted(office, mitake(server))
    request = world.request_of(asked)
    assert (request.reached_by, request.deadline is not None) == ("sms", True)


def test_a_receipt_asks_nothing_and_is_not_texted(world, office):
    world.registers(world.a_person(), world.a_class())
    with text_office() as server:
        assert texted(office, mitake(server)) == 0


def test_a_reminder_is_texted_too(world, office, clock, asked):
    with text_office() as server:
        texted(office, mitake(server))
        clock.instant = world.request_of(asked).deadline - timedelta(days=2)
        sweep(office)
        assert texted(office, mitake(server)) == 1
    assert "提醒" in server.texts[-1]["smbody"]


def test_whoever_has_no_number_is_not_texted(world, office, asked):
    with office.open() as work:
        work.run(update(person).values(mobile=None))
    with text_office() as server:
        assert texted(office, mitake(server)) == 0
    assert server.asked == 0


def test_whoever_has_answered_meanwhile_is_not_texted(world, office, clock):
    (answering,), (registration_id,) = admitted(world, 1)
    with text_office("503") as server:
        texted(office, mitake(server))
        world.does(answering, confirm, registration_id)
        server.fault = ""
        clock.pass_by(timedelta(minutes=BACK_OFF[0]))
        assert texted(office, mitake(server)) == 0
    assert (server.texts, the_text(office).state) == ([], "dead")


@pytest.mark.parametrize("fault", ["503", "429", "404", "drop", "hang", "*", "a", "s"])
@pytest.mark.usefixtures("asked")
def test_the_gateways_trouble_is_tried_again(office, clock, fault):
    with text_office(fault) as server:
        assert texted(office, mitake(server)) == 0
        server.fault = ""
        assert texted(office, mitake(server)) == 0  # not before its time
        assert (the_text(office).state, the_text(office).attempts) == ("due", 1)
        clock.pass_by(timedelta(minutes=BACK_OFF[0]))
        assert texted(office, mitake(server)) == 1


@pytest.mark.usefixtures("asked")
def test_a_refused_account_is_the_portals_trouble_and_ends_no_text(office):
    with text_office() as server:
        assert texted(office, mitake(server, password="old")) == 0
    assert the_text(office).state == "due"
    assert "statuscode e" in the_text(office).error


def test_a_lost_answer_gives_no_second_text(office, clock, asked):
    with text_office("drop after") as server:
        assert texted(office, mitake(server)) == 0
        server.fault = ""
        clock.pass_by(timedelta(minutes=BACK_OFF[0]))
        assert texted(office, mitake(server)) == 1
    assert (len(server.texts), server.asked) == (1, 2)


def test_a_wrong_number_ends_the_text_and_leaves_the_letter(world, office, asked):
    with text_office("v") as server:
        assert texted(office, mitake(server)) == 0
    assert the_text(office).state == "dead"
    assert world.request_of(asked).reached_at is None
    with post_office() as mail:
        deliver(office, Smtp("127.0.0.1", mail.port, tls=False), base_url=URL)
    assert world.request_of(asked).reached_by == "mail"


def test_tries_grow_apart_and_end(office, clock, asked):
    with text_office("503") as server:
        for minutes in (0, *BACK_OFF):
            clock.pass_by(timedelta(minutes=minutes))
            texted(office, mitake(server))
    assert (the_text(office).state, server.asked) == ("dead", len(BACK_OFF) + 1)


def test_a_dead_letter_makes_no_task_when_the_text_has_arrived(office, asked):
    with text_office() as server:
        texted(office, mitake(server))
    with post_office(RCPT="550 no such person") as mail:
        assert deliver(office, Smtp("127.0.0.1", mail.port, tls=False), base_url=URL).dead
    assert [task for task in tasks(office) if task.key.startswith("unreached")] == []


def test_an_old_question_is_not_texted_when_a_gateway_is_set_up_late(office, clock, asked):
    clock.pass_by(timedelta(days=1, minutes=1))
    with text_office() as server:
        assert texted(office, mitake(server)) == 0


def test_two_senders_send_each_text_once(world, office):
    admitted(world, 8)
    with text_office() as server:
        senders = [Thread(target=partial(texted, office, mitake(server))) for _ in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert (len(server.texts), server.asked) == (8, 8)


@pytest.mark.parametrize(
    ("number", "dialled"), [("+886912345678", "0912345678"), ("+6591234567", "6591234567")]
)
def test_a_number_is_dialled_as_from_taiwan(number, dialled):
    with text_office() as server:
        assert mitake(server).send(number, "a\nb", "1").outcome is Outcome.ACCEPTED
    assert (server.texts[0]["dstaddr"], server.texts[0]["smbody"]) == (dialled, "a\x06b")


def test_the_demo_writes_texts_to_a_folder(office, asked, tmp_path):
    assert texted(office, TextFolder(tmp_path / "texts")) == 1
    (file,) = (tmp_path / "texts").glob("*.txt")
    assert "確認" in file.read_text(encoding="utf-8")
