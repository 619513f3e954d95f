"""Which rules stop people? Persons refused, by the kind of rule that failed.

One person may fail several rules, so the shares add up to more than all; whom one rule alone
stopped is told beside. No rule is the first: all of them are looked at.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analytics.charts import NARROW, Bar, Figure, bars
from analytics.filters import Filters
from analytics.person_courses import count
from analytics.sheet import Column, Name, Sheet
from services.tally.units import REFUSED_BY_RECORDS, REFUSED_BY_REVIEW
from services.words import Words, mark

SHOWN = 7  # the others stand in the table
KINDS: Mapping[str, str] = {
    "min_age": mark("Too young"),
    "holds_certificate": mark("A certificate is missing"),
    "sea_service_months": mark("Sea service too short"),
    "medical_certificate_valid": mark("Medical not valid"),
    "seamans_book_valid": mark("Seaman's book not valid"),
    "rank_any_of": mark("Another rank is needed"),
    "completed_course": mark("A course is missing"),
    "manual_evidence": mark("A paper is missing"),
    "sea_service_short": mark("Sea service too short (review)"),
    "paper_not_valid": mark("Paper not valid (review)"),
    "paper_unreadable": mark("Paper unreadable (review)"),
    "not_the_required_rank": mark("Another rank (review)"),
    "not_entitled": mark("Conditions not met (review)"),
    "": mark("Another reason"),
}


@dataclass(frozen=True, slots=True)
class FailingRules:
    """Persons by failing rule, most first, with those it alone stopped; everybody refused."""

    rules: tuple[tuple[str, int, int], ...]
    refused: int

    @property
    def alone(self) -> int:
        """Everybody whom a single rule stopped."""
        return sum(alone for _, _, alone in self.rules)


def extract(connection: Connection, filters: Filters) -> tuple[tuple[str, str | None, int], ...]:
    """Count refused persons by the combination of rules that failed, or the review's reason."""
    found: Counter[str] = Counter()
    for row in count(connection, filters, filters.year):
        if row.unit.outcome in (REFUSED_BY_RECORDS, REFUSED_BY_REVIEW):
            found[row.failing] += row.n
    return tuple((failing, None, n) for failing, n in sorted(found.items()))


def measure(rows: Sequence[tuple[str, str | None, int]]) -> FailingRules:
    """Add the combinations up by rule."""
    counts: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for failing, reason, n in rows:
        kinds = {reason} if reason else set(failing.split(",")) if failing else {""}
        for kind in {kind if kind in KINDS else "" for kind in kinds}:
            counts[kind] += n
            alone[kind] += n * (len(kinds) == 1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = tuple((kind, n, alone[kind]) for kind, n in ordered)
    return FailingRules(told, sum(n for _, _, n in rows))


def finding(found: FailingRules, words: Words) -> str:
    """Say which rule stops most, and how much could be put right before registering."""
    if not found.refused:
        return words("Nobody has been refused in this selection")
    top, n, _ = found.rules[0]
    share = n / found.refused
    return words("{rule}: {share} of those refused", rule=words(KINDS[top]),
                 share=words.percent(share, 0))  # fmt: skip


def subtitle(found: FailingRules, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many persons."""
    return words(
        "Share of those refused, by rule; several may apply; in brackets: by it alone; "
        "classes of {period}, {n} refused; the {shown} most frequent of {all} rules",
        period=period, n=words.number(found.refused), shown=min(SHOWN, len(found.rules)),
        all=len(found.rules),
    )  # fmt: skip


def figure(found: FailingRules, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw the rules as bars, most persons first."""
    drawn = [
        Bar(
            words(KINDS[kind]),
            n / found.refused,
            _said(words, n / found.refused, alone, narrow),
            words("{n} ({alone} alone)", n=words.number(n), alone=words.number(alone)),
        )
        for kind, n, alone in found.rules[:SHOWN]
    ]
    return bars(drawn, theme, percent=True, narrow=narrow, card=NARROW)


def _said(words: Words, share: float, alone: int, narrow: bool) -> str:
    """Write the share of a rule; on a phone also whom it alone stopped."""
    said = words.percent(share, 0)
    return f"{said} ({words.number(alone)})" if narrow else said


def sheet(found: FailingRules, words: Words) -> Sheet:
    """Give every rule as a table."""
    columns = (
        Column(words("Rule"), "name"),
        Column(words("Persons and courses"), "number"),
        Column(words("Share of those refused"), "percent"),
        Column(words("By this rule alone"), "number"),
    )
    rows = [
        (Name(words(KINDS[kind]), kind), n, n / found.refused, alone)
        for kind, n, alone in found.rules
    ]
    return Sheet.of(columns, rows)
