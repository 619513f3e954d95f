"""Every kind of rule, on one day: met, not met, or for a person to look at - and why."""

import re
from datetime import date, timedelta

import pytest
from papers import START, aboard, certificate, coc, found, paper, record, verdict

from pages.components.findings import rule_words
from services.screening.leaves import LEAVES
from services.words import words_for

AGE = {"kind": "min_age", "years": 18, "on": "class_start"}
MEDICAL = {"kind": "medical_certificate_valid", "on": "class_start"}
BOOK = {"kind": "seamans_book_valid", "on": "class_start"}
HOLDS = {"kind": "holds_certificate", "any_of": ["BST", "PSCRB"], "valid_on": "class_start"}
EVER = {"kind": "holds_certificate", "any_of": ["BST"], "valid_on": None}
LAPSED = {**EVER, "expired_ok_years": 5}
BOTH = {"kind": "holds_certificate", "all_of": ["BST", "PSCRB"], "valid_on": "class_start"}
RANK = {"kind": "rank_any_of", "ranks": ["MASTER_1", "CHIEF_MATE_1"], "evidence": "coc",
        "valid_on": "class_start"}  # fmt: skip
DONE = {"kind": "completed_course", "any_of": ["BST"]}
SEA = {"kind": "sea_service_months", "months": 3, "department": "any"}
LETTER = {"kind": "manual_evidence", "code": "letter", "label_zh": "雇主證明信",
          "label_en": "Employer's letter"}  # fmt: skip


def born(day):
    return {"person": {"birth_date": day}}


TABLE = [
    # rule, what MTNet holds, verdict, what the finding says in English
    ("an age is reached on the birthday", AGE, born("2009-04-12"), "pass", "12 April 2027"),
    ("one day too young", AGE, born("2009-04-13"), "fail", "13 April 2027"),
    ("no date of birth", AGE, {"person": {}}, "unknown", "does not tell"),
    ("no person at all", AGE, {}, "unknown", "does not tell"),
    ("a date of birth that is no date", AGE, born("12.4.2009"), "unknown", "does not tell"),
    ("a medical on its last day", MEDICAL,
     {"medical": paper("2025-04-12", "2027-04-12"), **born("1990-01-01")}, "pass",
     "12 April 2027"),
    ("a medical that ended yesterday", MEDICAL, {"medical": paper("2025-04-11", "2027-04-11")},
     "fail", "valid until 11 April 2027"),
    ("no medical: null", MEDICAL, {"medical": None}, "fail", "no medical"),
    ("no medical: empty", MEDICAL, {"medical": []}, "fail", "no medical"),
    ("an absent medical section", MEDICAL, {}, "unknown", "does not tell"),
    ("a medical that is no paper", MEDICAL, {"medical": "yes"}, "unknown", "does not tell"),
    ("a medical without its day", MEDICAL, {"medical": paper(None, "2028-01-01")}, "unknown",
     "does not tell"),
    ("a withdrawn medical", MEDICAL,
     {"medical": paper("2026-06-01", "2028-06-01", status="withdrawn")}, "fail", "withdrawn"),
    ("MTNet says longer than the law", MEDICAL,
     {"medical": paper("2025-01-01", "2028-01-01"), **born("1990-01-01")}, "unknown", "differ"),
    ("MTNet says shorter than the law", MEDICAL,
     {"medical": paper("2026-01-01", "2027-01-01"), **born("1990-01-01")}, "unknown", "differ"),
    ("both agree on that day, if not on the end", MEDICAL,
     {"medical": paper("2026-01-01", "2027-12-01"), **born("1990-01-01")}, "pass", "valid until"),
    ("no expiry told, within the law", MEDICAL, {"medical": paper(), **born("1990-01-01")},
     "pass", "valid until"),
    ("no expiry told, after the law", MEDICAL,
     {"medical": paper("2024-01-01"), **born("1990-01-01")}, "unknown", "no expiry"),
    ("a book on its last day", BOOK, {"seamans_book": paper("2017-04-12", "2027-04-12")}, "pass",
     "12 April 2027"),
    ("a book that ended yesterday", BOOK, {"seamans_book": paper("2017-04-11", "2027-04-11")},
     "fail", "11 April 2027"),
    ("a book issued later", BOOK, {"seamans_book": paper("2027-04-13", "2037-04-13")}, "fail",
     "Issued 13 April 2027"),
    ("no book", BOOK, {"seamans_book": None}, "fail", "no seaman's book"),
    ("an absent book section", BOOK, {}, "unknown", "does not tell"),
    ("a book that is no paper", BOOK, {"seamans_book": 7}, "unknown", "does not tell"),
    ("a withdrawn book", BOOK, {"seamans_book": paper(status="withdrawn")}, "fail", "withdrawn"),
    ("withdrawn until the day itself", BOOK,
     {"seamans_book": paper(status="withdrawn", withdrawn_until="2027-04-12")}, "fail",
     "until 12 April 2027"),
    ("withdrawn until the day before", BOOK,
     {"seamans_book": paper(status="withdrawn", withdrawn_until="2027-04-11")}, "pass",
     "until 11 April 2027"),
    ("withdrawn until nobody knows when", BOOK,
     {"seamans_book": paper(status="withdrawn", withdrawn_until="soon")}, "unknown",
     "does not tell"),
    ("a status nobody knows", BOOK, {"seamans_book": paper(status="frozen")}, "unknown",
     "does not tell"),
    ("one of the certificates", HOLDS, {"certificates": [certificate("PSCRB")]}, "pass",
     "does not run out"),
    ("the valid one of two is shown", HOLDS,
     {"certificates": [certificate("BST", "2015-01-01", "2020-01-01"),
                       certificate("BST", "2025-01-01", "2030-01-01")]}, "pass", "January 2030"),
    ("an expired certificate", HOLDS,
     {"certificates": [certificate("BST", "2015-01-01", "2020-01-01")]}, "fail", "January 2020"),
    ("a certificate of another course", HOLDS, {"certificates": [certificate("ECDIS")]}, "fail",
     "no such certificate"),
    ("no certificates", HOLDS, {"certificates": []}, "fail", "no such certificate"),
    ("certificates: null", HOLDS, {"certificates": None}, "fail", "no such certificate"),
    ("an absent certificate section", HOLDS, {}, "unknown", "does not tell"),
    ("certificates that are no list", HOLDS, {"certificates": {"BST": 1}}, "unknown",
     "does not tell"),
    ("a certificate with broken days", HOLDS,
     {"certificates": [certificate("BST", "yesterday", None)]}, "unknown", "does not tell"),
    ("a certificate of an unreadable course", HOLDS,
     {"certificates": [paper(course=None)]}, "unknown", "does not tell"),
    ("another course's broken certificate is no excuse", HOLDS,
     {"certificates": [certificate("ECDIS", "yesterday", None)]}, "fail", "no such certificate"),
    ("a sound one beside a broken one", HOLDS,
     {"certificates": ["?", certificate("BST")]}, "pass", "does not run out"),
    ("ever held, long expired", EVER,
     {"certificates": [certificate("BST", "1999-01-01", "2004-01-01")]}, "pass", "2004"),
    ("ever held, but withdrawn", EVER,
     {"certificates": [certificate("BST", status="withdrawn")]}, "fail", "withdrawn"),
    ("ever held only after the class", EVER,
     {"certificates": [certificate("BST", "2027-05-01")]}, "fail", "May 2027"),
    ("expired five years ago to the day", LAPSED,
     {"certificates": [certificate("BST", "2017-04-12", "2022-04-12")]}, "pass", "2022"),
    ("expired five years and a day ago", LAPSED,
     {"certificates": [certificate("BST", "2017-04-11", "2022-04-11")]}, "fail", "2022"),
    ("not expired at all", LAPSED,
     {"certificates": [certificate("BST", "2025-01-01", "9999-12-31")]}, "pass", "9999"),
    ("all of them", BOTH, {"certificates": [certificate("BST"), certificate("PSCRB")]}, "pass",
     "does not run out"),
    ("all but one", BOTH, {"certificates": [certificate("BST")]}, "fail", "no such certificate"),
    ("all, but one broken", BOTH,
     {"certificates": [certificate("BST"), certificate("PSCRB", "?", None)]}, "unknown",
     "does not tell"),
    ("all, but one unreadable", BOTH, {"certificates": [certificate("BST"), paper(course=9)]},
     "unknown", "does not tell"),
    ("the rank of the certificate of competency", RANK, {"cocs": [coc("MASTER_1")]}, "pass",
     "does not run out"),
    ("the valid one of two ranks is shown", RANK,
     {"cocs": [coc("CHIEF_MATE_1", "2015-01-01", "2020-01-01"),
               coc("MASTER_1", "2024-01-01", "2029-01-01")]}, "pass", "2029"),
    ("an expired rank", RANK, {"cocs": [coc("MASTER_1", "2015-01-01", "2020-01-01")]}, "fail",
     "2020"),
    ("a rank only served in", RANK,
     {"cocs": [], "sea_service": [aboard("2020-01-01", "2024-01-01", rank="MASTER_1")]}, "fail",
     "no such certificate of competency"),
    ("another rank's broken paper is no excuse", RANK, {"cocs": [coc("COOK", "?", None)]}, "fail",
     "no such certificate of competency"),
    ("a rank that cannot be read", RANK, {"cocs": [paper(rank=None)]}, "unknown",
     "does not tell"),
    ("an absent section of ranks", RANK, {}, "unknown", "does not tell"),
    ("completed elsewhere, long ago", DONE,
     {"certificates": [certificate("BST", "1999-01-01", "2004-01-01")]}, "pass", "2004"),
    ("never completed", DONE, {"certificates": []}, "fail", "no such certificate"),
    ("completed or not: nobody tells", DONE, {}, "unknown", "does not tell"),
    ("enough service", SEA, {"sea_service": [aboard("2026-01-01", "2026-03-31")]}, "pass",
     "3 months and 0 days"),
    ("too little, long ago", SEA, {"sea_service": [aboard("2020-01-01", "2020-02-10")]}, "unknown",
     "1 month and 20 days may not be recorded yet"),
    ("too little, whatever came after", {**SEA, "months": 12},
     {"sea_service": [aboard("2020-01-01", "2020-02-10")]}, "fail",
     "10 months and 20 days short"),
    ("no service", SEA, {"sea_service": []}, "fail", "0 months and 0 days"),
    ("service: null", SEA, {"sea_service": None}, "fail", "3 months and 0 days short"),
    ("an absent service section", SEA, {}, "unknown", "does not tell"),
    ("service that is no list", SEA, {"sea_service": "much"}, "unknown", "may not be recorded"),
    ("a period that makes no sense", SEA, {"sea_service": [aboard("2026-03-01", "2026-01-01")]},
     "unknown", "may not be recorded"),
    ("a paper nobody declared", LETTER, {}, "fail", "Not declared"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "told", "expected", "says"), [row[1:] for row in TABLE],
                         ids=[row[0] for row in TABLE])  # fmt: skip
def test_each_rule_gives_its_verdict_with_its_reason(rule, told, expected, says):
    finding = found(rule, record(**told))
    assert finding.verdict == expected
    assert finding.kind == rule["kind"]
    assert says in rule_words(words_for("en"), finding.sentence, finding.facts, {})


@pytest.mark.parametrize(
    ("months", "days", "said"),
    [
        (1, 1, "MTNet shows 1 month and 1 day."),
        (11, 21, "MTNet shows 11 months and 21 days."),
        (0, 1, "MTNet shows 0 months and 1 day."),
    ],
)
def test_one_month_and_one_day_are_said_as_one(months, days, said):
    """A finding is kept as it was worded; only the page tells one from many."""
    sentence = "MTNet shows {found_months} months and {found_days} days."
    facts = {"found_months": months, "found_days": days}
    assert rule_words(words_for("en"), sentence, facts, {}) == said
    chinese = rule_words(words_for("zh-Hant-TW"), sentence, facts, {})
    assert str(months) in chinese
    assert "MTNet shows" not in chinese


CODES = re.compile(r"MTNet|[A-Z][A-Z0-9_-]{2,}")


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_each_finding_is_said_in_chinese_too(row):
    finding = found(row[1], record(**row[2]))
    for sentence in (finding.rule, finding.sentence):
        said = rule_words(words_for("zh-Hant-TW"), sentence, finding.facts, {})
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert not re.search(r"[A-Za-z{}]", CODES.sub("", said)), said


def test_every_kind_of_rule_of_the_vocabulary_is_judged_here():
    assert {row[1]["kind"] for row in TABLE} == set(LEAVES)


@pytest.mark.parametrize("kind", sorted(LEAVES))
def test_every_kind_is_seen_with_more_than_one_verdict(kind):
    assert len({row[3] for row in TABLE if row[1]["kind"] == kind}) >= (
        3 if kind != "manual_evidence" else 1
    )


def test_a_declared_paper_is_for_review_and_answers_only_its_own_rule():
    other = {**LETTER, "code": "contract"}
    assert verdict(LETTER, record(), declared=("letter",)) == "unknown"
    assert verdict(other, record(), declared=("letter",)) == "fail"
    assert verdict(EVER, record(certificates=[]), declared=("letter", "BST")) == "fail"


def test_a_course_completed_in_the_portal_counts_even_when_mtnet_does_not_tell():
    assert verdict(DONE, record(), completed=("BST",)) == "pass"
    assert verdict(DONE, record(certificates=[]), completed=("PSCRB",)) == "fail"


@pytest.mark.parametrize(
    ("birth", "reached"),
    [("2008-02-29", date(2026, 3, 1)), ("2004-02-29", date(2022, 3, 1)),
     ("2009-12-31", date(2027, 12, 31))],
)  # fmt: skip
def test_born_on_29_february_an_age_is_reached_on_1_march(birth, reached):
    told = record(**born(birth))
    assert verdict(AGE, told, reached) == "pass"
    assert verdict(AGE, told, reached - timedelta(days=1)) == "fail"


@pytest.mark.parametrize(
    ("birth", "months"),
    [("2008-06-02", 12), ("2008-06-01", 24), ("1970-01-01", 24)],
    ids=["one day under 18", "18 that day", "grown up"],
)
def test_a_medical_runs_one_year_for_the_young_and_two_for_others(birth, months):
    ends = date(2026 + months // 12, 6, 1)
    told = record(medical=paper("2026-06-01", ends.isoformat()), **born(birth))
    assert verdict(MEDICAL, told, ends) == "pass"
    assert verdict(MEDICAL, told, ends + timedelta(days=1)) == "fail"


def test_without_a_birthday_a_medical_is_sure_only_for_one_year():
    told = record(medical=paper("2026-06-01", "2028-06-01"))
    assert verdict(MEDICAL, told, date(2027, 6, 1)) == "pass"
    assert verdict(MEDICAL, told, date(2027, 6, 2)) == "unknown"
    assert verdict(MEDICAL, told, date(2028, 6, 2)) == "fail"


def test_a_paper_that_does_not_run_out_is_valid_for_ever():
    told = record(certificates=[certificate("BST", "2000-01-01", None)])
    assert verdict(HOLDS, told, date(2099, 12, 31)) == "pass"


def test_only_the_first_class_day_counts():
    told = record(seamans_book=paper("2017-04-12", START.isoformat()))
    assert verdict(BOOK, told) == "pass"  # though it runs out while the class is held
