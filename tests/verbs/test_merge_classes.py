"""Two classes become one: whoever is seated keeps a seat, whoever waits is invited."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from world import PAPER_RULES, called

from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim
from services.classes import ClassFixed
from services.confirm import confirm
from services.kernel.errors import InvalidInput, NotFound
from services.merge_classes import NotAlike, ReviewsOpen, TooFewSeats, merge_classes
from services.notices.letters import compose, letters
from services.notices.records import notice
from services.registration.lifecycle import Status
from services.registration.records import class_change, overlap_flag, registration
from services.review import approve, reject
from services.words import words_for

HERE, THERE = date(2027, 4, 12), date(2027, 5, 24)


def merges(world, source, target, actor=None, **more):
    with world.office.open(actor or world.planner()) as work:
        return merge_classes(work, source, into=target, **more)


def plant(world, table, key, **values):
    with world.office.open() as work:
        work.run(table.update().where(table.c.id == key).values(**values))


def queue(world, class_id):
    """Give a class's numbers as (number, person, status, seat)."""
    with world.office.look() as look:
        rows = look.all(
            select(registration)
            .where(registration.c.class_id == class_id)
            .order_by(registration.c.number)
        )
    return [(r.number, r.person_id, r.status, r.seat) for r in rows]


def kinds(world, receipt):
    with world.office.look() as look:
        return list(
            look.connection.scalars(
                select(notice.c.kind)
                .where(notice.c.registration_id == receipt.registration_id)
                .order_by(notice.c.id)
            )
        )


def of(world, class_id, person):
    """Give the person's open registration in a class."""
    with world.office.look() as look:
        return look.one_or_none(
            select(registration).where(
                registration.c.class_id == class_id,
                registration.c.person_id == person,
                registration.c.reason.is_(None),
            )
        )


@pytest.fixture
def pair(world):
    """A small class with two seated and one waiting, and one with a seated and room for three."""
    world.a_plan(max_choices=3)
    world.source = world.a_class(seats=2, starts_on=HERE)
    world.target = world.a_class(seats=4, starts_on=THERE)
    world.folk = world.people(4)
    world.here = world.registered(world.source, *world.folk[:3])
    world.there = world.registered(world.target, world.folk[3])
    return world


def test_the_seated_get_new_numbers_in_their_old_order_and_are_admitted(pair):
    world = pair
    assert merges(world, world.source, world.target, note="人數不足") == 2
    first, second, third, already = world.folk
    assert queue(world, world.target) == [
        (1, already, "admitted", "funded"),
        (2, first, "admitted", "funded"),
        (3, second, "admitted", "funded"),
    ]
    assert [status for _, _, status, _ in queue(world, world.source)] == ["cancelled"] * 3
    assert {world.row(r.registration_id).reason for r in world.here} == {"merged"}
    assert kinds(world, world.here[0]) == ["receipt", "cancelled"]
    assert kinds(world, world.here[2]) == ["receipt", "invited"]
    assert of(world, world.target, third) is None
    assert world.broken() == []


def test_the_source_ends_as_cancelled_and_points_to_the_target(pair):
    world = pair
    merges(world, world.source, world.target)
    with world.office.look() as look:
        row = look.one_or_none(select(training_class).where(training_class.c.id == world.source))
        kept = look.one_or_none(select(class_change))
    assert (row.state, row.merged_into, row.seats_held) == ("cancelled", world.target, 0)
    assert (kept.kind, kept.class_id, kept.into_id) == ("merged", world.source, world.target)
    called(world, world.target, 28, 21, 14, 11, 7, 5)
    assert world.broken() == []


def test_who_was_asked_about_a_class_that_was_merged_has_not_said_no(pair):
    world = pair
    called(world, world.source, 28)
    merges(world, world.source, world.target)
    assert world.request_of(world.here[0].registration_id).answer == "void"


def test_where_the_target_has_been_called_they_are_asked_at_once_with_a_fresh_deadline(world):
    world.a_plan(max_choices=3)
    source = world.a_class(seats=1, starts_on=HERE)
    target = world.a_class(seats=2, starts_on=HERE + timedelta(days=7))
    person = world.a_person()
    (receipt,) = world.registered(source, person)
    called(world, source, 28)
    world.does(person, confirm, receipt.registration_id)
    called(world, target, 28)
    merges(world, source, target)
    mine = of(world, target, person)
    assert (mine.status, mine.confirmed_at) == ("admitted", None)
    world.ticks()
    asked = world.request_of(mine.id)
    assert asked.deadline - asked.reached_at >= timedelta(hours=72)
    world.does(person, confirm, mine.id)
    assert world.broken() == []


def test_refused_unless_all_seated_fit(pair):
    world = pair
    plant(world, training_class, world.target, cap=2)
    before = queue(world, world.source), queue(world, world.target)
    with pytest.raises(TooFewSeats) as refused:
        merges(world, world.source, world.target)
    assert refused.value.facts["seated"] == 2
    assert (queue(world, world.source), queue(world, world.target)) == before
    assert world.broken() == []


def test_a_seat_kept_for_somebody_under_review_is_not_lost_by_a_merge(world):
    world.a_plan(max_choices=3)
    source = world.a_class(seats=2, starts_on=HERE, rules=PAPER_RULES)
    target = world.a_class(seats=4, starts_on=THERE, rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), source, declared=["letter"])
    with pytest.raises(ReviewsOpen):
        merges(world, source, target)
    assert world.row(receipt.registration_id).seat == "reserved"
    world.decides(receipt.registration_id, approve)
    assert merges(world, source, target) == 1
    assert world.broken() == []


# who waits in the target already


@pytest.fixture
def crossed(world):
    """The first of the source waits in the target too, as the better choice."""
    world.a_plan(max_choices=3)
    world.source = world.a_class(seats=2, starts_on=HERE)
    world.target = world.a_class(seats=1, starts_on=THERE)
    world.folk = world.people(4)
    world.there = world.registered(world.target, world.folk[3])
    world.waits = world.registers(world.folk[0], world.target)
    world.here = world.registered(world.source, *world.folk[:3])
    assert world.statuses([world.waits, world.here[0]]) == ["waitlisted", "admitted"]
    return world


def test_who_waits_in_the_target_already_keeps_that_number(crossed):
    world = crossed
    plant(world, training_class, world.target, cap=4)  # and no promotion has run yet
    merges(world, world.source, world.target)
    row = world.row(world.waits.registration_id)
    assert (row.number, row.status, row.seat, row.how_seated) == (2, "admitted", "funded", "merge")
    assert kinds(world, world.waits) == ["receipt", "merged"]
    assert [n for n, *_ in queue(world, world.target)] == [1, 2, 3]
    assert world.broken() == []


def test_an_offer_in_the_target_gives_way_to_the_seat_that_is_brought_along(crossed):
    world = crossed
    plant(world, registration, world.waits.registration_id, status="offered")
    with world.office.open() as work:
        work.connection.exec_driver_sql(
            "UPDATE registration_event SET target = 'offered' WHERE registration_id = "
            f"{world.waits.registration_id}"
        )
    plant(world, training_class, world.target, cap=4)
    merges(world, world.source, world.target)
    row = world.row(world.waits.registration_id)
    assert (row.status, row.seat) == ("admitted", "funded")


def test_a_review_in_the_target_goes_on_with_a_reserved_seat(crossed):
    world = crossed
    plant(world, registration, world.waits.registration_id, status="in_review", verdict="review")
    plant(world, training_class, world.target, cap=4)
    merges(world, world.source, world.target)
    row = world.row(world.waits.registration_id)
    assert (row.status, row.seat) == ("in_review", "reserved")


def test_who_waits_in_both_is_not_invited_but_told(pair):
    world = pair
    waiting = world.folk[2]
    plant(world, training_class, world.target, cap=1)
    plant(world, registration, world.here[2].registration_id, preference=2)
    there = world.registers(waiting, world.target)
    plant(world, training_class, world.target, cap=3)
    merges(world, world.source, world.target)
    assert kinds(world, world.here[2]) == ["receipt", "cancelled"]
    assert world.row(there.registration_id).status == "waitlisted"
    assert world.broken() == []


# seats keep their kind, others wait


def test_a_self_funded_seat_stays_self_funded(world):
    world.a_plan(max_choices=3)
    source, target = world.a_class(seats=2, starts_on=HERE), world.a_class(seats=3, starts_on=THERE)
    person = world.a_person(nationality="foreigner")
    receipt = world.registers(person, source)
    called(world, source, 28, 21, 14)
    assert world.does(person, claim, receipt.registration_id)
    merges(world, source, target)
    mine = of(world, target, person)
    assert (mine.status, mine.seat, mine.track) == ("admitted", "self_funded", "self_funded")
    assert world.broken() == []


def test_people_who_waited_in_the_target_keep_waiting(world):
    """A merge seats people ahead of those who wait; nothing else does."""
    world.a_plan(max_choices=3)
    source, target = world.a_class(seats=1, starts_on=HERE), world.a_class(seats=2, starts_on=THERE)
    mover, busy, keeper = world.people(3)
    world.registered(source, mover)
    world.registered(target, keeper)
    elsewhere = world.a_class(course_code="AFF", starts_on=THERE)
    world.registered(elsewhere, busy)
    waits = world.registers(busy, target)
    assert world.row(waits.registration_id).skip_reason == "overlap"
    merges(world, source, target)
    assert of(world, target, mover).status == "admitted"
    assert world.status(waits) is Status.WAITLISTED
    assert world.broken() == []


def test_an_overlap_that_the_merge_makes_is_flagged(world):
    world.a_plan(max_choices=3)
    source, target = world.a_class(seats=1, starts_on=HERE), world.a_class(seats=2, starts_on=THERE)
    person = world.a_person()
    world.registered(source, person)
    other = world.registers(person, world.a_class(course_code="AFF", starts_on=THERE))
    merges(world, source, target)
    with world.office.look() as look:
        flag = look.one_or_none(select(overlap_flag))
    assert flag.other_id == other.registration_id
    assert world.broken() == []
    world.does(person, cancel, other.registration_id)
    assert world.broken() == []


# refusals


@pytest.mark.parametrize("odd", ["course", "kind", "itself"])
def test_only_classes_of_one_course_year_and_kind(world, odd):
    source = world.a_class(starts_on=HERE)
    target = {
        "course": lambda: world.a_class(course_code="AFF", starts_on=THERE),
        "kind": lambda: world.a_class(kind="self_funded", starts_on=THERE),
        "itself": lambda: source,
    }[odd]()
    with pytest.raises(NotAlike):
        merges(world, source, target)
    with world.office.look() as look:
        assert {row.state for row in look.all(select(training_class))} == {"published"}


def test_an_officer_merges_only_own_classes_and_nobody_after_the_freeze(world):
    source = world.a_class(starts_on=HERE)
    target = world.a_class(starts_on=THERE, at="NKUST")
    with pytest.raises(NotFound):
        merges(world, source, target, world.officer("NTOU"))
    with pytest.raises(NotFound):
        merges(world, source, target, world.officer("NKUST"))
    with pytest.raises(InvalidInput):
        merges(world, source, target, note="長" * 301)
    with pytest.raises(NotFound):
        merges(world, source, 999)
    world.days_before(source, 4)
    for one, other in ((source, target), (target, source)):
        with pytest.raises(ClassFixed):
            merges(world, one, other)


def test_a_person_refused_in_the_source_is_not_concerned(world):
    world.a_plan(max_choices=3)
    source = world.a_class(seats=2, starts_on=HERE, rules=PAPER_RULES)
    target = world.a_class(seats=4, starts_on=THERE, rules=PAPER_RULES)
    receipt = world.registers(world.a_person(), source, declared=["letter"])
    world.decides(receipt.registration_id, reject, reason="paper_not_valid")
    assert merges(world, source, target) == 0
    assert world.status(receipt) is Status.INELIGIBLE
    assert world.broken() == []


def test_one_letter_tells_of_both_classes_and_the_inbox_keeps_both(world):
    source, target = (world.a_class(seats=2, starts_on=day) for day in (HERE, date(2027, 6, 7)))
    person = world.a_person()
    receipt = world.registers(person, source)
    world.ticks()
    with world.office.open(world.officer()) as work:
        merge_classes(work, source, into=target, note="颱風")
    with world.office.look() as look:
        rows = look.all(select(notice).where(notice.c.person_id == person).order_by(notice.c.id))
        letter = compose(look, letters(look, [rows[-1].id])[0], words_for("en"))
    assert [(row.kind, row.mail) for row in rows[1:]] == [("cancelled", "none"), ("merged", "due")]
    assert "your old registration is closed. What the institution says: 颱風" in letter.body
    assert kinds(world, receipt)[-1] == "cancelled"
    assert world.broken() == []


def test_a_better_choice_that_the_merge_opens_again_gets_the_seat_nobody_waits_for(world):
    world.a_plan(max_choices=3)
    better = world.a_class(starts_on=date(2027, 9, 6))
    source, target = (world.a_class(starts_on=day) for day in (HERE, THERE))
    holder, person = world.people(2)
    held = world.registers(holder, better)
    wish, has = world.chooses(person, better, source)
    called(world, source, 28)
    world.does(person, confirm, has.registration_id)
    world.does(holder, cancel, held.registration_id)
    assert world.status(wish) is Status.CANCELLED
    merges(world, source, target)
    assert world.status(wish) is Status.ADMITTED
    assert world.broken() == []
