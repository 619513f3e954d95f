"""What the plan pages show: each year's state, its numbers, windows and commissions with usage."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from services.catalogue.caps import Usage, year_usage
from services.catalogue.plan_fields import LIMITS
from services.catalogue.records import (
    annual_plan,
    course,
    institution,
    plan_window,
    training_class,
)
from services.catalogue.scope import require_planner
from services.catalogue.upkeep import Room, rooms
from services.kernel.errors import NotFound
from services.kernel.work import Look


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One year in the list of plans."""

    year: int
    published_at: datetime | None
    seats_cap: int
    used: Usage
    drafts: int


@dataclass(frozen=True, slots=True)
class WindowCard:
    """A registration window of a plan."""

    classes_from: date
    classes_to: date
    opens_at: datetime
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its two names, for choices."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything one plan page shows."""

    year: int
    version: int
    published_at: datetime | None
    ordering_policy: str
    draw_source_zh: str | None
    draw_source_en: str | None
    max_choices: int
    numbers: dict[str, int]
    windows: tuple[WindowCard, ...]
    commissions: tuple[Room, ...]
    used: Usage
    drafts: int
    courses: tuple[Named, ...]
    institutions: tuple[Named, ...]


def plans(look: Look) -> list[PlanLine]:
    """List the annual plans, latest first.

    Raises:
        NotPermitted: only MPB sees plans.
    """
    require_planner(look.actor)
    rows = look.all(select(annual_plan).order_by(annual_plan.c.year.desc()))
    return [
        PlanLine(
            row.year,
            row.published_at,
            row.seats_cap,
            year_usage(look, row.year),
            _drafts(look, row.year),
        )
        for row in rows
    ]


def plan_page(look: Look, year: int) -> PlanPage:
    """Read one plan with what is used of it.

    Raises:
        NotFound: there is no plan of that year.
        NotPermitted: only MPB sees plans.
    """
    require_planner(look.actor)
    row = look.one_or_none(select(annual_plan).where(annual_plan.c.year == year))
    if row is None:
        raise NotFound
    return PlanPage(
        year=year,
        version=row.version,
        published_at=row.published_at,
        ordering_policy=row.ordering_policy,
        draw_source_zh=row.draw_source_zh,
        draw_source_en=row.draw_source_en,
        max_choices=row.max_choices,
        numbers={name: getattr(row, name) for name in LIMITS},
        windows=_windows(look, year),
        commissions=tuple(rooms(look, year)),
        used=year_usage(look, year),
        drafts=_drafts(look, year),
        courses=_named(look, select(course).order_by(course.c.code)),
        institutions=_named(look, select(institution).where(institution.c.commissioned)),
    )


def _drafts(look: Look, year: int) -> int:
    return int(
        look.scalar(
            select(func.count()).where(
                training_class.c.year == year, training_class.c.state == "draft"
            )
        )
    )


def _windows(look: Look, year: int) -> tuple[WindowCard, ...]:
    rows = look.all(
        select(plan_window).where(plan_window.c.year == year).order_by(plan_window.c.classes_from)
    )
    return tuple(WindowCard(w.classes_from, w.classes_to, w.opens_at, w.closes_at) for w in rows)


def _named(look: Look, statement: Any) -> tuple[Named, ...]:
    return tuple(Named(row.code, row.name_zh, row.name_en) for row in look.all(statement))
