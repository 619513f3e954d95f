"""The leaf kinds of a rule tree: each reads one part of the record on the anchor day."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mtnet.record import Paper, SeafarerRecord
from services.screening.sea_service import count, months_after
from services.screening.verdict import Finding, Verdict, some
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
    papers, born = asked.record.medical, asked.record.birth_date
    if papers is None:
        return Finding("medical_certificate_valid", UNKNOWN, text, NOT_TOLD)
    if not papers:
        none = mark("MTNet holds no medical certificate.")
        return Finding("medical_certificate_valid", FAIL, text, none)
    paper = papers[0]
    if not paper.known or paper.issued_on is None:
        return Finding("medical_certificate_valid", UNKNOWN, text, NOT_TOLD)
    young = born is not None and months_after(born, 12 * 18) > paper.issued_on
    law = months_after(paper.issued_on, 12 if young else 24)
    by_law = paper.issued_on <= asked.on <= law
    by_mtnet = by_law if paper.expires_on is None else paper.valid_on(asked.on)
    until = paper.expires_on or law
    facts = {"issued_on": paper.issued_on.isoformat(), "until": until.isoformat()}
    if by_law != by_mtnet:
        differ = mark("Issued {issued_on}; MTNet's expiry {until} and the law differ on that day.")
        return Finding("medical_certificate_valid", UNKNOWN, text, differ, facts)
    found = mark("Issued {issued_on}, valid until {until}.")
    return Finding("medical_certificate_valid", PASS if by_law else FAIL, text, found, facts)


def seamans_book(_rule: Rule, asked: Asked) -> Finding:
    """Judge the seaman's book."""
    text = mark("Valid seaman's book")
    papers = asked.record.seamans_book
    if papers is None:
        return Finding("seamans_book_valid", UNKNOWN, text, NOT_TOLD)
    if not papers:
        return Finding("seamans_book_valid", FAIL, text, mark("MTNet holds no seaman's book."))
    verdict = _judged(papers, lambda paper: paper.valid_on(asked.on))
    return Finding("seamans_book_valid", verdict, text, *_shown(papers[0]))


def holds_certificate(rule: Rule, asked: Asked) -> Finding:
    """Judge certificates held: valid on the day, ever held, or expired not too long ago."""
    codes = rule.get("any_of") or rule["all_of"]
    combine_all = "all_of" in rule
    valid = rule.get("valid_on") is not None
    text = _certificate_rule(combine_all, valid)
    facts: dict[str, Any] = {"courses": list(codes)}
    papers = asked.record.certificates
    if papers is None:
        return Finding("holds_certificate", UNKNOWN, text, NOT_TOLD, facts)
    verdicts = [_holds(rule, asked, [p for p in papers if p.code == code]) for code in codes]
    verdicts += [UNKNOWN for p in papers if not p.code and not p.known][: not combine_all]
    verdict = min(verdicts, key=_WORST.index) if combine_all else some(verdicts)
    own = max(
        (p for p in papers if p.code in codes and p.issued_on),
        key=lambda p: (p.counts_on(asked.on), p.expires_on or date.max),
        default=None,
    )
    if own is None:
        none = mark("MTNet holds no such certificate.")
        return Finding("holds_certificate", verdict, text, none, facts)
    sentence, shown = _shown(own)
    return Finding("holds_certificate", verdict, text, sentence, facts | shown)


_WORST = (FAIL, UNKNOWN, PASS)


def _certificate_rule(combine_all: bool, valid: bool) -> str:
    if combine_all:
        return ALL_CERTIFICATES
    if valid:
        return mark("Valid certificate: {courses}")
    return mark("Certificate, also expired: {courses}")


def _holds(rule: Rule, asked: Asked, papers: list[Paper]) -> Verdict:
    years = rule.get("expired_ok_years")

    def good(paper: Paper) -> bool:
        if not paper.counts_on(asked.on) or (paper.issued_on and paper.issued_on > asked.on):
            return False
        if rule.get("valid_on") is not None:
            return paper.valid_on(asked.on)
        if years is None or paper.expires_on is None:
            return True
        return months_after(paper.expires_on, 12 * years) >= asked.on

    return _judged(papers, good)


def _judged(papers: Iterable[Paper], good: Callable[[Paper], bool]) -> Verdict:
    return some(UNKNOWN if not p.known else PASS if good(p) else FAIL for p in papers)


def _shown(paper: Paper) -> tuple[str, dict[str, Any]]:
    if not paper.known or paper.issued_on is None:
        return NOT_TOLD, {}
    facts = {"paper": paper.code, "issued_on": paper.issued_on.isoformat()}
    if paper.withdrawn:
        return mark("Issued {issued_on}, withdrawn."), facts
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
    own = [p for p in papers if p.code in rule["ranks"] or not p.known]
    if not own:
        none = mark("MTNet holds no such certificate of competency.")
        return Finding("rank_any_of", FAIL, text, none, facts)
    verdict = _judged(own, lambda paper: paper.valid_on(asked.on))
    sentence, shown = _shown(own[0])
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
