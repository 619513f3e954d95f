"""Training classes as everybody sees them: what, when, where, how full, what registering gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, or_, select

from services.catalogue.fees import own_share
from services.catalogue.records import annual_plan, course, institution, milestone, training_class
from services.kernel.clock import taipei
from services.kernel.errors import NotFound
from services.kernel.work import Keys, Look
from services.lottery.standing import InDraw, draw_columns, in_draw, with_draw
from services.milestones import Milestone, Policy, due_at
from services.registration.standing import Counts, IfNow, counts_of, if_registering_now


@dataclass(frozen=True, slots=True)
class Offer:
    """One published training class with its counts."""

    id: int
    code: str
    cohort_id: int
    year: int
    course: str
    course_zh: str
    course_en: str
    stcw_ref: str | None
    category: str
    hours: float | None
    validity_years: int | None
    assumption: bool  # hours and validity are model-course values nobody has confirmed
    institution: str
    institution_zh: str
    institution_en: str
    short_zh: str
    short_en: str
    city_zh: str | None
    city_en: str | None
    region: str
    place_zh: str | None
    place_en: str | None
    kind: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cap: int
    seats_held: int
    fee: int
    subsidy_percent: int
    max_choices: int
    labels: tuple[str, ...]
    state: str
    schedule: int
    version: int
    stage: int  # how many milestones have been reached
    freeze_at: datetime
    draw: InDraw | None  # what orders its queue; None: the number
    if_now: IfNow
    counts: Counts

    @property
    def free(self) -> int:
        return self.cap - self.seats_held

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def wholly_self_funded(self) -> bool:
        return self.kind == "self_funded"

    @property
    def own_share(self) -> int:
        return own_share(self.fee, self.subsidy_percent)


def offers(look: Look, *where: ColumnElement[bool]) -> list[Offer]:
    """List the published classes that meet the conditions, by first day; two readings in all."""
    return _listed(look, _offers().where(*where))


def offers_around(look: Look, class_id: int) -> list[Offer]:
    """Give a published class and the others of its course that take registrations at the moment."""
    keys = {"class_id": class_id, "now": look.now, "today": look.today}
    found = _listed(look, _around(), keys)
    return [offer for offer in found if offer.id == class_id or offer.if_now.takes]


def _listed(look: Look, statement: Select[Any], keys: Keys = None) -> list[Offer]:
    rows = look.all(statement, keys)
    counts = counts_of(look, [row.id for row in rows])
    return [_offer(row, counts[row.id], look.now) for row in rows]


def offer(look: Look, class_id: int) -> Offer:
    """Give one published class.

    Raises:
        NotFound: there is none, or it is still a draft.
    """
    return first(offers(look, training_class.c.id == class_id))


def first(found: Iterable[Offer]) -> Offer:
    """Give the only one found.

    Raises:
        NotFound: there is none.
    """
    for one in found:
        return one
    raise NotFound()


def open_now(look: Look) -> ColumnElement[bool]:
    """Narrow to the classes that take registrations at this moment (the same as `IfNow.takes`)."""
    plans = look.all(
        select(*(annual_plan.c[name] for name in ("year", *_POLICY))).where(
            annual_plan.c.year >= look.today.year - 1
        )
    )
    spans = [
        and_(
            training_class.c.year == plan.year, training_class.c.starts_on >= _unfrozen(look, plan)
        )
        for plan in plans
    ]
    return and_(
        training_class.c.state == "published",
        training_class.c.opens_at <= look.now,
        or_(false(), *spans),
    )


def _unfrozen(look: Look, plan: Row[Any]) -> date:
    """Give the earliest first day of a class of the plan that is not frozen yet."""
    day: date = look.today + timedelta(days=plan.freeze_days)
    return day if look.now < taipei(look.today, plan.milestone_hour) else day + timedelta(days=1)


_STAGE = (
    select(func.count())
    .where(
        milestone.c.class_id == training_class.c.id,
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.reached_at.is_not(None),
    )
    .correlate(training_class)
    .scalar_subquery()
)
_OWN = (
    "id", "code", "cohort_id", "year", "course", "institution", "place_zh", "place_en", "kind",
    "starts_on", "ends_on", "opens_at", "cap", "seats_held", "fee", "labels", "state", "schedule",
    "version",
)  # fmt: skip
_COURSE = ("stcw_ref", "category", "hours", "validity_years", "assumption")
_POLICY = ("freeze_days", "milestone_hour")


@cache
def _offers() -> Select[Any]:
    return with_draw(
        select(
            *draw_columns(),
            *(training_class.c[name] for name in _OWN),
            course.c.name_zh.label("course_zh"),
            course.c.name_en.label("course_en"),
            *(course.c[name] for name in _COURSE),
            institution.c.name_zh.label("institution_zh"),
            institution.c.name_en.label("institution_en"),
            *(institution.c[n] for n in ("short_zh", "short_en", "city_zh", "city_en", "region")),
            annual_plan.c.subsidy_percent,
            annual_plan.c.max_choices,
            *(annual_plan.c[name] for name in _POLICY),
            _STAGE.label("stage"),
        )
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .join(annual_plan, annual_plan.c.year == training_class.c.year)
        .where(training_class.c.state != "draft")
        .order_by(training_class.c.starts_on, training_class.c.code)
    )


@cache
def _around() -> Select[Any]:
    one = training_class.alias("one")
    course_of = select(one.c.course).where(one.c.id == bindparam("class_id")).scalar_subquery()
    may_be_open = and_(
        training_class.c.state == "published",
        training_class.c.opens_at <= bindparam("now"),
        training_class.c.starts_on > bindparam("today"),
    )
    return _offers().where(
        training_class.c.course == course_of,
        or_(training_class.c.id == bindparam("class_id"), may_be_open),
    )


def _offer(row: Row[Any], counts: Counts, now: datetime) -> Offer:
    facts = dict(row._mapping)
    policy = Policy(**{name: facts.pop(name) for name in _POLICY})
    freeze_at = due_at(policy, row.starts_on, Milestone.FREEZE)
    drawing = facts["draw"] = in_draw(facts)
    if_now = if_registering_now(
        undrawn=drawing is not None and drawing.ahead,
        state=row.state,
        kind=row.kind,
        opens_at=row.opens_at,
        freeze_at=freeze_at,
        stage=row.stage,
        free=row.cap - row.seats_held,
        now=now,
    )
    facts["labels"] = tuple(row.labels or ())
    return Offer(**facts, freeze_at=freeze_at, if_now=if_now, counts=counts)
