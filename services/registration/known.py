"""What the portal knows of a person before a registration is judged: one reading for everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from services.catalogue.records import training_class
from services.identity.records import person
from services.kernel.work import Look
from services.registration.lifecycle import HELD, Status
from services.registration.records import registration
from services.registration.seats import ClassFacts, by_certainty, in_the_way

_HELD = frozenset(seat.value for seat in HELD)


@dataclass(frozen=True, slots=True)
class Known:
    """What the ID tells of a person, and all they ever registered for."""

    id_tells: str  # national | foreigner | open
    registrations: Sequence[Row[Any]]

    @property
    def completed(self) -> frozenset[str]:
        """The courses completed in this portal."""
        done = Status.COMPLETED.value
        return frozenset(row.course for row in self.registrations if row.status == done)

    def choices(self, facts: ClassFacts) -> list[Row[Any]]:
        """Give everything the person ever registered for in a class's cohort."""
        return [row for row in self.registrations if row.cohort_id == facts.cohort_id]

    def clash(self, facts: ClassFacts) -> Row[Any] | None:
        """Give the held class of another cohort on the same days."""
        held = [row for row in self.registrations if row.seat in _HELD]
        return next(iter(in_the_way(held, facts).values()), None)


_KNOWN = (
    select(
        person.c.id.label("person_id"),
        person.c.nationality,
        *(
            registration.c[name]
            for name in (
                "id", "class_id", "cohort_id", "number", "rank", "preference", "track", "status",
                "seat", "registered_at", "failing", "declared",
            )
        ),
        *(training_class.c[name] for name in ("code", "course", "starts_on", "ends_on")),
    )
    .outerjoin(registration, registration.c.person_id == person.c.id)
    .outerjoin(training_class, training_class.c.id == registration.c.class_id)
    .order_by(*by_certainty(training_class))
)  # fmt: skip
_ONE: Select[Any] = _KNOWN.where(person.c.id == bindparam("person_id"))
_MANY: Select[Any] = _KNOWN.where(person.c.id.in_(bindparam("persons", expanding=True)))
AT_ONCE = 500  # people asked about in one question


def known(look: Look, person_id: int) -> Known:
    """Read what is known of one person."""
    return _known(look.all(_ONE, {"person_id": person_id}))


def known_of(look: Look, person_ids: Sequence[int]) -> dict[int, Known]:
    """Read what is known of many."""
    rows: dict[int, list[Row[Any]]] = {}
    for start in range(0, len(person_ids), AT_ONCE):
        for row in look.all(_MANY, {"persons": person_ids[start : start + AT_ONCE]}):
            rows.setdefault(row.person_id, []).append(row)
    return {person_id: _known(mine) for person_id, mine in rows.items()}


def _known(rows: Iterable[Row[Any]]) -> Known:
    """Take a person's rows apart; who never registered has one row without a registration."""
    rows = list(rows)
    id_tells = rows[0].nationality if rows else "open"
    return Known(id_tells, [row for row in rows if row.id is not None])
