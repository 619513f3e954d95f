"""What planners see of overrides: proposals that wait, decisions, and a person in a queue."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from services.catalogue.records import course, institution, training_class
from services.catalogue.scope import require_planner
from services.identity.records import account, person
from services.kernel.work import Look
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration, seat_override

DECIDED_SHOWN = 20
_PROPOSER, _DECIDER = account.alias("proposer"), account.alias("decider")


@dataclass(frozen=True, slots=True)
class InQueue:
    """A person in a queue, as a planner has to know who it is."""

    registration_id: int
    number: int
    rank: int
    status: str
    seat: str
    name_zh: str
    name_en: str
    class_id: int
    code: str
    course_zh: str
    course_en: str
    short_zh: str
    short_en: str
    starts_on: date

    @property
    def waits(self) -> bool:
        waiting = (Status.WAITLISTED, Status.IN_REVIEW, Status.OFFERED)
        return self.status in waiting and self.seat == Seat.NONE


@dataclass(frozen=True, slots=True)
class OverrideCard:
    """One proposal with who made it and who decided it."""

    id: int
    reason: str
    note: str
    state: str
    proposed_at: datetime
    proposed_by: int
    proposer: str
    decided_at: datetime | None
    decider: str | None
    whom: InQueue


def _people() -> Select[tuple[object, ...]]:
    return (
        select(
            registration.c.id.label("registration_id"),
            registration.c.number,
            registration.c.rank,
            registration.c.status,
            registration.c.seat,
            person.c.name_zh,
            func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
            training_class.c.id.label("class_id"),
            training_class.c.code,
            course.c.name_zh.label("course_zh"),
            course.c.name_en.label("course_en"),
            institution.c.short_zh,
            institution.c.short_en,
            training_class.c.starts_on,
        )
        .join(person, person.c.id == registration.c.person_id)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
    )


def in_queue(look: Look, code: str, number: int) -> InQueue | None:
    """Find a number in the queue of a class by the class's code.

    Raises:
        NotPermitted: only planners look people up for an override.
    """
    require_planner(look.actor)
    row = look.one_or_none(
        _people().where(training_class.c.code == code, registration.c.number == number)
    )
    return InQueue(**row._mapping) if row else None


def overrides(look: Look, *, waiting: bool) -> list[OverrideCard]:
    """List proposals that wait, oldest first, or the latest decisions.

    Raises:
        NotPermitted: only planners see them.
    """
    require_planner(look.actor)
    mine = seat_override.c
    statement = (
        _people()
        .add_columns(
            *(mine[name] for name in ("id", "reason", "note", "state", "proposed_at",
                                      "proposed_by", "decided_at")),
            _PROPOSER.c.name.label("proposer"),
            _DECIDER.c.name.label("decider"),
        )
        .join(seat_override, mine.registration_id == registration.c.id)
        .join(_PROPOSER, _PROPOSER.c.id == mine.proposed_by)
        .outerjoin(_DECIDER, _DECIDER.c.id == mine.decided_by)
    )  # fmt: skip
    if waiting:
        statement = statement.where(mine.state == "proposed").order_by(mine.id)
    else:
        decided = statement.where(mine.state != "proposed")
        statement = decided.order_by(mine.decided_at.desc(), mine.id.desc()).limit(DECIDED_SHOWN)
    own = OverrideCard.__dataclass_fields__.keys() - {"whom"}
    return [
        OverrideCard(
            **{name: row._mapping[name] for name in own},
            whom=InQueue(**{name: row._mapping[name] for name in InQueue.__dataclass_fields__}),
        )
        for row in look.all(statement)
    ]


def overrides_waiting(look: Look) -> int:
    """Count the proposals that another planner has to decide."""
    require_planner(look.actor)
    counted = select(func.count()).where(seat_override.c.state == "proposed")
    return int(look.scalar(counted))
