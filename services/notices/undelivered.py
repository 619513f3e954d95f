"""Letters that came back: which of them are worth sending again, and how they go."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, update

from services.catalogue.records import training_class
from services.kernel.db import among, begins
from services.kernel.work import Work
from services.notices.records import notice
from services.registration.lifecycle import OPEN
from services.registration.records import registration

_OPEN = [status.value for status in OPEN]
FAILED_BEFORE = 1  # a try that lies behind whatever goes again; its back-off begins after it


def came_back() -> ColumnElement[bool]:
    """Say which letters no server took and nobody has read in the portal either."""
    return and_(notice.c.mail == "dead", notice.c.read_at.is_(None))


def on_its_way() -> ColumnElement[bool]:
    """Say which letters have failed and wait for another try."""
    return and_(notice.c.mail == "due", notice.c.attempts > 0)


def worth_sending(today: date) -> ColumnElement[bool]:
    """Say which letters still tell something: none from before the class began or it all ended.

    What became of letters from before a class is also written into its books once it is over.
    """
    start, still_open = training_class.c.starts_on, among(registration.c.status, _OPEN)
    return exists().where(
        registration.c.id == notice.c.registration_id,
        training_class.c.id == registration.c.class_id,
        or_(start > today, notice.c.made_at >= begins(start)),
        or_(still_open, notice.c.made_at >= registration.c.ended_at),
    )


def go_again(work: Work, which: ColumnElement[bool]) -> int:
    """Let letters that came back go again now, under their old Message-ID; return how many."""
    found = update(notice).where(came_back(), worth_sending(work.today), which)
    again = found.values(mail="due", attempts=FAILED_BEFORE, next_try_at=work.now)
    return int(work.run(again).rowcount)
