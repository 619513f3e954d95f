"""The question behind every registration card, and a row of its answer made a card."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from services.catalogue.records import course, institution, milestone, training_class
from services.kernel.db import among
from services.lottery.records import draw_ticket
from services.lottery.standing import draw_columns, in_draw, with_draw
from services.milestones import Milestone
from services.registration.ahead import served_before
from services.registration.cards import Asked, RegistrationCard
from services.registration.cases import appealed
from services.registration.lifecycle import OPEN, Seat, Status, Track
from services.registration.records import CASE_WAITS, registration, request, review_case

_TIMES = ("seated_at", "confirmed_at", "ended_at", "overridden_at")
MORE = (
    "findings",
    "declared",
    "screened_at",
    "salt",
    *_TIMES,
)  # of a registration, for its own page

_OPEN = tuple(status.value for status in OPEN)
_ahead = registration.alias("ahead")


def _reached(kind: Milestone) -> ColumnElement[bool]:
    """Whether a class has come to a milestone of its present schedule."""
    return (
        select(milestone.c.class_id)
        .where(
            milestone.c.class_id == training_class.c.id,
            milestone.c.schedule == training_class.c.schedule,
            milestone.c.kind == kind.value,
            milestone.c.reached_at.is_not(None),
        )
        .correlate(training_class)
        .exists()
    )


_SOLD = and_(  # from the self-funded call on both tracks stand in one line
    training_class.c.kind == Track.FUNDED.value, _reached(Milestone.SELF_FUNDED_CALL)
)
_PLACE = (
    select(func.count() + 1)
    .where(
        _ahead.c.class_id == registration.c.class_id,
        among(_ahead.c.status, _OPEN),
        _ahead.c.seat == Seat.NONE.value,
        or_(_ahead.c.track == registration.c.track, _SOLD),
        served_before(_ahead.c, registration.c),
    )
    .correlate(registration, training_class)
    .scalar_subquery()
)
_CALLED = _reached(Milestone.CONFIRMATION_CALL)
_PLAIN = (
    "id", "person_id", "class_id", "cohort_id", "number", "rank", "preference", "status", "seat",
    "track", "reason", "skip_reason", "claimed_at", "standing_yes_at", "rescreen_due",
    "registered_at", "moved_at",
)  # fmt: skip
_CASE_OPEN = among(review_case.c.state, CASE_WAITS)
ABOUT = or_(  # one case stands for all choices of the person that are under review
    review_case.c.registration_id == registration.c.id,
    and_(
        review_case.c.cohort_id == registration.c.cohort_id,
        review_case.c.person_id == registration.c.person_id,
        review_case.c.statement.is_(None),
        registration.c.status == Status.IN_REVIEW.value,
        ~appealed(),
    ),
)


@cache
def card_rows() -> Select[Any]:
    """Give the question for all registrations; `where` narrows it."""
    return with_draw(
        select(
            *draw_columns(),
            draw_ticket.c.code.label("draw_ticket"),
            *(registration.c[name] for name in _PLAIN),
            training_class.c.code,
            training_class.c.course,
            training_class.c.institution,
            training_class.c.starts_on,
            training_class.c.ends_on,
            training_class.c.fee,
            training_class.c.state.label("class_state"),
            training_class.c.kind,
            course.c.name_zh.label("course_zh"),
            course.c.name_en.label("course_en"),
            course.c.stcw_ref,
            institution.c.name_zh.label("institution_zh"),
            institution.c.name_en.label("institution_en"),
            institution.c.city_zh,
            institution.c.city_en,
            _PLACE.label("place"),
            review_case.c.state.label("case_state"),
            review_case.c.supplement_due_at,
            _CALLED.label("called"),
            _SOLD.label("sold"),
            *(request.c[name].label(f"asked_{name}") for name in Asked.__dataclass_fields__),
        )
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .outerjoin(
            request,
            and_(request.c.registration_id == registration.c.id, request.c.closed_at.is_(None)),
        )
        .outerjoin(review_case, and_(_CASE_OPEN, ABOUT))
        .outerjoin(draw_ticket, draw_ticket.c.id == registration.c.ticket_id)
    )


def card_of(row: Row[Any], now: datetime) -> RegistrationCard:
    """Make a row a card; a place is told only to those who stand in a queue that has ranks.

    The first day to claim by is no deadline once it is over: from then on a claim is served at
    once, so nothing is said to be asked by a day that is past.
    """
    facts = dict(row._mapping)
    fields = {name: facts.pop(f"asked_{name}") for name in Asked.__dataclass_fields__}
    asked = Asked(**fields) if fields["id"] is not None else None
    if asked and asked.kind == "claim" and asked.by <= now:
        asked = None
    for extra in MORE:
        facts.pop(extra, None)
    facts |= {
        "draw": in_draw(facts),
        "status": Status(facts["status"]),
        "seat": Seat(facts["seat"]),
        "track": Track(facts["track"]),
        "asked": asked,
    }
    if (
        facts["status"] not in (Status.WAITLISTED, Status.IN_REVIEW, Status.OFFERED)
        or facts["seat"] is not Seat.NONE
        or (facts["draw"] is not None and facts["draw"].ahead)
    ):
        facts["place"] = None
    return RegistrationCard(**facts)
