"""Hand rosters and results over to MTNet; what it did not take is tried again by the clock."""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from services.catalogue.records import training_class
from services.identity.records import person
from services.kernel.actor import SYSTEM
from services.kernel.errors import GatewayError
from services.kernel.work import Look, Office
from services.mtnet.gateway import MTNet
from services.registration.records import handover, registration

log = logging.getLogger("portal.hand_over")
ON_ROSTER = ("confirmed", "self_funded", "completed", "failed", "absent")


def hand_over(office: Office, mtnet: MTNet, unseal: Callable[[int, bytes], str]) -> int:
    """Send every roster and result list that is due; return how many MTNet took."""
    with office.look(SYSTEM) as look:
        due = look.all(select(handover).where(handover.c.sent_at.is_(None)).order_by(handover.c.id))
        payloads = [(row, _payload(look, row.class_id, row.version, unseal)) for row in due]
    sent = 0
    for row, payload in payloads:
        take = mtnet.hand_over_roster if row.kind == "roster" else mtnet.hand_over_results
        try:
            take(payload)
        except GatewayError as refusal:
            log.warning("MTNet did not take %s of class %s: %s", row.kind, row.class_id, refusal)
            break  # one silence is enough; the next tick tries again
        with office.open(SYSTEM) as work:
            work.run(update(handover).where(handover.c.id == row.id).values(sent_at=work.now))
        sent += 1
    return sent


def _payload(
    look: Look, class_id: int, version: int, unseal: Callable[[int, bytes], str]
) -> dict[str, Any]:
    """Give a class as MTNet takes it: the class, then one line per person on the roster."""
    of = look.connection.execute(
        select(training_class).where(training_class.c.id == class_id)
    ).one()
    people = look.all(
        select(registration.c.status, registration.c.seat, person.c.id, person.c.id_sealed)
        .join(person, person.c.id == registration.c.person_id)
        .where(registration.c.class_id == class_id, registration.c.status.in_(ON_ROSTER))
        .order_by(registration.c.number)
    )
    return {
        "class_id": class_id,
        "class": of.code,
        "course": of.course,
        "institution": of.institution,
        "starts_on": of.starts_on.isoformat(),
        "ends_on": of.ends_on.isoformat(),
        "version": version,
        "people": [
            {"id_number": unseal(p.id, p.id_sealed), "status": p.status, "seat": p.seat}
            for p in people
        ],
    }
