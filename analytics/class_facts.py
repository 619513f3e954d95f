"""One row per training class: what was planned, who came, how they got the seat, who waits.

Registrations are counted by the database, class by class; nothing smaller leaves it. Both the
chosen year and the one before are read, because every rate is shown beside last year's.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, or_, select

from analytics.filters import Filters, classes_within
from services.catalogue.records import course, institution, milestone, training_class
from services.milestones import Milestone
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration

CHECKPOINTS = (
    Milestone.PROMOTION_CALL,
    Milestone.SELF_FUNDED_CALL,
    Milestone.FREEZE,
)
_CAME = (Status.COMPLETED.value, Status.FAILED.value)
_COMING = (Status.CONFIRMED.value, Status.SELF_FUNDED.value)
_ROLL = (*_CAME, Status.ABSENT.value)
_WAITS = (Status.WAITLISTED.value, Status.OFFERED.value, Status.IN_REVIEW.value)


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A training class in figures."""

    id: int
    code: str
    year: int
    course: str
    category: str
    institution: str
    short_zh: str
    short_en: str
    starts_on: date
    state: str  # published | opened | cancelled
    planned: int  # seats, also of a class that was cancelled
    min_size: int
    held: int  # seats held now, under review included
    attended: int
    marked: int  # people the roll has a result for
    coming: int  # confirmed, or confirmed self-funded; the roll not yet written
    waiting: int  # open registrations without a seat
    by_register: int  # attended, by how they got the seat ...
    by_backfill: int
    by_promotion: int
    by_own_cost: int
    at_promotion: int  # confirmed at each checkpoint ...
    at_offer: int
    at_freeze: int
    at_start: int

    def begun(self, day: date) -> bool:
        """Say whether the class's first day lies before a day (or would have)."""
        return self.starts_on < day

    @property
    def known(self) -> bool:
        """Say whether attendance is known: cancelled (nobody came), or the roll is written."""
        return self.state == "cancelled" or self.marked > 0

    @property
    def free(self) -> int:
        """Seats nobody holds."""
        return self.planned - self.held


def extract(connection: Connection, filters: Filters) -> tuple[ClassFact, ...]:
    """Count the registrations of every class of the selection and of the same months last year."""
    due = _due(filters)
    counted = _counted(due)
    zero = func.coalesce
    statement = (
        select(
            training_class.c.id,
            training_class.c.code,
            training_class.c.year,
            training_class.c.course,
            course.c.category,
            training_class.c.institution,
            institution.c.short_zh,
            institution.c.short_en,
            training_class.c.starts_on,
            training_class.c.state,
            training_class.c.cap,
            training_class.c.min_size,
            training_class.c.seats_held,
            *(zero(counted.c[name], 0) for name in _NAMES),
        )
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .join(counted, counted.c.class_id == training_class.c.id, isouter=True)
        .where(classes_within(filters, filters.year, filters.year - 1))
        .order_by(training_class.c.starts_on, training_class.c.code)
    )
    return tuple(ClassFact(*tuple(row)) for row in connection.execute(statement))


_NAMES = (
    "attended", "marked", "coming", "waiting",
    "by_register", "by_backfill", "by_promotion", "by_own_cost",
    "at_promotion", "at_offer", "at_freeze", "at_start",
)  # fmt: skip


def _chosen(filters: Filters) -> Subquery:
    return (
        select(training_class.c.id, training_class.c.schedule)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(classes_within(filters, filters.year, filters.year - 1))
        .subquery("chosen")
    )


def _due(filters: Filters) -> Subquery:
    """Give when each checkpoint of each class was or is due, one row per class."""
    chosen = _chosen(filters)
    moments = (
        func.max(case((milestone.c.kind == kind.value, milestone.c.due_at))).label(kind.value)
        for kind in CHECKPOINTS
    )
    return (
        select(chosen.c.id.label("class_id"), *moments)
        .join(
            milestone,
            and_(milestone.c.class_id == chosen.c.id, milestone.c.schedule == chosen.c.schedule),
            isouter=True,
        )
        .group_by(chosen.c.id)
        .subquery("due")
    )


def _counted(due: Subquery) -> Subquery:
    came = registration.c.status.in_(_CAME)
    how = registration.c.how_seated
    counts: dict[str, ColumnElement[bool]] = {
        "attended": came,
        "marked": registration.c.status.in_(_ROLL),
        "coming": registration.c.status.in_(_COMING),
        "waiting": and_(registration.c.status.in_(_WAITS), registration.c.seat == Seat.NONE.value),
        "by_register": and_(came, or_(how.in_(("register", "review")), how.is_(None))),
        "by_backfill": and_(came, how == "backfill"),
        "by_promotion": and_(came, how == "promoted"),
        "by_own_cost": and_(came, how == "self_funded"),
        "at_promotion": _confirmed_at(due.c[CHECKPOINTS[0].value]),
        "at_offer": _confirmed_at(due.c[CHECKPOINTS[1].value]),
        "at_freeze": _confirmed_at(due.c[CHECKPOINTS[2].value]),
        "at_start": registration.c.status.in_((*_ROLL, *_COMING)),
    }
    return (
        select(
            registration.c.class_id,
            *(func.sum(case((term, 1), else_=0)).label(name) for name, term in counts.items()),
        )
        .join(due, due.c.class_id == registration.c.class_id)
        .group_by(registration.c.class_id)
        .subquery("counted")
    )


def _confirmed_at(moment: ColumnElement[object]) -> ColumnElement[bool]:
    """Tell who had confirmed by a moment and had not left again: by milestones, never by status."""
    return and_(
        registration.c.confirmed_at <= moment,
        or_(registration.c.ended_at.is_(None), registration.c.ended_at > moment),
    )
