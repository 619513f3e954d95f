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
    """One period on board; both ends count. An empty text is what the record does not say."""

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
    paper: bool = False  # told by a paper of the applicant, so never sure

    @property
    def government(self) -> bool:
        return self.kind in GOVERNMENT


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
GOVERNMENT = ("government", "government_dual_purpose_shift")
_KINDS = ("merchant", *GOVERNMENT)
_UNREADABLE = Paper("", None, None, known=False)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # a day outside them is a slip; a paper may end far later


def from_json(raw: Any) -> SeafarerRecord:
    """Read MTNet's JSON; what cannot be read is unknown."""
    if not isinstance(raw, Mapping):
        return SILENT
    told = raw.get("person")
    person = told if isinstance(told, Mapping) else {}
    nationality = person.get("nationality")
    services, broken = _services(raw)
    return SeafarerRecord(
        birth_date=_day(person.get("birth_date")),
        nationality=nationality if nationality in ("TW", "other") else "unknown",
        seamans_book=_one(raw, "seamans_book", "number"),
        medical=_one(raw, "medical", "number"),
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


def _any_day(value: Any) -> date | None:
    return _parse(value) if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    day = _any_day(value)
    return day if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _one(raw: Mapping[str, Any], section: str, code: str) -> tuple[Paper, ...] | None:
    if section not in raw:
        return None
    value = raw[section]
    if value is None or value == []:
        return ()
    return (_paper(value, code) if isinstance(value, Mapping) else _UNREADABLE,)


def _many(raw: Mapping[str, Any], section: str, code: str) -> tuple[Paper, ...] | None:
    if section not in raw:
        return None
    rows = raw[section]
    if rows is None:
        return ()
    if not isinstance(rows, list):
        return (_UNREADABLE,)
    return tuple(_paper(row, code) if isinstance(row, Mapping) else _UNREADABLE for row in rows)


def _paper(row: Mapping[str, Any], code: str) -> Paper:
    issued, expires = _day(row.get("issued_on")), _any_day(row.get("expires_on"))
    until = _any_day(row.get("withdrawn_until"))
    status = row.get("status", "active")
    readable = (
        issued is not None
        and (expires is not None or row.get("expires_on") is None)
        and (until is not None or row.get("withdrawn_until") is None)
        and status in ("active", "withdrawn")
    )
    return Paper(_text(row, code), issued, expires, status == "withdrawn", until, readable)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _size(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _services(raw: Mapping[str, Any]) -> tuple[tuple[Service, ...] | None, bool]:
    if "sea_service" not in raw:
        return None, False
    rows = raw["sea_service"]
    if rows is None:
        return (), False
    if not isinstance(rows, list):
        return (), True
    periods = [_service(row) for row in rows]
    read = [period for period in periods if period is not None]
    return tuple(sorted(read, key=lambda p: p.signed_on)), len(read) < len(rows)


def _service(row: Any) -> Service | None:
    """Read one period; None where its days make no sense."""
    if not isinstance(row, Mapping):
        return None
    signed_on, signed_off = _day(row.get("signed_on")), _day(row.get("signed_off"))
    if signed_on is None or (signed_off is None and row.get("signed_off") is not None):
        return None
    if signed_off is not None and signed_off < signed_on:
        return None
    kind = row.get("service", "merchant")
    return Service(
        _text(row, "ship_type"),
        _size(row, "gt"),
        _size(row, "kw"),
        kind if kind in _KINDS else "",
        _text(row, "rank"),
        _text(row, "department"),
        _text(row, "voyage"),
        _text(row, "area") or None,
        signed_on,
        signed_off,
        row.get("source") == "paper",
    )
