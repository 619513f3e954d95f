"""Screen again by itself when MTNet answers at last (rules.md 6)."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Row, select, update

from services.judging import judge
from services.kernel.actor import SYSTEM
from services.kernel.work import Office, Work
from services.mtnet.fetch import Fetched
from services.promote import fill_free_seats, own_seat
from services.registration.advance import advance, move_of
from services.registration.lifecycle import Event, Seat, Status, Track
from services.registration.records import registration, review_case
from services.registration.seats import ClassFacts, facts_of, hold
from services.review import pass_review, refuse

PATIENCE = 3  # one record that MTNet cannot give stops nobody else
log = logging.getLogger("portal.rescreen")


def rescreen(office: Office, fetch: Callable[[int], Fetched]) -> int:
    """Screen everyone whose record MTNet owed us; return how many were settled."""
    with office.look(SYSTEM) as look:
        due = look.all(
            select(registration.c.id, registration.c.person_id).where(registration.c.rescreen_due)
        )
    settled, silences = 0, 0
    for registration_id, person_id in due:
        fetched = fetch(person_id)
        if fetched.record is None:
            silences += 1
            if silences == PATIENCE:
                break  # still silent: everybody keeps the place
            continue
        try:
            settled += office.do(
                SYSTEM, partial(_settle, registration_id=registration_id, fetched=fetched)
            )
        except Exception:
            log.exception(
                "screening registration %s again failed; the others go on", registration_id
            )
    return settled


def _settle(work: Work, registration_id: int, fetched: Fetched) -> int:
    """Apply what the record says now to a registration that is still under review."""
    row = hold(work, registration_id)
    if row.status != Status.IN_REVIEW.value:
        _keep(work, row.id, {"rescreen_due": False})
        return 0
    facts = facts_of(work, row.class_id)
    judgement = judge(work, facts, fetched, row.person_id, row.declared)
    columns = judgement.columns(work.now)
    _keep(work, row.id, {name: value for name, value in columns.items() if name != "track"})
    if judgement.outcome == "review":
        _stay(work, row, facts, judgement.track)
        return 0
    work.run(
        update(review_case)
        .where(
            review_case.c.registration_id == row.id, review_case.c.state.in_(("open", "supplement"))
        )
        .values(state="void", decided_at=work.now)
    )
    if judgement.outcome == "eligible":
        pass_review(work, row, facts, judgement.track)
    else:
        refuse(work, row, facts, {})
    return 1


def _stay(work: Work, row: Row[Any], facts: ClassFacts, track: Track) -> None:
    """Leave a person under review; who turns out to pay gives the reserved seat back."""
    _keep(work, row.id, {"track": track.value})
    if row.seat == Seat.RESERVED.value and own_seat(facts).value != track.value:
        release = move_of(row, Event.RELEASE, Status.IN_REVIEW, Seat.NONE)
        advance(work, facts.cohort_id, [release])
        fill_free_seats(work, facts.id)


def _keep(work: Work, registration_id: int, columns: Mapping[str, Any]) -> None:
    work.run(update(registration).where(registration.c.id == registration_id).values(**columns))
