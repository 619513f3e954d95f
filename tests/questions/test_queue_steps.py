"""All steps of the lines of a public queue: from the chain, with their times, and no more."""

from datetime import date, timedelta

import pytest
from onlooker import Onlooker
from reader import as_text
from world import PAPER_RULES, called

from pages.components.queue_steps import all_steps
from services.appeal import appeal
from services.cancel import cancel
from services.confirm import confirm
from services.kernel.actor import VISITOR
from services.merge_classes import merge_classes
from services.override import REASONS, approve_override, propose_override
from services.registration.public_queue import PER_PAGE, public_queue
from services.review import approve
from services.words import ENGLISH, ZH_HANT, words_for

HOUR = timedelta(hours=1)
WHY = "我的體檢證明在五月換發，海技資料尚未更新。"


def queue(world, class_id, **more):
    with world.office.look(VISITOR) as look:
        return public_queue(look, class_id, **more)


def steps(line):
    return [(step.status, step.seat) for step in line.steps]


@pytest.fixture
def town(world):
    """A class of one seat with three people, an hour between one and the next."""
    world.town = world.a_class(seats=1)
    world.crowd, world.receipts = world.people(3), []
    for person in world.crowd:
        world.receipts.append(world.registers(person, world.town))
        world.clock.pass_by(HOUR)
    return world


def test_every_step_of_an_open_line_is_told_with_its_time(town):
    began = town.clock.now() - 3 * HOUR
    town.does(town.crowd[0], cancel, town.receipts[0].registration_id)
    freed = town.clock.now()
    called(town, town.town, 28)
    town.clock.pass_by(HOUR)
    town.does(town.crowd[1], confirm, town.receipts[1].registration_id)
    _, moved, waits = queue(town, town.town)
    assert steps(moved) == [("waitlisted", False), ("admitted", True), ("confirmed", True)]
    assert [step.at for step in moved.steps] == [began + HOUR, freed, town.clock.now()]
    assert steps(waits) == [("waitlisted", False)]


def test_a_review_tells_when_a_seat_was_kept(world):
    class_id = world.a_class(seats=1, course_code="ECDIS", rules=PAPER_RULES)
    people = world.people(2)
    first, second = (world.registers(p, class_id, declared=["letter"]) for p in people)
    world.decides(second.registration_id, approve)
    world.decides(first.registration_id, approve)
    kept, waits = queue(world, class_id)
    assert steps(kept) == [("in_review", True), ("admitted", True)]
    assert steps(waits) == [("in_review", False), ("waitlisted", False)]


def test_an_override_is_told_with_its_reason_code_and_no_word_of_the_note(town):
    one, two = town.two_planners()
    key = town.receipts[2].registration_id
    with town.office.open(one) as work:
        proposal = propose_override(work, key, reason="court", note="判決書")
    assert [step.why for step in queue(town, town.town)[2].steps] == [None]  # not decided yet
    with town.office.open(two) as work:
        approve_override(work, proposal)
    assert [step.why for step in queue(town, town.town)[2].steps] == [None, "court"]
    for locale in (ENGLISH, ZH_HANT):
        text = Onlooker(town, locale).reads(f"/classes/{town.town}")
        assert words_for(locale)(REASONS["court"]) in text
        assert "判決書" not in text


def test_a_seat_brought_by_a_merge_says_so(town):
    target = town.a_class(seats=3, starts_on=date(2027, 5, 24))
    with town.office.open(town.planner()) as work:
        merge_classes(work, town.town, into=target)
    [came] = queue(town, target)
    assert [(step.status, step.seat, step.why) for step in came.steps] == [
        ("admitted", True, "merge")
    ]


def test_who_appeals_is_not_seen_to_have_been_refused(world):
    class_id = world.a_class(seats=1)
    who = world.a_person(medical=None)
    refused = world.registers(who, class_id)
    world.clock.pass_by(HOUR)
    assert queue(world, class_id)[0].steps == ()
    world.does(who, appeal, refused.registration_id, statement=WHY)
    [line] = queue(world, class_id)
    assert steps(line) == [("in_review", False), ("in_review", True)]  # nothing of before
    assert {step.at for step in line.steps} == {world.clock.now()}


def test_an_ended_line_tells_no_step(town):
    town.does(town.crowd[2], cancel, town.receipts[2].registration_id)
    assert queue(town, town.town)[2].steps == ()


def test_a_page_of_lines_with_many_steps_is_still_a_page(town):
    """The rows of steps do not count as lines, whatever the page and the switch."""
    for person in town.people(PER_PAGE):
        town.registers(person, town.town)
    town.does(town.crowd[0], cancel, town.receipts[0].registration_id)
    called(town, town.town, 28)
    pages = [queue(town, town.town, page=n) for n in (1, 2)]
    assert [len(found) for found in pages] == [PER_PAGE, 3]
    assert len(pages[0][1].steps) == 2
    waiting = queue(town, town.town, waiting_only=True)
    assert [line.number for line in waiting] == list(range(3, PER_PAGE + 3))


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_the_page_folds_them_where_there_is_more_than_one_moment(town, locale):
    words = words_for(locale)
    assert all(all_steps(words, line) is None for line in queue(town, town.town))
    town.does(town.crowd[0], cancel, town.receipts[0].registration_id)
    ended, moved, waits = (all_steps(words, line) for line in queue(town, town.town))
    assert ended is waits is None
    text = as_text(moved)
    for said in ("Registered", "Waits for a seat", "Got a seat"):
        assert words(said) in text
    assert words.moment(town.clock.now()) in text
    called(town, town.town, 28)
    asked = as_text(all_steps(words, queue(town, town.town)[1]))
    assert asked.count("dateTime") == 3
    assert words("Was asked whether to come") in asked
