"""Deliver the outbox: lease due notices, send outside any transaction, settle by the token.

A letter that was sent but not settled (a crash in between) is sent again under the same
Message-ID; that duplicate cannot be avoided, a lost letter can.
"""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any, Self

from sqlalchemy import Row, bindparam, select, update

from services.catalogue.records import training_class
from services.identity.records import person
from services.kernel.actor import SYSTEM
from services.kernel.work import Look, Office, Work
from services.notices.gateway import Outcome, Transport
from services.notices.leases import LEASE, after, unheld
from services.notices.letters import calendar_entry, compose, letters
from services.notices.records import notice
from services.notices.tasks import (
    close_tasks_called,
    dead_letter_key,
    open_task,
    unreached_key,
)
from services.registration.lifecycle import Notice
from services.registration.records import registration, request
from services.requests import reached_many
from services.words import words_for

MARGIN = timedelta(minutes=2)  # what the slowest letter may still take
BACK_OFF = (1, 5, 15, 60, 180, 360, 720)  # minutes; then the letter is dead
Result = tuple[Outcome, str]
log = logging.getLogger("portal.deliver")


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many letters went, wait for another try, or are dead."""

    sent: int = 0
    retried: int = 0
    dead: int = 0

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            sent=self.sent + other.sent,
            retried=self.retried + other.retried,
            dead=self.dead + other.dead,
        )


def deliver(
    office: Office,
    transport: Transport,
    *,
    base_url: str,
    batch: int = 200,
    sender: str = "no-reply@portal.example",
) -> Delivered:
    """Deliver what is due, batch by batch, until nothing is left that may be sent now."""
    total = Delivered()
    while True:
        token = secrets.token_hex(16)
        leased = _lease(office, token, batch)
        if not leased:
            return total
        for rows, results in _send(office, transport, leased, base_url, sender):
            settle = partial(
                _settle, token=token, leased=rows, results=results, written=transport.composes
            )
            total += office.do(SYSTEM, settle)


def _lease(office: Office, token: str, batch: int) -> list[Row[Any]]:
    """Take due notices that nobody else holds; those without an address stay in the inbox."""
    with office.open(SYSTEM) as work:
        rows = work.all(
            select(
                notice.c.id,
                notice.c.registration_id,
                notice.c.made_at,
                notice.c.asks,
                notice.c.attempts,
                person.c.email,
            )
            .join(person, person.c.id == notice.c.person_id)
            .where(notice.c.mail == "due", unheld(notice, work.now))
            .order_by(notice.c.next_try_at, notice.c.id)
            .limit(batch)
            .with_for_update(of=notice, skip_locked=True)
        )
        ids = [row.id for row in rows]
        until = work.now + LEASE
        for start in range(0, len(ids), 500):
            work.run(
                update(notice)
                .where(notice.c.id.in_(ids[start : start + 500]))
                .values(lease=token, lease_until=until)
            )
    return rows


def _send(
    office: Office, transport: Transport, leased: list[Row[Any]], base_url: str, sender: str
) -> Iterator[tuple[list[Row[Any]], dict[int, Result]]]:
    """Compose and send outside any write; give what became of whom, letter by letter.

    Each letter is settled before the next is sent, so that a crash sends at most one of them
    twice. A letter that cannot be written or sent stops no other. When the lease is nearly over
    the rest is left for the next round. Whoever has no address is not written to.
    """
    with_mail = [row.id for row in leased if row.email]
    if not transport.composes:
        yield leased, dict.fromkeys(with_mail, (Outcome.ACCEPTED, ""))
        return
    stop_at = office.clock.now() + LEASE - MARGIN
    written, results = _written(office, with_mail, base_url, sender)
    yield [row for row in leased if row.id not in written], results
    for row in leased:
        if row.id not in written:
            continue
        if office.clock.now() >= stop_at:
            yield [row], {row.id: (Outcome.LEFT, "")}
            continue
        try:
            result = transport.send(written[row.id])
        except Exception as defect:
            log.exception("notice %s could not be sent", row.id)
            result = (Outcome.RETRY, f"{type(defect).__name__}: {defect}")
        yield [row], {row.id: result}


def _written(
    office: Office, notice_ids: list[int], base_url: str, sender: str
) -> tuple[dict[int, EmailMessage], dict[int, Result]]:
    written: dict[int, EmailMessage] = {}
    failed: dict[int, Result] = {}
    with office.look(SYSTEM) as look:
        for story in letters(look, notice_ids):
            try:
                written[story.id] = _message(look, story, base_url, sender)
            except Exception as defect:
                log.exception("notice %s could not be written", story.key)
                failed[story.id] = (Outcome.RETRY, f"{type(defect).__name__}: {defect}")
    return written, failed


def _message(look: Look, story: Row[Any], base_url: str, sender: str) -> EmailMessage:
    """Write a letter; its Message-ID is the notice's key, so that a second copy is known as one."""
    letter = compose(look, story, words_for(story.locale), base_url)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = story.email
    message["Subject"] = " ".join(letter.subject.split())
    message["Message-ID"] = f"<{story.key.replace(':', '.')}@portal.example>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if story.kind == Notice.OPENING.value:
        message.add_attachment(
            calendar_entry(story, words_for(story.locale)).encode(),
            maintype="text",
            subtype="calendar",
            filename=f"{story.code}.ics",
        )
    return message


_STILL = notice.c.id == bindparam("b_id"), notice.c.lease == bindparam("b_token")
_OURS = select(notice.c.id).where(*_STILL)
_SETTLE = (
    update(notice)
    .where(*_STILL)
    .values(
        mail=bindparam("b_mail"),
        attempts=bindparam("b_attempts"),
        next_try_at=bindparam("b_next"),
        sent_at=bindparam("b_sent"),
        error=bindparam("b_error"),
        lease=None,
        lease_until=None,
    )
)


def _settle(
    work: Work, token: str, leased: list[Row[Any]], results: dict[int, Result], written: bool
) -> Delivered:
    """Keep what became of each letter, only where the lease is still ours."""
    mine = [row for row in leased if work.scalar(_OURS, {"b_id": row.id, "b_token": token})]
    rows, arrived, late, dead, retried = [], [], [], [], 0
    for row in mine:
        outcome, why = results.get(row.id, (None, ""))
        values = _values(work, row, token, outcome, why, written)
        rows.append(values)
        if outcome is Outcome.ACCEPTED and row.asks:
            arrived.append((row.registration_id, row.made_at))
        if outcome is Outcome.ACCEPTED and row.attempts:
            late.append(row)
        if values["b_mail"] == "dead":
            dead.append(row)
        retried += values["b_mail"] == "due"
    if rows:
        work.run(_SETTLE, rows)
    reached_many(work, arrived, by="mail")
    if late:
        _arrived_after_all(work, late)
    for row in dead:
        _task(work, row)
    sent = sum(1 for values in rows if values["b_sent"] is not None)
    return Delivered(sent, retried, len(dead))


def _values(
    work: Work, row: Row[Any], token: str, outcome: Outcome | None, why: str, written: bool
) -> dict[str, Any]:
    then = after(
        outcome or Outcome.LEFT, why, attempts=row.attempts, now=work.now, back_off=BACK_OFF
    )
    mail = then.state
    if outcome is None:
        mail = "none"  # there is no address: the inbox has it
    elif mail == "sent" and not written:
        mail = "counted"
    return {
        "b_id": row.id,
        "b_token": token,
        "b_mail": mail,
        "b_attempts": then.attempts,
        "b_next": then.next_try_at,
        "b_sent": then.sent_at,
        "b_error": then.error,
    }


def _task(work: Work, row: Row[Any]) -> None:
    """A dead letter becomes a task: the institution phones, or sends it again.

    One that asks nothing and has been read in the portal meanwhile becomes none.
    """
    of = work.connection.execute(
        select(training_class.c.id, training_class.c.institution, notice.c.read_at)
        .join(registration, registration.c.class_id == training_class.c.id)
        .join(notice, notice.c.registration_id == registration.c.id)
        .where(notice.c.id == row.id)
    ).one()
    if of.read_at is not None and not row.asks:
        return
    key = dead_letter_key(row.id)
    if row.asks:
        asked = _question(work, row)
        if asked is None or asked.reached_at is not None:
            return  # the question has reached the person by another way, or is closed
        key = unreached_key(asked.id)
    open_task(work, key, "unreached", of.institution, of.id, row.registration_id)


def _arrived_after_all(work: Work, rows: list[Row[Any]]) -> None:
    """Close the tasks of letters that had failed before: nobody need see to them any more."""
    keys = [dead_letter_key(row.id) for row in rows if not row.asks]
    asked = [_question(work, row) for row in rows if row.asks]
    close_tasks_called(work, [*keys, *(unreached_key(each.id) for each in asked if each)])


def _question(work: Work, row: Row[Any]) -> Row[Any] | None:
    """Give the open question that an asking letter carries."""
    return work.one_or_none(
        select(request.c.id, request.c.reached_at).where(
            request.c.registration_id == row.registration_id,
            request.c.closed_at.is_(None),
            request.c.asked_at <= row.made_at,
        )
    )
