"""What the review desk shows: the cases of an institution, and one case with all its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from services.catalogue.records import course, institution, milestone, training_class
from services.catalogue.scope import require_own, scope_of
from services.identity.records import person
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.milestones import Milestone
from services.registration.lifecycle import OPEN
from services.registration.records import registration, review_case, supplement

WAITING = ("open", "supplement")
MOST = 60  # lines of the case list; the rest is behind its filter


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the case list."""

    id: int
    state: str
    due_on: date
    name_zh: str
    name_en: str
    course_zh: str
    course_en: str
    institution: str
    short_zh: str
    short_en: str
    starts_on: date
    papers: int
    findings: Mapping[str, Any]
    appeal: bool
    freeze_at: datetime | None  # once the call is out: undecided by then, the place is lost


@dataclass(frozen=True, slots=True)
class PaperCard:
    """An uploaded paper as the desk lists it."""

    id: int
    given_name: str
    kind: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case: the person, the class, what the screening found, the papers."""

    id: int
    state: str
    institution: str
    opened_at: datetime
    due_on: date
    statement: str | None  # an appeal: MPB decides it, the institution looks on
    ask: str | None
    supplement_due_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    note: str | None
    sighted_on: date | None
    registration_id: int
    number: int
    status: str
    seat: str
    track: str
    declared: tuple[str, ...]
    findings: Mapping[str, Any]
    screened_at: datetime
    name_zh: str
    name_en: str
    birth_date: date | None
    nationality: str
    class_id: int
    class_code: str
    course_zh: str
    course_en: str
    starts_on: date
    cap: int
    seats_held: int
    papers: tuple[PaperCard, ...]
    other_choices: int  # of the same cohort; this decision holds for them too

    @property
    def waits(self) -> bool:
        return self.state in WAITING


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How much lies on a desk."""

    open: int
    late: int
    today: int
    supplement: int
    appeals: int  # of all that wait


_call, _freeze = milestone.alias("call"), milestone.alias("freeze")
_FREEZE = (
    select(_freeze.c.due_at)
    .join(
        _call, (_call.c.class_id == _freeze.c.class_id) & (_call.c.schedule == _freeze.c.schedule)
    )
    .where(
        _freeze.c.class_id == training_class.c.id,
        _freeze.c.schedule == training_class.c.schedule,
        _freeze.c.kind == Milestone.FREEZE.value,
        _call.c.kind == Milestone.CONFIRMATION_CALL.value,
        _call.c.reached_at.is_not(None),
    )
    .scalar_subquery()
)


def cases(look: Look, *, show: str = "open", institution_code: str | None = None) -> list[CaseLine]:
    """List cases by due date: 'open' (both kinds that wait), 'late', 'appeal' or 'decided'.

    Those of a class whose people are called to confirm stand first (rules.md 6: from T-28).

    Raises:
        NotPermitted: the actor is no staff.
    """
    own = scope_of(look.actor) or institution_code
    papers = (
        select(func.count())
        .where(supplement.c.case_id == review_case.c.id)
        .scalar_subquery()
        .label("papers")
    )
    statement = (
        select(
            *(review_case.c[name] for name in ("id", "state", "due_on", "institution")),
            person.c.name_zh,
            func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
            course.c.name_zh.label("course_zh"),
            course.c.name_en.label("course_en"),
            institution.c.short_zh,
            institution.c.short_en,
            training_class.c.starts_on,
            registration.c.findings,
            papers,
            review_case.c.statement.is_not(None).label("appeal"),
            _FREEZE.label("freeze_at"),
        )
        .join(registration, registration.c.id == review_case.c.registration_id)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == review_case.c.institution)
        .join(person, person.c.id == review_case.c.person_id)
        .limit(MOST)
    )
    if own:
        statement = statement.where(review_case.c.institution == own)
    if show == "decided":
        statement = statement.where(review_case.c.state.not_in(WAITING)).order_by(
            review_case.c.decided_at.desc(), review_case.c.id.desc()
        )
    else:
        states = ("open",) if show == "late" else WAITING
        statement = statement.where(review_case.c.state.in_(states)).order_by(
            _FREEZE.nulls_last(), review_case.c.state, review_case.c.due_on, review_case.c.id
        )
    if show == "late":
        statement = statement.where(review_case.c.due_on < look.today)
    if show == "appeal":
        statement = statement.where(review_case.c.statement.is_not(None))
    return [CaseLine(**row._mapping) for row in look.all(statement)]


def case_counts(look: Look, *, institution_code: str | None = None) -> CaseCounts:
    """Count what waits, what is late and what is due today."""
    own = scope_of(look.actor) or institution_code
    rows = look.all(
        select(
            review_case.c.state,
            review_case.c.due_on,
            func.count().label("n"),
            func.count(review_case.c.statement).label("appeals"),
        )
        .where(
            review_case.c.state.in_(WAITING), *([review_case.c.institution == own] if own else [])
        )
        .group_by(review_case.c.state, review_case.c.due_on)
    )
    asked = [row for row in rows if row.state == "open"]
    return CaseCounts(
        sum(row.n for row in asked),
        sum(row.n for row in asked if row.due_on < look.today),
        sum(row.n for row in asked if row.due_on == look.today),
        sum(row.n for row in rows if row.state == "supplement"),
        sum(row.appeals for row in rows),
    )


def case_page(look: Look, case_id: int) -> CasePage:
    """Read one case; of other choices only how many there are, nothing of their institutions.

    Raises:
        NotFound: there is no such case, or another institution decides it.
    """
    row = look.one_or_none(_PAGE.where(review_case.c.id == case_id))
    if row is None:
        raise NotFound
    require_own(look.actor, row.institution)
    facts = dict(row._mapping)
    person_id, cohort_id = facts.pop("person_id"), facts.pop("cohort_id")
    return CasePage(
        **facts | {"declared": tuple(row.declared)},
        papers=_papers(look, case_id),
        other_choices=int(
            look.scalar(
                select(func.count()).where(
                    registration.c.person_id == person_id,
                    registration.c.cohort_id == cohort_id,
                    registration.c.id != row.registration_id,
                    registration.c.status.in_([status.value for status in OPEN]),
                )
            )
        ),
    )


_PAGE = (
    select(
        *(
            review_case.c[name]
            for name in (
                "id", "state", "institution", "opened_at", "due_on", "statement", "ask",
                "supplement_due_at", "decided_at", "reason", "note", "sighted_on",
                "registration_id", "person_id",
                "cohort_id",
            )
        ),
        *(
            registration.c[name]
            for name in (
                "number", "status", "seat", "track", "declared", "findings", "screened_at",
            )
        ),
        person.c.name_zh,
        func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
        person.c.birth_date,
        person.c.nationality,
        training_class.c.id.label("class_id"),
        training_class.c.code.label("class_code"),
        training_class.c.starts_on,
        training_class.c.cap,
        training_class.c.seats_held,
        course.c.name_zh.label("course_zh"),
        course.c.name_en.label("course_en"),
    )
    .join(registration, registration.c.id == review_case.c.registration_id)
    .join(training_class, training_class.c.id == registration.c.class_id)
    .join(course, course.c.code == training_class.c.course)
    .join(person, person.c.id == review_case.c.person_id)
)  # fmt: skip


def _papers(look: Look, case_id: int) -> tuple[PaperCard, ...]:
    rows = look.all(
        select(*(supplement.c[name] for name in PaperCard.__dataclass_fields__))
        .where(supplement.c.case_id == case_id)
        .order_by(supplement.c.id)
    )
    return tuple(PaperCard(**row._mapping) for row in rows)
