"""An offer of a self-funded seat: what its buttons, its dialog and its letters say."""

from datetime import timedelta

import pytest
from reader import Reader
from sqlalchemy import select
from world import called

from callbacks.progress import claim, decline
from pages import progress
from services.claim import claim as claim_verb
from services.notices.letters import letter, letters, text_of
from services.notices.records import notice
from services.sweep import sweep
from services.words import words_for


@pytest.fixture
def offered(world):
    """Two people on the self-funded track of a class of one seat, which is offered to both."""
    class_id = world.a_class(seats=1)
    people = [world.a_person(nationality="foreigner") for _ in range(2)]
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28, 21, 14)
    return [
        (Reader(world, who), receipt.registration_id)
        for who, receipt in zip(people, receipts, strict=True)
    ]


@pytest.mark.parametrize("locale", ["en", "zh-Hant-TW"])
def test_a_text_message_of_an_offer_speaks_of_no_seat_that_goes_to_others(world, offered, locale):
    (_, mine), _ = offered
    with world.office.look() as look:
        asked = notice.c.kind == "self_funded_offer", notice.c.registration_id == mine
        [story] = letters(look, [look.scalar(select(notice.c.id).where(*asked))])
        text = text_of(look, story, words_for(locale), "http://127.0.0.1")
    assert {"en": "no seat is given", "zh-Hant-TW": "就不給名額"}[locale] in text
    assert len(text) <= {"en": 402, "zh-Hant-TW": 134}[locale]


def reminder(world, locale):
    with world.office.look() as look:
        ids = look.all(select(notice.c.id).where(notice.c.kind == "reminder"))
        return letter(look, ids[0].id, words_for(locale)).body


def test_a_claim_that_is_certain_is_told_as_given_and_another_as_open(offered):
    (first, one), (second, two) = offered
    assert claim(second, two)[1].endswith("?told=claimed")
    assert claim(first, one)[1].endswith("?told=claimed_at_once")


def test_whoever_has_no_seat_is_not_asked_to_give_one_up(offered):
    (reader, mine), _ = offered
    text = reader.sees(progress.layout, registration_id=str(mine))
    assert "Say no to a self-funded seat in the class of" in text
    assert "Give up the seat" not in text
    assert decline(reader, mine)[1].endswith("?told=declined")


@pytest.mark.parametrize(
    ("locale", "no_cost", "passes_on", "waits"),
    [
        ("en", "nothing is to be paid", "the seat goes to the next", "still waits for your answer"),
        ("zh-Hant-TW", "也不必付費", "讓給下一位", "還在等您的回覆"),
    ],
)
def test_a_reminder_of_an_offer_says_what_silence_does_until_it_is_answered(
    world, offered, locale, no_cost, passes_on, waits
):
    (reader, mine), _ = offered
    world.clock.instant = world.request_of(mine).deadline - timedelta(days=2)
    sweep(world.office)
    before = reminder(world, locale)
    assert (no_cost in before, passes_on in before, waits in before) == (True, False, True)
    world.does(reader.person_id, claim_verb, mine)
    assert waits not in reminder(world, locale)
