"""Commission institutions for courses, and set the registration windows of a draft plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from services.catalogue.caps import commission_usage
from services.catalogue.checks import Checks
from services.catalogue.records import (
    annual_plan,
    cohort,
    commission,
    course,
    institution,
    plan_window,
)
from services.catalogue.scope import require_planner
from services.kernel.clock import TAIPEI
from services.kernel.errors import DomainError, NotFound
from services.kernel.work import Work
from services.lottery.rules import DRAW_DAYS, LOTTERY, latest_closing
from services.milestones import Policy
from services.publish import policy_of
from services.registration.seats import lock_cohort
from services.words import mark

DAILY_FEE = 1_500  # NT$ a day where nobody has said; an assumption, shown as such
MOST_CLASSES, MOST_SEATS = 500, 20_000


class PlanPublished(DomainError):
    """Published things stand."""

    code = "catalogue.plan_published"
    sentence = mark("This plan is published: its windows stand. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Window:
    """Classes starting in this span open for registration at this minute."""

    classes_from: date
    classes_to: date
    opens_at: datetime
    closes_at: datetime | None = None  # a lottery's


def set_commission(
    work: Work,
    *,
    year: int,
    course: str,
    institution: str,
    classes_cap: int,
    seats_cap: int,
    fee: int | None = None,
) -> None:
    """Commission an institution for a course, or change its caps; never below what is entered.

    Raises:
        InvalidInput: unknown course or institution, or a cap below the classes that exist.
    """
    require_planner(work.actor)
    checks = Checks()
    find_plan(work, year)
    cohort_id = _cohort(work, checks, year, course, fee)
    _check_institution(work, checks, institution)
    checks.within("classes_cap", classes_cap, 0, MOST_CLASSES)
    checks.within("seats_cap", seats_cap, 0, MOST_SEATS)
    checks.settle()
    lock_cohort(work, cohort_id)
    used = commission_usage(work, cohort_id, institution)
    below = mark("{used} are entered already; the cap cannot be lower.")
    if classes_cap < used.classes:
        checks.refuse("classes_cap", below, used=used.classes)
    if seats_cap < used.seats:
        checks.refuse("seats_cap", below, used=used.seats)
    checks.settle()
    key = {"cohort_id": cohort_id, "institution": institution}
    where = (
        commission.c.cohort_id == cohort_id,
        commission.c.institution == institution,
    )
    caps = {"classes_cap": classes_cap, "seats_cap": seats_cap}
    if work.run(update(commission).where(*where).values(**caps)).rowcount == 0:
        work.run(insert(commission), {**key, **caps})


def set_windows(work: Work, year: int, windows: Iterable[Window]) -> None:
    """Replace the registration windows of a draft plan; under a lottery they close, else not.

    Raises:
        PlanPublished: its windows stand.
        InvalidInput: windows that overlap, run backwards, leave the year, open or close too late.
    """
    require_planner(work.actor)
    plan = hold_plan(work, year)
    if plan.published_at is not None:
        raise PlanPublished
    lottery = plan.ordering_policy == LOTTERY
    ordered = sorted(windows, key=lambda window: window.classes_from)
    checks = Checks()
    for n, window in enumerate(ordered):
        _check_window(checks, n, window, year)
        if lottery:
            _check_closing(checks, n, window, policy_of(plan))
        if n and window.classes_from <= ordered[n - 1].classes_to:
            checks.refuse(f"from_{n}", mark("This window begins before the one above ends."))
    checks.settle()
    work.run(delete(plan_window).where(plan_window.c.year == year))
    if ordered:
        work.run(
            insert(plan_window),
            [
                {
                    "year": year,
                    "classes_from": w.classes_from,
                    "classes_to": w.classes_to,
                    "opens_at": w.opens_at,
                    "closes_at": w.closes_at if lottery else None,
                }
                for w in ordered
            ],
        )


def find_plan(work: Work, year: int) -> Row[Any]:
    """Read a plan.

    Raises:
        NotFound: there is no plan of that year.
    """
    plan = work.one_or_none(select(annual_plan).where(annual_plan.c.year == year))
    if plan is None:
        raise NotFound
    return plan


def hold_plan(work: Work, year: int) -> Row[Any]:
    """Lock a plan, then read it.

    Raises:
        NotFound: there is no plan of that year.
    """
    plan = work.one_or_none(select(annual_plan).where(annual_plan.c.year == year).with_for_update())
    if plan is None:
        raise NotFound
    return plan


def _cohort(work: Work, checks: Checks, year: int, code: str, fee: int | None) -> int:
    """Find the cohort of a course and year; a course new to the plan gets its rules copied."""
    known = work.one_or_none(select(course).where(course.c.code == code))
    if known is None:
        checks.refuse("course", mark("Please choose one of the options."))
        checks.settle()
    assert known is not None
    found = work.scalar(select(cohort.c.id).where(cohort.c.year == year, cohort.c.course == code))
    if found is not None:
        return int(found)
    values = {
        "year": year,
        "course": code,
        "rules": known.rules,
        "fee": fee if fee is not None else _last_fee(work, year, known),
    }
    return int(work.run(insert(cohort), values).inserted_primary_key[0])


def _last_fee(work: Work, year: int, known: Row[Any]) -> int:
    last = work.scalar(
        select(cohort.c.fee)
        .where(cohort.c.course == known.code, cohort.c.year < year)
        .order_by(cohort.c.year.desc())
        .limit(1)
    )
    return int(last) if last is not None else known.days * DAILY_FEE


def _check_institution(work: Work, checks: Checks, code: str) -> None:
    known = work.one_or_none(select(institution.c.commissioned).where(institution.c.code == code))
    if known is None or not known.commissioned:
        checks.refuse("institution", mark("Please choose one of the options."))


def _check_window(checks: Checks, n: int, window: Window, year: int) -> None:
    if window.classes_from.year != year:
        checks.refuse(
            f"from_{n}",
            mark("The first day must lie in the plan year {year}."),
            year=year,
        )
    if window.classes_to.year != year:
        checks.refuse(f"to_{n}", mark("The last day must lie in the plan year {year}."), year=year)
    if window.classes_to < window.classes_from:
        checks.refuse(f"to_{n}", mark("The last day lies before the first day."))
    if window.opens_at.astimezone(TAIPEI).date() >= window.classes_from:
        checks.refuse(
            f"opens_{n}",
            mark("Registration must open before the first class of the window."),
        )


def _check_closing(checks: Checks, n: int, window: Window, policy: Policy) -> None:
    latest = latest_closing(policy, window.classes_from)
    if window.closes_at is None:
        checks.refuse(f"closes_{n}", mark("A lottery needs the moment its window closes."))
    elif window.closes_at <= window.opens_at:
        checks.refuse(f"closes_{n}", mark("The window must close after it opens."))
    elif window.closes_at > latest:
        checks.refuse(
            f"closes_{n}",
            mark(
                "Close the window at the latest on {moment}: the draw needs {days} days before the "
                "first confirmation call."
            ),
            moment=latest,
            days=DRAW_DAYS,
        )
