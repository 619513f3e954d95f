"""The registration windows of the published plans, and the plan year everybody is asked to use."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from services.catalogue.records import annual_plan, plan_window, training_class
from services.kernel.work import Look
from services.milestones import Policy


@dataclass(frozen=True, slots=True)
class Window:
    """One window: classes that begin in its span open for registration at its minute."""

    year: int
    classes_from: date
    classes_to: date
    opens_at: datetime
    classes: int  # published ones in its span


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A published plan year in three numbers."""

    year: int
    institutions: int
    classes: int
    seats: int


@dataclass(frozen=True, slots=True)
class PlanNumbers:
    """The policy numbers everybody may read, as the latest published plan has them."""

    year: int | None  # None: no plan is published, these are the defaults
    policy: Policy
    review_days: int
    supplement_days: int
    appeal_days: int
    max_choices: int
    subsidy_percent: int


def next_window(look: Look) -> Window | None:
    """Give the window that opens next; None where none is announced."""
    statement = _windows().where(plan_window.c.opens_at > look.now)
    return _one(look, statement.order_by(plan_window.c.opens_at))


def open_window(look: Look) -> Window | None:
    """Give the window that opened last and still has classes ahead."""
    statement = _windows().where(
        plan_window.c.opens_at <= look.now, plan_window.c.classes_to > look.today
    )
    return _one(look, statement.order_by(plan_window.c.opens_at.desc()))


def windows_ahead(look: Look) -> list[Window]:
    """List the windows that still have classes ahead, in the order in which they open."""
    statement = _windows().where(
        plan_window.c.classes_to > look.today, annual_plan.c.published_at <= look.now
    )
    rows = look.all(statement.order_by(plan_window.c.opens_at))
    return [Window(**row._mapping) for row in rows]


def year_facts(look: Look) -> YearFacts | None:
    """Count institutions, classes and seats of the latest published plan."""
    year = _latest(look)
    if year is None:
        return None
    live = training_class.c.year == year, training_class.c.state.in_(("published", "opened"))
    row = look.all(
        select(
            func.count(training_class.c.institution.distinct()),
            func.count(),
            func.coalesce(func.sum(training_class.c.cap), 0),
        ).where(*live)
    )[0]
    return YearFacts(year, row[0], row[1], int(row[2]))


def plan_numbers(look: Look) -> PlanNumbers:
    """Give the policy numbers of the latest published plan, or the defaults where there is none."""
    year = _latest(look)
    if year is None:
        return PlanNumbers(None, Policy(), 5, 7, 14, 1, 30)
    row = look.all(select(annual_plan).where(annual_plan.c.year == year))[0]
    policy = Policy(**{name: getattr(row, name) for name in Policy.__dataclass_fields__})
    more = (row.review_days, row.supplement_days, row.appeal_days)
    return PlanNumbers(year, policy, *more, row.max_choices, row.subsidy_percent)


def _latest(look: Look) -> int | None:
    return look.scalar(
        select(func.max(annual_plan.c.year)).where(annual_plan.c.published_at <= look.now)
    )


def _windows() -> Select[Any]:
    inside = (
        select(func.count())
        .select_from(training_class)
        .where(
            training_class.c.year == plan_window.c.year,
            training_class.c.state == "published",
            training_class.c.starts_on.between(
                plan_window.c.classes_from, plan_window.c.classes_to
            ),
        )
        .correlate(plan_window)
        .scalar_subquery()
    )
    own = ("year", "classes_from", "classes_to", "opens_at")
    return select(*(plan_window.c[name] for name in own), inside.label("classes")).join(
        annual_plan, annual_plan.c.year == plan_window.c.year
    )


def _one(look: Look, statement: Select[Any]) -> Window | None:
    found = look.all(statement.where(annual_plan.c.published_at <= look.now).limit(1))
    return Window(**found[0]._mapping) if found else None
