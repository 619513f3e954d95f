"""The rules of a course in words: every leaf kind, every tree of the catalogue, both languages."""

import re

import pytest
from reader import as_text

from pages.components.rules_told import rule_list, rules_told
from services.catalogue.load import TREES, courses
from services.screening.leaves import LEAVES
from services.screening.screen import CourseRules
from services.screening.stated import stated
from services.words import ENGLISH, ZH_HANT, words_for

NAMES = {row["code"]: (row["name_zh"], row["name_en"]) for row in courses()}
EXAMPLES = {
    "min_age": ({"years": 18}, "年滿18歲", "18 years"),
    "medical_certificate_valid": ({}, "體格檢查", "medical certificate"),
    "seamans_book_valid": ({}, "船員服務手冊", "seaman's book"),
    "holds_certificate": (
        {"any_of": ["BST", "PSCRB"], "valid_on": "class_start"},
        "基本安全訓練或救生艇筏",
        "Basic safety training or Proficiency",
    ),
    "rank_any_of": ({"ranks": ["MASTER_1", "ETO"]}, "一等船長", "Master, first class"),
    "completed_course": ({"any_of": ["AFF"]}, "進階滅火", "fire fighting"),
    "sea_service_months": (
        {"months": 3, "department": "deck", "ship_types": ["oil_tanker"], "within_years": 5},
        "油輪",
        "Oil tanker",
    ),
    "manual_evidence": (
        {"code": "letter", "label_zh": "船東證明", "label_en": "Owner's letter"},
        "船東證明",
        "Owner's letter",
    ),
}


def test_there_is_an_example_of_every_leaf_kind():
    assert set(EXAMPLES) == set(LEAVES)


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("locale", [ZH_HANT, ENGLISH])
def test_every_leaf_kind_is_said_in_both_languages(kind, locale):
    rule, zh, en = EXAMPLES[kind]
    told = as_text(rule_list(words_for(locale), stated({"kind": kind, **rule}), NAMES, "check"))
    assert (zh if locale == ZH_HANT else en).lower() in told.lower()
    assert "{" not in re.sub(r'[{}"\[\]:,]|children|props|type', "", told).replace("\\", "")


@pytest.mark.parametrize("row", courses(), ids=lambda row: row["code"])
@pytest.mark.parametrize("locale", [ZH_HANT, ENGLISH])
def test_every_course_of_the_catalogue_says_its_rules(row, locale):
    words = words_for(locale)
    rules = CourseRules.from_json({name: row[name] for name in TREES})
    told = as_text(rules_told(words, rules, NAMES))
    assert words("To attend") in told
    assert (words("For the certificate, later") in told) is bool(row["certificate_conditions"])
    for code in re.findall(r"\b[A-Z]+_[A-Z0-9_]+\b", told):
        pytest.fail(f"a bare code is shown: {code}")


def test_alternatives_stand_apart_from_what_everybody_needs():
    tree = {
        "all": [
            {"kind": "min_age", "years": 18},
            {"any": [{"kind": "sea_service_months", "months": 12, "department": "any"},
                     {"kind": "completed_course", "any_of": ["AFF"]}]},
        ]
    }  # fmt: skip
    told = as_text(rule_list(words_for(ENGLISH), stated(tree), NAMES, "check"))
    assert told.index("18 years") < told.index("One of these:") < told.index("12 months")


def test_ranks_asked_for_in_all_their_classes_are_named_once():
    tree = {"kind": "rank_any_of", "ranks": ["MASTER_1", "MASTER_2", "MASTER_3", "ETO"]}
    told = as_text(rule_list(words_for(ENGLISH), stated(tree), NAMES, "check"))
    assert "Master (all classes) or Electro-technical officer" in told


def test_a_course_without_rules_says_that_nothing_is_asked_for():
    assert "Nothing is asked for." in as_text(rule_list(words_for(ENGLISH), None, {}, "check"))
