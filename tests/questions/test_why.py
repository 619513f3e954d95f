"""Why not: one call tells in both languages why a registration stands where it does."""

from datetime import date

import pytest
from sqlalchemy import update
from world import PAPER_RULES, called

from pages.components.journey import told
from services.cancel import cancel
from services.claim import claim
from services.confirm import confirm
from services.kernel.errors import DomainError
from services.registration.lookup import progress
from services.registration.records import request
from services.review import reject
from services.standing_yes import stand_by
from services.words import words_for

EN, ZH = words_for("en"), words_for("zh-Hant-TW")


def explained(world, receipt, words=EN):
    """Give the two lists as the reader sees them."""
    person_id = world.row(receipt.registration_id).person_id
    with world.office.look(world.seafarer(person_id)) as look:
        why = progress(look, receipt.registration_id).why
    return [told(words, s) for s in why.stands], [told(words, s) for s in why.would]


def test_a_waiting_person_reads_rank_seats_unanswered_calls_and_what_must_come_free(world):
    class_id = world.a_class(seats=2)
    receipts = world.registered(class_id, *world.people(5))
    called(world, class_id, 28)
    stands, would = explained(world, receipts[4])
    assert stands == [
        "Rank 5. Waiting on this track: 3; before you: 2.",
        "Seats in the class: 2; held: 2; free: 0.",
        "Of the held seats, not answered for yet: 2; the last answer is due Mon 22 Mar, 09:00.",
    ]
    assert would == [
        "If 3 seats come free by Mon 29 Mar, 09:00, one of them is yours.",
        "Seats still free on Mon 29 Mar, 09:00 are offered at one's own cost, NT$12,000, by rank.",
        "Say yes beforehand, and a seat that reaches you is confirmed at once.",
    ]
    assert explained(world, receipts[2])[1][0] == (
        "The next seat that comes free is yours, if it does by Mon 29 Mar, 09:00."
    )


def test_what_it_says_must_happen_is_what_gives_the_seat(world):
    """Three seats come free: the fifth gets one, and not one seat earlier."""
    class_id, people = world.a_class(seats=2), world.people(5)
    receipts = world.registered(class_id, *people)
    assert explained(world, receipts[4])[1][0].startswith("If 3 seats")
    for n, left in enumerate(("If 2 seats", "The next seat")):
        world.does(people[n], cancel, receipts[n].registration_id)
        assert explained(world, receipts[4])[1][0].startswith(left)
    world.does(people[2], cancel, receipts[2].registration_id)
    assert explained(world, receipts[4])[0][0].startswith("Rank 5. You hold a seat since")


def test_who_was_passed_over_reads_when_and_for_which_class(world):
    holder, busy = world.people(2)
    world.registers(busy, world.a_class(course_code="AFF", starts_on=date(2027, 4, 14)))
    held, waits = world.registered(world.a_class(seats=1), holder, busy)
    assert explained(world, waits)[0][-1] == (
        "You hold a seat in 116-AFF-03 on overlapping days (Wed 14 Apr to Sun 18 Apr)."
    )
    world.does(holder, cancel, held.registration_id)
    stands, would = explained(world, waits)
    assert stands[-1] == (
        "A seat went past you on Mon 4 Jan, 10:00, because your seat in 116-AFF-03 overlaps "
        "(Wed 14 Apr to Sun 18 Apr). You keep your place."
    )
    assert would == [
        "If you give up the seat in 116-AFF-03, this class is looked at for you again."
    ]


def test_who_is_passed_over_is_told_how_to_choose_this_class(world):
    holder, busy = world.people(2)
    world.registers(busy, world.a_class(course_code="AFF", starts_on=date(2027, 4, 14)))
    class_id = world.a_class(seats=1)
    held, waits = world.registered(class_id, holder, busy)
    world.does(holder, cancel, held.registration_id)
    with world.office.look(world.seafarer(busy)) as look:
        advice = progress(look, waits.registration_id).next.otherwise
    assert told(EN, advice).startswith("Cancel the other class")


def test_a_reserved_seat_waits_for_the_review_only(world):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    first, second = (world.registers(p, class_id, declared=["letter"]) for p in world.people(2))
    assert explained(world, first)[1] == [
        "The seat kept for you is yours once the review finds you qualified."
    ]
    stands, would = explained(world, second)
    assert "Of the held seats, kept for people under review: 1." in stands
    assert would[0] == "First the review has to find you qualified; then seats go by rank."


def test_a_self_funded_track_reads_that_funded_seats_go_elsewhere_and_when_the_offer_comes(world):
    receipt = world.registers(world.a_person(nationality="foreigner"), world.a_class(seats=5))
    stands, would = explained(world, receipt)
    assert stands[-1].startswith("You are on the self-funded track")
    assert len(would) == 1
    assert would[0].startswith("Seats still free on Mon 29 Mar")


def test_an_offer_says_that_a_claim_is_needed_and_how_claims_are_served(world):
    class_id = world.a_class(seats=1)
    people = [world.a_person(nationality="foreigner") for _ in range(2)]
    receipts = world.registered(class_id, *people)
    called(world, class_id, 28, 21, 14)
    assert explained(world, receipts[1])[1][0] == (
        "You have to claim a seat; without a claim none is given."
    )
    world.does(people[1], claim, receipts[1].registration_id)
    (served,) = explained(world, receipts[1])[1]
    assert served.startswith("Claims are served by rank from Thu 1 Apr, 09:00")
    world.does(people[0], claim, receipts[0].registration_id)
    assert explained(world, receipts[1])[1][-1].startswith("No seat is free now")


def test_who_has_a_seat_reads_how_to_keep_it(world):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    assert explained(world, receipt)[1] == [
        "It stays yours; we ask you on Mon 15 Mar, 09:00 whether you will come."
    ]
    called(world, class_id, 28)
    assert explained(world, receipt)[1] == ["It stays yours if you say yes by Mon 22 Mar, 09:00."]
    world.does(person, confirm, receipt.registration_id)
    assert explained(world, receipt)[1] == [
        "Nobody can take this seat from you.",
        "Until Wed 7 Apr, 09:00 the class itself may still be moved, merged or cancelled, for "
        "instance if too few people say yes.",
    ]
    called(world, class_id, 21, 14, 11, 7, 5)
    assert explained(world, receipt)[1] == ["Nobody can take this seat from you."]


def test_whom_nothing_reached_does_not_read_that_they_said_yes(world):
    class_id, person = world.a_class(), world.a_person()
    receipt = world.registers(person, class_id)
    called(world, class_id, 28)
    world.days_before(class_id, 5)
    never = {"reached_at": None, "reached_by": None, "deadline": None}
    with world.office.open() as work:
        work.run(update(request).values(never))
    world.ticks()
    assert explained(world, receipt)[0][-1] == (
        "We could not reach you before the list was frozen; your seat was kept."
    )
    with world.office.look(world.seafarer(person)) as look:
        marks = progress(look, receipt.registration_id).marks
    titles = [told(EN, each.title) for each in marks]
    assert "Your seat was kept, although nothing had reached you" in titles
    assert "You confirmed that you will come" not in titles


def test_who_lapsed_reads_when_asked_reached_and_over(world):
    class_id = world.a_class()
    receipt = world.registers(world.a_person(), class_id)
    called(world, class_id, 28, 21)
    stands, would = explained(world, receipt)
    assert stands[-1] == (
        "We asked you on Mon 15 Mar, 09:00; it reached you on Mon 15 Mar, 09:00; "
        "the time ended Mon 22 Mar, 09:00."
    )
    assert would == ["Register again: you get a new number at the end of the queue."]
    called(world, class_id, 14, 11, 7, 5)
    assert explained(world, receipt)[1][0].startswith("This class takes no more registrations")


@pytest.mark.parametrize("ends", ["lapsed", "rejected", "cancelled", "waiting"])
def test_every_sentence_is_said_in_chinese_too(world, ends):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    people = world.people(2)
    receipts = [world.registers(p, class_id, declared=["letter"]) for p in people]
    if ends == "rejected":
        world.decides(receipts[0].registration_id, reject, reason="paper_not_valid")
    if ends == "cancelled":
        world.does(people[0], cancel, receipts[0].registration_id)
    if ends == "lapsed":
        called(world, class_id, 28, 21, 14, 11, 7, 5)
    for receipt in receipts:
        lines = [line for part in explained(world, receipt, ZH) for line in part]
        assert lines
        assert not any(" the " in f" {line.lower()} " or " seat" in line for line in lines)


class TestChoices:
    """A May class after its call and a September seat: what the other choice means here."""

    @pytest.fixture
    def town(self, world):
        world.a_plan(max_choices=3)
        may = world.a_class(starts_on=date(2027, 5, 3))
        september = world.a_class(starts_on=date(2027, 9, 6))
        world.holder, world.person = world.people(2)
        world.held = world.registers(world.holder, may)
        world.wish, world.has = (world.registers(world.person, each) for each in (may, september))
        called(world, may, 28)
        world.registers(world.a_person(), may)
        return world

    def test_a_yes_beforehand_would_move_the_person(self, town):
        stands, would = explained(town, town.wish)
        assert stands[-1] == "This is your choice 1 of 2 in this course."
        assert would[-1] == (
            "Say yes beforehand to be moved here from 116-BST-02 when a seat comes free."
        )
        town.does(town.person, stand_by, town.wish.registration_id)
        stands, would = explained(town, town.wish)
        assert stands[-1].startswith("You said yes beforehand on Mon 5 Apr, 09:00")
        assert not would[-1].startswith("Say yes")

    def test_a_seat_that_went_past_says_why(self, town):
        town.does(town.holder, cancel, town.held.registration_id)
        assert explained(town, town.wish)[0][-1] == (
            "A seat went past you on Mon 5 Apr, 09:00: you hold a seat in 116-BST-02 and had not "
            "said yes beforehand, as is needed after the confirmation call. You keep both places."
        )
        assert "兩邊的位置都不變" in explained(town, town.wish, ZH)[0][-1]

    def test_a_choice_left_behind_names_the_class_that_won(self, town):
        town.does(town.person, stand_by, town.wish.registration_id)
        town.does(town.holder, cancel, town.held.registration_id)
        assert explained(town, town.has)[0][-1] == (
            "Your seat in 116-BST-01 ended it; if that class falls away, it is opened again."
        )


def test_under_review_the_lower_choice_reads_what_suspends_it(world):
    world.a_plan(max_choices=3)
    first = world.a_class(rules=PAPER_RULES)
    second = world.a_class(starts_on=date(2027, 6, 7), rules=PAPER_RULES)
    world.registers(world.a_person(), second, declared=["letter"])
    person = world.a_person()
    for class_id in (first, second):
        receipt = world.registers(person, class_id, declared=["letter"])
    stands, would = explained(world, receipt)
    assert stands[-1] == (
        "A seat is kept for you in your better choice 116-BST-01 during the review; until it is "
        "decided, seats here go past you. You keep your place."
    )
    assert (
        "If the review of 116-BST-01 ends without a seat, this class is looked at again." in would
    )
    assert not any("next seat" in line for line in would)


def test_standby_is_told_with_its_moment(world):
    class_id = world.a_class(seats=1)
    receipts = world.registered(class_id, *world.people(3))
    called(world, class_id, 28, 21)
    stands, would = explained(world, receipts[2])
    assert stands[-1] == "You are on standby since Mon 22 Mar, 09:00."
    assert would[-1] == "Say yes beforehand, and a seat that reaches you is confirmed at once."


def test_what_a_seat_ended_is_open_again_once_no_seat_is_held(world):
    world.a_plan(max_choices=3)
    june, may = (world.a_class(seats=1, starts_on=date(2027, month, 7)) for month in (6, 5))
    holders = world.people(2)
    held, _ = (world.registers(who, at) for who, at in zip(holders, (june, may), strict=True))
    person = world.a_person()
    won, lost = world.chooses(person, june, may)
    world.does(holders[0], cancel, held.registration_id)
    assert world.status(lost) == "cancelled"
    assert explained(world, lost)[1] == [
        "You can register here again once you hold no seat in this course."
    ]
    with pytest.raises(DomainError):
        world.registers(person, may)
    world.does(person, cancel, won.registration_id)
    assert world.registers(person, may).number > lost.number


def test_the_ineligible_read_that_the_papers_come_first(world):
    class_id = world.a_class(rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), class_id, declared=["letter"])
    world.decides(receipt.registration_id, reject, reason="paper_not_valid")
    assert explained(world, receipt)[1] == [
        "Once your records or papers have changed, register again: you get a new number at the end "
        "of the queue."
    ]
