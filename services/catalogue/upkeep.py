"""What the class upkeep shows: an institution's classes and what its commissions still allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from services.catalogue.records import (
    annual_plan,
    cohort,
    commission,
    course,
    institution,
    training_class,
)
from services.catalogue.scope import require_own, scope_of
from services.kernel.errors import NotFound
from services.kernel.work import Look


@dataclass(frozen=True, slots=True)
class OwnClass:
    """One row of the upkeep list."""

    id: int
    code: str
    course: str
    name_zh: str
    name_en: str
    institution: str
    short_zh: str
    short_en: str
    kind: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cap: int
    min_size: int
    seats_held: int
    numbers_given: int
    state: str


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """A class as its form shows it."""

    id: int
    code: str
    year: int
    course: str
    name_zh: str
    name_en: str
    institution: str
    kind: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cap: int
    min_size: int
    fee: int
    labels: tuple[str, ...]
    place_zh: str
    place_en: str
    seats_held: int
    numbers_given: int
    state: str
    version: int
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """What a commission grants and how much of it is used by funded classes."""

    cohort_id: int
    year: int
    course: str
    name_zh: str
    name_en: str
    days: int
    class_size: int
    fee: int
    institution: str
    short_zh: str
    short_en: str
    classes_cap: int
    seats_cap: int
    classes: int
    seats: int


_LIST = (
    select(
        *(
            training_class.c[name]
            for name in OwnClass.__dataclass_fields__
            if name in training_class.c
        ),
        course.c.name_zh,
        course.c.name_en,
        institution.c.short_zh,
        institution.c.short_en,
    )
    .join(course, course.c.code == training_class.c.course)
    .join(institution, institution.c.code == training_class.c.institution)
)


def own_classes(
    look: Look,
    *,
    institution_code: str | None = None,
    course_code: str | None = None,
    state: str | None = None,
    since: date | None = None,
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[OwnClass], int]:
    """List the classes of the actor's institution (MPB: of all), soonest first, with their number.

    Raises:
        NotPermitted: the actor is no staff.
    """
    own = scope_of(look.actor) or institution_code
    wanted = {"institution": own, "course": course_code, "state": state}
    filters = [training_class.c[name] == value for name, value in wanted.items() if value]
    if since:
        filters.append(training_class.c.starts_on >= since)
    count = look.scalar(select(func.count()).select_from(training_class).where(*filters))
    rows = look.all(
        _LIST.where(*filters)
        .order_by(training_class.c.starts_on, training_class.c.code)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    return [OwnClass(**row._mapping) for row in rows], int(count)


def class_entry(look: Look, class_id: int) -> ClassEntry:
    """Read a class for its form.

    Raises:
        NotFound: there is no such class, or it is another institution's.
    """
    row = look.one_or_none(
        select(training_class, course.c.name_zh, course.c.name_en)
        .join(course, course.c.code == training_class.c.course)
        .where(training_class.c.id == class_id)
    )
    if row is None:
        raise NotFound
    require_own(look.actor, row.institution)
    facts = {name: row._mapping[name] for name in ClassEntry.__dataclass_fields__}
    return ClassEntry(
        **facts
        | {
            "labels": tuple(row.labels),
            "place_zh": row.place_zh or "",
            "place_en": row.place_en or "",
        }
    )


def rooms(look: Look, year: int, *, institution_code: str | None = None) -> list[Room]:
    """Give the commissions of a year with what is used of them; an officer sees the own ones."""
    own = scope_of(look.actor) or institution_code
    statement = _rooms(year)
    if own:
        statement = statement.where(commission.c.institution == own)
    return [Room(**row._mapping) for row in look.all(statement)]


def _rooms(year: int) -> Select[Any]:
    counted = (
        select(
            training_class.c.cohort_id,
            training_class.c.institution,
            func.count().label("classes"),
            func.sum(training_class.c.cap).label("seats"),
        )
        .where(
            training_class.c.year == year,
            training_class.c.kind == "funded",
            training_class.c.state != "cancelled",
        )
        .group_by(training_class.c.cohort_id, training_class.c.institution)
        .subquery()
    )
    return (
        select(
            commission.c.cohort_id,
            cohort.c.year,
            cohort.c.course,
            course.c.name_zh,
            course.c.name_en,
            course.c.days,
            course.c.class_size,
            cohort.c.fee,
            commission.c.institution,
            institution.c.short_zh,
            institution.c.short_en,
            commission.c.classes_cap,
            commission.c.seats_cap,
            func.coalesce(counted.c.classes, 0).label("classes"),
            func.coalesce(counted.c.seats, 0).label("seats"),
        )
        .join(cohort, cohort.c.id == commission.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .join(institution, institution.c.code == commission.c.institution)
        .outerjoin(
            counted,
            (counted.c.cohort_id == commission.c.cohort_id)
            & (counted.c.institution == commission.c.institution),
        )
        .where(cohort.c.year == year)
        .order_by(cohort.c.course, commission.c.institution)
    )


def plan_years(look: Look, *, published_only: bool = False) -> list[int]:
    """List the plan years, latest first."""
    statement = select(annual_plan.c.year).order_by(annual_plan.c.year.desc())
    if published_only:
        statement = statement.where(annual_plan.c.published_at.is_not(None))
    return [row.year for row in look.all(statement)]


def institution_name(look: Look, code: str | None) -> Mapping[str, str] | None:
    """Give the full and short names of an institution."""
    row = look.one_or_none(
        select(
            institution.c.name_zh,
            institution.c.name_en,
            institution.c.short_zh,
            institution.c.short_en,
        ).where(institution.c.code == code)
    )
    return dict(row._mapping) if row else None


@dataclass(frozen=True, slots=True)
class InstitutionName:
    """An institution's code with its names in both languages."""

    code: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str


def institution_names(look: Look) -> list[InstitutionName]:
    """List all institutions by their codes."""
    columns = [institution.c[name] for name in InstitutionName.__dataclass_fields__]
    rows = look.all(select(*columns).order_by(institution.c.code))
    return [InstitutionName(**row._mapping) for row in rows]
