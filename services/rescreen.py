"""Screen again by itself when MTNet answers at last (rules.md 6)."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from services.judging import judge
from services.kernel.actor import SYSTEM
from services.kernel.work import Office, Work
from services.mtnet.fetch import Fetched
from services.promote import fill_cohort
from services.registration.advance import advance
from services.registration.cases import move_on, open_case_of
from services.registration.known import known
from services.registration.lifecycle import Event, Seat, Status, Track
from services.registration.moves import move_of
from services.registration.records import registration
from services.registration.seats import facts_of, hold, own_seat
from services.requests import ask_to_claim
from services.review import in_review, pass_review, refuse

PATIENCE = 3  # one record that MTNet cannot give stops nobody else
log = logging.getLogger("portal.rescreen")


def rescreen(office: Office, fetch: Callable[[int], Fetched]) -> int:
    """Screen everyone whose record MTNet owed us; return how many registrations were settled."""
    with office.look(SYSTEM) as look:
        due = look.all(_DUE)
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


_DUE = (  # one registration of each person and cohort stands for all of theirs
    select(func.min(registration.c.id), registration.c.person_id)
    .where(registration.c.rescreen_due)
    .group_by(registration.c.cohort_id, registration.c.person_id)
    .order_by(func.min(registration.c.id))
)


def _settle(work: Work, registration_id: int, fetched: Fetched) -> int:
    """Apply what the record says now to all choices of a person that are still under review."""
    row = hold(work, registration_id)
    due = [each for each in in_review(work, row) if each.rescreen_due]
    work.run(
        update(registration)
        .where(registration.c.cohort_id == row.cohort_id, registration.c.person_id == row.person_id)
        .values(rescreen_due=False)
    )
    about = known(work, row.person_id)
    passing: dict[int, Track | None] = {}
    falling, released = [], []
    for each in due:
        facts = facts_of(work, each.class_id)
        judgement = judge(facts, about, fetched, each.declared)
        columns = {n: v for n, v in judgement.columns(work.now).items() if n != "track"}
        _keep(work, each.id, columns)
        if judgement.outcome == "eligible":
            passing[each.id] = judgement.track
        elif judgement.outcome == "ineligible":
            falling.append(each)
        else:
            _keep(work, each.id, {"track": judgement.track.value})
            entitled = each.track == own_seat(facts).value
            if each.seat == Seat.RESERVED.value and entitled and judgement.track != each.track:
                released.append((facts, move_of(each, Event.RELEASE, Status.IN_REVIEW, Seat.NONE)))
    case = open_case_of(work, row.cohort_id, row.person_id)
    refuse(work, row.cohort_id, falling, {})
    # who turns out to pay gives the reserved seat back
    advance(work, row.cohort_id, [move for _, move in released])
    for facts, move in released:
        if facts.self_funding:
            ask_to_claim(work, facts, [(move.registration_id, move.person_id)])
    pass_review(work, row.cohort_id, row.person_id, passing)
    if case and case.registration_id in {*passing, *(each.id for each in falling)}:
        move_on(work, case.id)
    fill_cohort(work, row.cohort_id)
    return len(passing) + len(falling)


def _keep(work: Work, registration_id: int, columns: Mapping[str, Any]) -> None:
    work.run(update(registration).where(registration.c.id == registration_id).values(**columns))
