"""What may I attend? Every course judged for one person on its next class day (rules.md 6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from services.catalogue.records import cohort, course, training_class
from services.identity.records import person
from services.kernel.actor import Role
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.mtnet.fetch import Fetched
from services.registration.lifecycle import Status
from services.registration.records import registration
from services.screening.screen import CourseRules, Screening, decide, screen


@dataclass(frozen=True, slots=True)
class CourseVerdict:
    """One course: whether the person may attend its next class, and why."""

    course: str
    course_zh: str
    course_en: str
    category: str
    stcw_ref: str | None
    class_id: int | None  # the next class that takes registrations
    on: date  # the day judged: the first class day, or today where no class is planned
    outcome: str  # eligible | review | ineligible
    track: str
    screening: Screening
    completed: bool  # in this portal

    @property
    def first_date(self) -> date | None:
        return self.screening.first_date


_ORDER = ("eligible", "review", "ineligible")


def what_may_i_attend(look: Look, fetched: Fetched, person_id: int) -> list[CourseVerdict]:
    """Judge every course of the catalogue for a person; what may be attended comes first.

    Raises:
        NotFound: it is another person.
    """
    if look.actor.role is not Role.SEAFARER or look.actor.person_id != person_id:
        raise NotFound()
    completed = _completed(look, person_id)
    id_tells = look.scalar(select(person.c.nationality).where(person.c.id == person_id))
    upcoming = _next_classes(look)
    rules = _rules(look)
    verdicts = []
    for row in look.all(select(course)):
        class_id, on = upcoming.get(row.code, (None, look.today))
        screening = screen(
            CourseRules.from_json(rules.get(row.code, row.rules)),
            fetched.record,
            class_start=on,
            completed_courses=completed,
            id_tells=id_tells,
        )
        decision = decide(screening)
        verdicts.append(
            CourseVerdict(
                row.code, row.name_zh, row.name_en, row.category, row.stcw_ref, class_id, on,
                decision.outcome, decision.track, screening, row.code in completed,
            )
        )  # fmt: skip
    return sorted(verdicts, key=lambda v: (_ORDER.index(v.outcome), v.class_id is None, v.on))


def _completed(look: Look, person_id: int) -> frozenset[str]:
    statement = (
        select(cohort.c.course)
        .join(registration, registration.c.cohort_id == cohort.c.id)
        .where(
            registration.c.person_id == person_id,
            registration.c.status == Status.COMPLETED.value,
        )
    )
    return frozenset(look.connection.scalars(statement))


def _next_classes(look: Look) -> dict[str, tuple[int, date]]:
    """Give, per course, the next class one can register for now."""
    rows = look.all(
        select(training_class.c.course, training_class.c.id, training_class.c.starts_on)
        .where(
            training_class.c.state == "published",
            training_class.c.opens_at <= look.now,
            training_class.c.starts_on > look.today,
        )
        .order_by(training_class.c.starts_on.desc(), training_class.c.id.desc())
    )
    return {row.course: (row.id, row.starts_on) for row in rows}


def _rules(look: Look) -> dict[str, Any]:
    """Give the rules of the latest plan year, where the course has one."""
    latest = select(cohort.c.course, func.max(cohort.c.year).label("year")).group_by(
        cohort.c.course
    )
    newest = latest.subquery()
    rows = look.all(
        select(cohort.c.course, cohort.c.rules).join(
            newest, (newest.c.course == cohort.c.course) & (newest.c.year == cohort.c.year)
        )
    )
    return {row.course: row.rules for row in rows}
