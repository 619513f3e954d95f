"""The protocol to MTNet, and the embedded MTNet that speaks it from our own tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import bindparam, delete, insert, select

from services.kernel.errors import GatewayError
from services.kernel.work import Office
from services.mtnet.record import SeafarerRecord, from_json
from services.mtnet.records import mtnet_handover, mtnet_record

Payload = Mapping[str, Any]


class MTNetUnavailable(GatewayError):
    """MTNet did not answer: everything it would tell is unknown."""


class MTNet(Protocol):
    """What the portal asks of the maritime personnel system."""

    def record_of(self, id_number: str) -> SeafarerRecord:
        """Give a person's record; whom MTNet does not know has no papers at all.

        Raises:
            MTNetUnavailable: no answer.
        """

    def hand_over_roster(self, payload: Payload) -> None:
        """Take the roster of an opened class.

        Raises:
            MTNetUnavailable: no answer.
        """

    def hand_over_results(self, payload: Payload) -> None:
        """Take the attendance and results of a class.

        Raises:
            MTNetUnavailable: no answer.
        """


UNKNOWN_PERSON = from_json(
    {
        "seamans_book": None,
        "medical": None,
        "cocs": [],
        "certificates": [],
        "sea_service": [],
    }
)


_RECORD = select(mtnet_record.c.record).where(mtnet_record.c.id_index == bindparam("id_index"))


@dataclass(frozen=True, slots=True)
class EmbeddedMTNet:
    """MTNet inside the portal's database; people are found by their keyed index."""

    office: Office
    index_of: Callable[[str], str]

    def record_of(self, id_number: str) -> SeafarerRecord:
        """Give a person's record."""
        with self.office.glance() as look:
            raw = look.scalar(_RECORD, {"id_index": self.index_of(id_number)})
        return UNKNOWN_PERSON if raw is None else from_json(raw)

    def hand_over_roster(self, payload: Payload) -> None:
        """Take the roster of an opened class."""
        self._keep("roster", payload)

    def hand_over_results(self, payload: Payload) -> None:
        """Take the attendance and results of a class."""
        self._keep("results", payload)

    def _keep(self, kind: str, payload: Payload) -> None:
        people = [
            {
                **{k: v for k, v in p.items() if k != "id_number"},
                "id": self.index_of(p["id_number"]),
            }
            for p in payload["people"]
        ]
        with self.office.open() as work:
            row = {"kind": kind, "class_id": payload["class_id"], "received_at": work.now}
            work.run(insert(mtnet_handover), {**row, "payload": {**payload, "people": people}})


def put_records(
    office: Office, index_of: Callable[[str], str], pairs: Iterable[tuple[str, Payload]]
) -> None:
    """Fill the embedded MTNet: (national ID, record) pairs replace what it held."""
    with office.open() as work:
        rows = [
            {"id_index": index_of(number), "record": dict(record), "as_of": work.now}
            for number, record in pairs
        ]
        for start in range(0, len(rows), 500):
            keys = [row["id_index"] for row in rows[start : start + 500]]
            work.run(delete(mtnet_record).where(mtnet_record.c.id_index.in_(keys)))
            work.run(insert(mtnet_record), rows[start : start + 500])
