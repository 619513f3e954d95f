"""The training classes of a course a person may choose from, with what registering would meet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, false, func, select

from services.catalogue.fees import own_share
from services.catalogue.records import annual_plan, course, institution, milestone, training_class
from services.kernel.db import among
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.lottery.records import draw
from services.registration.cards import RegistrationCard
from services.registration.lifecycle import Seat, Status
from services.registration.lookup import own_in_cohort
from services.registration.records import registration


@dataclass(frozen=True, slots=True)
class ChoiceCard:
    """One training class to choose: where, when, how full, at what price."""

    id: int
    cohort_id: int
    code: str
    course: str
    course_zh: str
    course_en: str
    stcw_ref: str | None
    institution_zh: str
    institution_en: str
    city_zh: str | None
    city_en: str | None
    kind: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cap: int
    seats_held: int
    fee: int
    subsidy_percent: int
    max_choices: int
    freeze_at: datetime
    self_funding: bool
    waiting: int
    undrawn: bool  # seats are given when ranks have been drawn

    @property
    def free(self) -> int:
        return self.cap - self.seats_held

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def own_share(self) -> int:
        return own_share(self.fee, self.subsidy_percent)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What is chosen in a course, what may be chosen beside it, and where one is registered."""

    most: int  # classes of the course at a time, as the plan allows
    mine: tuple[RegistrationCard, ...]  # open registrations, the best first
    picked: tuple[ChoiceCard, ...]  # not registered in yet, the best first
    others: tuple[ChoiceCard, ...]

    @property
    def room(self) -> int:
        """How many more may be chosen."""
        return max(self.most - len(self.mine) - len(self.picked), 0)

    @property
    def several(self) -> bool:
        """Whether there is more than one to order: else the pages speak of no choices."""
        return self.most > 1


def choice(look: Look, class_id: int) -> ChoiceCard:
    """Give one published training class.

    Raises:
        NotFound: there is none, or it is not published.
    """
    row = look.one_or_none(_one_card(), {"class_id": class_id})
    if row is None:
        raise NotFound()
    return _card(row)


@cache
def _one_card() -> Select[Any]:
    return _cards().where(training_class.c.id == bindparam("class_id"))


@cache
def _some_cards() -> Select[Any]:
    return _cards().where(training_class.c.id.in_(bindparam("class_ids", expanding=True)))


@cache
def _open_cards() -> Select[Any]:
    return (
        _cards()
        .where(
            training_class.c.cohort_id == bindparam("cohort_id"),
            training_class.c.state == "published",
            training_class.c.opens_at <= bindparam("now"),
            training_class.c.starts_on > bindparam("today"),
        )
        .order_by(training_class.c.starts_on)
    )


def choices(look: Look, class_ids: Sequence[int], known: ChoiceCard) -> list[ChoiceCard]:
    """Give several published training classes in the order asked for; one is known already."""
    others = [class_id for class_id in class_ids if class_id != known.id]
    rows = look.all(_some_cards(), {"class_ids": others}) if others else []
    found = {known.id: known} | {row.id: _card(row) for row in rows}
    return [found[class_id] for class_id in class_ids if class_id in found]


def choosing(look: Look, card: ChoiceCard, picked: Sequence[int], *, taken: int) -> Choosing:
    """Read what the first step shows of a course; `taken` counts what one is registered in."""
    own = own_in_cohort(look, card.cohort_id) if taken else ()
    mine = tuple(each for each in own if each.is_open)
    shown = {*picked, *(each.class_id for each in mine)}
    others = tuple(_open_classes(look, card.cohort_id, but=shown))
    return Choosing(card.max_choices, mine, tuple(choices(look, picked, card)), others)


def _open_classes(look: Look, cohort_id: int, but: Collection[int]) -> list[ChoiceCard]:
    """List the classes of a course in its year that still take registrations."""
    keys = {"cohort_id": cohort_id, "now": look.now, "today": look.today}
    rows = [row for row in look.all(_open_cards(), keys) if row.id not in but]
    return [other for row in rows if (other := _card(row)).freeze_at > look.now]


_WAITING = (
    select(func.count())
    .where(
        registration.c.class_id == training_class.c.id,
        among(registration.c.status, (Status.WAITLISTED.value, Status.IN_REVIEW.value)),
        registration.c.seat == Seat.NONE.value,
    )
    .correlate(training_class)
    .scalar_subquery()
)


def _due(kind: str, column: Any) -> Any:
    return (
        select(column)
        .where(
            milestone.c.class_id == training_class.c.id,
            milestone.c.schedule == training_class.c.schedule,
            milestone.c.kind == kind,
        )
        .correlate(training_class)
        .scalar_subquery()
    )


_OWN = (
    "id", "cohort_id", "code", "course", "kind", "starts_on", "ends_on", "opens_at", "cap",
    "seats_held", "fee",
)  # fmt: skip


@cache
def _cards() -> Select[Any]:
    return (
        select(
            *(training_class.c[name] for name in _OWN),
            course.c.name_zh.label("course_zh"),
            course.c.name_en.label("course_en"),
            course.c.stcw_ref,
            institution.c.name_zh.label("institution_zh"),
            institution.c.name_en.label("institution_en"),
            institution.c.city_zh,
            institution.c.city_en,
            annual_plan.c.subsidy_percent,
            annual_plan.c.max_choices,
            _due("freeze", milestone.c.due_at).label("freeze_at"),
            _due("self_funded_call", milestone.c.reached_at).label("self_funding"),
            _WAITING.label("waiting"),
            func.coalesce(draw.c.state != "drawn", false()).label("undrawn"),
        )
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .join(annual_plan, annual_plan.c.year == training_class.c.year)
        .outerjoin(draw, draw.c.id == training_class.c.draw_id)
        .where(training_class.c.state != "draft")
    )


def _card(row: Row[Any]) -> ChoiceCard:
    facts = dict(row._mapping)
    flags = {"self_funding": facts["self_funding"] is not None, "undrawn": bool(facts["undrawn"])}
    return ChoiceCard(**facts | flags)
