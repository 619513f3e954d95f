"""Let one letter of the demo come back, so that its desk has somebody to see to."""

from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import func, select, update

from portal.demo.season import Season
from portal.demo.situations import SITUATIONS, UNDEMANDING
from portal.demo.wishes import Opening, Wish, openings
from services.deliver import deliver
from services.identity.records import person
from services.notices.gateway import Outcome

DESK = "NTOU"  # whose officer is printed first
AHEAD = timedelta(days=15)  # so long before a class it is still open
UNASKED = timedelta(days=35)  # and so long before it nobody is asked anything yet


class Refusing:
    """A mail server that knows nobody."""

    composes = True

    def send(self, message: EmailMessage) -> tuple[Outcome, str]:
        """Refuse the address as a real one does."""
        return Outcome.DEAD, f"550 5.1.1 <{message['To']}>: Recipient address rejected: unknown"


def let_a_letter_come_back(season: Season) -> None:
    """Let somebody idle mistype the own address and register; the receipt comes back.

    Every other letter has to be delivered before.
    """
    who, opening = _somebody_idle(season), _class_ahead(season)
    if who is None or opening is None:
        return
    with season.office.open() as work:
        mistyped = func.replace(person.c.email, "mail.", "mial.")
        work.run(update(person).where(person.c.id == who).values(email=mistyped))
    season.register(Wish(season.clock.now(), season.person_ids.index(who), opening))
    deliver(season.office, Refusing(), base_url="http://127.0.0.1")


def _somebody_idle(season: Season) -> int | None:
    """Find the last who has an address and nothing open, where others are left for that."""
    idle = SITUATIONS["seafarer with nothing open"]().subquery()
    written_to = select(person.c.id).where(
        person.c.id.in_(select(idle.c.person_id)), person.c.email.is_not(None)
    )
    with season.office.look() as look:
        found = look.all(written_to.order_by(person.c.id.desc()).limit(2))
    return int(found[0].id) if len(found) > 1 else None


def _class_ahead(season: Season) -> Opening | None:
    """Find an open class that asks for little; best one that asks nobody yet, at the first desk."""
    now = season.clock.now()
    ahead = [
        each
        for each in openings(season.office)
        if each.course in UNDEMANDING
        and each.opens_at <= now
        and each.starts_on > (now + AHEAD).date()
    ]
    asked_until = (now + UNASKED).date()
    return min(
        ahead,
        key=lambda each: (each.starts_on <= asked_until, each.institution != DESK, each.starts_on),
        default=None,
    )
