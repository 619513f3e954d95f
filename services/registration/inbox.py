"""The notices of a person, and how many are unread (cards, not rows)."""

from typing import Any

from sqlalchemy import Select, bindparam, func, select

from services.catalogue.records import course, training_class
from services.kernel.actor import Actor, Role
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.notices.records import notice
from services.registration.cards import NoticeLine
from services.registration.records import registration


def inbox(look: Look, person_id: int, *, limit: int = 100) -> tuple[NoticeLine, ...]:
    """List a person's notices, the newest first.

    Raises:
        NotFound: they are another person's.
    """
    own_only(look.actor, person_id)
    return _lines(look, _OF, {"person_id": person_id, "most": limit})


def notice_line(look: Look, notice_id: int) -> NoticeLine:
    """Give one notice of the actor.

    Raises:
        NotFound: there is none, or it is another person's.
    """
    if look.actor.role is not Role.SEAFARER:
        raise NotFound()
    keys = {"notice_id": notice_id, "person_id": look.actor.person_id, "most": 1}
    found = _lines(look, _ONE, keys)
    if not found:
        raise NotFound()
    return found[0]


_UNREAD = select(func.count()).where(
    notice.c.person_id == bindparam("person_id"), notice.c.read_at.is_(None)
)


def unread(look: Look, person_id: int) -> int:
    """Count the notices a person has not opened yet."""
    return int(look.scalar(_UNREAD, {"person_id": person_id}))


def own_only(actor: Actor, person_id: int) -> None:
    """Refuse whoever is not that person.

    Raises:
        NotFound: to a stranger it does not exist.
    """
    if actor.role is not Role.SEAFARER or actor.person_id != person_id:
        raise NotFound()


def notices_about(look: Look, registration_id: int) -> tuple[NoticeLine, ...]:
    """List the notices about a registration, the newest first."""
    return _lines(look, _ABOUT, {"registration_id": registration_id, "most": 20})


def _lines(look: Look, statement: Select[Any], keys: dict[str, Any]) -> tuple[NoticeLine, ...]:
    return tuple(NoticeLine(*row) for row in look.all(statement, keys))


_LINES = (
    select(
        *(
            notice.c[name]
            for name in ("id", "kind", "registration_id", "asks", "made_at", "read_at", "mail")
        ),
        training_class.c.code,
        course.c.name_zh,
        course.c.name_en,
        training_class.c.starts_on,
    )
    .join(registration, registration.c.id == notice.c.registration_id)
    .join(training_class, training_class.c.id == registration.c.class_id)
    .join(course, course.c.code == training_class.c.course)
    .order_by(notice.c.made_at.desc(), notice.c.id.desc())
    .limit(bindparam("most"))
)
_ABOUT = _LINES.where(notice.c.registration_id == bindparam("registration_id"))
_OF = _LINES.where(notice.c.person_id == bindparam("person_id"))
_ONE = _OF.where(notice.c.id == bindparam("notice_id"))
