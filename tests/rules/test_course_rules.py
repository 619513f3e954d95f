"""Every course of the catalogue can be screened, whatever the record holds."""

import json

import pytest
from papers import START, aboard, certificate, coc, paper, record

from pages.components.findings import leaves, rule_words
from services.catalogue.load import FOLDER
from services.catalogue.names import RANKS
from services.screening.leaves import LEAVES
from services.screening.screen import CourseRules, decide, screen
from services.screening.verdict import Verdict
from services.words import words_for

COURSES = {c["code"]: c for c in json.loads((FOLDER / "courses.json").read_text())}
NAMES = {code: (c["name_zh"], c["name_en"]) for code, c in COURSES.items()}
SHIPS = ("oil_tanker", "chemical_tanker", "liquefied_gas_tanker", "passenger", "ropax", "igf")
FULL = {
    "person": {"birth_date": "1980-01-01", "nationality": "TW"},
    "seamans_book": paper("2024-01-01", "2034-01-01"),
    "medical": paper("2026-06-01", "2028-06-01"),
    "cocs": [coc(rank, "2024-01-01", "2029-01-01") for rank in RANKS],
    "certificates": [certificate(code, "2024-01-01", "2029-01-01") for code in COURSES],
    "sea_service": [
        aboard(f"{2023 + n}-0{1 + m}-01", f"{2023 + n}-0{1 + m}-28", ship_type=ship,
               department=department, voyage=voyage, area="polar")
        for n in range(4) for m in range(9) for ship in SHIPS
        for department in ("deck", "engine") for voyage in ("international", "domestic")
    ],
}  # fmt: skip
EMPTY = {"person": {}, "seamans_book": None, "medical": None, "cocs": [], "certificates": [],
         "sea_service": []}  # fmt: skip
RECORDS = {"full": FULL, "empty": EMPTY, "absent": {}, "silent": None}


def trees(course):
    rules = CourseRules.from_json(course)
    return [tree for tree in (rules.attend, rules.funded_extra, rules.certificate) if tree]


def kinds(tree):
    if "kind" in tree:
        return {tree["kind"]}
    assert set(tree) <= {"all", "any", "not"}
    (parts,) = tree.values()
    return set().union(*(kinds(part) for part in (parts if isinstance(parts, list) else [parts])))


@pytest.mark.parametrize("code", COURSES)
def test_the_rules_use_only_kinds_that_are_judged(code):
    for tree in trees(COURSES[code]):
        assert kinds(tree) <= set(LEAVES)


@pytest.mark.parametrize("told", RECORDS)
@pytest.mark.parametrize("code", COURSES)
def test_a_course_can_be_screened_and_every_reason_is_said_in_both_languages(code, told):
    raw = RECORDS[told]
    rules = CourseRules.from_json(COURSES[code])
    everything = CourseRules({"all": trees(COURSES[code])}, rules.funded_extra, None)
    for applied in (rules, everything):
        seen = screen(applied, None if raw is None else record(**raw), class_start=START,
                      id_tells="national")  # fmt: skip
        assert decide(seen).outcome in ("eligible", "ineligible", "review")
        for leaf in leaves(seen.to_json()):
            for sentence in (leaf["rule"], leaf["sentence"]):
                english = rule_words(words_for("en"), sentence, leaf["facts"], NAMES)
                chinese = rule_words(words_for("zh-Hant-TW"), sentence, leaf["facts"], NAMES)
                assert english
                assert english != chinese
                assert "{" not in english + chinese


@pytest.mark.parametrize("code", COURSES)
def test_a_full_record_may_attend_unless_a_paper_must_be_shown(code):
    rules = CourseRules.from_json(COURSES[code])
    seen = screen(rules, record(**FULL), class_start=START, id_tells="national")
    undeclared = {leaf.kind for leaf in seen.attend.leaves() if leaf.verdict is not Verdict.PASS}
    assert seen.attend.verdict is Verdict.PASS or undeclared == {"manual_evidence"}, undeclared


@pytest.mark.parametrize("code", COURSES)
def test_an_empty_record_fails_and_an_absent_one_is_never_decided(code):
    rules = CourseRules.from_json(COURSES[code])
    empty = screen(rules, record(**EMPTY), class_start=START)
    absent = screen(rules, record(), class_start=START)
    silent = screen(rules, None, class_start=START)
    assert empty.attend.verdict is Verdict.FAIL
    for seen in (absent, silent):
        verdicts = {leaf.verdict for leaf in seen.attend.leaves()
                    if leaf.kind != "manual_evidence"}  # fmt: skip
        assert verdicts == {Verdict.UNKNOWN}
