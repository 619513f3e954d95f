"""The public queue of a class as a file: every line's commitment, open status and steps.

An ended line says that it has ended, and nothing more (rules.md 10). A seat that went past
somebody of a better rank says past whom where a reason is recorded, and never which.
"""

from collections import defaultdict
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Row, bindparam, select

from services.catalogue.records import training_class
from services.identity.records import person
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.mtnet.fetch import Unseal
from services.order_audit import passed_in
from services.registration.check_queue import commitment, passed
from services.registration.public_queue import IS_OPEN, OVERRIDDEN, RANK, STATUS, STEP, TOLD
from services.registration.records import registration, registration_event, seat_override

_HERE = registration.c.class_id == bindparam("class_id")
_CLASS = select(training_class.c.code, training_class.c.cap, training_class.c.numbers_given).where(
    training_class.c.id == bindparam("class_id"), training_class.c.state != "draft"
)
_LINES = (
    select(registration.c.id, registration.c.number, RANK, STATUS, registration.c.salt)
    .add_columns(registration.c.person_id, person.c.id_sealed)
    .join(person, person.c.id == registration.c.person_id)
    .where(_HERE)
    .order_by(registration.c.number)
)
_STEPS = (
    select(registration.c.number, *STEP)
    .join(registration_event, registration_event.c.registration_id == registration.c.id)
    .outerjoin(seat_override, OVERRIDDEN)
    .where(_HERE, IS_OPEN, TOLD)
    .order_by(registration_event.c.seq)
)


def queue_facts(look: Look, class_id: int, unseal: Unseal) -> dict[str, Any]:
    """Give the queue of a class as its file tells it.

    Raises:
        NotFound: there is no such class, or it is still a draft.
    """
    keys = {"class_id": class_id}
    of = look.one_or_none(_CLASS, keys)
    if of is None:
        raise NotFound
    rows, steps, chained = look.all(_LINES, keys), defaultdict(list), {}
    for n, row in enumerate(look.all(_STEPS, keys), start=1):
        chained[n] = row.seq
        steps[row.number].append(_step(n, row))
    lines = [
        {
            "no": row.number,
            "rank": row.rank,
            "c": _committed(of.code, row, unseal),
            "state": row.status or "closed",
            "steps": steps[row.number],
        }
        for row in rows
    ]
    facts = {"class": of.code, "cap": of.cap, "numbers": of.numbers_given}
    facts |= {"as_of": look.now.isoformat(), "lines": lines}
    ids, without = {row.number: row.id for row in rows}, passed_in(look.connection, class_id)
    for _, step, better in passed(facts):
        if better:
            step["past"] = [n for n in better if (chained[step["n"]], ids[n]) not in without]
    return facts


def _step(n: int, row: Row[Any]) -> dict[str, Any]:
    """Tell a step; n orders the steps of this file, for clocks may tie."""
    told = {"n": n, "at": row.at.isoformat(), "state": row.target, "seat": row.seat}
    return {**told, "why": row.why} if row.why else told


def _committed(code: str, row: Row[Any], unseal: Unseal) -> str | None:
    """Give a line's commitment; None where nothing can be committed to."""
    try:
        number = unseal(row.person_id, row.id_sealed)
    except InvalidTag:
        return None
    return commitment(row.salt, code, row.number, number) if row.salt else None
