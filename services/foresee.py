"""What cancelling, moving or merging a class would do, said before anybody presses the button."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from services.catalogue.records import training_class
from services.catalogue.scope import require_own
from services.class_changes import check_changeable, open_rows
from services.kernel.errors import DomainError
from services.kernel.work import Look
from services.merge_classes import check_alike, merging
from services.milestones import ORDER, Milestone, schedule
from services.move_class import NewDays, check_move
from services.registration.lifecycle import HELD, SEATED, Reason, Seat, Status
from services.registration.overlaps import overlaps
from services.registration.records import registration
from services.registration.seats import facts_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The people a change concerns, and what speaks against it."""

    people: int  # with an open registration
    seated: int  # of them: admitted, confirmed, self-funded
    again: int  # said yes already and would be asked again
    kept: int  # under review with a seat kept
    waiting: int  # without a seat
    offered: int  # of those, with an offer that would be void
    back: int = 0  # people whose other choices would open again
    overlaps: int = 0  # people who would hold two seats on the same days
    staying: int = 0  # who wait in the target already and keep that number
    invited: int = 0  # who wait here only
    late: tuple[str, ...] = ()  # milestones of the new schedule that are due at once
    freeze_at: datetime | None = None
    problems: Mapping[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    refused: DomainError | None = None

    @property
    def allowed(self) -> bool:
        return not self.problems and self.refused is None


@dataclass(frozen=True, slots=True)
class Target:
    """A class that another may be merged into."""

    id: int
    code: str
    starts_on: date
    ends_on: date
    institution: str
    free: int


def changeable(look: Look, class_id: int) -> DomainError | None:
    """Tell why staff may not change a class any more, if so.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's.
    """
    facts = facts_of(look, class_id)
    require_own(look.actor, facts.institution)
    return _refusal(lambda: check_changeable(look, facts))


def foresee_cancel(look: Look, class_id: int) -> Foreseen:
    """Say whom cancelling a class concerns."""
    rows = open_rows(look, class_id)
    seated = [row.person_id for row in rows if row.seat in SEATED]
    lost = (Reason.SUPERSEDED.value, Reason.CONFIRMED_ELSEWHERE.value)
    back = look.scalar(
        select(func.count(registration.c.person_id.distinct())).where(
            registration.c.cohort_id == facts_of(look, class_id).cohort_id,
            registration.c.person_id.in_(seated),
            registration.c.reason.in_(lost),
        )
    )
    return replace(_people(rows), back=int(back), refused=changeable(look, class_id))


def foresee_move(look: Look, class_id: int, to: NewDays) -> Foreseen:
    """Say whom moving a class concerns, and what speaks against the days."""
    facts = facts_of(look, class_id)
    problems = check_move(look, facts, to).found
    due = schedule(facts.policy, to.starts_on) if "starts_on" not in problems else {}
    return replace(
        _people(open_rows(look, class_id)),
        overlaps=len({p.person_id for p in overlaps(look, class_id, to.starts_on, to.ends_on)}),
        late=tuple(kind.value for kind in ORDER if kind in due and due[kind] < look.now),
        freeze_at=due.get(Milestone.FREEZE),
        problems=problems,
        refused=changeable(look, class_id),
    )


def targets(look: Look, class_id: int) -> list[Target]:
    """List the classes that a class may be merged into, as far as the actor may change them."""
    facts = facts_of(look, class_id)
    rows = look.all(
        select(training_class.c.id)
        .where(
            training_class.c.cohort_id == facts.cohort_id,
            training_class.c.kind == facts.kind,
            training_class.c.state == "published",
        )
        .order_by(training_class.c.starts_on, training_class.c.code)
    )
    others = (facts_of(look, row.id) for row in rows)
    return [
        Target(one.id, one.code, one.starts_on, one.ends_on, one.institution, one.free)
        for one in others
        if _refusal(lambda one=one: check_alike(look, facts, one)) is None  # type: ignore[misc]
    ]


def foresee_merge(look: Look, class_id: int, into: int) -> Foreseen:
    """Say whom merging a class into another concerns, and what speaks against it.

    Raises:
        NotFound: there is no such target.
    """
    source, target = facts_of(look, class_id), facts_of(look, into)
    rows = open_rows(look, class_id)
    there = {row.person_id for row in open_rows(look, into)}
    refused = (
        changeable(look, class_id)
        or _refusal(lambda: check_alike(look, source, target))
        or _refusal(lambda: merging(look, source, target))
    )
    return replace(
        _people(rows),
        staying=sum(row.person_id in there for row in rows),
        invited=sum(row.seat not in HELD and row.person_id not in there for row in rows),
        overlaps=len(
            {p.person_id for p in overlaps(look, class_id, target.starts_on, target.ends_on)}
        ),
        refused=refused,
    )


def _people(rows: Sequence[Row[Any]]) -> Foreseen:
    by = Counter(row.status for row in rows)
    seated = sum(row.seat in SEATED for row in rows)
    kept = sum(row.seat == Seat.RESERVED.value for row in rows)
    return Foreseen(
        people=len(rows),
        seated=seated,
        again=by[Status.CONFIRMED] + by[Status.SELF_FUNDED],
        kept=kept,
        waiting=len(rows) - seated - kept,
        offered=by[Status.OFFERED],
    )


def _refusal(check: Callable[[], object]) -> DomainError | None:
    try:
        check()
    except DomainError as refused:
        return refused
    return None
