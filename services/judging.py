"""Judge a record that MTNet gave before the lock by a class's rules, on its first day (pure)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.mtnet.fetch import Fetched
from services.registration.known import Known
from services.registration.lifecycle import Track
from services.registration.seats import ClassFacts
from services.screening.screen import Screening, decide, screen
from services.screening.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A screening and what it decides."""

    screening: Screening
    outcome: str  # eligible | ineligible | review
    track: Track
    declared: tuple[str, ...]
    silent: bool  # MTNet did not answer

    def columns(self, now: datetime) -> dict[str, Any]:
        """Give the columns of the registration that keep what was applied."""
        return {
            "track": self.track.value,
            "declared": list(self.declared),
            "findings": self.screening.to_json(),
            "failing": self.failing(),
            "verdict": self.outcome,
            "screened_at": now,
            "rescreen_due": self.silent,
        }

    def failing(self) -> str:
        """Name the kinds of rules that failed, so that they can be counted without the findings."""
        if self.outcome != "ineligible":
            return ""
        leaves = self.screening.attend.leaves()
        return ",".join(sorted({f.kind for f in leaves if f.verdict is Verdict.FAIL}))


def judge(
    facts: ClassFacts, known: Known, fetched: Fetched, declared: Collection[str]
) -> Judgement:
    """Screen a person for a class and decide: eligible, ineligible or for review."""
    screening = screen(
        facts.rules,
        fetched.record,
        class_start=facts.starts_on,
        declared=frozenset(declared),
        completed_courses=known.completed,
        id_tells=known.id_tells,
    )
    decision = decide(screening, wholly_self_funded=facts.wholly_self_funded)
    return Judgement(
        screening,
        decision.outcome,
        Track(decision.track),
        tuple(sorted(declared)),
        fetched.record is None,
    )
