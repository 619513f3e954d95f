"""Text those who are asked to answer: the second way to people at sea, beside the letter.

A text is owed for each question and each reminder while it is open. What is no longer asked is
not sent. An accepted text counts as reached, as an accepted letter does (rules.md 7).
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, exists, literal, select, update

from services.identity.records import person
from services.kernel.actor import SYSTEM
from services.kernel.db import upsert
from services.kernel.work import Look, Office, Work
from services.notices.gateway import Outcome
from services.notices.leases import LEASE, after, unheld
from services.notices.letters import letters, text_of
from services.notices.records import notice, text_message
from services.notices.texting import Answer, TextGateway
from services.registration.lifecycle import Notice
from services.registration.records import request
from services.requests import reached_many
from services.words import words_for

BACK_OFF = (1, 5, 15, 60, 180)  # minutes; then the text is dead, the letter has its own tries
FRESH = timedelta(days=1)  # an older question is not texted: a gateway set up late floods nobody
log = logging.getLogger("portal.text")


def text_people(office: Office, gateway: TextGateway, *, base_url: str, batch: int = 100) -> int:
    """Send the texts that are due, one by one, until none is left; return how many went.

    Each is settled before the next is sent, so that a crash repeats at most one; the gateway
    knows it by its key.
    """
    sent = 0
    office.do(SYSTEM, _owe)
    while leased := office.do(SYSTEM, partial(_lease, batch=batch)):
        for row, answer in _send(office, gateway, leased, base_url):
            office.do(SYSTEM, partial(_settle, row=row, answer=answer))
            sent += answer.outcome is Outcome.ACCEPTED
    return sent


def _owe(work: Work) -> None:
    """Write a row for each fresh notice that waits for an answer and has none yet."""
    since = work.now - FRESH
    owed = (
        select(notice.c.id, literal("due"), literal(0), literal(work.now, notice.c.made_at.type))
        .join(request, request.c.registration_id == notice.c.registration_id)
        .join(person, person.c.id == notice.c.person_id)
        .where(
            request.c.closed_at.is_(None),
            (request.c.asked_at >= since) | (request.c.reminded_at >= since),
            notice.c.made_at >= since,
            notice.c.asks | (notice.c.kind == Notice.REMINDER.value),
            person.c.mobile != "",
            ~exists().where(text_message.c.notice_id == notice.c.id),
        )
    )
    columns = ["notice_id", "state", "attempts", "next_try_at"]
    enter = upsert(
        work.connection.dialect.name, text_message
    ).on_conflict_do_nothing()  # two may owe at once
    work.run(enter.from_select(columns, owed, include_defaults=False))


def _lease(work: Work, batch: int) -> list[Row[Any]]:
    """Take due texts that no other sender holds."""
    token = token_hex(16)
    rows = work.all(
        select(
            text_message.c.id,
            text_message.c.notice_id,
            text_message.c.attempts,
            literal(token).label("token"),
            notice.c.key,
            notice.c.registration_id,
            notice.c.made_at,
            notice.c.asks,
            person.c.mobile,
        )
        .join(notice, notice.c.id == text_message.c.notice_id)
        .join(person, person.c.id == notice.c.person_id)
        .where(text_message.c.state == "due", unheld(text_message, work.now))
        .order_by(text_message.c.next_try_at, text_message.c.id)
        .limit(batch)
        .with_for_update(of=text_message, skip_locked=True)
    )
    held = text_message.c.id.in_([row.id for row in rows])
    until = work.now + LEASE
    work.run(update(text_message).where(held).values(lease=token, lease_until=until))
    return rows


def _send(
    office: Office, gateway: TextGateway, leased: list[Row[Any]], base_url: str
) -> Iterator[tuple[Row[Any], Answer]]:
    """Write and send outside any transaction; one that fails stops no other."""
    stop_at = office.clock.now() + LEASE / 2
    for row in leased:
        if office.clock.now() >= stop_at:
            yield row, Answer(Outcome.LEFT)
            continue
        try:
            with office.look(SYSTEM) as look:
                text = _text(look, row, base_url)
            answer = Answer(Outcome.DEAD, "closed")
            if text is not None:
                answer = gateway.send(row.mobile, text, row.key)
        except Exception as defect:
            log.exception("text %s could not be sent", row.key)
            answer = Answer(Outcome.RETRY, f"{type(defect).__name__}: {defect}")
        yield row, answer


def _text(look: Look, row: Row[Any], base_url: str) -> str | None:
    """Write the text with the deadline that now holds; None: nothing is asked any more."""
    (story,) = letters(look, [row.notice_id])
    return text_of(look, story, words_for(story.locale), base_url)


def _settle(work: Work, row: Row[Any], answer: Answer) -> None:
    """Keep what became of a text, only while the lease is still ours."""
    then = after(answer.outcome, answer.why, attempts=row.attempts, now=work.now, back_off=BACK_OFF)
    mine = (text_message.c.id == row.id) & (text_message.c.lease == row.token)
    kept = work.run(
        update(text_message)
        .where(mine)
        .values(
            state=then.state,
            attempts=then.attempts,
            next_try_at=then.next_try_at,
            sent_at=then.sent_at,
            gateway_id=answer.gateway_id,
            error=then.error,
            lease=None,
            lease_until=None,
        )
    )
    if kept.rowcount and then.state == "sent" and row.asks:
        reached_many(work, [(row.registration_id, row.made_at)], by="sms")
