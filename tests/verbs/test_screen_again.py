"""Screening again: at the confirmation call and the day before the freeze; a person decides."""

from sqlalchemy import func, select

from services.mtnet.fetch import Fetched
from services.registration.records import review_case
from services.review import reject
from services.screen_again import screen_again


def cases(office):
    with office.look() as look:
        return look.scalar(select(func.count()).select_from(review_case))


def test_a_later_failure_opens_a_case_and_keeps_status_and_seat(world, office):
    class_id, people = world.a_class(seats=1), world.people(2)
    first, second = world.registered(class_id, *people)
    world.records[people[0]]["medical"] = None
    assert screen_again(office, world.fetched) == 0  # not before the call
    world.days_before(class_id, 28)
    world.ticks()
    assert screen_again(office, world.fetched) == 2
    assert (world.status(first).value, cases(office)) == ("admitted", 1)
    assert screen_again(office, world.fetched) == 0  # once a moment
    world.decides(first.registration_id, reject, reason="paper_not_valid")
    assert world.statuses([first, second]) == ["ineligible", "admitted"]
    assert world.broken() == []


def test_the_day_before_the_freeze_it_is_looked_at_once_more(world, office):
    class_id, person = world.a_class(), world.a_person()
    world.registers(person, class_id)
    for days in (28, 7):
        world.days_before(class_id, days)
        screen_again(office, world.fetched)
    world.days_before(class_id, 6)
    assert screen_again(office, world.fetched) == 1
    assert screen_again(office, world.fetched) == 0


def test_a_silent_mtnet_changes_nothing_and_is_asked_again(world, office, clock):
    class_id = world.a_class(seats=5)
    world.registered(class_id, *world.people(5))
    world.days_before(class_id, 28)
    asked = []

    def silent(person_id):
        asked.append(person_id)
        return Fetched(None, clock.now())

    assert screen_again(office, silent) == 0
    assert (len(asked), cases(office)) == (3, 0)  # it is not asked for everybody while it is down
    assert screen_again(office, world.fetched) == 5
