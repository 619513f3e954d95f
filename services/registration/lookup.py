"""My registrations, how one of them stands, and the notices about them (cards, not rows)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from services.catalogue.records import course, institution, milestone, training_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.lottery.records import draw_ticket
from services.lottery.standing import draw_columns, in_draw, with_draw
from services.milestones import Milestone
from services.notices.records import notice
from services.registration.ahead import served_before
from services.registration.appeals import appeal_until
from services.registration.cards import (
    Asked,
    Case,
    MyChoice,
    OtherSeat,
    Paper,
    Progress,
    RegistrationCard,
)
from services.registration.cases import appealed
from services.registration.inbox import notices_where, own_only
from services.registration.lifecycle import OPEN, Event, Seat, Status, Track, actions
from services.registration.my_choices import may_reorder, told
from services.registration.next_step import Milestones, next_step
from services.registration.overlaps import other_seat
from services.registration.records import (
    registration,
    registration_event,
    request,
    review_case,
    skip,
    supplement,
)
from services.registration.seats import facts_of
from services.registration.timeline import timeline
from services.registration.why import why

_OPEN = tuple(status.value for status in OPEN)
_ahead = registration.alias("ahead")
_PLACE = (
    select(func.count() + 1)
    .where(
        _ahead.c.class_id == registration.c.class_id,
        _ahead.c.status.in_(_OPEN),
        _ahead.c.seat == Seat.NONE.value,
        _ahead.c.track == registration.c.track,
        served_before(_ahead.c, registration.c),
    )
    .correlate(registration)
    .scalar_subquery()
)
_CALLED = (
    select(milestone.c.class_id)
    .where(
        milestone.c.class_id == training_class.c.id,
        milestone.c.schedule == training_class.c.schedule,
        milestone.c.kind == Milestone.CONFIRMATION_CALL.value,
        milestone.c.reached_at.is_not(None),
    )
    .correlate(training_class)
    .exists()
)
_PLAIN = (
    "id", "person_id", "class_id", "cohort_id", "number", "rank", "preference", "status", "seat",
    "track", "reason", "skip_reason", "claimed_at", "standing_yes_at", "rescreen_due",
    "registered_at", "moved_at",
)  # fmt: skip
_CASE_OPEN = review_case.c.state.in_(("open", "supplement"))
_ABOUT = or_(  # one case stands for all choices of the person that are under review
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
def _cards() -> Select[Any]:
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
            *(request.c[name].label(f"asked_{name}") for name in Asked.__dataclass_fields__),
        )
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .outerjoin(
            request,
            and_(request.c.registration_id == registration.c.id, request.c.closed_at.is_(None)),
        )
        .outerjoin(review_case, and_(_CASE_OPEN, _ABOUT))
        .outerjoin(draw_ticket, draw_ticket.c.id == registration.c.ticket_id)
    )


def my_registrations(look: Look, person_id: int) -> list[RegistrationCard]:
    """List a person's registrations: open ones by class day, then closed ones, latest first.

    Raises:
        NotFound: they are another person's.
    """
    own_only(look.actor, person_id)
    rows = look.all(_cards().where(registration.c.person_id == person_id))
    cards = [_card(row) for row in rows]
    still = sorted((c for c in cards if c.is_open), key=lambda c: (not c.needs_answer, c.starts_on))
    over = sorted((c for c in cards if not c.is_open), key=lambda c: c.moved_at, reverse=True)
    return still + over


def progress(look: Look, registration_id: int) -> Progress:
    """Tell everything about one registration to its owner or the staff in charge.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    row = look.one_or_none(
        _cards()
        .add_columns(registration.c.findings, registration.c.declared, registration.c.screened_at)
        .where(registration.c.id == registration_id, _visible(look.actor))
    )
    if row is None:
        raise NotFound()
    card = _card(row)
    case = _case(look, registration_id)
    ahead = _milestones(look, card)
    own = look.actor.role is Role.SEAFARER
    until = appeal_until(look, card.id) if own and card.status is Status.INELIGIBLE else None
    other = other_seat(look, card.id) if card.seat is not Seat.NONE else None
    choices = _choices(look, card)
    return Progress(
        card=card,
        next=next_step(card, case, ahead, look.now, others=_others(card, choices)),
        why=why(look, card),
        marks=timeline(
            card,
            events=_events(look, registration_id),
            requests=_requests(look, registration_id),
            case=case,
            ahead=ahead,
            now=look.now,
        ),
        case=case,
        notices=notices_where(look, notice.c.registration_id == registration_id),
        findings=row.findings or {},
        declared=tuple(row.declared or ()),
        screened_at=row.screened_at,
        choices=told(choices, _in_the_way(look, choices)),
        can=_can(card, case, look) | _may(look, choices) | ({"appeal"} if until else set()),
        appeal_until=until,
        overlaps_with=OtherSeat(**other._mapping) if other else None,
    )


def is_registered(look: Look, class_id: int) -> bool:
    """Tell whether the actor has an open registration in a class."""
    mine = registration.c.person_id == look.actor.person_id, registration.c.status.in_(_OPEN)
    count = select(func.count()).where(registration.c.class_id == class_id, *mine)
    return bool(look.scalar(count))


def own_in_cohort(look: Look, cohort_id: int) -> list[RegistrationCard]:
    """List the actor's open and completed registrations in a cohort: open first, by preference."""
    if look.actor.role is not Role.SEAFARER:
        return []
    rows = look.all(
        _cards().where(
            registration.c.cohort_id == cohort_id,
            registration.c.person_id == look.actor.person_id,
            registration.c.status.in_((*_OPEN, Status.COMPLETED.value)),
        )
    )
    return sorted((_card(row) for row in rows), key=lambda c: (not c.is_open, c.preference))


def registration_of_case(look: Look, case_id: int) -> int:
    """Give the registration of the actor's own review case.

    Raises:
        NotFound: there is no such case, or it is another person's.
    """
    if look.actor.role is not Role.SEAFARER:
        raise NotFound()
    own = review_case.c.id == case_id, review_case.c.person_id == look.actor.person_id
    found = look.scalar(select(review_case.c.registration_id).where(*own))
    if found is None:
        raise NotFound()
    return int(found)


def _visible(actor: Actor) -> Any:
    if actor.role is Role.SEAFARER:
        return registration.c.person_id == actor.person_id
    if actor.role is Role.INSTITUTION:
        return training_class.c.institution == actor.institution
    return registration.c.id > 0 if actor.role is Role.PLANNER else registration.c.id < 0


def _card(row: Row[Any]) -> RegistrationCard:
    facts = dict(row._mapping)
    asked = {name: facts.pop(f"asked_{name}") for name in Asked.__dataclass_fields__}
    for extra in ("findings", "declared", "screened_at"):
        facts.pop(extra, None)
    facts |= {
        "draw": in_draw(facts),
        "status": Status(facts["status"]),
        "seat": Seat(facts["seat"]),
        "track": Track(facts["track"]),
        "asked": Asked(**asked) if asked["id"] is not None else None,
    }
    if (
        facts["status"] not in (Status.WAITLISTED, Status.IN_REVIEW, Status.OFFERED)
        or facts["seat"] is not Seat.NONE
        or (facts["draw"] is not None and facts["draw"].ahead)
    ):
        facts["place"] = None
    return RegistrationCard(**facts)


def _case(look: Look, registration_id: int) -> Case | None:
    """Give the latest review of a registration with its papers."""
    row = look.connection.execute(
        select(review_case)
        .join(registration, registration.c.id == registration_id)
        .where(_ABOUT)
        .order_by(review_case.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    case = Case(**{n: getattr(row, n) for n in Case.__dataclass_fields__ if n != "papers"})
    papers = look.all(
        select(*(supplement.c[name] for name in Paper.__dataclass_fields__))
        .where(supplement.c.case_id == row.id)
        .order_by(supplement.c.id)
    )
    return replace(case, papers=tuple(Paper(*paper) for paper in papers))


def _choices(look: Look, card: RegistrationCard) -> list[RegistrationCard]:
    """Read everything the person registered for in the course and year of a registration."""
    mine = (
        registration.c.cohort_id == card.cohort_id,
        registration.c.person_id == card.person_id,
        _visible(look.actor),
    )
    return [_card(row) for row in look.all(_cards().where(*mine).order_by(registration.c.id))]


def choices_of(look: Look, cards: Sequence[RegistrationCard]) -> dict[int, tuple[MyChoice, int]]:
    """Give, by registration, what happens next to it and how many choices its course has open.

    Only of courses with several open choices.
    """
    in_the_way = _in_the_way(look, cards)
    found: dict[int, tuple[MyChoice, int]] = {}
    for cohort_id in {card.cohort_id for card in cards}:
        choices = told([card for card in cards if card.cohort_id == cohort_id], in_the_way)
        still = [one for one in choices if one.card.is_open]
        found |= {one.card.id: (one, len(still)) for one in still if len(still) > 1}
    return found


def _in_the_way(look: Look, choices: Sequence[RegistrationCard]) -> dict[int, str]:
    """Find, by registration, the class for whose sake seats pass it by."""
    skipped = [card.id for card in choices if card.skip_reason]
    open_ones = skip.c.registration_id.in_(skipped), skip.c.until_seq.is_(None)
    rows = look.all(select(skip.c.registration_id, skip.c.code).where(*open_ones))
    return {row.registration_id: row.code for row in rows}


def _others(card: RegistrationCard, choices: Sequence[RegistrationCard]) -> int:
    return sum(other.is_open and other.id != card.id for other in choices)


def _may(look: Look, choices: Sequence[RegistrationCard]) -> frozenset[str]:
    """Give what the owner may do with the choices of the course."""
    mine = look.actor.role is Role.SEAFARER
    return frozenset({"reorder"} if mine and may_reorder(choices) else ())


def _milestones(look: Look, card: RegistrationCard) -> Milestones:
    rows = look.all(
        select(milestone.c.kind, milestone.c.due_at, milestone.c.reached_at)
        .join(training_class, training_class.c.id == milestone.c.class_id)
        .where(
            milestone.c.class_id == card.class_id,
            milestone.c.schedule == training_class.c.schedule,
        )
    )
    return Milestones(
        due={row.kind: row.due_at for row in rows},
        reached={row.kind: row.reached_at for row in rows if row.reached_at},
    )


def _events(look: Look, registration_id: int) -> list[Row[Any]]:
    return look.all(
        select(registration_event)
        .where(registration_event.c.registration_id == registration_id)
        .order_by(registration_event.c.seq)
    )


def _requests(look: Look, registration_id: int) -> list[Row[Any]]:
    return look.all(
        select(request).where(request.c.registration_id == registration_id).order_by(request.c.id)
    )


def _can(card: RegistrationCard, case: Case | None, look: Look) -> frozenset[str]:
    """Give what the owner may do now: the buttons of the page."""
    if look.actor.role is not Role.SEAFARER:
        return frozenset()
    legal = actions(card.status, card.seat, Role.SEAFARER)
    acts = set()
    if Event.CANCEL in legal and look.now < taipei(card.starts_on):
        acts.add("cancel")
    if card.status is Status.ADMITTED and card.asked and Event.CONFIRM in legal:
        acts |= {"confirm", "decline"}
    facts = facts_of(look, card.class_id)
    if card.status is Status.OFFERED:
        acts |= {"unclaim"} if card.claimed_at else {"claim", "decline"}
    if card.status is Status.IN_REVIEW and card.seat is Seat.NONE and facts.self_funding:
        acts.add("unclaim" if card.claimed_at else "claim")
    if card.status is Status.WAITLISTED and card.track is Track.FUNDED and facts.yes_open:
        acts.add("stand_down" if card.standing_yes_at else "stand_by")
    if card.is_open and case is not None and case.takes_papers:
        acts.add("upload")
    return frozenset(acts)
