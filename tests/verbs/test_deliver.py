"""Letters: a refusal of the moment is tried again, a refusal for good becomes a task for staff."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from post_office import post_office
from sqlalchemy import func, select, update

from services.confirm import confirm
from services.deliver import BACK_OFF, Delivered, deliver
from services.identity.records import person
from services.notices.gateway import EmlFolder, Outcome, Smtp
from services.notices.records import notice, staff_task
from services.registration.records import request
from services.sweep import sweep

URL = "http://127.0.0.1:8050"


def posted(office, transport):
    return deliver(office, transport, base_url=URL)


def smtp(server, timeout=2.0):
    return Smtp("127.0.0.1", server.port, tls=False, timeout=timeout)


def the_notice(office):
    with office.look() as look:
        return look.connection.execute(select(notice).order_by(notice.c.id.desc()).limit(1)).one()


def tasks(office):
    with office.look() as look:
        return look.all(select(staff_task))


@pytest.fixture
def receipt(world):
    """One person has registered; the receipt waits in the outbox."""
    return world.registers(world.a_person(), world.a_class())


def test_a_letter_goes_out_in_the_persons_language_with_a_stable_id(world, office, receipt):
    with post_office() as server:
        assert posted(office, smtp(server)) == Delivered(sent=1)
    (letter,) = server.letters
    assert letter["Message-ID"] == f"<{the_notice(office).key.replace(':', '.')}@portal.example>"
    assert letter["To"].endswith("@mail.example")
    text = letter.get_payload(decode=True).decode()
    assert "掛號" in text
    assert f"{URL}/registrations/{receipt.registration_id}" in text
    assert the_notice(office).mail == "sent"


@pytest.mark.parametrize(
    "faults",
    [
        {"BANNER": "421 busy"},
        {"BANNER": "554 no service"},
        {"BANNER": "drop"},
        {"BANNER": "hang"},
        {"EHLO": "drop"},
        {"MAIL": "451 later"},
        {"MAIL": "550 unknown sender"},
        {"RCPT": "450 mailbox busy"},
        {"RCPT": "421 closing"},
        {"DATA": "451 later"},
        {"DOT": "452 full"},
        {"DOT": "drop"},
        {"DOT": "hang"},
    ],
    ids=lambda faults: " ".join(*faults.items()),
)
@pytest.mark.usefixtures("receipt")
def test_a_refusal_of_the_moment_is_tried_again(office, clock, faults):
    with post_office(**faults) as server:
        assert posted(office, smtp(server, timeout=0.4)) == Delivered(retried=1)
        assert posted(office, smtp(server)) == Delivered()  # not before its time
    assert (the_notice(office).mail, the_notice(office).attempts) == ("due", 1)
    clock.pass_by(timedelta(minutes=BACK_OFF[0]))
    with post_office() as server:
        assert posted(office, smtp(server)) == Delivered(sent=1)
    assert tasks(office) == []


@pytest.mark.parametrize("moment", ["BANNER", "DOT"])
@pytest.mark.usefixtures("receipt")
def test_a_slow_server_is_waited_for_and_gets_the_letter_once(office, moment):
    with post_office(**{moment: "late"}) as server:
        assert posted(office, smtp(server)) == Delivered(sent=1)
        assert posted(office, smtp(server)) == Delivered()
    assert len(server.letters) == 1


@pytest.mark.parametrize("moment", ["RCPT", "DOT"])
@pytest.mark.usefixtures("receipt")
def test_a_refusal_for_good_becomes_a_task_and_is_not_tried_again(office, clock, moment):
    with post_office(**{moment: "550 no such person"}) as server:
        assert posted(office, smtp(server)) == Delivered(dead=1)
        clock.pass_by(timedelta(days=1))
        assert posted(office, smtp(server)) == Delivered()
    assert the_notice(office).mail == "dead"
    assert "550" in the_notice(office).error
    assert [task.kind for task in tasks(office)] == ["unreached"]


@pytest.mark.usefixtures("receipt")
def test_a_hang_up_after_the_letter_was_taken_gives_a_second_copy_known_as_one(office, clock):
    with post_office(DOT="drop") as server:
        posted(office, smtp(server))
        server.faults.clear()
        clock.pass_by(timedelta(minutes=BACK_OFF[0]))
        posted(office, smtp(server))
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("farewell", ["421 closing", "drop"])
@pytest.mark.usefixtures("receipt")
def test_a_stumble_at_the_farewell_sends_no_second_copy(office, farewell):
    with post_office(QUIT=farewell) as server:
        assert posted(office, smtp(server)) == Delivered(sent=1)
    assert len(server.letters) == 1


@pytest.mark.usefixtures("receipt")
def test_tries_grow_apart_and_end_within_the_day_as_a_task(office, clock):
    with post_office(RCPT="450 busy") as server:
        for minutes in BACK_OFF:
            assert posted(office, smtp(server)) == Delivered(retried=1)
            clock.pass_by(timedelta(minutes=minutes, seconds=-1))
            assert posted(office, smtp(server)) == Delivered()
            clock.pass_by(timedelta(seconds=1))
        assert posted(office, smtp(server)) == Delivered(dead=1)
    assert len(tasks(office)) == 1
    assert sum(BACK_OFF) < 24 * 60


def test_a_dead_question_and_the_clock_open_one_task_and_start_the_days_at_once(
    world, office, clock
):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    with post_office() as server:
        posted(office, smtp(server))
    world.days_before(class_id, 28)
    sweep(office)
    with post_office(RCPT="550 no such person") as server:
        posted(office, smtp(server))
    clock.pass_by(timedelta(hours=71))
    sweep(office)
    assert (len(tasks(office)), world.request_of(receipt.registration_id).deadline) == (1, None)
    clock.pass_by(timedelta(hours=1))
    sweep(office)
    assert world.request_of(receipt.registration_id).reached_by == "task"


class Breaking:
    """A transport that breaks on one address."""

    composes = True

    def send(self, message):
        if message["To"].startswith("bad"):
            raise ValueError("cannot be encoded")
        return Outcome.ACCEPTED, ""


def test_one_letter_that_cannot_be_sent_stops_no_other(world, office):
    people = world.people(3)
    world.registered(world.a_class(seats=3), *people)
    with office.open() as work:
        work.run(update(person).where(person.c.id == people[1]).values(email="bad@mail.example"))
    assert posted(office, Breaking()) == Delivered(sent=2, retried=1)


class Slow:
    """A server that takes a minute for each letter."""

    composes = True

    def __init__(self, clock):
        self.clock, self.sent = clock, []

    def send(self, message):
        self.clock.pass_by(timedelta(minutes=1))
        self.sent.append(message["Message-ID"])
        return Outcome.ACCEPTED, ""


def test_what_does_not_fit_into_a_lease_is_left_for_the_next_round(world, office, clock):
    world.registered(world.a_class(seats=8), *world.people(8))
    slow = Slow(clock)
    assert posted(office, slow) == Delivered(sent=8, retried=7)  # left 5, then 2: none tried twice
    assert len(slow.sent) == len(set(slow.sent)) == 8
    with office.look() as look:
        assert look.scalar(select(func.max(notice.c.attempts))) == 1


@pytest.mark.usefixtures("receipt")
def test_whoever_has_no_address_has_the_inbox(office):
    with office.open() as work:
        work.run(update(person).values(email=None))
    with post_office() as server:
        posted(office, smtp(server))
    assert (server.letters, the_notice(office).mail) == ([], "none")


@pytest.mark.usefixtures("receipt")
def test_letters_are_files_where_no_server_is_named(office, tmp_path):
    folder = tmp_path / "mail"
    assert posted(office, EmlFolder(folder)) == Delivered(sent=1)
    (file,) = folder.iterdir()
    letter = message_from_bytes(file.read_bytes())
    assert (file.suffix, letter["Auto-Submitted"]) == (".eml", "auto-generated")
    assert "sealed" not in letter.as_string()  # no ID number in any letter


def test_the_letter_names_the_deadline_that_holds_when_it_arrives(world, office, clock):
    """Promoted on the eve of T-14: the calendar says tomorrow, the window says three days."""
    class_id, people = world.a_class(seats=1), world.people(2)
    first, second = world.registered(class_id, *people)
    world.days_before(class_id, 28)
    world.ticks()
    world.days_before(class_id, 15)
    sweep(office)  # the first lapses by the late promotion call and the second is asked
    assert world.statuses([first, second]) == ["lapsed", "admitted"]
    clock.pass_by(timedelta(hours=2))
    with post_office() as server:
        posted(office, smtp(server))
    asked = world.request_of(second.registration_id)
    assert asked.deadline == clock.now() + timedelta(hours=72)
    text = server.letters[-1].get_payload(decode=True).decode()
    assert "3月31日（三）11:00" in text
    with office.look() as look:
        assert look.scalar(select(func.count()).select_from(request)) == 2


def test_the_opening_letter_brings_the_class_as_a_calendar_entry(world, office):
    class_id, person_id = world.a_class(), world.a_person()
    receipt = world.registers(person_id, class_id)
    for days in (28, 21, 14, 11, 7):
        world.days_before(class_id, days)
        world.ticks()
        if days == 28:
            world.does(person_id, confirm, receipt.registration_id)
    world.days_before(class_id, 5)
    sweep(office)
    with post_office() as server:
        posted(office, smtp(server))
    parts = {part.get_content_type(): part for part in server.letters[-1].walk()}
    entry = parts["text/calendar"].get_payload(decode=True).decode()
    assert "DTSTART;VALUE=DATE:20270412" in entry
    assert "DTEND;VALUE=DATE:20270417" in entry
