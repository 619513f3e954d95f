"""Letters that came back: which of them are worth sending again, and how they go."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, update

from services.catalogue.records import training_class
from services.kernel.db import begins
from services.kernel.work import Work
from services.notices.records import notice
from services.registration.records import registration

FAILED_BEFORE = 1  # a try that lies behind whatever goes again; its back-off begins after it


def came_back() -> ColumnElement[bool]:
    """Say which letters no server took and nobody has read in the portal either."""
    return and_(notice.c.mail == "dead", notice.c.read_at.is_(None))


def on_its_way() -> ColumnElement[bool]:
    """Say which letters have failed and wait for another try."""
    return and_(notice.c.mail == "due", notice.c.attempts > 0)


def worth_sending(today: date) -> ColumnElement[bool]:
    """Say which letters still tell something: not those from before a class that has begun since.

    What became of such a letter is also written into the books of a class that is over.
    """
    start = training_class.c.starts_on
    return exists().where(
        registration.c.id == notice.c.registration_id,
        training_class.c.id == registration.c.class_id,
        or_(start > today, notice.c.made_at >= begins(start)),
    )


def go_again(work: Work, which: ColumnElement[bool]) -> int:
    """Let letters that came back go again now, under their old Message-ID; return how many."""
    found = update(notice).where(came_back(), worth_sending(work.today), which)
    again = found.values(mail="due", attempts=FAILED_BEFORE, next_try_at=work.now)
    return int(work.run(again).rowcount)
