"""From a chart to the people: the class list leads to each class and to who registered for it."""

import pytest
from at_desk import AtDesk, shown

from analytics import classes_behind
from analytics.asking import of_classes
from analytics.filters import Filters
from pages import class_entry
from services.kernel.errors import NotFound
from services.registration import desk_people
from services.registration.desk_people import class_people
from services.words import words_for

EN = words_for("en")


@pytest.fixture
def waited_for(world):
    """Two people and one seat: the second waits."""
    world.an_institution("NKUST")
    class_id = world.a_class(seats=1)
    for _ in range(2):
        world.registers(world.a_person(), class_id)
    return class_id


def test_the_class_list_leads_to_the_people_of_each_class(world, office, waited_for):
    for who in (world.officer(), world.planner()):
        desk = AtDesk(office, who)
        with office.look(who) as look:
            year = look.today.year
            found = of_classes(classes_behind.measure)(look, Filters(year).locked_to(who)).value
        (way,) = classes_behind.sheet(found, EN).links
        path, _, anchor = way.partition("#")
        assert path == f"/desk/classes/{waited_for}"
        text = shown(desk, class_entry.one, class_id=path.rpartition("/")[2])
        assert f'"id": "{anchor}"' in text
        assert "2 registrations" in text
        assert "Admitted" in text
        assert "Waitlisted" in text
        assert f"/classes/{waited_for}#queue" in text


def test_a_page_beyond_the_last_is_the_last(world, office, waited_for):
    desk = AtDesk(office, world.officer())
    text = shown(desk, class_entry.one, {"page": "9"}, class_id=str(waited_for))
    assert "Waitlisted" in text
    assert "Nobody has registered yet." not in text


def test_another_institution_sees_nobody(world, office, waited_for):
    with office.look(world.officer("NKUST")) as look, pytest.raises(NotFound):
        class_people(look, waited_for)


def test_pages_are_turned_in_the_order_of_service(world, office, waited_for, monkeypatch):
    monkeypatch.setattr(desk_people, "PER_PAGE", 1)
    with office.look(world.planner()) as look:
        numbers = [[p.number for p in class_people(look, waited_for, page=n)] for n in (1, 2, 3)]
    assert numbers == [[1], [2], []]
