"""My registrations, how one of them stands, and the notices about them (cards, not rows)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, false, func, select, true

from services.catalogue.records import milestone, training_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.kernel.db import among
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.registration.appeals import appeal_until
from services.registration.card_rows import ABOUT, MORE, card_of, card_rows
from services.registration.cards import (
    Case,
    MyChoice,
    Paper,
    Progress,
    RegistrationCard,
)
from services.registration.explaining import Around, explain
from services.registration.inbox import notices_about, own_only
from services.registration.lifecycle import OPEN, Event, Seat, Status, Track, actions
from services.registration.my_choices import may_reorder, told
from services.registration.next_step import Milestones, next_step
from services.registration.records import (
    registration,
    registration_event,
    request,
    review_case,
    skip,
    supplement,
)
from services.registration.seats import ClassFacts, facts_of
from services.registration.timeline import timeline
from services.registration.why import around

_OPEN = tuple(status.value for status in OPEN)


def my_registrations(look: Look, person_id: int) -> list[RegistrationCard]:
    """List a person's registrations: open ones by class day, then closed ones, latest first.

    Raises:
        NotFound: they are another person's.
    """
    own_only(look.actor, person_id)
    rows = look.all(card_rows().where(registration.c.person_id == person_id))
    cards = [card_of(row, look.now) for row in rows]
    still = sorted((c for c in cards if c.is_open), key=lambda c: (not c.needs_answer, c.starts_on))
    over = sorted((c for c in cards if not c.is_open), key=lambda c: c.moved_at, reverse=True)
    return still + over


def progress(look: Look, registration_id: int) -> Progress:
    """Tell everything about one registration to its owner or the staff in charge.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    rows = look.all(*_course_of(look.actor, registration_id))
    row = next((row for row in rows if row.id == registration_id), None)
    if row is None:
        raise NotFound()
    choices = [card_of(each, look.now) for each in rows]
    card = next(each for each in choices if each.id == registration_id)
    facts, case = facts_of(look, card.class_id), _case(look, registration_id)
    ahead = _milestones(look, card)
    own = look.actor.role is Role.SEAFARER
    until = appeal_until(look, card.id) if own and card.status is Status.INELIGIBLE else None
    about = around(look, card, facts, row, choices)
    return Progress(
        card=card,
        next=next_step(card, case, ahead, look.now, about, others=_others(card, choices)),
        why=explain(card, facts, about),
        marks=timeline(
            card,
            events=look.all(_EVENTS, {"registration_id": registration_id}),
            requests=look.all(_REQUESTS, {"registration_id": registration_id}),
            case=case,
            ahead=ahead,
            now=look.now,
        ),
        case=case,
        notices=notices_about(look, registration_id),
        findings=row.findings or {},
        declared=tuple(row.declared or ()),
        screened_at=row.screened_at,
        choices=told(choices, _in_the_way(look, choices)),
        can=_can(look, card, case, facts, about)
        | _may(look, choices)
        | ({"appeal"} if until else set()),
        appeal_until=until,
        receipt=row.salt if own else None,
        overlaps_with=about.two_seats,
    )


_REGISTERED = select(func.count()).where(
    registration.c.class_id == bindparam("class_id"),
    registration.c.person_id == bindparam("person_id"),
    among(registration.c.status, _OPEN),
)


def is_registered(look: Look, class_id: int) -> bool:
    """Tell whether the actor has an open registration in a class."""
    keys = {"class_id": class_id, "person_id": look.actor.person_id}
    return bool(look.scalar(_REGISTERED, keys))


@cache
def _in_cohort() -> Select[Any]:
    return card_rows().where(
        registration.c.cohort_id == bindparam("cohort_id"),
        registration.c.person_id == bindparam("person_id"),
        among(registration.c.status, (*_OPEN, Status.COMPLETED.value)),
    )


def own_in_cohort(look: Look, cohort_id: int) -> list[RegistrationCard]:
    """List the actor's open and completed registrations in a cohort: open first, by preference."""
    if look.actor.role is not Role.SEAFARER:
        return []
    rows = look.all(_in_cohort(), {"cohort_id": cohort_id, "person_id": look.actor.person_id})
    cards = [card_of(row, look.now) for row in rows]
    return sorted(cards, key=lambda c: (not c.is_open, c.preference))


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


def _course_of(actor: Actor, registration_id: int) -> tuple[Select[Any], dict[str, Any]]:
    """Give the question for a registration and the person's others of its course and year.

    To everybody what is theirs to see: their own, their institution's, or all.
    """
    keys = {
        "registration_id": registration_id,
        "owner": actor.person_id,
        "institution": actor.institution,
    }
    return _course_as(actor.role), keys


@cache
def _course_as(role: Role) -> Select[Any]:
    this = registration.alias("this")
    visible = {
        Role.SEAFARER: registration.c.person_id == bindparam("owner"),
        Role.INSTITUTION: training_class.c.institution == bindparam("institution"),
        Role.PLANNER: true(),
    }
    return (
        card_rows()
        .add_columns(*(registration.c[name] for name in MORE))
        .join(
            this,
            (this.c.cohort_id == registration.c.cohort_id)
            & (this.c.person_id == registration.c.person_id),
        )
        .where(this.c.id == bindparam("registration_id"), visible.get(role, false()))
        .order_by(registration.c.id)
    )


_LATEST_CASE = (
    select(review_case)
    .join(registration, registration.c.id == bindparam("registration_id"))
    .where(ABOUT)
    .order_by(review_case.c.id.desc())
    .limit(1)
)
_PAPERS = (
    select(*(supplement.c[name] for name in Paper.__dataclass_fields__))
    .where(supplement.c.case_id == bindparam("case_id"))
    .order_by(supplement.c.id)
)


def _case(look: Look, registration_id: int) -> Case | None:
    """Give the latest review of a registration with its papers."""
    row = look.one_or_none(_LATEST_CASE, {"registration_id": registration_id})
    if row is None:
        return None
    case = Case(**{n: getattr(row, n) for n in Case.__dataclass_fields__ if n != "papers"})
    papers = look.all(_PAPERS, {"case_id": row.id})
    return replace(case, papers=tuple(Paper(*paper) for paper in papers))


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
    if not skipped:
        return {}
    open_ones = skip.c.registration_id.in_(skipped), skip.c.until_seq.is_(None)
    rows = look.all(select(skip.c.registration_id, skip.c.code).where(*open_ones))
    return {row.registration_id: row.code for row in rows}


def _others(card: RegistrationCard, choices: Sequence[RegistrationCard]) -> int:
    return sum(other.is_open and other.id != card.id for other in choices)


def _may(look: Look, choices: Sequence[RegistrationCard]) -> frozenset[str]:
    """Give what the owner may do with the choices of the course."""
    mine = look.actor.role is Role.SEAFARER
    return frozenset({"reorder"} if mine and may_reorder(choices) else ())


_ROUTE = (
    select(milestone.c.kind, milestone.c.due_at, milestone.c.reached_at)
    .join(training_class, training_class.c.id == milestone.c.class_id)
    .where(
        milestone.c.class_id == bindparam("class_id"),
        milestone.c.schedule == training_class.c.schedule,
    )
)
_EVENTS = (
    select(registration_event)
    .where(registration_event.c.registration_id == bindparam("registration_id"))
    .order_by(registration_event.c.seq)
)
_REQUESTS = (
    select(request)
    .where(request.c.registration_id == bindparam("registration_id"))
    .order_by(request.c.id)
)


def _milestones(look: Look, card: RegistrationCard) -> Milestones:
    rows = look.all(_ROUTE, {"class_id": card.class_id})
    return Milestones(
        due={row.kind: row.due_at for row in rows},
        reached={row.kind: row.reached_at for row in rows if row.reached_at},
    )


def _can(
    look: Look, card: RegistrationCard, case: Case | None, facts: ClassFacts, about: Around
) -> frozenset[str]:
    """Give what may be done now: the buttons of the page; staff only pass answers on."""
    legal = actions(card.status, card.seat, Role.SEAFARER)
    acts = set()
    if card.status is Status.ADMITTED and card.asked and Event.CONFIRM in legal:
        acts |= {"confirm", "decline"}
        if about.two_seats is not None or facts.fixed:
            acts.remove("confirm")
    if card.status is Status.OFFERED and facts.self_funding:
        acts |= {"unclaim"} if card.claimed_at else {"claim", "decline"}
    if card.status is Status.IN_REVIEW and card.seat is Seat.NONE and facts.self_funding:
        acts.add("unclaim" if card.claimed_at else "claim")
    if look.actor.role is not Role.SEAFARER:
        return frozenset(acts)
    if Event.CANCEL in legal and look.now < taipei(card.starts_on):
        acts.add("cancel")
    if card.status is Status.WAITLISTED and card.track is Track.FUNDED and facts.yes_open:
        acts.add("stand_down" if card.standing_yes_at else "stand_by")
    if card.is_open and case is not None and case.takes_papers:
        acts.add("upload")
    return frozenset(acts)
