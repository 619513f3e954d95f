"""What registrations of somebody with several count as, noted in `several` as they are taken in.

Persons are put together from these numbers as `units.persons` does from registrations. Whatever
can be said has ten bits of its own: a sum tells whether any registration says it.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select

from services.tally.records import several
from services.tally.units import itself

_WIDTH = 10
_ANY = (1 << _WIDTH) - 1
QUALIFIED, PENDING, SEATED, WANTS, MEANT, KEPT = (1 << n * _WIDTH for n in range(6))  # anywhere
MEMBER, STILL, WAITS, FITS, GOT, QUEUES = (1 << n * _WIDTH for n in range(6))  # in a selection


def noted(
    inside: ColumnElement[bool], *more: ColumnElement[Any], alone: bool = False
) -> Select[Any]:
    """Give one row per person, cohort and `more`, with the same facts as `units.persons`.

    inside: which registrations belong to the selection.
    alone: each registration by itself.
    """
    s = several.c
    most, least, added = (itself, itself, itself) if alone else (func.max, func.min, _sum)
    said, here = added(s.said), added(case((inside, s.here), else_=0))
    found = select(
        s.cohort_id,
        s.person_id,
        *more,
        _has(here, MEMBER).label("member"),
        _has(said, QUALIFIED).label("qualified"),
        _has(said, PENDING).label("pending"),
        _has(said, SEATED).label("seated"),
        _has(said, KEPT).label("kept"),
        _has(said, WANTS).label("wants"),
        _has(here, STILL).label("still"),
        most(case((inside, s.step), else_=0)).label("step"),
        most(case((inside, s.last))).label("last"),
        least(case((_says(s.said, MEANT), s.registered_day))).label("since"),
        least(case((inside & _says(s.here, WAITS), s.registered_day))).label("waits"),
        most(case((inside & _says(s.here, FITS), s.traits))).label("traits"),
        _has(here, GOT).label("got"),
        _has(here, QUEUES).label("queues"),
    )
    return found if alone else found.group_by(s.cohort_id, s.person_id, *more)


def _sum(value: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(value), BigInteger)


def _has(value: ColumnElement[int], what: int) -> ColumnElement[int]:
    return case((_says(value, what), 1), else_=0)


def _says(value: ColumnElement[int], what: int) -> ColumnElement[bool]:
    return value.op("&")(what * _ANY) != 0
