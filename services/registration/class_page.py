"""Everything the page of one training class shows, in a handful of readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from services.catalogue.records import cohort, milestone
from services.kernel.clock import taipei_day
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.milestones import ORDER
from services.registration.cards import RegistrationCard
from services.registration.changes import Change, changes_of
from services.registration.lookup import own_in_cohort
from services.registration.offers import Offer, offers_around
from services.registration.standing import IfNow
from services.screening.screen import CourseRules

OPENING, DRAW, START = "opening", "draw", "start"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a class's route: opening, draw, the milestones in their order, the first day."""

    kind: str
    at: datetime | date
    state: str  # done | skipped | now | ahead | off (the class is cancelled)


@dataclass(frozen=True, slots=True)
class ClassPage:
    """One class for everybody; `own` are the reader's registrations in its cohort, best first."""

    offer: Offer
    others: tuple[Offer, ...]  # of the same course, open now; funded free seats first
    stops: tuple[Stop, ...]
    rules: CourseRules
    own: tuple[RegistrationCard, ...]
    changes: tuple[Change, ...] = ()

    @property
    def own_here(self) -> RegistrationCard | None:
        """The reader's open registration in this very class."""
        here = (mine for mine in self.own if mine.is_open and mine.class_id == self.offer.id)
        return next(here, None)


_RULES = select(cohort.c.rules, cohort.c.rules_version).where(cohort.c.id == bindparam("cohort_id"))
_ROUTE = select(milestone.c.kind, milestone.c.due_at, milestone.c.outcome).where(
    milestone.c.class_id == bindparam("class_id"), milestone.c.schedule == bindparam("schedule")
)


def class_page(look: Look, class_id: int) -> ClassPage:
    """Read a class with its rules, its route and the other classes of the course.

    Raises:
        NotFound: there is none, or it is still a draft.
    """
    found = offers_around(look, class_id)
    one = next((offer for offer in found if offer.id == class_id), None)
    if one is None:
        raise NotFound()
    others = [offer for offer in found if offer is not one]
    rules = look.one_or_none(_RULES, {"cohort_id": one.cohort_id})
    assert rules is not None
    changed = one.schedule > 1 or one.state == "cancelled"
    return ClassPage(
        offer=one,
        others=tuple(sorted(others, key=_least_wanted)),
        stops=stops(one, _milestones(look, one), look.now, look.today),
        rules=CourseRules.from_json(rules.rules, version=rules.rules_version),
        own=tuple(own_in_cohort(look, one.cohort_id)),
        changes=changes_of(look, class_id) if changed else (),
    )


def _least_wanted(offer: Offer) -> tuple[bool, bool]:
    """Sort a seat at once first, then a seat at own cost, then the waiting lists."""
    return not offer.if_now.free, offer.if_now is not IfNow.SEAT


def stops(
    one: Offer, milestones: Mapping[str, tuple[datetime, str | None]], now: datetime, today: date
) -> tuple[Stop, ...]:
    """Lay the route of a class; the first stop ahead is the one that matters now (pure).

    milestones: kind -> when it is due, and its outcome once it was reached.
    """
    line: list[tuple[str, datetime | date, str]] = []
    if one.opens_at is not None:
        line.append((OPENING, one.opens_at, "done" if one.opens_at <= now else "ahead"))
    if one.draw is not None:
        line.append((DRAW, taipei_day(one.draw.on), "ahead" if one.draw.ahead else "done"))
    for kind in ORDER:
        if kind.value in milestones:
            at, outcome = milestones[kind.value]
            line.append((kind.value, at, outcome or "ahead"))
    line.append((START, one.starts_on, "done" if one.starts_on <= today else "ahead"))
    return tuple(Stop(*stop) for stop in _marked(line, cancelled=one.state == "cancelled"))


def _marked(
    line: Sequence[tuple[str, datetime | date, str]], *, cancelled: bool
) -> list[tuple[str, datetime | date, str]]:
    marked, seen = [], False
    for kind, at, state in line:
        if cancelled and (state == "ahead" or kind == START):
            state = "off"
        elif state == "ahead" and not seen:
            state, seen = "now", True
        marked.append((kind, at, state))
    return marked


def _milestones(look: Look, one: Offer) -> dict[str, tuple[datetime, str | None]]:
    rows = look.all(_ROUTE, {"class_id": one.id, "schedule": one.schedule})
    return {row.kind: (row.due_at, row.outcome) for row in rows}
