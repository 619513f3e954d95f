"""The leaf kinds of a rule tree: each reads one part of the record on the anchor day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mtnet.record import Paper, SeafarerRecord
from services.screening.sea_service import count, months_after
from services.screening.verdict import Finding, Verdict
from services.words import mark

Rule = Mapping[str, Any]
PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
NOT_TOLD = mark("MTNet does not tell.")
ALL_CERTIFICATES = mark("All these certificates: {courses}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a leaf may look at."""

    record: SeafarerRecord
    on: date
    declared: frozenset[str]
    completed: frozenset[str]


def min_age(rule: Rule, asked: Asked) -> Finding:
    """Judge the age, reached on the birthday (born 29 February: 1 March)."""
    text, facts = mark("At least {years} years old"), {"years": rule["years"]}
    born = asked.record.birth_date
    if born is None:
        return Finding("min_age", UNKNOWN, text, NOT_TOLD, facts)
    reached = months_after(born, 12 * rule["years"])
    verdict = PASS if reached <= asked.on else FAIL
    facts |= {"reached_on": reached.isoformat()}
    return Finding("min_age", verdict, text, mark("Reached on {reached_on}."), facts)


def medical(_rule: Rule, asked: Asked) -> Finding:
    """Judge the medical: two years from issue, one for those under 18 that day."""
    text = mark("Valid medical certificate")
    papers = asked.record.medical
    if papers is None:
        return Finding("medical_certificate_valid", UNKNOWN, text, NOT_TOLD)
    if not papers:
        none = mark("MTNet holds no medical certificate.")
        return Finding("medical_certificate_valid", FAIL, text, none)
    paper = papers[0]
    if not paper.known or paper.issued_on is None:
        return Finding("medical_certificate_valid", UNKNOWN, text, NOT_TOLD)
    ends = _medical_ends(paper.issued_on, asked.record.birth_date)
    until = paper.expires_on or ends[0]
    facts = {"issued_on": paper.issued_on.isoformat(), "until": until.isoformat()}
    if not paper.counts_on(asked.on):
        withdrawn = mark("Issued {issued_on}, withdrawn.")
        return Finding("medical_certificate_valid", FAIL, text, withdrawn, facts)
    answers = {paper.issued_on <= asked.on <= end for end in ends} | {paper.valid_on(asked.on)}
    if len(answers) > 1:
        differ = mark("Issued {issued_on}; MTNet's expiry {until} and the law differ on that day.")
        if paper.expires_on is None:
            differ = mark("Issued {issued_on}; MTNet tells no expiry and the law's is {until}.")
        return Finding("medical_certificate_valid", UNKNOWN, text, differ, facts)
    verdict = PASS if True in answers else FAIL
    found = mark("Issued {issued_on}, valid until {until}.")
    return Finding("medical_certificate_valid", verdict, text, found, facts)


def _medical_ends(issued: date, born: date | None) -> tuple[date, ...]:
    """Give when a medical runs out by law; both terms where the age is not known."""
    young, adult = months_after(issued, 12), months_after(issued, 24)
    if born is None:
        return young, adult
    return (young,) if months_after(born, 12 * 18) > issued else (adult,)


def seamans_book(_rule: Rule, asked: Asked) -> Finding:
    """Judge the seaman's book."""
    text = mark("Valid seaman's book")
    papers = asked.record.seamans_book
    if papers is None:
        return Finding("seamans_book_valid", UNKNOWN, text, NOT_TOLD)
    if not papers:
        return Finding("seamans_book_valid", FAIL, text, mark("MTNet holds no seaman's book."))
    verdict, sentence, facts = _best(papers, lambda paper: paper.valid_on(asked.on))
    return Finding("seamans_book_valid", verdict, text, sentence, facts)


def holds_certificate(rule: Rule, asked: Asked) -> Finding:
    """Judge certificates held: valid on the day, ever held, or expired not too long ago."""
    none = mark("MTNet holds no such certificate.")
    combine_all = "all_of" in rule
    codes = rule["all_of"] if combine_all else rule["any_of"]
    text = _certificate_rule(combine_all, rule.get("valid_on") is not None)
    facts: dict[str, Any] = {"courses": list(codes)}
    papers = asked.record.certificates
    if papers is None:
        return Finding("holds_certificate", UNKNOWN, text, NOT_TOLD, facts)
    good = _good(rule, asked)
    if combine_all:  # the weakest of them decides and is shown
        answers = [_best(_of(papers, (code,)), good, none) for code in codes]
        verdict, sentence, shown = min(answers, key=lambda answer: _WORST.index(answer[0]))
    else:
        verdict, sentence, shown = _best(_of(papers, codes), good, none)
    return Finding("holds_certificate", verdict, text, sentence, facts | shown)


_WORST = (FAIL, UNKNOWN, PASS)
Answer = tuple[Verdict, str, dict[str, Any]]


def _certificate_rule(combine_all: bool, valid: bool) -> str:
    if combine_all and valid:
        return mark("All these certificates, valid: {courses}")
    if combine_all:
        return ALL_CERTIFICATES
    if valid:
        return mark("Valid certificate: {courses}")
    return mark("Certificate, also expired: {courses}")


def _good(rule: Rule, asked: Asked) -> Callable[[Paper], bool]:
    """Tell which papers a rule accepts on the anchor day."""
    years = rule.get("expired_ok_years")

    def good(paper: Paper) -> bool:
        if not paper.counts_on(asked.on) or (paper.issued_on and paper.issued_on > asked.on):
            return False
        if rule.get("valid_on") is not None:
            return paper.valid_on(asked.on)
        if years is None or paper.expires_on is None:
            return True
        return months_after(paper.expires_on, 12 * years) >= asked.on

    return good


def _of(papers: Iterable[Paper], codes: Sequence[str]) -> list[Paper]:
    """Choose the papers of some codes; one whose code cannot be read could be any."""
    return [paper for paper in papers if paper.code in codes or not paper.code]


def _best(papers: Iterable[Paper], good: Callable[[Paper], bool], none: str = "") -> Answer:
    """Judge each paper and show the best one: it is the reason for the verdict."""

    def judged(paper: Paper) -> Verdict:
        return UNKNOWN if not paper.known or (none and not paper.code) else _told(good(paper))

    ordered = sorted(
        papers, key=lambda p: (_WORST.index(judged(p)), p.expires_on or date.max), reverse=True
    )
    if not ordered:
        return FAIL, none, {}
    return judged(ordered[0]), *_shown(ordered[0], none)


def _told(good: bool) -> Verdict:
    return PASS if good else FAIL


def _shown(paper: Paper, none: str) -> tuple[str, dict[str, Any]]:
    if not paper.known or paper.issued_on is None or (none and not paper.code):
        return NOT_TOLD, {}
    facts = {"paper": paper.code, "issued_on": paper.issued_on.isoformat()}
    if paper.withdrawn and paper.withdrawn_until is None:
        return mark("Issued {issued_on}, withdrawn."), facts
    if paper.withdrawn and paper.withdrawn_until is not None:
        facts |= {"until": paper.withdrawn_until.isoformat()}
        return mark("Issued {issued_on}, withdrawn until {until}."), facts
    if paper.expires_on is None:
        return mark("Issued {issued_on}, does not run out."), facts
    return mark("Issued {issued_on}, valid until {until}."), facts | {
        "until": paper.expires_on.isoformat()
    }


def rank_any_of(rule: Rule, asked: Asked) -> Finding:
    """Judge the rank of the certificate of competency, never the one served in."""
    text, facts = mark("Certificate of competency as {ranks}"), {"ranks": list(rule["ranks"])}
    papers = asked.record.cocs
    if papers is None:
        return Finding("rank_any_of", UNKNOWN, text, NOT_TOLD, facts)
    none = mark("MTNet holds no such certificate of competency.")
    good = _good({"valid_on": "class_start", **rule}, asked)
    verdict, sentence, shown = _best(_of(papers, rule["ranks"]), good, none)
    return Finding("rank_any_of", verdict, text, sentence, facts | shown)


def completed_course(rule: Rule, asked: Asked) -> Finding:
    """Judge whether the course was completed here, or a certificate was ever issued for it."""
    text, facts = mark("Completed course: {courses}"), {"courses": list(rule["any_of"])}
    if asked.completed & set(rule["any_of"]):
        done = mark("Completed through this portal.")
        return Finding("completed_course", PASS, text, done, facts)
    ever = {**rule, "valid_on": None, "expired_ok_years": None}
    held = holds_certificate(ever, asked)
    return Finding("completed_course", held.verdict, text, held.sentence, facts | held.facts)


def sea_service_months(rule: Rule, asked: Asked) -> Finding:
    """Judge sea service: sure days pass, days that could still be service leave it open."""
    needed = 30 * rule["months"]
    text = service_rule(rule)
    facts: dict[str, Any] = {k: v for k, v in rule.items() if k != "kind" and v is not None}
    if asked.record.sea_service is None:
        return Finding("sea_service_months", UNKNOWN, text, NOT_TOLD, facts)
    counted = count(asked.record, rule, asked.on)
    months, days = divmod(counted.sure, 30)
    short = divmod(max(needed - counted.sure, 0), 30)
    facts |= {"found_months": months, "found_days": days}
    facts |= {"short_months": short[0], "short_days": short[1]}
    if counted.sure >= needed:
        sentence = mark("MTNet shows {found_months} months and {found_days} days.")
        return Finding("sea_service_months", PASS, text, sentence, facts)
    if counted.at_most >= needed or asked.record.broken_service:
        sentence = mark(
            "MTNet shows {found_months} months and {found_days} days; "
            "{short_months} months and {short_days} days may not be recorded yet."
        )
        return Finding("sea_service_months", UNKNOWN, text, sentence, facts)
    sentence = mark(
        "MTNet shows {found_months} months and {found_days} days: "
        "{short_months} months and {short_days} days short."
    )
    return Finding("sea_service_months", FAIL, text, sentence, facts)


def service_rule(rule: Rule) -> str:
    """Choose the sentence that states a sea-service rule."""
    limited = any(rule.get(n) for n in ("ship_types", "role", "ranks", "voyage", "area"))
    if rule.get("within_years"):
        return (
            mark(
                "{months} months of sea service of the kind asked for "
                "in the last {within_years} years"
            )
            if limited
            else mark("{months} months of sea service in the last {within_years} years")
        )
    if rule.get("within_months"):
        return (
            mark(
                "{months} months of sea service of the kind asked for "
                "in the last {within_months} months"
            )
            if limited
            else mark("{months} months of sea service in the last {within_months} months")
        )
    return (
        mark("{months} months of sea service of the kind asked for")
        if limited
        else mark("{months} months of sea service")
    )


def manual_evidence(rule: Rule, asked: Asked) -> Finding:
    """Judge a paper no record shows: it fails unless declared, then a person looks."""
    facts = {"code": rule["code"], "label_zh": rule.get("label_zh", rule.get("label", "")),
             "label_en": rule.get("label_en", rule.get("label", ""))}  # fmt: skip
    text = mark("Paper: {label}")
    if rule["code"] in asked.declared:
        sentence = mark("You declared this paper; upload it and the institution will look at it.")
        return Finding("manual_evidence", UNKNOWN, text, sentence, facts)
    sentence = mark("Not declared. If you have this paper, say so.")
    return Finding("manual_evidence", FAIL, text, sentence, facts)


LEAVES: Mapping[str, Callable[[Rule, Asked], Finding]] = {
    "min_age": min_age,
    "medical_certificate_valid": medical,
    "seamans_book_valid": seamans_book,
    "holds_certificate": holds_certificate,
    "rank_any_of": rank_any_of,
    "completed_course": completed_course,
    "sea_service_months": sea_service_months,
    "manual_evidence": manual_evidence,
}
