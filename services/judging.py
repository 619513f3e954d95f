"""Judge a record that MTNet gave before the lock against a class's rules, on its first day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.catalogue.records import cohort
from services.identity.records import person
from services.kernel.work import Look
from services.mtnet.fetch import Fetched
from services.registration.lifecycle import Status, Track
from services.registration.records import registration
from services.registration.seats import ClassFacts
from services.screening.screen import CourseRules, Screening, decide, screen
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


_RULES = select(cohort.c.rules, cohort.c.rules_version).where(cohort.c.id == bindparam("cohort_id"))
_ID_TELLS = select(person.c.nationality).where(person.c.id == bindparam("person_id"))
_COMPLETED = (
    select(cohort.c.course)
    .join(registration, registration.c.cohort_id == cohort.c.id)
    .where(
        registration.c.person_id == bindparam("person_id"),
        registration.c.status == Status.COMPLETED.value,
    )
)


def judge(
    look: Look,
    facts: ClassFacts,
    fetched: Fetched,
    person_id: int,
    declared: Collection[str],
) -> Judgement:
    """Screen a person for a class and decide: eligible, ineligible or for review."""
    completed = look.connection.scalars(_COMPLETED, {"person_id": person_id})
    id_tells = look.connection.execute(_ID_TELLS, {"person_id": person_id}).scalar_one()
    screening = screen(
        rules_of(look, facts.cohort_id),
        fetched.record,
        class_start=facts.starts_on,
        declared=frozenset(declared),
        completed_courses=frozenset(completed),
        id_tells=id_tells,
    )
    decision = decide(screening, wholly_self_funded=facts.wholly_self_funded)
    track = Track(decision.track)
    return Judgement(
        screening,
        decision.outcome,
        track,
        tuple(sorted(declared)),
        fetched.record is None,
    )


def rules_of(look: Look, cohort_id: int) -> CourseRules:
    """Give the rule trees that apply to a cohort."""
    row = look.connection.execute(_RULES, {"cohort_id": cohort_id}).one()
    return CourseRules.from_json(row.rules, version=row.rules_version)
