"""The record MTNet holds about a seafarer. An absent section is unknown; an empty one is none.

Malformed parts become unknown, never pass and never fail (rules.md 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Paper:
    """A dated paper; `expires_on` None does not run out, `known` False could not be read."""

    code: str  # course, rank or number
    issued_on: date | None
    expires_on: date | None
    withdrawn: bool = False
    withdrawn_until: date | None = None
    known: bool = True

    def counts_on(self, day: date) -> bool:
        """Tell whether it is not withdrawn: one withdrawn until a date counts the day after."""
        if not self.withdrawn:
            return True
        return self.withdrawn_until is not None and day > self.withdrawn_until

    def valid_on(self, day: date) -> bool:
        """Tell whether it is valid on a day; the last day counts."""
        issued = self.issued_on is None or self.issued_on <= day
        return (
            issued and (self.expires_on is None or day <= self.expires_on) and self.counts_on(day)
        )


@dataclass(frozen=True, slots=True)
class Service:
    """One period on board; both ends count."""

    ship_type: str
    gt: int | None
    kw: int | None
    kind: str  # merchant | government | government_dual_purpose_shift
    rank: str
    department: str
    voyage: str
    area: str | None
    signed_on: date
    signed_off: date | None  # None: still on board, or not reported yet

    @property
    def government(self) -> bool:
        return self.kind != "merchant"


@dataclass(frozen=True, slots=True)
class SeafarerRecord:
    """What MTNet says; None for a section means unknown, an empty tuple means none."""

    birth_date: date | None = None
    nationality: str = "unknown"  # TW | other | unknown
    seamans_book: tuple[Paper, ...] | None = None
    medical: tuple[Paper, ...] | None = None
    cocs: tuple[Paper, ...] | None = None
    certificates: tuple[Paper, ...] | None = None
    sea_service: tuple[Service, ...] | None = None
    broken_service: bool = False  # some periods could not be read


SILENT = SeafarerRecord()


def from_json(raw: Mapping[str, Any]) -> SeafarerRecord:
    """Read MTNet's JSON; what cannot be read is unknown."""
    person = raw.get("person") or {}
    services, broken = _services(raw)
    return SeafarerRecord(
        birth_date=_day(person.get("birth_date")),
        nationality=person.get("nationality") or "unknown",
        seamans_book=_one(raw, "seamans_book"),
        medical=_one(raw, "medical"),
        cocs=_many(raw, "cocs", "rank"),
        certificates=_many(raw, "certificates", "course"),
        sea_service=services,
        broken_service=broken,
    )


@lru_cache(maxsize=65_536)
def _parse(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(value: Any) -> date | None:
    return _parse(value) if isinstance(value, str) else None


def _one(raw: Mapping[str, Any], section: str) -> tuple[Paper, ...] | None:
    if section not in raw:
        return None
    value = raw[section]
    return (_paper(value, "number"),) if isinstance(value, Mapping) else ()


def _many(raw: Mapping[str, Any], section: str, code: str) -> tuple[Paper, ...] | None:
    if section not in raw:
        return None
    rows = raw[section]
    return tuple(_paper(row, code) for row in rows) if isinstance(rows, list) else ()


def _paper(row: Any, code: str) -> Paper:
    if not isinstance(row, Mapping):
        return Paper("", None, None, known=False)
    issued, expires = _day(row.get("issued_on")), _day(row.get("expires_on"))
    readable = issued is not None and (expires is not None or row.get("expires_on") is None)
    return Paper(
        str(row.get(code) or ""),
        issued,
        expires,
        row.get("status", "active") != "active",
        _day(row.get("withdrawn_until")),
        readable,
    )


def _services(raw: Mapping[str, Any]) -> tuple[tuple[Service, ...] | None, bool]:
    if "sea_service" not in raw:
        return None, False
    rows = raw["sea_service"] if isinstance(raw["sea_service"], list) else []
    periods, broken = [], False
    for row in rows:
        signed_on = _day(row.get("signed_on")) if isinstance(row, Mapping) else None
        signed_off = _day(row.get("signed_off")) if isinstance(row, Mapping) else None
        if (
            signed_on is None
            or (signed_off is None and row.get("signed_off") is not None)
            or (signed_off is not None and signed_off < signed_on)
        ):
            broken = True
        else:
            periods.append(
                Service(
                    row.get("ship_type") or "other",
                    row.get("gt"),
                    row.get("kw"),
                    row.get("service") or "merchant",
                    row.get("rank") or "",
                    row.get("department") or "",
                    row.get("voyage") or "",
                    row.get("area"),
                    signed_on,
                    signed_off,
                )
            )
    return tuple(sorted(periods, key=lambda p: p.signed_on)), broken
