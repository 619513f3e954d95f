"""The phone call: it meets the online answer under the same lock."""

import pytest
from sqlalchemy import select

from services.confirm import confirm
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.phone import record_call
from services.registration.advance import IllegalTransition
from services.registration.desk_lists import call_list
from services.registration.records import phone_call


@pytest.fixture
def asked(world):
    """A class of one seat with three people; the first has been asked to confirm."""
    class_id = world.a_class(seats=1)
    receipts = world.registered(class_id, *world.people(3))
    world.days_before(class_id, 28)
    world.ticks()
    return class_id, receipts


def calls(world, office, receipt, outcome, at="NTOU", note=""):
    with office.open(world.officer(at)) as work:
        record_call(work, receipt.registration_id, outcome=outcome, note=note)


def test_a_yes_by_phone_confirms(world, office, asked):
    _, (first, *_) = asked
    calls(world, office, first, "yes")
    assert world.status(first) == "confirmed"


def test_a_no_by_phone_gives_the_seat_to_the_next(world, office, asked):
    _, (first, second, _) = asked
    calls(world, office, first, "no")
    assert (world.status(first), world.status(second)) == ("cancelled", "admitted")
    assert world.broken() == []


def test_attempts_are_counted_and_the_last_one_is_shown(world, office, asked):
    class_id, (first, *_) = asked
    calls(world, office, first, "no_answer")
    calls(world, office, first, "wrong_number", note="空號")
    with office.look(world.officer()) as look:
        (line,) = call_list(look, class_id)
    assert (line.attempts, line.last_outcome) == (2, "wrong_number")
    assert world.status(first) == "admitted"


def test_being_spoken_to_is_being_reached(world, office):
    class_id = world.a_class(seats=1)
    (receipt,) = world.registered(class_id, world.a_person())
    world.days_before(class_id, 28)
    from services.sweep import sweep

    sweep(office)
    assert world.request_of(receipt.registration_id).deadline is None
    calls(world, office, receipt, "spoken")
    request = world.request_of(receipt.registration_id)
    assert (request.reached_by, request.deadline is not None) == ("phone", True)


def test_the_first_answer_counts(world, office, asked):
    _, (first, *_) = asked
    with office.look() as look:
        person = world.row(first.registration_id).person_id
        assert look is not None
    world.does(person, confirm, first.registration_id)
    with pytest.raises(IllegalTransition):
        calls(world, office, first, "no")
    assert world.status(first) == "confirmed"


def test_another_institution_calls_nobody(world, office, asked):
    class_id, (first, *_) = asked
    with pytest.raises(NotFound):
        calls(world, office, first, "yes", at="NKUST")
    with pytest.raises(NotFound), office.look(world.officer("NKUST")) as look:
        call_list(look, class_id)
    with office.look() as look:
        assert look.all(select(phone_call)) == []


def test_a_seafarer_records_no_calls(world, office, asked):
    _, (first, *_) = asked
    person = world.row(first.registration_id).person_id
    with pytest.raises(NotPermitted), office.open(world.seafarer(person)) as work:
        record_call(work, first.registration_id, outcome="yes")


@pytest.mark.parametrize(
    ("field", "facts"),
    [("outcome", {"outcome": "maybe"}), ("note", {"outcome": "yes", "note": "x" * 301})],
)
def test_a_slip_is_refused_beside_its_field(world, office, asked, field, facts):
    _, (first, *_) = asked
    with pytest.raises(InvalidInput) as refused:
        calls(world, office, first, **facts)
    assert field in refused.value.problems
    assert world.status(first) == "admitted"
