"""Everybody who registered for a class, as its institution and MPB see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from services.identity.records import person
from services.kernel.work import Look
from services.registration.desk_lists import class_head
from services.registration.lifecycle import Status
from services.registration.public_queue import RANK
from services.registration.records import registration

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One registration of a class."""

    number: int
    rank: int | None  # None: it is still to be drawn
    name_zh: str
    name_en: str
    status: Status
    registered_at: datetime
    moved_at: datetime


def class_people(look: Look, class_id: int, *, page: int = 1) -> list[PersonLine]:
    """List one page of a class's registrations in the order of service.

    Raises:
        NotFound: there is no such class, or it is another institution's.
    """
    class_head(look, class_id)
    rows = look.all(
        select(
            registration.c.number,
            RANK,
            person.c.name_zh,
            func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
            registration.c.status,
            registration.c.registered_at,
            registration.c.moved_at,
        )
        .join(person, person.c.id == registration.c.person_id)
        .where(registration.c.class_id == class_id)
        .order_by(registration.c.rank, registration.c.number)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [PersonLine(**{**row._mapping, "status": Status(row.status)}) for row in rows]
