"""Who wants the weekly report: planners and officers, each for themselves, ended by one click."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from services.contact import email_problem
from services.kernel.actor import Actor, Role
from services.kernel.errors import InvalidInput, NotPermitted
from services.kernel.work import Look, Work
from services.reports.records import report_subscription
from services.words import LOCALES

READERS = (Role.PLANNER, Role.INSTITUTION)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A standing wish for the weekly report."""

    id: int
    email: str
    since: datetime


def subscription(look: Look) -> Subscription | None:
    """Give the actor's own standing subscription."""
    s = report_subscription.c
    row = look.one_or_none(
        select(s.id, s.email, s.since).where(
            s.account_id == look.actor.account_id, s.ended_at.is_(None)
        )
    )
    return Subscription(row.id, row.email, row.since) if row else None


def subscribe(work: Work, email: str, locale: str) -> int:
    """Begin the weekly report for the actor, at the address given; return the subscription's id.

    Whoever has one already gets it at the new address from now on.

    Raises:
        NotPermitted: the actor is no planner and no officer.
        InvalidInput: the address cannot be one.
    """
    account_id = _account(work.actor)
    problem = email_problem(email)
    if problem is not None:
        raise InvalidInput({"email": problem})
    found = subscription(work)
    if found is not None:
        unsubscribe(work, found.id)
    row = {
        "account_id": account_id,
        "email": email,
        "locale": locale if locale in LOCALES else LOCALES[0],
        "since": work.now,
    }
    return int(work.run(insert(report_subscription), row).inserted_primary_key[0])


def unsubscribe(work: Work, subscription_id: int) -> None:
    """End a subscription; ending it again changes nothing."""
    s = report_subscription.c
    work.run(
        update(report_subscription)
        .where(s.id == subscription_id, s.ended_at.is_(None))
        .values(ended_at=work.now)
    )


def _account(actor: Actor) -> int:
    if actor.role not in READERS or actor.account_id is None:
        raise NotPermitted
    return actor.account_id
