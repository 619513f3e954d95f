"""The courses as everybody sees them: counts equal the classes, words are found."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from services.catalogue.load import courses, load_catalogue
from services.catalogue.records import annual_plan, cohort, training_class
from services.kernel.clock import taipei
from services.kernel.errors import NotFound
from services.registration.course_cards import course_lines, course_page
from services.registration.offers import offers, open_now
from services.words import ENGLISH, ZH_HANT, words_for


def lines(world, **more):
    with world.office.look() as look:
        return {line.code: line for line in course_lines(look, **more)}


def page(world, code: str):
    with world.office.look() as look:
        return course_page(look, code)


@pytest.fixture
def catalogue(world):
    with world.office.open() as work:
        load_catalogue(work)


def test_the_list_counts_open_classes_and_their_free_seats(world):
    soon, later = world.a_class(seats=3), world.a_class(seats=5)
    closed = world.a_class(seats=9)
    world.registered(soon, *world.people(2))
    with world.office.open() as work:
        ahead = {"opens_at": work.now + timedelta(days=1)}
        work.run(update(training_class).where(training_class.c.id == closed).values(**ahead))
        day = {"starts_on": work.today + timedelta(days=60)}
        work.run(update(training_class).where(training_class.c.id == later).values(**day))
    line = lines(world)["BST"]
    assert (line.open_classes, line.free_seats, line.next_id) == (2, 6, later)


def test_a_course_without_an_open_class_is_listed_with_nothing_to_register_for(world):
    a_class = world.a_class()
    with world.office.open() as work:
        key = training_class.c.id == a_class
        work.run(update(training_class).where(key).values(state="draft"))
    line = lines(world)["BST"]
    assert (line.open_classes, line.free_seats, line.next_id, line.next_on) == (0, 0, None, None)
    assert lines(world, only_open=True) == {}


@pytest.mark.parametrize("hour", [8, 9])
@pytest.mark.parametrize("days", [4, 5, 6])
def test_open_means_the_same_in_the_list_and_on_the_page_of_the_class(world, days, hour):
    a_class = world.a_class()
    world.days_before(a_class, days, hour)
    with world.office.look() as look:
        [here] = offers(look, training_class.c.id == a_class)
        listed = offers(look, open_now(look))
    assert bool(listed) is here.if_now.takes is (days > 5 or (days == 5 and hour < 9))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pscrb", {"PSCRB", "PSCRB-R"}),
        ("  AFF-R ", {"AFF-R"}),
        ("救生艇", {"PSCRB", "PSCRB-R"}),
        ("radar", {"RADAR-O", "RADAR-M"}),
        ("V/4", {"POLB", "POLA"}),
        ("%", set()),
        ("_", set()),
        ("' or 1=1 --", set()),
    ],
)
def test_words_are_looked_for_in_names_codes_and_references(world, catalogue, query, found):
    assert set(lines(world, query=query)) == found


def test_all_courses_stand_in_the_order_of_the_law_each_before_its_refresher(world, catalogue):
    codes = list(lines(world))
    assert len(codes) == len(courses()) == 35
    assert codes.index("BST") + 1 == codes.index("BST-R")
    assert {line.group for line in lines(world).values()} <= {
        row["category"].removesuffix("_refresher") for row in courses()
    }


def test_a_course_tells_its_relatives_its_law_and_what_is_not_confirmed(world, catalogue):
    fresh, again = page(world, "BST"), page(world, "BST-R")
    assert [code for code, _, _ in fresh.refreshers] == ["BST-R"]
    assert fresh.refreshes is None
    assert again.refreshes[0] == "BST"
    assert "基本安全" in fresh.item_zh
    assert "prerequisites" in again.assumed
    assert page(world, "PAX").renewal is not None


def test_the_rules_and_the_price_are_those_of_the_latest_published_year(world):
    world.a_class()
    with world.office.open() as work:
        work.run(update(cohort).values(fee=9_000, rules_version=4))
    found = page(world, "BST")
    assert (found.year, found.fee, found.rules.version) == (2027, 9_000, 4)
    with world.office.open() as work:
        work.run(update(annual_plan).values(published_at=None))
    assert (page(world, "BST").year, page(world, "BST").fee) == (None, None)


def test_a_course_shows_the_classes_of_this_year_and_the_next_only(world):
    a_class = world.a_class()
    assert [c.id for c in page(world, "BST").classes] == [a_class]
    world.clock.go_to(taipei(world.clock.now().date().replace(year=2029), 10))
    assert page(world, "BST").classes == ()


@pytest.mark.parametrize("odd", ["", "bst", "BST ", "%", "X" * 99])
def test_an_unknown_course_has_no_page(world, odd):
    world.a_class()
    with pytest.raises(NotFound):
        page(world, odd)


def test_the_list_takes_two_readings_however_many_classes_there_are(world, engine):
    for _ in range(3):
        world.a_class(course_code="ECDIS")
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    with world.office.look() as look:
        event.listen(engine, "before_cursor_execute", note)
        course_lines(look)
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 2


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_every_category_and_audience_of_the_catalogue_has_a_name(locale):
    from services.catalogue.names import AUDIENCES, CATEGORIES

    words = words_for(locale)
    for row in courses():
        assert words(CATEGORIES[row["category"].removesuffix("_refresher")])
        assert words(AUDIENCES[row["audience"]])
