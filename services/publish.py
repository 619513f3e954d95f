"""Publish a training class: it gets its opening minute, milestones and public queue."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.catalogue.checks import Checks
from services.catalogue.records import (
    annual_plan,
    milestone,
    plan_window,
    training_class,
)
from services.catalogue.scope import require_planner
from services.commit_draw import cohort_of, draw_for
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.milestones import Milestone, Policy, schedule
from services.registration.seats import hold_class
from services.words import mark

TOO_SOON = mark(
    "The list of a class starting on {day} would be fixed within {hours} hours: too soon for "
    "people to answer. Choose a later day."
)
PAID_ONLY = mark(
    "From {days} days before it starts, seats are self-funded: enter a wholly self-funded class, "
    "or choose a later day."
)

UNCOMMITTED = mark(
    "The window opened before a draw was committed to for this course. Publish the class after "
    "the window closes on {moment}."
)


class StaleVersion(DomainError):
    """Somebody saved in the meantime; nobody's work is overwritten silently."""

    code = "catalogue.stale_version"
    sentence = mark(
        "Somebody else saved this in the meantime. Nothing was changed: load the page again."
    )


class NotADraft(DomainError):
    """Only drafts are published."""

    code = "catalogue.not_a_draft"
    sentence = mark("This class is no draft any more. Nothing was changed.")


class PlanNotPublished(DomainError):
    """A class cannot go out before its plan."""

    code = "catalogue.plan_not_published"
    sentence = mark("Publish the annual plan first; it publishes its classes with it.")


def publish_class(work: Work, class_id: int) -> None:
    """Open one draft to the public: its opening minute and its milestones stand from here on.

    Raises:
        PlanNotPublished, NotADraft: this is not the moment.
        InvalidInput: its dates fit no registration window, or it opens too near its first day.
    """
    require_planner(work.actor)
    facts = hold_class(work, class_id)
    plan = plan_of(work, facts.year)
    if plan.published_at is None:
        raise PlanNotPublished
    if facts.state != "draft":
        raise NotADraft
    windows = windows_of(work, facts.year)
    publish_draft(work, facts.id, facts.starts_on, facts.kind, facts.policy, windows)


def check_notice(
    checks: Checks, policy: Policy, starts_on: date, kind: str, opens_at: datetime
) -> None:
    """Refuse a class that opens too near its first day for anybody to answer.

    Inside four weeks its calls that are past are due when it opens (rules.md 3). From the
    self-funded call on there are no funded seats left to give (rules.md 4).
    """
    due, hours = schedule(policy, starts_on), policy.response_hours
    if due[Milestone.FREEZE] < opens_at + timedelta(hours=hours):
        checks.refuse("starts_on", TOO_SOON, day=starts_on, hours=hours)
    elif kind == "funded" and opens_at >= due[Milestone.SELF_FUNDED_CALL]:
        checks.refuse("starts_on", PAID_ONLY, days=policy.self_fund_days)


def publish_draft(
    work: Work,
    class_id: int,
    starts_on: date,
    kind: str,
    policy: Policy,
    windows: Sequence[Row[Any]],
) -> None:
    """Publish a draft of a locked cohort; refuse one whose dates no longer allow it."""
    checks = Checks()
    window = next((w for w in windows if w.classes_from <= starts_on <= w.classes_to), None)
    if window is None:
        checks.refuse(
            "starts_on",
            mark("No registration window of the plan covers classes starting on {day}."),
            day=starts_on,
        )
    else:
        check_notice(checks, policy, starts_on, kind, max(window.opens_at, work.now))
    checks.settle()
    assert window is not None
    opens_at = max(window.opens_at, work.now)
    draw_id = draw_for(work, cohort_of(work, class_id), window)
    if draw_id is None and window.closes_at is not None and work.now < window.closes_at:
        checks.refuse("starts_on", UNCOMMITTED, moment=window.closes_at)
        checks.settle()
    work.run(
        update(training_class)
        .where(training_class.c.id == class_id)
        .values(
            state="published",
            published_at=work.now,
            opens_at=opens_at,
            draw_id=draw_id,
        )
    )
    work.run(
        insert(milestone),
        [
            {
                "class_id": class_id,
                "schedule": 1,
                "kind": step.value,
                "due_at": max(moment, opens_at),
                "facts": {},
            }
            for step, moment in schedule(policy, starts_on).items()
        ],
    )


def plan_of(look: Look, year: int) -> Row[Any]:
    """Read the annual plan of a year that surely exists."""
    plan = look.one_or_none(select(annual_plan).where(annual_plan.c.year == year))
    assert plan is not None
    return plan


def policy_of(plan: Row[Any]) -> Policy:
    """Take the clock's numbers out of a plan row."""
    return Policy(**{name: getattr(plan, name) for name in Policy.__dataclass_fields__})


def windows_of(look: Look, year: int) -> list[Row[Any]]:
    """Read the registration windows of a year in order."""
    return look.all(
        select(plan_window).where(plan_window.c.year == year).order_by(plan_window.c.classes_from)
    )
