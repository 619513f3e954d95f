"""What staff have done with a class in public: moved, merged, cancelled."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from services.catalogue.records import training_class
from services.kernel.work import Look
from services.registration.records import class_change


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a class, as everybody may read it."""

    kind: str  # moved | merged | cancelled
    at: datetime
    note: str
    was_starts_on: date
    was_ends_on: date
    into_id: int | None
    into_code: str | None


def changes_of(look: Look, class_id: int) -> tuple[Change, ...]:
    """List the changes of a class, latest first."""
    rows = look.all(
        select(
            *(class_change.c[n] for n in Change.__dataclass_fields__ if n in class_change.c),
            training_class.c.code.label("into_code"),
        )
        .outerjoin(training_class, training_class.c.id == class_change.c.into_id)
        .where(class_change.c.class_id == class_id)
        .order_by(class_change.c.id.desc())
    )
    return tuple(Change(**row._mapping) for row in rows)
