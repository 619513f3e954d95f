"""The telling situations that the printed log-ins are in: find people in them, bring some about."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select

from portal.demo.season import Season, officer
from portal.demo.wishes import Wish, openings
from services.catalogue.records import milestone, training_class
from services.identity.records import person
from services.kernel.work import Look
from services.registration.lifecycle import OPEN
from services.registration.records import registration, request, review_case
from services.review import ask_supplement

ASK = "請上傳一年內的體格檢查證明。"
UNDEMANDING = ("SAT", "DSD", "BST")  # courses that ask for an age and a medical only
Found = Select[tuple[int]]


def _asked() -> Found:
    return _registered("admitted").where(
        exists().where(
            request.c.registration_id == registration.c.id,
            request.c.closed_at.is_(None),
        )
    )


def _two_choices() -> Found:
    """Select people who wait in two choices of a course and hold no seat there."""
    better = registration.alias("better")
    return _coming("waitlisted").where(
        exists().where(
            better.c.cohort_id == registration.c.cohort_id,
            better.c.person_id == registration.c.person_id,
            better.c.status == "waitlisted",
            better.c.preference < registration.c.preference,
        ),
        ~_has_seat(),
    )


def _standby() -> Found:
    """Select people who may say yes ahead: funded, waiting, between the first and third call."""
    return _coming("waitlisted").where(
        registration.c.track == "funded",
        training_class.c.kind == "funded",
        _reached("confirmation_call"),
        ~_reached("self_funded_call"),
    )


def _waiting() -> Found:
    return _coming("waitlisted")


def _confirmed() -> Found:
    return _coming("confirmed")


def _offered() -> Found:
    return _coming("offered").where(registration.c.claimed_at.is_(None))


def _in_review() -> Found:
    return _registered("in_review").where(_case("open"))


def _paper_asked() -> Found:
    return _registered("in_review").where(_case("supplement"))


def _not_eligible() -> Found:
    return _coming("ineligible").where(registration.c.failing != "", ~_has_open())


def _nothing_open() -> Found:
    return select(person.c.id.label("person_id")).where(
        person.c.nationality == "national",
        ~exists().where(
            registration.c.person_id == person.c.id, registration.c.status.in_(_OPEN)
        ),
        person.c.id.not_in(_not_eligible()),  # they are printed as that
    )  # fmt: skip


SITUATIONS: Mapping[str, Callable[[], Found]] = {
    "seafarer who is asked to confirm now": _asked,
    "seafarer on standby who may say yes ahead": _standby,
    "seafarer who waits in two choices": _two_choices,
    "seafarer on a waiting list": _waiting,
    "seafarer who has confirmed": _confirmed,
    "seafarer who is offered a self-funded seat": _offered,
    "seafarer under review": _in_review,
    "seafarer whose paper is asked for": _paper_asked,
    "seafarer who is not eligible": _not_eligible,
    "seafarer with nothing open": _nothing_open,
}
_OPEN = [status.value for status in OPEN]


def choose(look: Look) -> dict[str, int]:
    """Choose somebody else for every situation, first of all whoever has been here most often."""
    chosen: dict[str, int] = {}
    often = (
        select(registration.c.person_id, func.count().label("times"))
        .group_by(registration.c.person_id)
        .subquery()
    )
    for title, people in SITUATIONS.items():
        found = people().subquery()
        candidates = (
            select(found.c.person_id)
            .outerjoin(often, often.c.person_id == found.c.person_id)
            .where(found.c.person_id.not_in(list(chosen.values())))
            .order_by(func.coalesce(often.c.times, 0).desc(), found.c.person_id)
            .limit(1)
        )
        person_id = look.scalar(candidates)
        if person_id is not None:
            chosen[title] = person_id
    return chosen


def situation_of(look: Look, person_id: int) -> str:
    """Tell the first situation a person is in now; it may have moved on since the play."""
    for title, people in SITUATIONS.items():
        found = people().subquery()
        if look.scalar(select(found.c.person_id).where(found.c.person_id == person_id).limit(1)):
            return title
    return "seafarer"


def bring_about(season: Season, hide_medical: Callable[[int], None]) -> None:
    """Where nobody is under review or asked for a paper, let somebody register who will be.

    Of these people MTNet does not tell the medical, so a person has to look.
    """
    with season.office.look() as look:
        missing = [
            in_question
            for in_question in (_in_review, _paper_asked)
            if look.scalar(in_question().limit(1)) is None
        ]
        idle = [row.person_id for row in look.all(_nothing_open().order_by(person.c.id))]
    for in_question, person_id in zip(missing, reversed(idle), strict=False):
        hide_medical(person_id)
        _register(season, person_id)
        if in_question is _paper_asked:
            _ask_for_paper(season, person_id)


def _register(season: Season, person_id: int) -> None:
    """Let a person register for the first open class of an undemanding course."""
    now = season.clock.now()
    later = (now + timedelta(days=15)).date()
    for opening in openings(season.office):
        if opening.course in UNDEMANDING and opening.starts_on > later and opening.opens_at <= now:
            season.register(Wish(now, person_id - 1, opening))
            return


def _ask_for_paper(season: Season, person_id: int) -> None:
    with season.office.look() as look:
        case = look.one_or_none(
            select(review_case.c.id, review_case.c.institution).where(
                review_case.c.person_id == person_id, review_case.c.state == "open"
            )
        )
    if case is not None:
        who = officer(case.institution)
        season.attempt("supplement asked", who, lambda work: ask_supplement(work, case.id, ask=ASK))


def _registered(status: str) -> Found:
    return (
        select(registration.c.person_id)
        .join(person, person.c.id == registration.c.person_id)
        .where(registration.c.status == status, person.c.nationality == "national")
    )


def _coming(status: str) -> Found:
    """Select people whose registration for a class still ahead has a status."""
    return (
        _registered(status)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .where(training_class.c.state == "published")
    )


def _case(state: str) -> Any:
    return exists().where(
        review_case.c.registration_id == registration.c.id, review_case.c.state == state
    )


def _reached(kind: str) -> Any:
    return exists().where(
        milestone.c.class_id == training_class.c.id,
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.kind == kind,
        milestone.c.reached_at.is_not(None),
    )


def _has_seat() -> Any:
    held = registration.alias("held")
    return exists().where(
        held.c.cohort_id == registration.c.cohort_id,
        held.c.person_id == registration.c.person_id,
        held.c.seat != "none",
    )


def _has_open() -> Any:
    other = registration.alias("other")
    return exists().where(other.c.person_id == registration.c.person_id, other.c.status.in_(_OPEN))
