"""Open a notice in the inbox; reading a question in the portal is one way it reaches a person."""

from sqlalchemy import exists, select, update

from services.kernel.actor import Role
from services.kernel.errors import NotFound
from services.kernel.work import Work
from services.notices.records import notice
from services.registration.records import request
from services.requests import reached_through


def mark_read(work: Work, notice_id: int) -> None:
    """Mark a notice as read; the first reading of a question fixes its deadline.

    Raises:
        NotFound: there is no such notice, or it is another person's.
    """
    owner = work.scalar(select(notice.c.person_id).where(notice.c.id == notice_id))
    if owner is None or work.actor.role is not Role.SEAFARER or work.actor.person_id != owner:
        raise NotFound()
    work.run(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.read_at.is_(None))
        .values(read_at=work.now)
    )
    reached_through(work, notice_id)


def mark_all_read(work: Work) -> None:
    """Mark the actor's notices as read, but those that still ask: these have to be opened.

    Raises:
        NotFound: the actor is no seafarer.
    """
    if work.actor.role is not Role.SEAFARER:
        raise NotFound()
    still_asks = notice.c.asks & exists().where(
        request.c.registration_id == notice.c.registration_id, request.c.closed_at.is_(None)
    )
    mine = notice.c.person_id == work.actor.person_id, notice.c.read_at.is_(None)
    work.run(update(notice).where(*mine, ~still_asks).values(read_at=work.now))
