"""Judge a record that MTNet gave before the lock against a class's rules, on its first day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

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
_PEOPLE = (
    select(person.c.id, person.c.nationality, cohort.c.course)
    .outerjoin(
        registration,
        and_(
            registration.c.person_id == person.c.id,
            registration.c.status == Status.COMPLETED.value,
        ),
    )
    .outerjoin(cohort, cohort.c.id == registration.c.cohort_id)
    .where(person.c.id.in_(bindparam("persons", expanding=True)))
)
MANY = 500  # people asked about at once


@dataclass(frozen=True, slots=True)
class Bench:
    """What the portal itself knows for judging people of one class: read once, used for many."""

    facts: ClassFacts
    rules: CourseRules
    id_tells: Mapping[int, str]
    completed: Mapping[int, frozenset[str]]

    def judge(self, fetched: Fetched, person_id: int, declared: Collection[str]) -> Judgement:
        """Screen a person for the class and decide: eligible, ineligible or for review."""
        screening = screen(
            self.rules,
            fetched.record,
            class_start=self.facts.starts_on,
            declared=frozenset(declared),
            completed_courses=self.completed.get(person_id, frozenset()),
            id_tells=self.id_tells[person_id],
        )
        decision = decide(screening, wholly_self_funded=self.facts.wholly_self_funded)
        return Judgement(
            screening,
            decision.outcome,
            Track(decision.track),
            tuple(sorted(declared)),
            fetched.record is None,
        )


def bench(look: Look, facts: ClassFacts, person_ids: Sequence[int]) -> Bench:
    """Read a cohort's rules and what is known of people, for judging them."""
    id_tells: dict[int, str] = {}
    completed: dict[int, frozenset[str]] = {}
    for start in range(0, len(person_ids), MANY):
        persons = {"persons": person_ids[start : start + MANY]}
        for person_id, nationality, course in look.connection.execute(_PEOPLE, persons):
            id_tells[person_id] = nationality
            if course is not None:
                completed[person_id] = completed.get(person_id, frozenset()) | {course}
    return Bench(facts, rules_of(look, facts.cohort_id), id_tells, completed)


def judge(
    look: Look,
    facts: ClassFacts,
    fetched: Fetched,
    person_id: int,
    declared: Collection[str],
) -> Judgement:
    """Screen one person for a class and decide: eligible, ineligible or for review."""
    return bench(look, facts, [person_id]).judge(fetched, person_id, declared)


def rules_of(look: Look, cohort_id: int) -> CourseRules:
    """Give the rule trees that apply to a cohort."""
    row = look.connection.execute(_RULES, {"cohort_id": cohort_id}).one()
    return CourseRules.from_json(row.rules, version=row.rules_version)
