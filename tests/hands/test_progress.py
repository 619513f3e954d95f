"""The progress page: the buttons a person may use, what they cost, and nobody else's."""

import pytest
from reader import Reader, as_text
from world import PAPER_RULES

from callbacks.progress import cancel, claim, confirm, decline, unclaim
from pages import eligible, my_registrations, progress
from services.cancel import cancel as cancel_verb
from services.kernel.errors import NotFound
from services.review import ask_supplement


@pytest.fixture
def admitted(world):
    """One admitted person, asked to confirm, with somebody waiting behind."""
    class_id = world.a_class(seats=1)
    first, second = world.people(2)
    one, two = world.registered(class_id, first, second)
    world.days_before(class_id, 28)
    world.ticks()
    return Reader(world, first), one.registration_id, two.registration_id


def page(reader, registration_id):
    return reader.sees(progress.layout, registration_id=str(registration_id))


def test_a_yes_confirms_and_comes_back_with_a_note(world, admitted):
    reader, mine, _ = admitted
    assert confirm(reader, mine) == (None, f"/registrations/{mine}?told=confirmed")
    assert world.status(mine).value == "confirmed"
    assert "Your seat is confirmed" in page(reader, mine)


def test_a_no_states_its_cost_and_serves_the_next(world, admitted):
    reader, mine, next_one = admitted
    assert "the seat goes to the next person at once" in page(reader, mine)
    decline(reader, mine)
    assert world.status(mine).value == "cancelled"
    assert world.status(next_one).value == "admitted"


def test_what_is_no_longer_possible_is_said_and_nothing_changes(world, admitted):
    reader, mine, _ = admitted
    cancel(reader, mine)
    for hand in (confirm, decline, cancel, claim, unclaim):
        problem, _ = hand(reader, mine)
        assert "Nothing changed" in as_text(problem)
    assert world.status(mine).value == "cancelled"


def test_another_persons_registration_is_not_found(world, admitted):
    _, mine, other = admitted
    stranger = Reader(world, world.a_person())
    for hand in (confirm, decline, cancel, claim, unclaim):
        problem, _ = hand(stranger, mine)
        assert "could not find" in as_text(problem)
    with pytest.raises(NotFound):
        page(stranger, mine)
    assert world.status(mine).value == "admitted"
    assert world.status(other).value == "waitlisted"


@pytest.mark.parametrize("odd", [None, "1", 0, -3, 2**40, False, [1], 4711])
def test_a_forged_id_is_not_found(world, odd):
    reader = Reader(world, world.a_person())
    problem, _ = cancel(reader, odd)
    assert "could not find" in as_text(problem)


def test_the_page_speaks_the_readers_language(admitted):
    reader, mine, _ = admitted
    reader.locale = "zh-Hant-TW"
    text = page(reader, mine)
    assert "會，我要參訓" in text
    assert "名額讓給下一位" in text
    assert "What happens next" not in text


def test_a_person_under_review_can_upload_a_paper(world):
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    reader = Reader(world, world.a_person())
    receipt = world.registers(reader.person_id, class_id, declared=["letter"])
    text = page(reader, receipt.registration_id)
    assert "multipart/form-data" in text
    assert "file-slot" in text


def test_a_paper_that_is_asked_for_has_its_way_to_the_form_beside_its_deadline(world):
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    reader = Reader(world, world.a_person())
    receipt = world.registers(reader.person_id, class_id, declared=["letter"])
    assert "#papers" not in page(reader, receipt.registration_id)
    world.decides(receipt.registration_id, ask_supplement, ask="the letter")
    assert "#papers" in page(reader, receipt.registration_id)


def test_only_who_has_no_seat_reads_what_would_give_one(admitted):
    reader, mine, behind = admitted
    want = "What would have to happen"
    assert want not in page(reader, mine)
    assert want in page(Reader(reader.world, reader.world.row(behind).person_id), behind)


def test_my_registrations_say_when_there_are_none(world):
    reader = Reader(world, world.a_person())
    assert "You have no open registration" in reader.sees(my_registrations.layout)


def test_my_registrations_list_open_and_closed(world, admitted):
    reader, mine, _ = admitted
    assert "Answer now" in reader.sees(my_registrations.layout)
    cancel(reader, mine)
    text = reader.sees(my_registrations.layout)
    assert "Answer now" not in text
    assert "How it ended" in text


def test_every_course_is_judged_for_the_reader(world):
    class_id = world.a_class()
    world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    reader = Reader(world, world.a_person())
    text = reader.sees(eligible.layout)
    assert "You may attend" in text
    assert "Something is missing" in text
    assert f"/classes/{class_id}" in text


def test_a_silent_mtnet_refuses_no_course(world):
    world.a_class()
    reader = Reader(world, world.a_person(), silent=True)
    text = reader.sees(eligible.layout)
    assert "The institution would review" in text
    assert "Something is missing" not in text


def test_a_registration_that_is_over_leads_on(world, admitted):
    reader, mine, _ = admitted
    assert "/courses/BST" not in page(reader, mine)
    cancel(reader, mine)
    assert "/courses/BST" in page(reader, mine)


def test_a_choice_left_behind_leads_to_the_seat_that_ended_it(world):
    world.a_plan(max_choices=2)
    person_id = world.a_person()
    (lower, better), holder = (world.a_class(seats=1) for _ in range(2)), world.a_person()
    held = world.registers(holder, better)
    wanted = world.registers(person_id, better)
    left = world.registers(person_id, lower)
    world.does(holder, cancel_verb, held.registration_id)
    assert world.status(left.registration_id).value == "cancelled"
    seen = page(Reader(world, person_id), left.registration_id)
    assert f"/registrations/{wanted.registration_id}" in seen
    assert "/courses/BST" not in seen
