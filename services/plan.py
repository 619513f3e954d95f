"""The annual plan: MPB commissions institutions, sets numbers and windows, and publishes the year.

What people have registered under does not change beneath them: once a plan is published its
milestones, windows and answering times stand; seats, batch size and working days may still move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.catalogue.caps import year_usage
from services.catalogue.checks import Checks
from services.catalogue.plan_fields import (
    DEFAULTS,
    FIXED_ONCE_PUBLISHED,
    LIMITS,
    MILESTONE_FIELDS,
)
from services.catalogue.records import (
    annual_plan,
    cohort,
    commission,
    training_class,
)
from services.catalogue.scope import require_planner
from services.commissions import (
    Window,
    find_plan,
    hold_plan,
    set_commission,
    set_windows,
)
from services.commit_draw import check_lottery, commit_draws
from services.kernel.clock import TAIPEI
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.work import Work
from services.publish import StaleVersion, policy_of, publish_draft, windows_of
from services.registration.seats import lock_cohort
from services.words import mark

ORDERING = ("ordering_policy", "draw_source_zh", "draw_source_en")


class PlanExists(DomainError):
    """There is one plan a year."""

    code = "catalogue.plan_exists"
    sentence = mark("There is a plan for {year} already.")


class PlanIncomplete(DomainError):
    """A plan needs a window and a commission before anybody can use it."""

    code = "catalogue.plan_incomplete"
    sentence = mark("Enter at least one registration window and one commission first.")


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing did: classes that went out, and drafts that could not, each with why."""

    classes: int
    left: tuple[tuple[str, str, dict[str, Any]], ...]  # code, sentence, facts


def make_plan(work: Work, *, year: int, copy_from: int | None = None, **numbers: Any) -> int:
    """Start a draft plan, with the numbers, windows and commissions of an earlier one if asked.

    numbers: see `services.catalogue.plan_fields.LIMITS`; `seats_cap` is needed unless copied.

    Raises:
        PlanExists: one plan a year.
        InvalidInput: numbers outside their limits or milestones out of order.
    """
    require_planner(work.actor)
    if work.one_or_none(select(annual_plan.c.year).where(annual_plan.c.year == year)):
        raise PlanExists(year=year, field="year")
    model = find_plan(work, copy_from) if copy_from else None
    copied = {name: getattr(model, name) for name in LIMITS} if model else {}
    ordering = {name: getattr(model, name) for name in ORDERING} if model else {}
    values = DEFAULTS | copied | _known(numbers)
    _check_numbers(work, values, year=year)
    work.run(insert(annual_plan), {"year": year, **values, **ordering})
    if model:
        _copy_commissions(work, model.year, year)
        _copy_windows(work, model.year, year)
    return year


def edit_plan(work: Work, year: int, *, version: int, **numbers: Any) -> None:
    """Change the numbers of a plan, as far as nobody has registered under them.

    Raises:
        StaleVersion: somebody saved since that version was read.
        InvalidInput: numbers outside their limits, out of order, below what is used, or fixed.
    """
    require_planner(work.actor)
    plan = hold_plan(work, year)
    if plan.version != version:
        raise StaleVersion
    values = {name: getattr(plan, name) for name in LIMITS} | _known(numbers)
    _check_numbers(work, values, year=year, published=plan if plan.published_at else None)
    work.run(
        update(annual_plan).where(annual_plan.c.year == year).values(**values, version=version + 1)
    )


def publish_plan(work: Work, year: int) -> Publication:
    """Publish a year and every draft class in it; drafts whose dates are past stay drafts.

    Publishing again publishes the drafts entered since.

    Raises:
        PlanIncomplete: no window or no commission yet.
        NoSource, OpensTooSoon, ClosesTooLate: a lottery could not keep its promises.
    """
    require_planner(work.actor)
    plan = find_plan(work, year)
    windows = windows_of(work, year)
    cohorts = work.all(select(cohort.c.id).where(cohort.c.year == year).order_by(cohort.c.id))
    commissioned = work.scalar(
        select(commission.c.cohort_id)
        .where(commission.c.cohort_id.in_([c.id for c in cohorts]))
        .limit(1)
    )
    if not windows or commissioned is None:
        raise PlanIncomplete
    for row in cohorts:
        lock_cohort(work, row.id)
    if plan.published_at is None:
        check_lottery(work, plan, policy_of(plan), windows)
        work.run(
            update(annual_plan)
            .where(annual_plan.c.year == year)
            .values(published_at=work.now, version=annual_plan.c.version + 1)
        )
    commit_draws(work, year, windows)
    return _publish_drafts(work, plan, windows)


def _publish_drafts(work: Work, plan: Row[Any], windows: list[Row[Any]]) -> Publication:
    policy, left, out = policy_of(plan), [], 0
    drafts = work.all(
        select(*(training_class.c[name] for name in ("id", "code", "starts_on", "kind")))
        .where(training_class.c.year == plan.year, training_class.c.state == "draft")
        .order_by(training_class.c.id)
    )
    for draft in drafts:
        try:
            publish_draft(work, draft.id, draft.starts_on, draft.kind, policy, windows)
            out += 1
        except InvalidInput as refusal:
            sentence, facts = next(iter(refusal.problems.values()))
            left.append((draft.code, sentence, facts))
    return Publication(out, tuple(left))


def _known(numbers: Mapping[str, Any]) -> dict[str, int]:
    unknown = set(numbers) - set(LIMITS)
    if unknown:
        raise TypeError(f"no such number of a plan: {sorted(unknown)}")
    return {name: value for name, value in numbers.items() if value is not None}


def _stands(name: str, value: int, now: int) -> bool:
    """Whether people have registered under a number: choices may still become more."""
    return (name in FIXED_ONCE_PUBLISHED and value != now) or (
        name == "max_choices" and value < now
    )


def _check_numbers(
    work: Work,
    values: Mapping[str, int],
    *,
    year: int,
    published: Row[Any] | None = None,
) -> None:
    checks = Checks()
    checks.within("year", year, 2000, 2100)
    for name, value in values.items():
        checks.within(name, value, *LIMITS[name])
        if published and _stands(name, value, getattr(published, name)):
            checks.refuse(
                name,
                mark("This plan is published: people registered under this number."),
            )
    days = [(name, values[name]) for name in MILESTONE_FIELDS if name in values]
    for (_, earlier), (name, later) in pairwise(days):
        if later >= earlier:
            checks.refuse(name, mark("Must be fewer days than the {days} above."), days=earlier)
    used = year_usage(work, year)
    if values["seats_cap"] < used.seats:
        checks.refuse(
            "seats_cap",
            mark("{used} are entered already; the cap cannot be lower."),
            used=used.seats,
        )
    checks.settle()


def _copy_commissions(work: Work, model: int, year: int) -> None:
    """Commission the same institutions; the rules are the catalogue's of today."""
    rows = work.all(
        select(cohort.c.course, cohort.c.fee, commission)
        .join(commission, commission.c.cohort_id == cohort.c.id)
        .where(cohort.c.year == model)
        .order_by(cohort.c.id, commission.c.institution)
    )
    for row in rows:
        set_commission(
            work,
            year=year,
            course=row.course,
            institution=row.institution,
            classes_cap=row.classes_cap,
            seats_cap=row.seats_cap,
            fee=row.fee,
        )


def _copy_windows(work: Work, model: int, year: int) -> None:
    step = year - model
    set_windows(
        work,
        year,
        [
            Window(
                _later(w.classes_from, step),
                _later(w.classes_to, step),
                _later_at(w.opens_at, step),
                _later_at(w.closes_at, step) if w.closes_at else None,
            )
            for w in windows_of(work, model)
        ],
    )


def _later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _later_at(moment: datetime, years: int) -> datetime:
    local = moment.astimezone(TAIPEI)
    return datetime.combine(_later(local.date(), years), local.time(), TAIPEI)


__all__ = [
    "Publication",
    "Window",
    "edit_plan",
    "make_plan",
    "publish_plan",
    "set_commission",
    "set_windows",
]
