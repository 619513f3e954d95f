"""The counter: staff register whoever stands before them, in the same queue (rules.md 2).

A visit keeps who was looked up, by whom and for which class. Only who opened it reads it, on that
day: the ID number is typed, never part of an address.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from services.catalogue.records import training_class
from services.catalogue.scope import require_own
from services.drafts import UNASKED_PAPER, papers_for
from services.identity.records import account, person
from services.kernel.actor import Role
from services.kernel.clock import taipei_day
from services.kernel.errors import DomainError, InvalidInput, NotFound
from services.kernel.work import Look, Work
from services.mtnet.fetch import Fetched
from services.phone import say_yes
from services.preview import Preview, preview
from services.register import Receipt, register
from services.registration.lifecycle import OPEN, Event
from services.registration.records import counter_visit, registration, registration_event
from services.registration.refusals import refusal
from services.registration.seats import facts_of, hold
from services.words import mark


class StandsElsewhere(DomainError):
    """What stands in the way belongs to another institution."""

    code = "counter.stands_elsewhere"
    sentence = mark(
        "Another registration or seat of this person stands in the way; the person sees which one "
        "after logging in, and MPB can tell. Nothing was sent."
    )


@dataclass(frozen=True, slots=True)
class CounterVisit:
    """Somebody at the counter, for one class."""

    id: int
    class_id: int
    person_id: int
    declared: tuple[str, ...]
    registration_id: int | None
    name_zh: str
    name_en: str
    birth_date: date | None
    has_account: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a registration, and when."""

    role: str
    name: str
    at: datetime


def may_take(look: Look, class_id: int) -> DomainError | None:
    """Say what keeps the counter of a class closed; None if nothing does.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's institution's.
    """
    facts = facts_of(look, class_id)
    require_own(look.actor, facts.institution)
    return refusal(look, facts, [], None)


def person_of(look: Look, id_index: str) -> int | None:
    """Find the person of an ID number by its keyed index."""
    found = look.scalar(select(person.c.id).where(person.c.id_index == id_index))
    return int(found) if found is not None else None


def open_visit(work: Work, class_id: int, person_id: int) -> int:
    """Keep that the actor looked a person up for a class; return the visit's id.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's institution's.
        ClassClosed, NotOpenYet: the class takes no registrations now.
    """
    closed = may_take(work, class_id)
    if closed is not None:
        raise closed
    made = work.run(
        insert(counter_visit),
        {
            "class_id": class_id,
            "person_id": person_id,
            "account_id": work.actor.account_id,
            "opened_at": work.now,
            "registration_id": _open_registration(work, class_id, person_id),
        },
    )
    return int(made.inserted_primary_key[0])


def _open_registration(look: Look, class_id: int, person_id: int) -> int | None:
    found: int | None = look.scalar(
        select(registration.c.id).where(
            registration.c.class_id == class_id,
            registration.c.person_id == person_id,
            registration.c.status.in_([status.value for status in OPEN]),
        )
    )
    return found


_VISIT = select(
    *(counter_visit.c[n] for n in ("id", "class_id", "person_id", "declared", "registration_id")),
    counter_visit.c.opened_at,
    counter_visit.c.account_id,
    training_class.c.institution,
    person.c.name_zh,
    func.coalesce(person.c.name_latin, person.c.name_zh).label("name_en"),
    person.c.birth_date,
    account.c.id.is_not(None).label("has_account"),
).select_from(
    counter_visit.join(training_class, training_class.c.id == counter_visit.c.class_id)
    .join(person, person.c.id == counter_visit.c.person_id)
    .outerjoin(account, account.c.person_id == person.c.id)
)


def visit_of(look: Look, visit_id: int) -> CounterVisit:
    """Read a visit that the actor opened today.

    Raises:
        NotFound: there is none, somebody else opened it, or it was on another day.
        NotPermitted: the actor is no staff.
    """
    row = look.one_or_none(_VISIT.where(counter_visit.c.id == visit_id))
    if row is None:
        raise NotFound
    require_own(look.actor, row.institution)
    if row.account_id != look.actor.account_id or taipei_day(row.opened_at) != look.today:
        raise NotFound
    facts = {n: getattr(row, n) for n in CounterVisit.__dataclass_fields__}
    return CounterVisit(**facts | {"declared": tuple(row.declared)})


def declare_papers(work: Work, visit_id: int, papers: Any) -> None:
    """Keep which papers the person says to have.

    Raises:
        NotFound: as `visit_of`.
        InvalidInput: papers that the course does not ask for.
    """
    visit = visit_of(work, visit_id)
    known = papers_for(work, visit.class_id)
    if not isinstance(papers, list) or not all(isinstance(p, str) and p in known for p in papers):
        raise InvalidInput({"declared": (UNASKED_PAPER, {})})
    this = update(counter_visit).where(counter_visit.c.id == visit_id)
    work.run(this.values(declared=sorted(set(papers))))


def foreseen(look: Look, fetched: Fetched, visit: CounterVisit) -> tuple[Preview, Any]:
    """Tell what registering now would give, and what refuses it, as far as the actor may know."""
    seen = preview(
        look,
        fetched,
        class_id=visit.class_id,
        person_id=visit.person_id,
        declared=visit.declared,
    )
    return seen, discreet(look, seen.problem) if seen.problem is not None else None


def discreet(look: Look, problem: DomainError) -> DomainError:
    """Keep another institution's class from an officer: a refusal may name one."""
    code = problem.facts.get("code")
    if code is None or look.actor.role is not Role.INSTITUTION:
        return problem
    where = select(training_class.c.institution).where(training_class.c.code == code)
    return problem if look.scalar(where) == look.actor.institution else StandsElsewhere()


def register_visitor(work: Work, fetched: Fetched, visit_id: int) -> Receipt:
    """Register the person of a visit, on behalf; a repeated click gets the same answer.

    Raises:
        NotFound: as `visit_of`.
        StandsElsewhere and the refusals of `register`: as there.
    """
    visit = visit_of(work, visit_id)
    try:
        receipt = register(
            work,
            fetched,
            class_id=visit.class_id,
            person_id=visit.person_id,
            declared=visit.declared,
            on_behalf=True,
        )
    except DomainError as no:
        raise discreet(work, no) from None
    this = update(counter_visit).where(counter_visit.c.id == visit_id)
    work.run(this.values(registration_id=receipt.registration_id))
    return receipt


def answer_visitor(work: Work, visit_id: int) -> None:
    """Pass on that the person of a visit says yes to what was just offered or given.

    Raises:
        NotFound: as `visit_of`, or nothing was sent yet.
        The refusals of `say_yes`: as there.
    """
    visit = visit_of(work, visit_id)
    if visit.registration_id is None:
        raise NotFound
    hold(work, visit.registration_id)
    say_yes(work, visit.registration_id)


def sender_of(look: Look, registration_id: int) -> Sender | None:
    """Tell who sent a registration; nobody did where a class was merged into this one."""
    row = look.connection.execute(
        select(registration_event.c.role, registration_event.c.at, account.c.name)
        .outerjoin(account, account.c.id == registration_event.c.account_id)
        .where(
            registration_event.c.registration_id == registration_id,
            registration_event.c.event == Event.REGISTER.value,
        )
    ).first()
    return Sender(row.role, row.name or "", row.at) if row is not None else None
