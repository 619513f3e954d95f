"""What the annual plan still allows: classes and seats of a commission, seats of the year."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from services.catalogue.checks import Checks
from services.catalogue.records import annual_plan, cohort, commission, training_class
from services.kernel.work import Look, Work


@dataclass(frozen=True, slots=True)
class Usage:
    """Funded classes and seats that count against a cap; cancelled ones do not."""

    classes: int
    seats: int


def _funded() -> Select[tuple[int, int]]:
    return select(
        func.count(training_class.c.id),
        func.coalesce(func.sum(training_class.c.cap), 0),
    ).where(training_class.c.kind == "funded", training_class.c.state != "cancelled")


def commission_usage(
    look: Look, cohort_id: int, institution: str, *, without: int | None = None
) -> Usage:
    """Count a commission's funded classes and seats, leaving one class out if asked."""
    statement = _funded().where(
        training_class.c.cohort_id == cohort_id,
        training_class.c.institution == institution,
        training_class.c.id != (without or 0),
    )
    classes, seats = look.all(statement)[0]
    return Usage(classes, int(seats))


def year_usage(look: Look, year: int, *, without: int | None = None) -> Usage:
    """Count the year's funded classes and seats, leaving one class out if asked."""
    statement = _funded().where(
        training_class.c.year == year, training_class.c.id != (without or 0)
    )
    classes, seats = look.all(statement)[0]
    return Usage(classes, int(seats))


def check_caps(
    look: Look,
    checks: Checks,
    *,
    cohort_id: int,
    institution: str,
    seats: int,
    funded: bool = True,
    class_id: int | None = None,
) -> None:
    """Refuse a class that breaks a cap, saying which one and by how much.

    A wholly self-funded class needs the commission too, but takes nothing of its caps.
    """
    granted = look.one_or_none(
        select(commission).where(
            commission.c.cohort_id == cohort_id, commission.c.institution == institution
        )
    )
    if granted is None:
        checks.refuse("course", "The plan does not commission you for this course.")
        return
    if not funded:
        return
    used = commission_usage(look, cohort_id, institution, without=class_id)
    if used.classes + 1 > granted.classes_cap:
        checks.refuse(
            "course",
            "The plan allows {cap} funded classes of this course and there are {used} already: "
            "this one is {over} too many.",
            cap=granted.classes_cap,
            used=used.classes,
            over=used.classes + 1 - granted.classes_cap,
        )
    if used.seats + seats > granted.seats_cap:
        checks.refuse(
            "cap",
            "The plan allows {cap} funded seats in this course and your other classes take {used}: "
            "{over} too many.",
            cap=granted.seats_cap,
            used=used.seats,
            over=used.seats + seats - granted.seats_cap,
        )
    _check_year(look, checks, cohort_id, seats, class_id)


def _check_year(
    look: Look, checks: Checks, cohort_id: int, seats: int, class_id: int | None
) -> None:
    statement = (
        select(annual_plan.c.year, annual_plan.c.seats_cap)
        .join(cohort, cohort.c.year == annual_plan.c.year)
        .where(cohort.c.id == cohort_id)
    )
    if isinstance(look, Work):
        # The plan row is locked after the cohort and by everybody: two cohorts cannot both take
        # the year's last seats.
        statement = statement.with_for_update(of=annual_plan)
    plan = look.one_or_none(statement)
    assert plan is not None
    used = year_usage(look, plan.year, without=class_id)
    if used.seats + seats > plan.seats_cap:
        checks.refuse(
            "cap",
            "The whole plan of {year} has {cap} funded seats and all other classes take {used}: "
            "{over} too many.",
            year=plan.year,
            cap=plan.seats_cap,
            used=used.seats,
            over=used.seats + seats - plan.seats_cap,
        )
