"""Ask MTNet for a person's record, outside any transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from services.identity.records import person
from services.kernel.errors import GatewayError
from services.kernel.work import Office
from services.mtnet.gateway import MTNet
from services.mtnet.record import SeafarerRecord

Unseal = Callable[[int, bytes], str]  # (person id, sealed) -> national ID


_SEALED = select(person.c.id_sealed).where(person.c.id == bindparam("person_id"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What MTNet said and when; no record means it was silent: unknown, never pass, never fail."""

    record: SeafarerRecord | None
    as_of: datetime


def fetch_record(office: Office, mtnet: MTNet, unseal: Unseal, person_id: int) -> Fetched:
    """Fetch the MTNet record of a person; silence is an answer too."""
    with office.glance() as look:
        sealed = look.scalar(_SEALED, {"person_id": person_id})
    try:
        return Fetched(mtnet.record_of(unseal(person_id, sealed)), office.clock.now())
    except (GatewayError, OSError):  # down, slow or cut off
        return Fetched(None, office.clock.now())
