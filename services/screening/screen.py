"""Screen a record for a course on the class's first day, and decide what follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from services.mtnet.record import SILENT, SeafarerRecord
from services.screening.leaves import LEAVES, Asked
from services.screening.sea_service import months_after
from services.screening.verdict import Finding, Verdict, every, opposite, some
from services.words import mark

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CourseRules:
    """The trees that apply to a course in a plan year, and their version."""

    attend: Tree
    funded_extra: Tree | None
    certificate: Tree | None
    version: int = 1

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], *, version: int = 1) -> "CourseRules":
        """Read the rules as the catalogue keeps them."""
        return cls(
            raw["prerequisites"],
            raw.get("funded_extra"),
            raw.get("certificate_conditions"),
            version,
        )


@dataclass(frozen=True, slots=True)
class Screening:
    """What was applied and found: to attend, and for the funded track."""

    attend: Finding
    funded: Finding
    nationality: str  # TW | other | unknown, as the ID or MTNet tells
    first_date: date | None  # when the same record would pass, if it tells
    silent: bool
    version: int

    def to_json(self) -> dict[str, Any]:
        """Give the screening as it is kept with the registration."""
        return {
            "attend": self.attend.to_json(),
            "funded": self.funded.to_json(),
            "nationality": self.nationality,
            "first_date": self.first_date.isoformat() if self.first_date else None,
            "silent": self.silent,
            "version": self.version,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Screening":
        """Read a kept screening back."""
        return cls(
            Finding.from_json(raw["attend"]),
            Finding.from_json(raw["funded"]),
            raw["nationality"],
            date.fromisoformat(raw["first_date"]) if raw["first_date"] else None,
            raw["silent"],
            raw["version"],
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """eligible | ineligible | review, and the track: funded | self_funded."""

    outcome: str
    track: str


def screen(
    rules: CourseRules,
    record: SeafarerRecord | None,
    *,
    class_start: date,
    declared: frozenset[str] = frozenset(),
    completed_courses: frozenset[str] = frozenset(),
    id_tells: str = "open",
) -> Screening:
    """Judge a record (None: MTNet was silent) on the class start date.

    id_tells: national | foreigner | open; only where the ID leaves it open MTNet tells.
    """
    told = record or SILENT
    nationality = {"national": "TW", "foreigner": "other"}.get(id_tells, told.nationality)
    told = replace(told, nationality=nationality)
    asked = Asked(told, class_start, declared, completed_courses)
    attend = judge(rules.attend, asked)
    funded = _funded(rules.funded_extra, asked)
    first = _first_date(rules.attend, asked) if attend.verdict is Verdict.FAIL else None
    return Screening(attend, funded, asked.record.nationality, first, record is None, rules.version)


def judge(tree: Tree, asked: Asked) -> Finding:
    """Judge a tree by Kleene logic."""
    if "kind" in tree:
        return LEAVES[tree["kind"]](tree, asked)
    if "not" in tree:
        part = judge(tree["not"], asked)
        return Finding("not", opposite(part.verdict), parts=(part,))
    name, combine = ("all", every) if "all" in tree else ("any", some)
    parts = tuple(judge(part, asked) for part in tree[name])
    return Finding(name, combine(part.verdict for part in parts), parts=parts)


def _funded(extra: Tree | None, asked: Asked) -> Finding:
    """Join the funded-track extra and nationality: a foreigner always pays (S2 Art.20)."""
    verdict = {"TW": Verdict.PASS, "other": Verdict.FAIL}.get(
        asked.record.nationality, Verdict.UNKNOWN
    )
    sentence = {
        Verdict.PASS: mark("National."),
        Verdict.FAIL: mark("Foreign nationals attend at their own cost."),
        Verdict.UNKNOWN: mark("The record leaves this open; the institution looks at it."),
    }[verdict]
    nationality = Finding("nationality", verdict, mark("Entitled to a funded seat"), sentence)
    parts = (nationality,) if extra is None else (judge(extra, asked), nationality)
    return Finding("all", every(part.verdict for part in parts), parts=parts)


def decide(screening: Screening, *, wholly_self_funded: bool = False) -> Decision:
    """Decide: fail ends it, unknown is for review, only the funded extra failing means self-funded.

    An undecided nationality is reviewed on the self-funded track: it reserves nothing. In a wholly
    self-funded class the funded extra decides nothing.
    """
    pays = wholly_self_funded or _pays(screening)
    if screening.attend.verdict is Verdict.FAIL:
        return Decision("ineligible", "self_funded" if pays else "funded")
    if pays:
        outcome = "review" if screening.attend.verdict is Verdict.UNKNOWN else "eligible"
        return Decision(outcome, "self_funded")
    if screening.funded.verdict is Verdict.UNKNOWN:
        undecided = screening.nationality == "unknown" and not screening.silent
        return Decision("review", "self_funded" if undecided else "funded")
    unknown = screening.attend.verdict is Verdict.UNKNOWN
    return Decision("review" if unknown else "eligible", "funded")


def _pays(screening: Screening) -> bool:
    return screening.funded.verdict is Verdict.FAIL


def _first_date(tree: Tree, asked: Asked) -> date | None:
    """Find the first later class start on which the same record passes."""
    days = sorted({day for day in _turning_days(tree, asked) if day > asked.on})
    for day in days:
        if judge(tree, replace(asked, on=day)).verdict is Verdict.PASS:
            return day
    return None


def _turning_days(tree: Tree, asked: Asked) -> Iterable[date]:
    """Give every day on which a verdict about the record can turn to pass.

    Time only takes away where a paper runs out or service ages, so those days are not among them.
    """
    record = asked.record
    if record.birth_date:
        for years in _ages(tree):
            yield months_after(record.birth_date, 12 * years)
    sections = (record.seamans_book, record.medical, record.cocs, record.certificates)
    for paper in (paper for section in sections for paper in section or ()):
        if paper.withdrawn_until and paper.withdrawn_until < date.max:
            yield paper.withdrawn_until + timedelta(days=1)
        if paper.issued_on:
            yield paper.issued_on
    for period in record.sea_service or ():
        if period.signed_off is not None:  # the days on board after the class start asked for
            first = max(period.signed_on, asked.on)
            for n in range((period.signed_off - first).days + 1):
                yield first + timedelta(days=n + 1)


def _ages(tree: Tree) -> set[int]:
    """Collect the ages a tree asks for."""
    if tree.get("kind") == "min_age":
        return {tree["years"]}
    below = [tree["not"]] if "not" in tree else tree.get("all") or tree.get("any") or []
    return {years for part in below for years in _ages(part)}
