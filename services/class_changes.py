"""What cancelling, moving and merging a class have in common: who may, until when, and the record.

By law the class plan is fixed from the freeze on (rules.md 7).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from services.catalogue.checks import Checks
from services.catalogue.records import training_class
from services.catalogue.scope import require_own
from services.classes import ClassFixed
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.notices.tasks import close_class_tasks
from services.registration.lifecycle import OPEN
from services.registration.records import class_change, registration
from services.registration.seats import ClassFacts, facts_of, hold_class, lock_persons
from services.words import mark

LONGEST_NOTE = 300


class NotPublished(DomainError):
    """Nobody can have registered for the class: its dates may simply be edited."""

    code = "class_change.not_published"
    sentence = mark("This class is not published, so there is nobody to tell. Nothing was changed.")


class AlreadyOver(DomainError):
    """Somebody was faster: the class is cancelled or merged."""

    code = "class_change.already_over"
    sentence = mark("This class has already been cancelled or merged. Nothing was changed.")


def hold_changeable(work: Work, class_id: int) -> ClassFacts:
    """Lock the cohort of a class that staff may still change.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's.
        NotPublished, AlreadyOver, ClassFixed: this is not the moment.
    """
    facts = hold_class(work, class_id)
    check_changeable(work, facts)
    return facts


def check_changeable(look: Look, facts: ClassFacts) -> None:
    """Refuse a class that is not the actor's, not published, over, or fixed by the freeze."""
    require_own(look.actor, facts.institution)
    if facts.state == "draft":
        raise NotPublished
    if facts.state == "cancelled":
        raise AlreadyOver
    if facts.state != "published" or facts.fixed:
        raise ClassFixed(freeze_days=facts.policy.freeze_days)


def check_note(checks: Checks, note: str) -> None:
    """Refuse a note that is too long or cannot be kept."""
    checks.short("note", note, LONGEST_NOTE)


_OPEN = [status.value for status in OPEN]
_ROWS = (
    select(registration)
    .where(registration.c.class_id == bindparam("class_id"), registration.c.status.in_(_OPEN))
    .order_by(registration.c.rank)
)


def open_rows(look: Look, class_id: int) -> Sequence[Row[Any]]:
    """Read everybody with an open registration in a class, in the order of service."""
    return look.all(_ROWS, {"class_id": class_id})


def hold_people(work: Work, facts: ClassFacts) -> Sequence[Row[Any]]:
    """Lock everybody in a class of a locked cohort, in id order, then read them."""
    lock_persons(work, [row.person_id for row in open_rows(work, facts.id)])
    return open_rows(work, facts.id)


def end_class(work: Work, facts: ClassFacts, state: str, *, into: int | None = None) -> None:
    """Give a class its end: opened, or cancelled (merged `into` another); its tasks are settled."""
    work.run(
        update(training_class)
        .where(training_class.c.id == facts.id)
        .values(state=state, ended_at=work.now, merged_into=into)
    )
    close_class_tasks(work, facts.id, "too_small")


def record_change(
    work: Work, facts: ClassFacts, kind: str, note: str, *, into: int | None = None
) -> None:
    """Keep who changed a class, when, and which days it had before."""
    work.run(
        insert(class_change),
        {
            "class_id": facts.id,
            "kind": kind,
            "at": work.now,
            "role": work.actor.role.value,
            "account_id": work.actor.account_id,
            "note": note,
            "was_starts_on": facts.starts_on,
            "was_ends_on": facts.ends_on,
            "into_id": into,
        },
    )


def facts_of_all(look: Look, class_ids: Collection[int]) -> dict[int, ClassFacts]:
    """Read several classes of one locked cohort."""
    return {class_id: facts_of(look, class_id) for class_id in sorted(class_ids)}
