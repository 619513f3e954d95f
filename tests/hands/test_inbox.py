"""The inbox: notices, and reading one in the portal."""

import pytest
from reader import Reader, as_text
from sqlalchemy import select
from world import called

from callbacks.inbox import open_notice, read_all
from pages import inbox
from services.cancel import cancel
from services.confirm import confirm
from services.inbox import mark_all_read
from services.kernel.errors import NotFound
from services.notices.letters import letter
from services.notices.records import notice
from services.registration.inbox import unread
from services.words import words_for


@pytest.fixture
def letter_box(world):
    class_id, person_id = world.a_class(), world.a_person()
    world.registers(person_id, class_id)
    with world.office.look() as look:
        return Reader(world, person_id), look.scalar(select(notice.c.id))


def left(reader):
    with reader.office.look(reader.actor()) as look:
        return unread(look, reader.person_id)


def test_a_notice_is_unread_until_it_is_opened(letter_box):
    reader, notice_id = letter_box
    assert "1 notice not read yet" in reader.sees(inbox.layout)
    reader.sees(inbox.one, notice_id=str(notice_id))
    assert left(reader) == 1
    assert "/registrations/" in as_text(open_notice(reader, notice_id))
    assert left(reader) == 0


def test_all_are_read_at_once_but_what_still_asks(world, letter_box):
    reader, _ = letter_box
    stranger = Reader(world, world.a_person())
    world.registers(stranger.person_id, world.a_class())
    assert "Mark all as read" in reader.sees(inbox.layout)
    world.days_before(world.row(1).class_id, 28)
    world.ticks()
    assert left(reader) == 2
    assert read_all(reader) == "/inbox?told=all_read"
    assert (left(reader), left(stranger)) == (1, 2)  # only the own ones, not the question
    world.does(reader.person_id, confirm, 1)
    read_all(reader)
    assert left(reader) == 0
    assert "Mark all as read" not in reader.sees(inbox.layout)


def test_only_seafarers_have_an_inbox_to_read(world):
    with pytest.raises(NotFound), world.office.open(world.officer()) as work:
        mark_all_read(work)


@pytest.mark.parametrize("kind", ["receipt", "admitted"])
def test_a_letter_read_again_promises_no_question_that_has_been_answered(world, kind):
    class_id = world.a_class(seats=1)
    holder, second = world.people(2)
    held, waiting = world.registered(class_id, holder, second)
    if kind == "admitted":
        world.does(holder, cancel, held.registration_id)
    who, mine = (second, waiting) if kind == "admitted" else (holder, held)
    of = notice.c.registration_id == mine.registration_id, notice.c.kind == kind

    def promised():
        with world.office.look() as look:
            key = look.scalar(select(notice.c.id).where(*of))
            bodies = [letter(look, key, words_for(each)).body for each in ("en", "zh-Hant-TW")]
        return ["nothing to do now" in bodies[0], "現在不必動作" in bodies[1]]

    assert promised() == [True, True]
    called(world, class_id, 28)
    world.does(who, confirm, mine.registration_id)
    assert promised() == [False, False]


def test_another_persons_notice_is_not_found(world, letter_box):
    owner, notice_id = letter_box
    stranger = Reader(world, world.a_person())
    with pytest.raises(NotFound):
        stranger.sees(inbox.one, notice_id=str(notice_id))
    assert "could not find" in as_text(open_notice(stranger, notice_id))
    assert left(owner) == 1


@pytest.mark.parametrize("odd", [None, "x", 0, True, 4711])
def test_a_forged_notice_is_not_found(letter_box, odd):
    reader, _ = letter_box
    assert "could not find" in as_text(open_notice(reader, odd))


def test_an_empty_inbox_says_so(world):
    reader = Reader(world, world.a_person())
    assert "No notices yet" in reader.sees(inbox.layout)
