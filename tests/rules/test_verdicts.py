"""Three answers and how they combine; what a screening decides; the first date; who pays."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import START, aboard, certificate, coc, paper, record

from services.screening.leaves import Asked
from services.screening.screen import CourseRules, Screening, decide, judge, screen
from services.screening.verdict import Finding, Verdict, every, opposite, some

P, F, U = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
ADULT = {"kind": "min_age", "years": 18, "on": "class_start"}
BOOK = {"kind": "seamans_book_valid", "on": "class_start"}
HOLDS = {"kind": "holds_certificate", "any_of": ["BST"], "valid_on": "class_start"}
LETTER = {"kind": "manual_evidence", "code": "letter", "label": "letter"}
SEA = {"kind": "sea_service_months", "months": 3, "department": "any"}


def judged(tree, told, on=START, declared=()):
    return judge(tree, Asked(told, on, frozenset(declared), frozenset())).verdict


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [(P, P, P, P), (P, U, U, P), (P, F, F, P), (U, U, U, U), (U, F, F, U), (F, F, F, F)],
)
def test_the_truth_tables(left, right, both, either):
    for pair in ((left, right), (right, left)):
        assert every(pair) is both
        assert some(pair) is either
    assert opposite(every((left, right))) is some((opposite(left), opposite(right)))  # De Morgan


def test_negation_leaves_the_unknown_unknown():
    assert [opposite(v) for v in (P, F, U)] == [F, P, U]


def test_no_rule_at_all_is_met_and_no_alternative_is_not():
    assert every(()) is P
    assert some(()) is F


LEAF = {
    P: {"kind": "seamans_book_valid"},
    F: {"kind": "manual_evidence", "code": "x", "label": "x"},
    U: {"kind": "min_age", "years": 18},
}


@pytest.mark.parametrize("verdicts", list(product((P, F, U), repeat=3)))
def test_a_tree_combines_its_leaves_and_keeps_every_one(verdicts):
    told = record(seamans_book=paper())
    one, two, three = (LEAF[v] for v in verdicts)
    finding = judge(
        {"any": [{"all": [one, two]}, {"not": three}]},
        Asked(told, START, frozenset(), frozenset()),
    )
    assert finding.verdict is some((every(verdicts[:2]), opposite(verdicts[2])))
    assert [leaf.verdict for leaf in finding.leaves()] == list(verdicts)
    assert Finding.from_json(finding.to_json()) == finding


RULES = CourseRules({"all": [ADULT, HOLDS]}, BOOK, None, version=3)
GOOD = {
    "person": {"birth_date": "1990-01-01", "nationality": "TW"},
    "seamans_book": paper(),
    "certificates": [certificate("BST")],
}


def screened(told=None, rules=RULES, *, start=START, declared=(), id_tells="open"):
    return screen(
        rules,
        None if told is None else record(**told),
        class_start=start,
        declared=frozenset(declared),
        id_tells=id_tells,
    )


def outcome(told=None, **more):
    wholly = more.pop("wholly_self_funded", False)
    decision = decide(screened(told, **more), wholly_self_funded=wholly)
    return decision.outcome, decision.track


class TestWhatAScreeningDecides:
    def test_all_met_is_qualified(self):
        assert outcome(GOOD) == ("eligible", "funded")

    def test_a_rule_to_attend_not_met_is_the_end(self):
        assert outcome({**GOOD, "certificates": []}) == ("ineligible", "funded")

    def test_a_rule_to_attend_unknown_is_for_review(self):
        assert outcome({k: v for k, v in GOOD.items() if k != "certificates"}) == (
            "review", "funded")  # fmt: skip

    def test_only_the_funded_extra_not_met_means_self_funded(self):
        assert outcome({**GOOD, "seamans_book": None}) == ("eligible", "self_funded")

    def test_the_funded_extra_unknown_is_for_review(self):
        assert outcome({k: v for k, v in GOOD.items() if k != "seamans_book"}) == (
            "review", "funded")  # fmt: skip

    def test_in_a_wholly_self_funded_class_it_decides_nothing(self):
        silent_book = {k: v for k, v in GOOD.items() if k != "seamans_book"}
        assert outcome(silent_book, wholly_self_funded=True) == ("eligible", "self_funded")
        assert outcome(GOOD, wholly_self_funded=True) == ("eligible", "self_funded")

    def test_when_mtnet_is_silent_everything_is_for_review_and_nothing_fails(self):
        seen = screened(None)
        assert seen.silent
        assert {leaf.verdict for leaf in seen.attend.leaves()} == {U}
        assert outcome(None) == ("review", "funded")
        assert outcome(None, id_tells="national") == ("review", "funded")

    def test_what_was_applied_is_kept(self):
        seen = screened(GOOD)
        assert Screening.from_json(seen.to_json()) == seen
        assert seen.version == 3


class TestNationality:
    """The ID tells; only where it leaves the question open MTNet is asked, then a person."""

    def of(self, id_tells, mtnet, **more):
        told = {**GOOD, "person": {**GOOD["person"], "nationality": mtnet}, **more}
        return outcome(told, id_tells=id_tells)

    @pytest.mark.parametrize("mtnet", ["TW", "other", "unknown", None, ["TW"]])
    def test_a_national_id_is_a_national_whatever_mtnet_says(self, mtnet):
        assert self.of("national", mtnet) == ("eligible", "funded")

    @pytest.mark.parametrize("mtnet", ["TW", "other", "unknown", None])
    def test_a_foreigner_always_pays(self, mtnet):
        assert self.of("foreigner", mtnet) == ("eligible", "self_funded")

    def test_an_open_number_is_reviewed_and_reserves_nothing(self):
        assert self.of("open", "unknown") == ("review", "self_funded")

    def test_but_not_where_the_funded_extra_fails_anyway(self):
        assert self.of("open", "unknown", seamans_book=None) == ("eligible", "self_funded")

    def test_mtnet_settles_an_open_number(self):
        assert self.of("open", "TW") == ("eligible", "funded")
        assert self.of("open", "other") == ("eligible", "self_funded")


class TestTheFirstDate:
    """The first class start after the one asked for on which the same record passes."""

    def of(self, **more):
        return screened({**GOOD, **more}).first_date

    def test_there_is_none_when_the_record_passes(self):
        assert self.of() is None

    def test_it_is_the_birthday(self):
        assert self.of(person={"birth_date": "2009-08-20"}) == date(2027, 8, 20)

    @pytest.mark.parametrize("years", [15, 16, 18, 23])
    def test_whatever_the_age_asked_for(self, years):
        rules = CourseRules({"any": [{"all": [{**ADULT, "years": years}]}]}, None, None)
        birth = START.replace(year=START.year - years) + timedelta(days=9)
        told = {"person": {"birth_date": birth.isoformat()}}
        assert screened(told, rules).first_date == START + timedelta(days=9)

    def test_it_is_the_day_a_certificate_is_issued(self):
        assert self.of(certificates=[certificate("BST", "2027-05-03")]) == date(2027, 5, 3)

    def test_it_is_the_day_after_a_withdrawal_ends(self):
        held = certificate("BST", status="withdrawn", withdrawn_until="2027-06-30")
        assert self.of(certificates=[held]) == date(2027, 7, 1)

    def test_a_withdrawal_without_end_has_none(self):
        assert self.of(certificates=[certificate("BST", status="withdrawn")]) is None
        held = certificate("BST", status="withdrawn", withdrawn_until="9999-12-31")
        assert self.of(certificates=[held]) is None

    def test_there_is_none_if_it_would_only_be_unknown(self):
        rules = CourseRules({"all": [ADULT, SEA]}, None, None)
        told = {"person": {"birth_date": "2009-08-20"}}
        assert screened(told, rules).first_date is None

    def test_there_is_none_if_a_paper_is_gone_by_then(self):
        told = {"person": {"birth_date": "2009-08-20"},
                "certificates": [certificate("BST", "2022-01-01", "2027-08-19")]}  # fmt: skip
        assert screened(told).first_date is None

    def test_days_on_board_told_ahead_count(self):
        rules = CourseRules({"all": [SEA]}, None, None)
        told = {"sea_service": [aboard("2027-04-01", "2027-08-31")]}
        assert screened(told, rules, start=date(2027, 4, 12)).first_date == date(2027, 7, 1)


# A record grows: papers and periods are added, and a verdict never gets worse.

DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31)).map(date.isoformat)
CERTS = st.builds(
    lambda course, issued, expires, withdrawn: certificate(
        course, issued, expires, status="withdrawn" if withdrawn else "active"
    ),
    st.sampled_from(["BST", "PSCRB"]), DAYS, st.none() | DAYS, st.booleans(),
)  # fmt: skip
COCS = st.builds(
    lambda rank, issued: coc(rank, issued), st.sampled_from(["MASTER_1", "COOK"]), DAYS
)
CLOSED = st.builds(
    lambda start, days, more: aboard(
        start.isoformat(), (start + timedelta(days=days)).isoformat(), **more
    ),
    st.dates(date(2024, 1, 1), date(2026, 12, 1)), st.integers(0, 120),
    st.sampled_from([{}, {"service": "government"}, {"ship_type": "bulk"}, {"gt": None}]),
)  # fmt: skip
TREE = {
    "all": [
        {"any": [HOLDS, {"kind": "completed_course", "any_of": ["PSCRB"]}, LETTER]},
        {"any": [{**SEA, "ship_types": ["oil_tanker"], "within_years": 3, "min_gt": 500},
                 {"kind": "rank_any_of", "ranks": ["MASTER_1"]}]},
    ]
}  # fmt: skip
ORDER = (F, U, P)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(CERTS, max_size=3), st.lists(COCS, max_size=2), st.lists(CLOSED, max_size=4),
    CERTS | COCS | CLOSED,
)  # fmt: skip
def test_more_evidence_never_turns_pass_into_less(certs, cocs, service, more):
    before = record(certificates=certs, cocs=cocs, sea_service=service)
    after = record(
        certificates=[*certs, more] if "course" in more else certs,
        cocs=[*cocs, more] if "signed_on" not in more and "course" not in more else cocs,
        sea_service=[*service, more] if "signed_on" in more else service,
    )
    was, now = judged(TREE, before), judged(TREE, after)
    assert not (was is P and now is not P)
    later = max((s["signed_on"] for s in service), default="")
    if "signed_on" not in more or more["signed_on"] <= later:  # no later sign-on: nothing settles
        assert ORDER.index(now) >= ORDER.index(was)


@settings(max_examples=100, deadline=None)
@given(st.lists(CERTS, max_size=3), st.lists(CLOSED, max_size=3), st.sets(st.just("letter")))
def test_declaring_a_paper_never_makes_a_verdict_worse(certs, service, declared):
    told = record(certificates=certs, sea_service=service)
    assert ORDER.index(judged(TREE, told, declared=("letter",))) >= ORDER.index(judged(TREE, told))


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2008, 1, 1), date(2010, 12, 31)), st.lists(CERTS, max_size=3),
    st.sampled_from([None, "2027-02-01", "2027-11-11"]),
)  # fmt: skip
def test_the_first_date_is_what_trying_every_day_would_find(birth, certs, book):
    rules = CourseRules({"all": [ADULT, {"any": [HOLDS, BOOK]}]}, None, None)
    told = {
        "person": {"birth_date": birth.isoformat()},
        "certificates": certs,
        "seamans_book": None if book is None else paper(book, "2028-06-01"),
    }
    seen = screened(told, rules)
    days = (START + timedelta(days=n) for n in range(1, 1400))
    tried = next((d for d in days if judged(rules.attend, record(**told), d) is P), None)
    assert seen.first_date == (tried if seen.attend.verdict is F else None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("2026-02-30"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["issued_on", "expires_on", "status", "course", "rank", "signed_on",
                         "signed_off", "ship_type", "gt", "service", "birth_date",
                         "nationality"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip
SECTIONS = ("person", "seamans_book", "medical", "cocs", "certificates", "sea_service")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(SECTIONS), JSON, max_size=6) | JSON)
def test_nonsense_from_mtnet_is_never_a_pass_and_never_a_crash(raw):
    from services.mtnet.record import from_json

    rules = CourseRules({"all": [ADULT, HOLDS, BOOK, SEA]}, None, None)
    seen = screen(rules, from_json(raw), class_start=START)
    assert seen.attend.verdict is not P
    assert Screening.from_json(seen.to_json()) == seen
