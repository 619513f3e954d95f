"""Open a notice in the inbox; reading a question in the portal is one way it reaches a person."""

from sqlalchemy import exists, select, update

from services.kernel.actor import Role
from services.kernel.errors import NotFound
from services.kernel.work import Work
from services.notices.records import notice
from services.notices.tasks import close_tasks_called, dead_letter_key
from services.registration.records import request
from services.requests import reached_through


def mark_read(work: Work, notice_id: int) -> None:
    """Mark a notice as read; the first reading of a question fixes its deadline.

    Who has read a letter that came back need not be told of it any more.

    Raises:
        NotFound: there is no such notice, or it is another person's.
    """
    row = work.one_or_none(
        select(notice.c.person_id, notice.c.mail).where(notice.c.id == notice_id)
    )
    mine = row is not None and work.actor.person_id == row.person_id
    if row is None or work.actor.role is not Role.SEAFARER or not mine:
        raise NotFound()
    work.run(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.read_at.is_(None))
        .values(read_at=work.now)
    )
    if row.mail == "dead":
        close_tasks_called(work, [dead_letter_key(notice_id)])
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
    unread = (
        notice.c.person_id == work.actor.person_id,
        notice.c.read_at.is_(None),
        ~still_asks,
    )
    back = work.all(select(notice.c.id).where(*unread, notice.c.mail == "dead"))
    work.run(update(notice).where(*unread).values(read_at=work.now))
    close_tasks_called(work, [dead_letter_key(row.id) for row in back])
