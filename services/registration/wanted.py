"""What somebody looks for among the training classes, and the SQL conditions it stands for.

Only published, opened and cancelled classes of published plans can ever be found.
"""

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, String, cast, exists, false, func, or_, select, true

from services.catalogue.records import annual_plan, course, institution, milestone, training_class
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.lottery.records import draw
from services.milestones import Milestone

PUBLIC = ("published", "opened", "cancelled")
MOST_WORDS = 6
_IS = training_class.c


class Possible(StrEnum):
    """What registering must still give for a class to be found."""

    AHEAD = ""  # takes registrations now or later
    NOW = "now"
    FREE = "free"
    WAITING = "waiting"
    SELF_FUNDED = "self_funded"
    SOON = "soon"  # registration opens later
    ALL = "all"  # closed, past and cancelled ones too


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; an empty field asks for nothing. Both days count."""

    text: str = ""
    course: str = ""
    institution: str = ""
    region: str = ""
    label: str = ""
    since: date | None = None
    until: date | None = None
    possible: Possible = Possible.AHEAD

    def in_month(self, day: date) -> "Wanted":
        """Ask for the classes that begin in the month of a day."""
        first = day.replace(day=1)
        return replace(self, since=first, until=next_month(first) - timedelta(days=1))


def next_month(first: date) -> date:
    """Give the first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(first: date) -> date:
    """Give the first day of the month before."""
    return (first.replace(day=1) - timedelta(days=1)).replace(day=1)


def conditions(look: Look, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Give the conditions on `training_class` that a wish stands for."""
    found = [public(look), *_possible(look, wanted.possible)]
    if wanted.since:
        found.append(_IS.starts_on >= wanted.since)
    if wanted.until:
        found.append(_IS.starts_on <= wanted.until)
    if wanted.course:
        found.append(_IS.course == wanted.course)
    if wanted.institution:
        found.append(_IS.institution == wanted.institution)
    if wanted.region:
        there = select(institution.c.code).where(institution.c.region == wanted.region)
        found.append(_IS.institution.in_(there))
    if wanted.label:
        # as JSON writes it, with its quotes: "CR" does not find "CRS"
        whole = json.dumps(wanted.label)
        found.append(cast(_IS.labels, String).contains(whole, autoescape=True))
    return found + [_says(word) for word in _words_of(wanted.text)]


def public(look: Look) -> ColumnElement[bool]:
    """Narrow to what everybody may see: no drafts, no plan before its publication."""
    out = select(annual_plan.c.year).where(annual_plan.c.published_at <= look.now)
    return _IS.state.in_(PUBLIC) & _IS.year.in_(out)


def _possible(look: Look, possible: Possible) -> list[ColumnElement[bool]]:
    """Say in SQL what `if_registering_now` says of one class (a test holds them together)."""
    if possible is Possible.ALL:
        return []
    ahead = [_IS.state == "published", _not_frozen(look)]
    if possible is Possible.AHEAD:
        return ahead
    if possible is Possible.SOON:
        return [*ahead, or_(_IS.opens_at.is_(None), _IS.opens_at > look.now)]
    now = [*ahead, _IS.opens_at <= look.now]
    paid = or_(_IS.kind == "self_funded", _self_funding())
    undrawn = _IS.draw_id.in_(select(draw.c.id).where(draw.c.state != "drawn"))
    seat = (_IS.cap > _IS.seats_held) & func.coalesce(~undrawn, true())
    return {
        Possible.NOW: now,
        Possible.FREE: [*now, seat, ~paid],
        Possible.WAITING: [*now, _IS.cap <= _IS.seats_held],
        Possible.SELF_FUNDED: [*now, seat, paid],
    }[possible]


def _not_frozen(look: Look) -> ColumnElement[bool]:
    """Narrow to classes before their freeze, which each plan counts by its own days and hour."""
    local, days = look.now.astimezone(TAIPEI), annual_plan.c.freeze_days
    plans = look.all(select(annual_plan.c.year, days, annual_plan.c.milestone_hour))
    spans = []
    for plan in plans:
        frozen = plan.freeze_days + (local.hour >= plan.milestone_hour)
        spans.append((_IS.year == plan.year) & (_IS.starts_on >= look.today + timedelta(frozen)))
    return or_(false(), *spans)


def _self_funding() -> ColumnElement[bool]:
    return exists(
        select(milestone.c.class_id).where(
            milestone.c.class_id == _IS.id,
            milestone.c.schedule == _IS.schedule,
            milestone.c.kind == Milestone.SELF_FUNDED_CALL.value,
            milestone.c.reached_at.is_not(None),
        )
    )


def _words_of(text: str) -> list[str]:
    """Give the words of what was typed, half-width; every one of them must be found."""
    return unicodedata.normalize("NFKC", text).replace("台", "臺").split()[:MOST_WORDS]


def _says(word: str) -> ColumnElement[bool]:
    """Narrow to classes whose course says a word: name, code, STCW; or whose own code does."""
    columns = (course.c.code, course.c.name_zh, course.c.name_en, course.c.stcw_ref)
    said = or_(*(column.icontains(word, autoescape=True) for column in columns))
    return or_(
        _IS.course.in_(select(course.c.code).where(said)),
        _IS.code.icontains(word, autoescape=True),
    )
