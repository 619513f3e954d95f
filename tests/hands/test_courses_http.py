"""The course pages over the wire: list, filter, one course, unknown ones."""

import pytest
from onlooker import Onlooker

from services.catalogue.load import courses, load_catalogue
from services.words import ENGLISH, ZH_HANT


@pytest.fixture
def catalogue(world):
    with world.office.open() as work:
        load_catalogue(work)


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_every_course_has_a_page_in_both_languages(world, catalogue, locale):
    onlooker = Onlooker(world, locale)
    told = onlooker.reads("/courses")
    for row in courses():
        assert f"/courses/{row['code']}" in told
    for code in ("BST", "BST-R", "POLA", "PAX", "SSO", "GOC", "PSS"):
        named = next(row for row in courses() if row["code"] == code)
        text = onlooker.reads(f"/courses/{code}")
        assert named["name_zh"] in text
        assert named["name_en"] in text


def test_a_course_lists_its_classes_with_the_way_to_register(world):
    a_class = world.a_class(seats=2)
    told = Onlooker(world).reads("/courses/BST")
    assert f"/classes/{a_class}" in told
    assert f"/apply/{a_class}/1" in told
    assert "1 class open now" in told


def test_the_filter_keeps_what_was_typed_and_says_when_nothing_is_found(world, catalogue):
    onlooker = Onlooker(world)
    assert "/courses/SSO" not in onlooker.reads("/courses", "?q=BST")
    told = onlooker.reads("/courses", "?q=%3Cimg%20onerror%3D1%3E")
    assert "No course found" in told
    assert "<img onerror=1>" in told  # as text: components are never markup
    assert "No course takes registrations now." in onlooker.reads("/courses", "?open=1")


def test_an_unknown_course_is_not_found(world, catalogue):
    onlooker = Onlooker(world)
    assert onlooker.finds("/courses/BST") == 200
    for path in ("/courses/NOPE", "/courses/bst", "/courses/%25"):
        assert onlooker.finds(path) == 404
    assert "could not find" in onlooker.reads("/courses/NOPE")


def test_whatever_is_assumed_is_said_to_be(world, catalogue):
    told = Onlooker(world, ZH_HANT).reads("/courses/BST-R")
    assert "航港局尚未確認" in told
    assert "參訓資格" in told
