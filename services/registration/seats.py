"""Hold before you look: the cohort row first, then persons in id order, then read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Row,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from services.catalogue.records import (
    annual_plan,
    cohort,
    milestone,
    plan_window,
    training_class,
)
from services.identity.records import person
from services.kernel.clock import taipei
from services.kernel.errors import NotFound
from services.kernel.work import Look, Work
from services.lottery.records import draw
from services.lottery.standing import InDraw
from services.milestones import CALLED, FROZEN, SELF_FUNDING, Milestone, Policy, due_at
from services.registration.chain import Head
from services.registration.lifecycle import HELD, Seat, Status
from services.registration.records import look_again, registration
from services.screening.screen import CourseRules

_POLICY = Policy.__dataclass_fields__.keys()
_STAGE = (
    select(func.count())
    .where(
        milestone.c.class_id == training_class.c.id,
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.reached_at.is_not(None),
    )
    .scalar_subquery()
)
_LOCK_COHORT = select(cohort.c.id).where(cohort.c.id == bindparam("cohort_id")).with_for_update()
_LOCK_COHORT_OF_CLASS = (
    select(cohort.c.id)
    .join(training_class, training_class.c.cohort_id == cohort.c.id)
    .where(training_class.c.id == bindparam("class_id"))
    .with_for_update(of=cohort)
)
_LOCK_COHORT_AND_PERSON = (  # PostgreSQL locks in the order that they are named here
    select(cohort.c.id)
    .join(training_class, training_class.c.cohort_id == cohort.c.id)
    .join(person, person.c.id == bindparam("person_id"))
    .where(training_class.c.id == bindparam("class_id"))
    .with_for_update(of=[cohort, person])
)
_LOCK_BOTH_OF_REGISTRATION = (
    select(cohort.c.id)
    .join(registration, registration.c.cohort_id == cohort.c.id)
    .join(person, person.c.id == registration.c.person_id)
    .where(registration.c.id == bindparam("registration_id"))
    .with_for_update(of=[cohort, person])
)
_LOCK_PERSONS: Select[Any] = (
    select(person.c.id)
    .where(person.c.id.in_(bindparam("persons", expanding=True)))
    .order_by(person.c.id)
    .with_for_update()
)
_REGISTRATION = select(registration).where(registration.c.id == bindparam("registration_id"))


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A training class as the verbs see it under the lock."""

    id: int
    code: str
    cohort_id: int
    year: int
    course: str
    institution: str
    kind: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    cap: int
    min_size: int
    seats_held: int
    numbers_given: int
    state: str
    schedule: int
    stage: int  # how many milestones have been reached
    conflicts_ended: bool  # of people its cohort has still to look at again
    draw_id: int | None  # None: the number is the rank
    draw_state: str | None
    draw_tickets: int | None  # None until its window has closed
    draw_closes_at: datetime | None
    max_choices: int
    review_days: int
    supplement_days: int
    policy: Policy
    rules: CourseRules  # of its cohort
    chain: Head  # of its cohort: where it ended when this was read
    now: datetime  # when this was read: the last day before the freeze has rules of its own

    @property
    def free(self) -> int:
        return self.cap - self.seats_held

    @property
    def wholly_self_funded(self) -> bool:
        return self.kind == "self_funded"

    @property
    def draw(self) -> InDraw | None:
        """What orders the queue (rules.md 7, window lottery); None: the number."""
        if self.draw_id is None or self.draw_state is None or self.draw_closes_at is None:
            return None
        return InDraw(self.draw_id, self.draw_state, self.draw_closes_at)

    @property
    def undrawn(self) -> bool:
        """Whether a draw is still to come: until then no seats are given and no call is made."""
        return self.draw_state in ("committed", "revealed")

    def rank_of(self, number: int) -> int:
        """Give the rank of a new number: after everybody drawn; the draw ranks those before it."""
        return number + (self.draw_tickets or 0) if self.draw_state == "drawn" else number

    @property
    def promotion_open(self) -> bool:
        """Whether waiting people are still promoted to the class's own kind of seat.

        With less than a response window left before the freeze nobody new is asked (rules.md 7).
        """
        last = FROZEN if self.wholly_self_funded else SELF_FUNDING
        live = self.state == "published" and not self.undrawn
        return live and self.stage < last and self.now <= self.last_asking_at

    @property
    def yes_open(self) -> bool:
        """Whether a standing yes still counts: to the self-funded call, however near the freeze."""
        return (
            self.state == "published"
            and not self.wholly_self_funded
            and CALLED <= self.stage < SELF_FUNDING
            and not self.fixed
        )

    @property
    def self_funding(self) -> bool:
        """Whether freed seats go as self-funded by rank (from T-14 to the freeze)."""
        return (
            self.state == "published"
            and not self.undrawn
            and not self.wholly_self_funded
            and SELF_FUNDING <= self.stage < FROZEN
            and not self.fixed
        )

    @property
    def one_line(self) -> bool:
        """Whether both tracks stand in one line: from the self-funded call on."""
        return not self.wholly_self_funded and self.stage >= SELF_FUNDING

    @property
    def fixed(self) -> bool:
        """Whether the freeze has passed, even if the clock has not got round to it yet."""
        return self.stage >= FROZEN or self.now > self.freeze_at

    @property
    def last_asking_at(self) -> datetime:
        """The last moment at which somebody can be seated and still have time to answer."""
        return self.freeze_at - timedelta(hours=self.policy.late_response_hours)

    @property
    def freeze_at(self) -> datetime:
        return due_at(self.policy, self.starts_on, Milestone.FREEZE)

    @property
    def begins_at(self) -> datetime:
        return taipei(self.starts_on)


_MADE = ("policy", "rules", "chain", "now")
_OWN = tuple(name for name in ClassFacts.__dataclass_fields__ if name not in _MADE)
_OTHERS = {
    "stage": _STAGE,
    "conflicts_ended": exists().where(look_again.c.cohort_id == training_class.c.cohort_id),
    "draw_state": draw.c.state,
    "draw_tickets": draw.c.tickets,
    "draw_closes_at": plan_window.c.closes_at,
} | {name: annual_plan.c[name] for name in ("max_choices", "review_days", "supplement_days")}
_CLASSES: Select[
    Any
] = (  # the first fields of ClassFacts in their order, then what the others are made of
    select(
        *(_OTHERS[name] if name in _OTHERS else training_class.c[name] for name in _OWN),
        cohort.c.rules,
        cohort.c.rules_version,
        cohort.c.events,
        cohort.c.head,
        *(annual_plan.c[name] for name in _POLICY),
    )
    .join(cohort, cohort.c.id == training_class.c.cohort_id)
    .join(annual_plan, annual_plan.c.year == training_class.c.year)
    .outerjoin(draw, draw.c.id == training_class.c.draw_id)
    .outerjoin(plan_window, plan_window.c.id == draw.c.window_id)
)
_CLASS = _CLASSES.where(training_class.c.id == bindparam("class_id"))
_WITH_FREE_SEATS = _CLASSES.where(
    training_class.c.cohort_id == bindparam("cohort_id"),
    training_class.c.state == "published",
    training_class.c.seats_held < training_class.c.cap,
).order_by(training_class.c.id)
_policy = lru_cache(maxsize=256)(Policy)  # few plans, read at every step


def own_seat(facts: ClassFacts) -> Seat:
    """Give the seat a class hands out by itself."""
    return Seat.SELF_FUNDED if facts.wholly_self_funded else Seat.FUNDED


def facts_of(look: Look, class_id: int) -> ClassFacts:
    """Read a class with its plan's numbers, its cohort's rules and its stage.

    Raises:
        NotFound: there is no such class.
    """
    row = look.one_or_none(_CLASS, {"class_id": class_id})
    if row is None:
        raise NotFound()
    return _facts(look, row)


def _facts(look: Look, row: Row[Any]) -> ClassFacts:
    own = len(_OWN)
    rules, version, events, head, *policy = row[own:]
    made = _policy(*policy), CourseRules.from_json(rules, version=version), Head(events, head)
    return ClassFacts(*(*row[:own], *made, look.now))


def with_free_seats(look: Look, cohort_id: int) -> list[ClassFacts]:
    """Read the published classes of a cohort that have a free seat."""
    return [_facts(look, row) for row in look.all(_WITH_FREE_SEATS, {"cohort_id": cohort_id})]


def one_writer(work: Work) -> bool:
    """Tell whether the database has one writer at a time, who holds everything already."""
    return work.connection.dialect.name == "sqlite"


def _lock(work: Work, statement: Executable, key: dict[str, int]) -> None:
    if not one_writer(work):
        work.all(statement, key)


def lock_cohort(work: Work, cohort_id: int) -> None:
    """Hold the cohort until the work ends."""
    _lock(work, _LOCK_COHORT, {"cohort_id": cohort_id})


def lock_persons(work: Work, person_ids: Collection[int]) -> None:
    """Hold persons in id order, after the cohort, so that overlaps are judged honestly."""
    if one_writer(work) or not person_ids:
        return
    work.all(_LOCK_PERSONS, {"persons": sorted(person_ids)})


def hold_class(work: Work, class_id: int, person_id: int | None = None) -> ClassFacts:
    """Lock the cohort of a class, and the person it is about, then read the class.

    Raises:
        NotFound: there is no such class.
    """
    if person_id is None:
        _lock(work, _LOCK_COHORT_OF_CLASS, {"class_id": class_id})
    else:
        _lock(work, _LOCK_COHORT_AND_PERSON, {"class_id": class_id, "person_id": person_id})
    return facts_of(work, class_id)


def hold(work: Work, registration_id: int) -> Row[Any]:
    """Lock the cohort of a registration and its person, then read it as it stands now.

    Raises:
        NotFound: there is no such registration.
    """
    key = {"registration_id": registration_id}
    _lock(work, _LOCK_BOTH_OF_REGISTRATION, key)
    row = work.one_or_none(_REGISTRATION, key)
    if row is None:
        raise NotFound()
    return row


def by_certainty(of_class: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Order held seats so that the last of a person counts: what is certain, then what is first."""
    status = registration.c.status
    certain = or_(status == Status.CONFIRMED.value, status == Status.SELF_FUNDED.value)
    return certain, of_class.c.starts_on.desc(), of_class.c.id.desc()


_OTHER = training_class.alias("other")
_HOLDING = (
    select(
        *(
            registration.c[name]
            for name in (
                "id", "person_id", "cohort_id", "class_id", "rank", "preference", "status", "seat",
            )
        ),
        *(_OTHER.c[name] for name in ("code", "starts_on", "ends_on")),
    )
    .join(_OTHER, _OTHER.c.id == registration.c.class_id)
    .where(
        registration.c.person_id.in_(bindparam("persons", expanding=True)),
        registration.c.seat.in_([seat.value for seat in HELD]),
    )
    .order_by(*by_certainty(_OTHER))
)  # fmt: skip


def holding(look: Look, person_ids: Collection[int]) -> list[Row[Any]]:
    """Find every seat that people hold, in all courses, with the days of its class."""
    if not person_ids:
        return []
    return look.all(_HOLDING, {"persons": list(person_ids)})


def in_the_way(rows: Iterable[Row[Any]], facts: ClassFacts) -> dict[int, Row[Any]]:
    """Give, per person, the held class of another cohort on the same days.

    Of several the one that the person has said yes to, else the first to begin.
    """
    return {
        row.person_id: row
        for row in rows
        if row.cohort_id != facts.cohort_id
        and row.starts_on <= facts.ends_on
        and row.ends_on >= facts.starts_on
    }


def overlapping(look: Look, person_ids: Collection[int], facts: ClassFacts) -> dict[int, Row[Any]]:
    """Find, per person, a class of another cohort that holds a seat for them on the same days."""
    return in_the_way(holding(look, person_ids), facts)
