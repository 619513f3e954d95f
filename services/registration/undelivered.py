"""One task about a person whom letters did not reach: who, which letters, what came of them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select

from services.catalogue.records import course, training_class
from services.identity.records import person
from services.kernel.work import Look
from services.notices.records import notice
from services.notices.tasks import task_about
from services.notices.undelivered import came_back, on_its_way, worth_sending
from services.registration.records import registration, request


@dataclass(frozen=True, slots=True)
class LostLetter:
    """A letter that failed; `again` tells when it is tried next, if it is."""

    kind: str
    made_at: datetime
    tries: int  # of the latest round, what lies before it counted as one
    answer: str | None
    again: datetime | None
    worth_sending: bool


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Who was not reached, by which letters, and for which class."""

    task_id: int
    is_open: bool
    registration_id: int
    number: int
    who_zh: str
    who_en: str
    email: str | None
    mobile: str | None
    class_id: int
    code: str
    name_zh: str
    name_en: str
    starts_on: date
    ends_on: date
    asked: bool  # an answer is wanted: the call list notes it
    letters: tuple[LostLetter, ...]

    @property
    def to_send(self) -> int:
        """How many letters a click would send."""
        return sum(each.again is None and each.worth_sending for each in self.letters)


def undelivered(look: Look, task_id: int) -> Undelivered:
    """Read what a task about undelivered letters needs to be done.

    Raises:
        NotFound, NotPermitted: no task about a person of the actor's institution.
    """
    task = task_about(look, task_id)
    mine = registration.c.id == task.registration_id
    row = look.connection.execute(
        select(
            registration.c.id.label("registration_id"),
            registration.c.number,
            person.c.name_zh.label("who_zh"),
            func.coalesce(person.c.name_latin, person.c.name_zh).label("who_en"),
            person.c.email,
            person.c.mobile,
            registration.c.class_id,
            training_class.c.code,
            course.c.name_zh,
            course.c.name_en,
            training_class.c.starts_on,
            training_class.c.ends_on,
            exists()
            .where(request.c.registration_id == registration.c.id, request.c.closed_at.is_(None))
            .label("asked"),
        )
        .join(person, person.c.id == registration.c.person_id)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .where(mine)
    ).one()
    return Undelivered(
        **row._mapping,
        task_id=task.id,
        is_open=task.closed_at is None,
        letters=_letters(look, task.registration_id),
    )


def _letters(look: Look, registration_id: int) -> tuple[LostLetter, ...]:
    """List the letters about a registration that failed and have not arrived, oldest first."""
    rows = look.all(
        select(
            notice.c.kind,
            notice.c.made_at,
            notice.c.attempts,
            notice.c.error,
            notice.c.mail,
            notice.c.next_try_at,
            worth_sending(look.today).label("worth"),
        )
        .where(notice.c.registration_id == registration_id, or_(came_back(), on_its_way()))
        .order_by(notice.c.made_at, notice.c.id)
    )
    return tuple(
        LostLetter(
            row.kind,
            row.made_at,
            row.attempts,
            row.error,
            row.next_try_at if row.mail == "due" else None,
            bool(row.worth),
        )
        for row in rows
    )
