"""The rush: many people at the same minute, through real threads and a real database.

On SQLite one writer at a time holds the file; PostgreSQL shows whether the cohort lock holds.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from threading import Barrier
from time import monotonic

import pytest
from sqlalchemy.exc import DBAPIError

from services.cancel import cancel
from services.register import register
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Seat, Status
from services.registration.seats import hold

THREADS = 8
PATIENCE = 60  # seconds a rush of thirty may take on a busy machine; alone it takes one


def rush(act: Callable[[int], object], people: Iterable[int]) -> list[object]:
    """Let people act through eight threads that start together; an error is an answer too."""
    start = Barrier(THREADS)

    def thread(mine: list[int]) -> list[object]:
        start.wait(PATIENCE)
        return [answer(person) for person in mine]

    def answer(person: int) -> object:
        try:
            return act(person)
        except (IllegalTransition, DBAPIError) as refusal:
            return refusal

    everybody = list(people)
    lanes = [everybody[n::THREADS] for n in range(THREADS)]
    began = monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = [answer for lane in pool.map(thread, lanes) for answer in lane]
    assert monotonic() - began < PATIENCE
    return answers


def registering(world, class_id: int) -> Callable[[int], object]:
    def act(person_id: int) -> object:
        fetched = world.fetched(person_id)
        with world.office.open(world.seafarer(person_id)) as work:
            return register(work, fetched, class_id=class_id, person_id=person_id)

    return act


def test_thirty_people_rush_for_five_seats(world):
    class_id, people = world.a_class(seats=5), world.people(30)
    receipts = rush(registering(world, class_id), people)
    assert sorted(receipt.number for receipt in receipts) == list(range(1, 31))
    seated = [receipt for receipt in receipts if receipt.seat is Seat.FUNDED]
    assert sorted(receipt.number for receipt in seated) == [1, 2, 3, 4, 5]
    assert all(r.status is Status.WAITLISTED for r in receipts if r not in seated)
    assert world.broken() == []


def test_one_person_clicking_eight_times_at_once_takes_one_number(world):
    class_id, person = world.a_class(seats=5), world.a_person()
    receipts = rush(registering(world, class_id), repeat(person, THREADS))
    assert {receipt.number for receipt in receipts} == {1}
    assert [receipt.already for receipt in receipts].count(False) == 1
    assert world.broken() == []


def test_of_four_simultaneous_cancellations_one_succeeds_and_one_person_moves_up(world):
    class_id, people = world.a_class(seats=1), world.people(4)
    receipts = world.registered(class_id, *people)
    first = receipts[0].registration_id
    answers = rush(lambda _: world.does(people[0], cancel, first), range(4))
    assert [a for a in answers if isinstance(a, list)] == [[receipts[1].registration_id]]
    assert sum(isinstance(a, IllegalTransition) for a in answers) == 3
    assert world.statuses(receipts) == ["cancelled", "admitted", "waitlisted", "waitlisted"]
    assert world.broken() == []


@pytest.mark.postgres
def test_without_the_cohort_lock_two_people_are_given_one_number(world, monkeypatch):
    """The twin: what the rush does when nobody holds the cohort; the database still refuses."""
    monkeypatch.setattr("services.registration.seats._lock", lambda *_: None)
    class_id, people = world.a_class(seats=5), world.people(30)
    answers = rush(registering(world, class_id), people)
    refused = [str(answer) for answer in answers if isinstance(answer, DBAPIError)]
    assert any("uq_registration_class_id_number" in refusal for refusal in refused)


@pytest.mark.postgres
def test_without_the_cohort_lock_a_second_cancellation_is_stopped_only_by_the_database(
    world, monkeypatch
):
    monkeypatch.setattr("services.registration.seats._lock", lambda *_: None)
    class_id, people = world.a_class(seats=1), world.people(4)
    receipts = world.registered(class_id, *people)
    first = receipts[0].registration_id
    all_have_read = Barrier(THREADS)

    def reads_with_the_others(work, registration_id):
        row = hold(work, registration_id)
        all_have_read.wait(PATIENCE)
        return row

    monkeypatch.setattr("services.cancel.hold", reads_with_the_others)
    answers = rush(lambda _: world.does(people[0], cancel, first), range(THREADS))
    assert any(isinstance(answer, DBAPIError) for answer in answers)
