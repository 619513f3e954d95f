"""What staff work through by class: the call list and the roll."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from services.catalogue.records import (
    course,
    institution,
    milestone,
    training_class,
)
from services.catalogue.scope import require_own, scope_of
from services.identity.records import person
from services.kernel.actor import Role
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.milestones import Milestone
from services.registration.lifecycle import Event, Status
from services.registration.records import (
    phone_call,
    registration,
    registration_event,
    request,
)

ROLL = (
    Status.CONFIRMED.value,
    Status.SELF_FUNDED.value,
    Status.COMPLETED.value,
    Status.FAILED.value,
    Status.ABSENT.value,
)
MARKED = ROLL[2:]


@dataclass(frozen=True, slots=True)
class ClassHead:
    """The class a list belongs to."""

    id: int
    code: str
    name_zh: str
    name_en: str
    institution: str
    short_zh: str
    short_en: str
    starts_on: date
    ends_on: date
    cap: int
    seats_held: int
    state: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """A class in the overview of call lists or rolls, with what is still to do in it."""

    id: int
    code: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    starts_on: date
    people: int
    left: int  # not reached yet, or not marked yet


@dataclass(frozen=True, slots=True)
class CallLine:
    """One person to phone."""

    registration_id: int
    number: int
    rank: int
    name_zh: str
    name_en: str
    mobile: str | None
    status: str
    kind: str
    calendar_deadline: datetime
    deadline: datetime | None  # known once the request has reached the person
    reached_by: str | None
    attempts: int
    last_outcome: str | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person on the roll."""

    registration_id: int
    number: int
    name_zh: str
    name_en: str
    birth_date: date | None
    status: str
    reached: bool


def class_head(look: Look, class_id: int) -> ClassHead:
    """Read the class a list belongs to.

    Raises:
        NotFound: there is no such class, or it is another institution's.
    """
    row = look.one_or_none(
        select(
            *(training_class.c[n] for n in ClassHead.__dataclass_fields__ if n in training_class.c),
            course.c.name_zh,
            course.c.name_en,
            institution.c.short_zh,
            institution.c.short_en,
        )
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(training_class.c.id == class_id)
    )
    if row is None:
        raise NotFound
    require_own(look.actor, row.institution)
    return ClassHead(**row._mapping)


def call_classes(look: Look) -> list[ListLine]:
    """List the classes in which somebody is being asked, nearest first."""
    left = func.count().filter(request.c.reached_at.is_(None))
    statement = _overview(left).join(request, request.c.class_id == training_class.c.id)
    return _lines(look, statement.where(request.c.closed_at.is_(None)), newest_first=False)


def roll_classes(look: Look, *, most: int = 40) -> list[ListLine]:
    """List the classes that have begun, latest first, with people not marked yet."""
    left = func.count().filter(registration.c.status.not_in(MARKED))
    statement = (
        _overview(left)
        .join(registration, registration.c.class_id == training_class.c.id)
        .where(
            training_class.c.state == "opened",
            training_class.c.starts_on <= look.today,
            registration.c.status.in_(ROLL),
        )
        .limit(most)
    )
    return _lines(look, statement, newest_first=True)


def call_list(look: Look, class_id: int) -> list[CallLine]:
    """List who is being asked in a class, in rank order, with deadlines and attempts.

    Raises:
        NotFound: there is no such class, or it is another institution's.
    """
    class_head(look, class_id)
    rows = look.all(
        select(
            request.c.registration_id,
            registration.c.number,
            registration.c.rank,
            person.c.name_zh,
            func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
            person.c.mobile,
            registration.c.status,
            request.c.kind,
            request.c.calendar_deadline,
            request.c.deadline,
            request.c.reached_by,
        )
        .join(registration, registration.c.id == request.c.registration_id)
        .join(person, person.c.id == registration.c.person_id)
        .where(request.c.class_id == class_id, request.c.closed_at.is_(None))
        .order_by(registration.c.rank)
    )
    calls: dict[int, list[tuple[str, datetime]]] = {}
    for call in look.all(
        select(phone_call)
        .where(phone_call.c.registration_id.in_([row.registration_id for row in rows]))
        .order_by(phone_call.c.id)
    ):
        calls.setdefault(call.registration_id, []).append((call.outcome, call.at))
    return [_call_line(dict(row._mapping), calls.get(row.registration_id, [])) for row in rows]


def call_ahead(look: Look, class_id: int) -> datetime | None:
    """Tell when the confirmation call of a published class begins, while it is still ahead."""
    return look.scalar(
        select(milestone.c.due_at)
        .join(
            training_class,
            and_(
                training_class.c.id == milestone.c.class_id,
                training_class.c.schedule == milestone.c.schedule,
            ),
        )
        .where(
            milestone.c.class_id == class_id,
            milestone.c.kind == Milestone.CONFIRMATION_CALL.value,
            milestone.c.reached_at.is_(None),
            training_class.c.state == "published",
        )
    )


def roll_list(look: Look, class_id: int) -> list[RollLine]:
    """List the people on a roll in the order of their numbers.

    Raises:
        NotFound: there is no such class, or it is another institution's.
    """
    class_head(look, class_id)
    by_the_freeze = exists().where(  # nobody said yes: no question ever reached the person
        registration_event.c.registration_id == registration.c.id,
        registration_event.c.event == Event.CONFIRM.value,
        registration_event.c.role == Role.SYSTEM.value,
    )
    rows = look.all(
        select(
            registration.c.id.label("registration_id"),
            registration.c.number,
            person.c.name_zh,
            func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
            person.c.birth_date,
            registration.c.status,
            (~by_the_freeze).label("reached"),
        )
        .join(person, person.c.id == registration.c.person_id)
        .where(registration.c.class_id == class_id, registration.c.status.in_(ROLL))
        .order_by(registration.c.number)
    )
    return [RollLine(**row._mapping) for row in rows]


def _call_line(facts: dict[str, Any], calls: list[tuple[str, datetime]]) -> CallLine:
    outcome, at = calls[-1] if calls else (None, None)
    return CallLine(**facts, attempts=len(calls), last_outcome=outcome, last_at=at)


def _overview(left: Any) -> Select[Any]:
    named = (course.c.name_zh, course.c.name_en, institution.c.short_zh, institution.c.short_en)
    key = (training_class.c.id, training_class.c.code, *named, training_class.c.starts_on)
    return (
        select(*key, func.count().label("people"), left.label("left"))
        .select_from(training_class)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .group_by(*key)
    )


def _lines(look: Look, statement: Select[Any], *, newest_first: bool) -> list[ListLine]:
    own = scope_of(look.actor)
    if own:
        statement = statement.where(training_class.c.institution == own)
    day = training_class.c.starts_on
    ordered = statement.order_by(day.desc() if newest_first else day, training_class.c.code)
    return [ListLine(**row._mapping) for row in look.all(ordered)]


def class_of(look: Look, registration_id: int) -> int:
    """Give the class of a registration.

    Raises:
        NotFound: there is no such registration.
    """
    found = look.scalar(select(registration.c.class_id).where(registration.c.id == registration_id))
    if found is None:
        raise NotFound
    return int(found)
