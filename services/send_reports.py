"""The outbox of the weekly report: one letter a week and subscription, leased, sent, settled."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import exists, insert, literal, select, update

from services.identity.records import account
from services.kernel.actor import SYSTEM, Actor, Role
from services.kernel.clock import TAIPEI
from services.kernel.work import Office, Work
from services.notices.gateway import Outcome
from services.notices.leases import LEASE, after, unheld
from services.reports.records import report_letter, report_subscription

log = logging.getLogger("portal.reports")
HOUR = 7  # of Monday
BACK_OFF = (5, 60, 360, 1440)  # minutes; then the letter is dead: next week brings another


@dataclass(frozen=True, slots=True)
class Due:
    """A letter to be written: to whom, as whom, of which week; `key` never changes."""

    id: int
    subscription_id: int
    week: str
    email: str
    locale: str
    actor: Actor
    attempts: int

    @property
    def key(self) -> str:
        return f"report.{self.subscription_id}.{self.week}"


Send = Callable[[Due], tuple[Outcome, str]]


def send_reports(office: Office, send: Send) -> int:
    """Promise this week's letters and send what is due; return how many went."""
    with office.open(SYSTEM) as work:
        _promise(work)
        due, token = _lease(work)
    sent = 0
    for letter in due:
        try:
            outcome, why = send(letter)
        except Exception as defect:
            log.exception("report %s could not be written", letter.key)
            outcome, why = Outcome.RETRY, f"{type(defect).__name__}: {defect}"
        with office.open(SYSTEM) as work:
            _settle(work, letter, token, outcome, why)
        sent += outcome is Outcome.ACCEPTED
    return sent


def monday(now: datetime) -> str:
    """Give the Monday whose report is the newest: this week's from 07:00 on."""
    local = now.astimezone(TAIPEI) - timedelta(hours=HOUR)
    return (local.date() - timedelta(days=local.weekday())).isoformat()


def _promise(work: Work) -> None:
    """Write one row for each standing subscription that is older than this week's Monday."""
    week, s, r = monday(work.now), report_subscription.c, report_letter.c
    begins = datetime.fromisoformat(week).replace(hour=HOUR, tzinfo=TAIPEI)
    known = exists().where(r.subscription_id == s.id, r.week == week)
    wanted = (
        select(s.id, literal(week), literal("due"), literal(0), literal(work.now, s.since.type))
        .join(account, account.c.id == s.account_id)
        .where(s.ended_at.is_(None), account.c.disabled_at.is_(None), s.since <= begins, ~known)
    )
    columns = ["subscription_id", "week", "mail", "attempts", "next_try_at"]
    work.run(insert(report_letter).from_select(columns, wanted, include_defaults=False))


def _lease(work: Work) -> tuple[list[Due], str]:
    """Take the letters that are due and nobody else holds; who has ended or left gets none."""
    r, s, token = report_letter.c, report_subscription.c, token_hex(16)
    rows = work.all(
        select(r.id, r.subscription_id, r.week, r.attempts, s.email, s.locale, account.c.id.label(
            "account"), account.c.role, account.c.institution)
        .join(report_subscription, s.id == r.subscription_id)
        .join(account, account.c.id == s.account_id)
        .where(r.mail == "due", unheld(report_letter, work.now))
        .where(s.ended_at.is_(None), account.c.disabled_at.is_(None))
        .order_by(r.id)
        .limit(50)
        .with_for_update(of=report_letter, skip_locked=True)
    )  # fmt: skip
    ids = [row.id for row in rows]
    until = work.now + LEASE
    work.run(update(report_letter).where(r.id.in_(ids)).values(lease=token, lease_until=until))
    return [
        Due(row.id, row.subscription_id, row.week, row.email, row.locale,
            Actor(Role(row.role), row.account, institution=row.institution), row.attempts)
        for row in rows
    ], token  # fmt: skip


def _settle(work: Work, letter: Due, token: str, outcome: Outcome, why: str) -> None:
    then = after(outcome, why, attempts=letter.attempts, now=work.now, back_off=BACK_OFF)
    work.run(
        update(report_letter)
        .where(report_letter.c.id == letter.id, report_letter.c.lease == token)
        .values(
            mail=then.state,
            attempts=then.attempts,
            next_try_at=then.next_try_at,
            sent_at=then.sent_at,
            error=then.error,
            lease=None,
            lease_until=None,
        )
    )
