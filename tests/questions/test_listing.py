"""Finding classes: filters, pages, what is never shown, and what registering would still give."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from services.catalogue.records import annual_plan, course, training_class
from services.kernel.clock import taipei
from services.registration.listing import choices, listing, nearest, neighbours, sought, span
from services.registration.standing import IfNow
from services.registration.wanted import Possible, Wanted

ANSWERS = {
    Possible.AHEAD: {
        IfNow.SEAT,
        IfNow.WAITING,
        IfNow.PAID_SEAT,
        IfNow.PAID_ONLY,
        IfNow.PAID_WAITING,
        IfNow.NOT_YET,
    },
    Possible.NOW: {
        IfNow.SEAT,
        IfNow.WAITING,
        IfNow.PAID_SEAT,
        IfNow.PAID_ONLY,
        IfNow.PAID_WAITING,
    },
    Possible.FREE: {IfNow.SEAT},
    Possible.WAITING: {IfNow.WAITING, IfNow.PAID_WAITING},
    Possible.SELF_FUNDED: {IfNow.PAID_SEAT, IfNow.PAID_ONLY},
    Possible.SOON: {IfNow.NOT_YET},
    Possible.ALL: set(IfNow),
}


def found(world, wanted=None, **more):
    with world.office.look() as look:
        return listing(look, wanted or Wanted(), **more)


def ids(world, wanted=None, **more):
    return [offer.id for offer in found(world, wanted, **more).offers]


def change(world, class_id, **values):
    with world.office.open() as work:
        work.run(update(training_class).where(training_class.c.id == class_id).values(**values))


def test_classes_of_every_institution_come_by_first_day(world):
    world.an_institution("NKUST", "south")
    later = world.a_class(starts_on=date(2027, 5, 3))
    sooner = world.a_class(starts_on=date(2027, 4, 12), at="NKUST")
    assert ids(world) == [sooner, later]


@pytest.mark.parametrize(
    "text", ["fire", "FIRE", "滅火", "aff", "ＡＦＦ", "VI/3", "116-AFF", "滅火 aff"]
)
def test_a_course_is_found_by_name_code_and_reference(world, text):
    wanted = world.a_class(course_code="AFF")
    world.a_class(course_code="BST")
    with world.office.open() as work:
        named = {"name_zh": "進階滅火", "name_en": "Advanced fire fighting", "stcw_ref": "VI/3"}
        work.run(update(course).where(course.c.code == "AFF").values(**named))
    assert ids(world, Wanted(text=text)) == [wanted]


@pytest.mark.parametrize("text", ["%", "_", "'", "滅火 bst", "x" * 60])
def test_signs_of_the_database_and_words_that_do_not_fit_find_nothing(world, text):
    world.a_class(course_code="AFF")
    assert ids(world, Wanted(text=text)) == []


def test_each_filter_narrows(world):
    world.an_institution("NKUST", "south")
    north = world.a_class(course_code="BST", starts_on=date(2027, 4, 30))
    south = world.a_class(course_code="AFF", at="NKUST", starts_on=date(2027, 5, 1))
    change(world, north, labels=["CR", "Panama"])
    change(world, south, labels=["CRS"])
    assert ids(world, Wanted(region="south")) == [south]
    assert ids(world, Wanted(institution="NTOU")) == [north]
    assert ids(world, Wanted(course="AFF")) == [south]
    assert ids(world, Wanted(label="CR")) == [north]
    assert ids(world, Wanted().in_month(date(2027, 4, 9))) == [north]
    assert ids(world, Wanted(region="south", label="CR")) == []


def test_pages_have_no_gaps_and_the_one_past_the_end_is_the_last(world):
    for _ in range(7):
        world.a_class()
    pages = [ids(world, page=n, per_page=3) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(class_id for page in pages for class_id in page) == list(range(1, 8))
    past = found(world, page=99, per_page=3)
    assert (past.page, past.last, past.total) == (3, 3, 7)


def test_a_draft_is_never_shown(world):
    class_id = world.a_class()
    change(world, class_id, state="draft")
    for possible in Possible:
        assert ids(world, Wanted(possible=possible)) == []
    with world.office.look() as look:
        assert span(look) is None
        assert choices(look, look.today).courses == ()
        assert sought(look) == []


@pytest.mark.parametrize("published_at", [None, taipei(date(2027, 3, 1), 10)])
def test_a_plan_before_its_publication_is_never_shown(world, published_at):
    world.a_class()
    with world.office.open() as work:
        work.run(update(annual_plan).values(published_at=published_at))
    assert ids(world, Wanted(possible=Possible.ALL)) == []


@pytest.fixture
def every_state(world):
    """Classes in every state, each beginning on the same day."""
    full, soon, cancelled = world.a_class(seats=1), world.a_class(seats=2), world.a_class()
    world.a_class(seats=3)
    world.a_class(seats=2, kind="self_funded")
    packed = world.a_class(seats=1, kind="self_funded")
    world.registered(full, *world.people(3))
    world.registered(packed, *world.people(2))
    change(world, soon, opens_at=taipei(date(2027, 3, 25), 9))
    change(world, cancelled, state="cancelled")
    return world


@pytest.mark.parametrize("days", [60, 28, 18, 15, 14, 12, 8, 6, 5, 1])
@pytest.mark.parametrize("hour", [8, 9])
def test_the_filter_and_the_card_say_the_same_in_every_state(every_state, days, hour):
    world = every_state
    world.days_before(1, days, hour)
    if days < 60:
        world.ticks()
    everything = found(world, Wanted(possible=Possible.ALL)).offers
    assert len(everything) == 6
    for possible, answers in ANSWERS.items():
        expected = {offer.id for offer in everything if offer.if_now in answers}
        assert set(ids(world, Wanted(possible=possible))) == expected, possible


def test_everything_of_whatever_time_comes_latest_first_but_a_month_from_its_start(world):
    april, may = world.a_class(), world.a_class(starts_on=date(2027, 5, 3))
    also = world.a_class(starts_on=date(2027, 5, 31))
    everything = Wanted(possible=Possible.ALL)
    assert ids(world, everything) == [also, may, april]
    assert ids(world, everything.in_month(date(2027, 5, 1))) == [may, also]


def test_where_a_month_is_empty_the_next_one_with_such_a_class_is_named(world):
    world.a_class(course_code="AFF", starts_on=date(2027, 3, 1))
    world.a_class(course_code="AFF", starts_on=date(2027, 6, 7))
    wanted = Wanted(course="AFF").in_month(date(2027, 4, 1))
    with world.office.look() as look:
        near = nearest(look, wanted)
    assert (near.dropped, near.total, near.on) == ("month", 1, date(2027, 6, 7))
    assert near.wanted == replace(wanted, since=date(2027, 6, 1), until=date(2027, 6, 30))


def test_the_filter_that_leaves_nothing_is_the_one_let_go_of(world):
    world.a_class(course_code="BST")
    with world.office.look() as look:
        assert nearest(look, Wanted(course="BST", region="south")).dropped == "region"
        assert nearest(look, Wanted(course="BST", possible=Possible.WAITING)).dropped == "possible"
        assert nearest(look, Wanted(course="AFF", region="south")).dropped == ""


def test_where_there_is_nothing_nothing_is_near(world):
    with world.office.look() as look:
        assert nearest(look, Wanted(text="AFF")) is None


def test_a_day_knows_the_days_before_and_after_it(world):
    world.a_class(starts_on=date(2027, 4, 12))
    world.a_class(starts_on=date(2027, 4, 19))
    with world.office.look() as look:
        days = neighbours(look, Wanted(possible=Possible.ALL), date(2027, 4, 15))
    assert days == (date(2027, 4, 12), date(2027, 4, 19))
