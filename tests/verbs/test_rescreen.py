"""MTNet silent, then answering: the place is kept, the clock screens again by itself."""

from datetime import date

import pytest
from sqlalchemy import select
from world import SIMPLE_RULES, called

from services.claim import claim
from services.move_class import NewDays, move_class
from services.mtnet.fetch import Fetched, fetch_record
from services.mtnet.gateway import MTNetUnavailable
from services.mtnet.record import from_json
from services.register import register
from services.registration.lifecycle import Status
from services.registration.records import review_case
from services.rescreen import rescreen

MIXED = {
    **SIMPLE_RULES,
    "prerequisites": {
        "all": [
            {"kind": "medical_certificate_valid", "on": "class_start"},
            {"kind": "manual_evidence", "code": "letter", "label": "letter"},
        ]
    },
}


@pytest.fixture
def silent(world):
    """Let a person register while MTNet does not answer."""

    def registers(person_id, class_id, **more):
        nothing = Fetched(None, world.clock.now())
        with world.office.open(world.seafarer(person_id)) as work:
            return register(work, nothing, class_id=class_id, person_id=person_id, **more)

    return registers


def screens_again(world):
    return rescreen(world.office, world.fetched)


def case_of(world, receipt):
    with world.office.look() as look:
        return look.one_or_none(
            select(review_case).where(review_case.c.registration_id == receipt.registration_id)
        )


def test_silence_neither_passes_nor_fails_and_keeps_the_place(world, silent):
    class_id = world.a_class(seats=1)
    receipt = silent(world.a_person(medical=None), class_id)
    later = world.registers(world.a_person(), class_id)
    assert world.statuses([receipt, later]) == ["in_review", "waitlisted"]
    assert world.row(receipt.registration_id).seat == "reserved"
    assert world.row(receipt.registration_id).rescreen_due


def test_when_mtnet_answers_the_qualified_get_the_reserved_seat(world, silent):
    receipt = silent(world.a_person(), world.a_class())
    assert screens_again(world) == 1
    assert world.status(receipt) is Status.ADMITTED
    assert case_of(world, receipt).state == "void"
    assert not world.row(receipt.registration_id).rescreen_due
    assert world.broken() == []


def test_when_mtnet_answers_the_unqualified_make_room_for_the_next(world, silent):
    class_id = world.a_class(seats=1)
    receipt = silent(world.a_person(medical=None), class_id)
    later = world.registers(world.a_person(), class_id)
    assert screens_again(world) == 1
    assert world.statuses([receipt, later]) == ["ineligible", "admitted"]
    assert world.row(receipt.registration_id).failing == "medical_certificate_valid"
    assert world.broken() == []


def test_while_mtnet_stays_silent_nothing_changes(world, silent):
    receipt = silent(world.a_person(), world.a_class())
    before = world.row(receipt.registration_id)
    assert rescreen(world.office, lambda _: Fetched(None, world.clock.now())) == 0
    assert world.row(receipt.registration_id) == before


def test_what_only_a_person_can_tell_stays_under_review(world, silent):
    class_id = world.a_class(course_code="ECDIS", rules=MIXED)
    receipt = silent(world.a_person(), class_id, declared=["letter"])
    assert screens_again(world) == 0
    assert world.status(receipt) is Status.IN_REVIEW
    assert case_of(world, receipt).state == "open"
    assert not world.row(receipt.registration_id).rescreen_due


def test_a_second_screening_finds_nothing_to_do(world, silent):
    silent(world.a_person(), world.a_class())
    screens_again(world)
    assert screens_again(world) == 0


def test_who_left_meanwhile_is_left_alone(world, silent):
    from services.cancel import cancel

    person_id = world.a_person()
    receipt = silent(person_id, world.a_class())
    world.does(person_id, cancel, receipt.registration_id)
    assert screens_again(world) == 0
    assert world.status(receipt) is Status.CANCELLED


def test_who_turns_out_to_pay_frees_the_reserved_seat(world, silent):
    class_id = world.a_class(seats=1, course_code="ECDIS", rules=MIXED)
    receipt = silent(world.a_person(seamans_book=None), class_id, declared=["letter"])
    later = silent(world.a_person(), class_id, declared=["letter"])
    assert world.row(receipt.registration_id).seat == "reserved"
    screens_again(world)
    payer, waiting = (world.row(r.registration_id) for r in (receipt, later))
    assert (payer.status, payer.seat, payer.track) == ("in_review", "none", "self_funded")
    assert (waiting.status, waiting.seat, waiting.track) == ("in_review", "reserved", "funded")
    assert world.broken() == []


def test_an_answer_that_leaves_the_doubt_keeps_the_seat_that_a_claim_kept(world, silent):
    class_id = world.a_class(seats=1, course_code="ECDIS", rules=MIXED)
    person_id = world.a_person(nationality="foreigner")
    receipt = silent(person_id, class_id, declared=["letter"])
    called(world, class_id, 28, 21, 14)
    world.does(person_id, claim, receipt.registration_id)
    moved = NewDays(date(2027, 6, 14), date(2027, 6, 18))
    with world.office.open(world.officer()) as work:
        move_class(work, class_id, moved, version=1)
    assert screens_again(world) == 0
    row = world.row(receipt.registration_id)
    assert (row.status, row.seat, row.rescreen_due) == ("in_review", "reserved", False)
    assert world.broken() == []


def test_a_foreigner_reserves_nothing_even_while_mtnet_is_silent(world, silent):
    receipt = silent(world.a_person(nationality="foreigner"), world.a_class())
    row = world.row(receipt.registration_id)
    assert (row.status, row.seat, row.track) == ("in_review", "none", "self_funded")


def test_a_national_of_whom_mtnet_knows_nothing_is_still_a_national(world):
    person_id = world.a_person(person={})
    receipt = world.registers(person_id, world.a_class())
    assert world.row(receipt.registration_id).track == "funded"
    assert world.status(receipt) is Status.ADMITTED


@pytest.mark.parametrize(
    "odd",
    [
        {"medical": "yes"},
        {"medical": {"issued_on": "2026-13-01", "expires_on": "2028-06-01"}},
        {"medical": {"issued_on": "2026-06-01", "expires_on": "2027-01-01"}},
        {"person": "Wang", "medical": 5},
    ],
    ids=["no paper", "no date", "against the law", "nonsense"],
)
def test_a_contradictory_record_goes_to_review(world, odd):
    receipt = world.registers(world.a_person(**odd), world.a_class())
    assert world.status(receipt) is Status.IN_REVIEW
    assert not world.row(receipt.registration_id).rescreen_due  # it did answer


@pytest.mark.parametrize("trouble", [MTNetUnavailable("down"), TimeoutError("slow")], ids=str)
def test_a_silent_or_slow_mtnet_is_an_answer_too(world, trouble):
    class Down:
        def record_of(self, id_number):
            raise trouble

    person_id = world.a_person()
    fetched = fetch_record(world.office, Down(), lambda *_: "A123456789", person_id)
    assert fetched.record is None
    assert from_json({}) is not None
