"""How a class stands for everybody: counts equal the database, and the tag tells no lie."""

from datetime import timedelta

import pytest
from reader import as_text
from sqlalchemy import func, select, update

from pages.components.gauge import TAGS, gauge, gauge_mini, tag
from services.cancel import cancel
from services.catalogue.records import training_class
from services.confirm import confirm
from services.kernel.errors import NotFound
from services.preview import preview
from services.registration.lifecycle import Seat
from services.registration.offers import offer
from services.registration.records import registration
from services.registration.refusals import ClassClosed, NotOpenYet
from services.registration.standing import Counts, IfNow, counts_of
from services.words import ENGLISH, ZH_HANT, words_for

FOREIGN = {"nationality": "foreigner"}


def tag_of(world, class_id: int) -> IfNow:
    with world.office.look() as look:
        return offer(look, class_id).if_now


def counts(world, class_id: int) -> Counts:
    with world.office.look() as look:
        return counts_of(look, [class_id])[class_id]


def would_be(world, class_id: int) -> str:
    person = world.a_person()
    with world.office.look(world.seafarer(person)) as look:
        seen = preview(look, world.fetched(person), class_id=class_id, person_id=person)
    if seen.problem is not None:
        return type(seen.problem).__name__
    return seen.would.value


def set_class(world, class_id: int, **values) -> None:
    with world.office.open() as work:
        work.run(update(training_class).where(training_class.c.id == class_id).values(**values))


def test_a_class_with_free_seats_gives_a_seat(world):
    a_class = world.a_class(seats=2)
    world.registered(a_class, *world.people(1))
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.SEAT, "admitted")


def test_a_full_class_gives_a_place_in_the_waiting_list(world):
    a_class = world.a_class(seats=1)
    world.registered(a_class, *world.people(1))
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.WAITING, "waitlisted")


def test_people_who_wait_for_a_paid_seat_do_not_make_a_class_full(world):
    a_class = world.a_class(seats=2)
    world.registered(a_class, world.a_person(**FOREIGN))
    assert counts(world, a_class) == Counts(waiting=1)
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.SEAT, "admitted")


def test_after_the_self_funded_call_a_class_is_self_funded_only(world):
    a_class = world.a_class(seats=2)
    world.days_before(a_class, 13)
    world.ticks()
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.PAID_ONLY, "offered")


def test_a_full_class_after_the_self_funded_call_offers_the_next_freed_seat(world):
    a_class = world.a_class(seats=1)
    [receipt] = world.registered(a_class, *(people := world.people(1)))
    world.days_before(a_class, 28)
    world.ticks()
    world.does(people[0], confirm, receipt.registration_id)
    world.days_before(a_class, 13)
    world.ticks()
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.PAID_WAITING, "offered")


def test_a_wholly_self_funded_class_gives_a_paid_seat_until_it_is_full(world):
    a_class = world.a_class(seats=1, kind="self_funded")
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.PAID_SEAT, "admitted")
    world.registered(a_class, *world.people(1))
    assert (tag_of(world, a_class), would_be(world, a_class)) == (IfNow.PAID_WAITING, "waitlisted")


def test_a_class_whose_window_is_ahead_is_not_open_yet(world):
    a_class = world.a_class()
    set_class(world, a_class, opens_at=world.clock.now() + timedelta(minutes=1))
    assert (tag_of(world, a_class), would_be(world, a_class)) == (
        IfNow.NOT_YET,
        NotOpenYet.__name__,
    )


def test_from_the_freeze_on_a_class_is_closed_whether_the_clock_has_run_or_not(world):
    a_class = world.a_class()
    world.days_before(a_class, 5)
    closed = (IfNow.CLOSED, ClassClosed.__name__)
    assert (tag_of(world, a_class), would_be(world, a_class)) == closed
    world.ticks()
    assert not tag_of(world, a_class).takes


def test_a_cancelled_class_says_so(world):
    a_class = world.a_class()
    set_class(world, a_class, state="cancelled")
    assert tag_of(world, a_class) is IfNow.CANCELLED
    assert would_be(world, a_class) == ClassClosed.__name__


def test_a_draft_is_nobodys_business(world):
    a_class = world.a_class()
    set_class(world, a_class, state="draft")
    with world.office.look() as look, pytest.raises(NotFound):
        offer(look, a_class)


def test_counts_add_up_to_the_numbers_given_and_to_the_seats_held(world):
    a_class = world.a_class(seats=3)
    people = world.people(5)
    receipts = world.registered(a_class, *people)
    world.registered(a_class, world.a_person(**FOREIGN), world.a_person(medical=[]))
    world.does(people[0], cancel, receipts[0].registration_id)
    world.days_before(a_class, 28)
    world.ticks()
    world.does(people[1], confirm, receipts[1].registration_id)
    found = counts(world, a_class)
    with world.office.look() as look:
        row = offer(look, a_class)
        people_in = look.scalar(select(func.count()).where(registration.c.class_id == a_class))
        none = registration.c.class_id == a_class, registration.c.seat != Seat.NONE.value
        seated = look.scalar(select(func.count()).where(*none))
    assert found == Counts(confirmed=1, admitted=2, waiting=2, closed=2)
    assert found.numbers == people_in == 7
    assert found.held == row.seats_held == seated == 3


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_every_tag_has_words_in_both_languages(locale):
    told = {as_text(tag(words_for(locale), if_now)) for if_now in IfNow}
    assert set(TAGS) == set(IfNow)
    assert len(told) == len(IfNow)


def test_the_gauge_says_its_counts_to_those_who_cannot_see_it():
    counted = Counts(confirmed=9, admitted=12, reserved=3, waiting=17)
    said = as_text(gauge(words_for(ENGLISH), counted, 24))
    assert (
        "24 seats: Confirmed 9, Admitted, not confirmed yet 12, Under review, seat kept 3"
        "; without a seat: Waitlisted 17"
    ) in said
    assert as_text(gauge_mini(words_for(ZH_HANT), Counts(), 24)).count("名額24席：空位24") == 1
