"""Records for screening tests, as MTNet tells them: a paper, a period on board, a whole file."""

from datetime import date
from typing import Any

from services.mtnet.record import SeafarerRecord, from_json
from services.screening.leaves import LEAVES, Asked
from services.screening.verdict import Finding

START = date(2027, 4, 12)  # the first class day


def paper(issued: str | None = "2026-01-01", expires: str | None = None, **more: Any) -> dict:
    return {"issued_on": issued, "expires_on": expires, "status": "active",
            "withdrawn_until": None, **more}  # fmt: skip


def certificate(course: str = "BST", *dates: str | None, **more: Any) -> dict:
    return paper(*dates, course=course, **more)


def coc(rank: str = "DECK_OFFICER_1", *dates: str | None, **more: Any) -> dict:
    return paper(*dates, rank=rank, **more)


def aboard(signed_on: str, signed_off: str | None, **more: Any) -> dict:
    return {
        "ship_type": "oil_tanker", "gt": 30_000, "kw": 9_000, "service": "merchant",
        "rank": "DECK_OFFICER_1", "department": "deck", "voyage": "international",
        "area": "ocean", "signed_on": signed_on, "signed_off": signed_off, **more,
    }  # fmt: skip


def record(**sections: Any) -> SeafarerRecord:
    """Read a record with the given sections; a section not given is absent: unknown."""
    return from_json(sections)


def found(
    rule: dict,
    told: SeafarerRecord,
    on: date = START,
    declared: tuple[str, ...] = (),
    completed: tuple[str, ...] = (),
) -> Finding:
    """Judge one rule."""
    return LEAVES[rule["kind"]](rule, Asked(told, on, frozenset(declared), frozenset(completed)))


def verdict(rule: dict, told: SeafarerRecord, on: date = START, **more: Any) -> str:
    return found(rule, told, on, **more).verdict.value
