"""What a password must be like: long, mixed, nobody's name or number."""

import pytest

from services.identity.national_id import make_id
from services.identity.password_rules import EASY, LENGTH, MIXED, problem_of
from services.identity.passwords import LONGEST


def said(password, name="林怡安"):
    found = problem_of(password, name=name)
    return found and found[0]


@pytest.mark.parametrize(
    "password",
    ["Pilot-Ladder-77", "kelp-and-brine-9", "Harbour-Light-116", "海上平安-Sail-9日出",
     "Ax7" * 3 + "-lantern", "To1-keel-" * 20],
)  # fmt: skip
def test_a_long_mixed_one_is_taken(password):
    assert said(password) is None


@pytest.mark.parametrize("password", ["", "Ab-3456789x", "x" * (LONGEST + 1)])
def test_its_length_has_two_ends(password):
    assert said(password) == LENGTH


@pytest.mark.parametrize(
    "password",
    ["My-Password-77", "MTNet-Harbour-9", "Welcome-Aboard9", "Aa-1234-Harbour", "Qwerty-Harbour9",
     "林怡安-Harbour-9", f"Harbour{make_id('A', '1', '5000001')}",
     f"-{make_id('B', '2', '7000001').lower()}-Ab"],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused(password):
    assert said(password) == EASY


def test_a_name_in_parts_is_found_and_one_letter_is_not():
    assert said("Harbour-Smith-77", name="Jo Smith") == EASY
    assert said("Harbour-Light-77", name="J. H") is None


@pytest.mark.parametrize("password", ["harbour-lights", "HARBOURLIGHT9", "Aa1Aa1Aa1Aa1"])
def test_too_few_kinds_or_signs_are_refused(password):
    assert said(password) == MIXED
