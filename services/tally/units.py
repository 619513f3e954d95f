"""Persons and courses in one number each: what the dashboards count, defined once in SQL.

A unit is one person in one cohort, however many registrations. Its code packs everything that is
counted: whether it belongs to the selection, qualified, is pending, is without a seat, is still on
the way, its furthest step and its last decision. Sums by code answer every question about persons.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from services.registration.lifecycle import OPEN, Reason, Seat, Status

SEATED = (Seat.FUNDED.value, Seat.SELF_FUNDED.value, Seat.SPENT.value)
OFF_THE_LIST = ("backfill", "promoted", "self_funded")
OWN_COST = ("self_funded", "review_own", "merge_own")  # how a seat came that the person pays
QUALIFIED, SEAT_GOT, SAID_YES, CAME, COMPLETED = range(1, 6)
BY_RECORDS, BY_REVIEW, REFUSED_BY_RECORDS, REFUSED_BY_REVIEW, PENDING, LEFT = range(6)
GOT, QUEUES, WITHOUT = range(3)  # what became of a qualified person
FATES = 3
QUEUED = (Status.WAITLISTED.value, Status.OFFERED.value)
WANTS = (*QUEUED, Status.UNPLACED.value)
TAKEN_AWAY = (Reason.CLASS_CANCELLED.value, Reason.MERGED.value)  # by staff, not by the person
TEN_TRILLION = 10**13  # keeps the width of what is compared as text
_OUTCOME_AT, _FAILING_AT = 14, 15  # the characters of it


@dataclass(frozen=True, slots=True)
class Unit:
    """A code taken apart."""

    member: bool  # has a registration in the selection that was no slip
    qualified: bool
    pending: bool  # under review and not qualified by another registration
    unmet: bool  # qualified, still wanting, without a seat in any class of the course
    still: bool  # on the way in the selection
    step: int  # the furthest ever reached in the selection: 0 registered .. 5 completed
    outcome: int  # of the last registration in the selection: BY_RECORDS .. LEFT


def unpack(code: int) -> Unit:
    """Take a code apart."""
    member, qualified, pending, unmet, still = (bool(code >> bit & 1) for bit in range(5))
    return Unit(member, qualified, pending, unmet, still, code >> 5 & 7, code >> 8)


def itself(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a value where there is nothing to put together."""
    return value


def _step(r: FromClause) -> ColumnElement[int]:
    return case(
        (r.c.status == Status.COMPLETED.value, COMPLETED),
        (r.c.status == Status.FAILED.value, CAME),
        (r.c.confirmed_at.is_not(None), SAID_YES),
        (r.c.seated, SEAT_GOT),
        (r.c.verdict == "eligible", QUALIFIED),
        else_=0,
    )


def _outcome(r: FromClause) -> ColumnElement[int]:
    return case(
        (and_(r.c.verdict == "eligible", ~r.c.by_person), BY_RECORDS),
        (r.c.verdict == "eligible", BY_REVIEW),
        (and_(r.c.verdict == "ineligible", ~r.c.by_person), REFUSED_BY_RECORDS),
        (r.c.verdict == "ineligible", REFUSED_BY_REVIEW),
        (r.c.status == Status.IN_REVIEW.value, PENDING),
        else_=LEFT,
    )


def _last(r: FromClause) -> ColumnElement[str]:
    """Write id, outcome and failing rules so that the greatest text is the last registration's."""
    refused = r.c.verdict == "ineligible"
    number = cast(literal(TEN_TRILLION, BigInteger) + r.c.id * 10 + _outcome(r), String)
    return number.concat(case((refused, r.c.failing), else_=""))


def persons(
    r: FromClause, inside: ColumnElement[bool], *more: ColumnElement[object], alone: bool = False
) -> Select[tuple[object, ...]]:
    """Give one row per person, cohort and `more`, with the facts of the rows of `r` put together.

    inside: which registrations belong to the selection; the seat may be anywhere in the cohort.
    alone: nobody has two rows, there is nothing to put together.
    """
    most, least = (itself, itself) if alone else (func.max, func.min)

    def flag(term: ColumnElement[bool]) -> ColumnElement[int]:
        return most(case((term, 1), else_=0))

    meant = ~r.c.slip
    ours = and_(meant, inside)
    moved_along = and_(r.c.reason == Reason.MERGED.value, r.c.seated)  # the seat is elsewhere now
    taken_away = and_(r.c.reason.in_(TAKEN_AWAY), ~moved_along)
    wants = or_(r.c.status.in_(WANTS), and_(r.c.status == Status.CANCELLED.value, taken_away))
    waits = and_(
        inside,
        or_(
            r.c.status.in_(QUEUED),
            and_(r.c.status == Status.IN_REVIEW.value, r.c.seat == Seat.NONE.value),
        ),
    )
    fits = and_(ours, r.c.verdict == "eligible")
    found = select(
        r.c.cohort_id,
        r.c.person_id,
        *more,
        flag(ours).label("member"),
        flag(and_(meant, r.c.verdict == "eligible")).label("qualified"),
        flag(and_(meant, r.c.status == Status.IN_REVIEW.value)).label("pending"),
        flag(r.c.seat.in_(SEATED)).label("seated"),
        flag(r.c.seat == Seat.RESERVED.value).label("kept"),
        flag(and_(meant, wants, r.c.verdict == "eligible")).label("wants"),
        flag(and_(ours, r.c.status.in_([status.value for status in OPEN]))).label("still"),
        most(case((ours, _step(r)), else_=0)).label("step"),
        most(case((inside, _last(r)))).label("last"),
        least(case((meant, r.c.registered_day))).label("since"),
        least(case((waits, r.c.registered_day))).label("waits"),
        most(case((fits, r.c.traits))).label("traits"),
        flag(and_(fits, r.c.seated)).label("got"),
        flag(and_(fits, waits)).label("queues"),
    )
    return found if alone else found.group_by(r.c.cohort_id, r.c.person_id, *more)


def code(p: FromClause) -> ColumnElement[int]:
    """Pack a person's facts into one number."""
    unmet = and_(p.c.qualified == 1, p.c.wants == 1, _seatless(p))
    pending = and_(p.c.pending == 1, p.c.qualified == 0)
    outcome = cast(func.substr(p.c.last, _OUTCOME_AT, 1), Integer)
    return (
        p.c.member
        + 2 * p.c.qualified
        + 4 * case((pending, 1), else_=0)
        + 8 * case((unmet, 1), else_=0)
        + 16 * p.c.still
        + 32 * p.c.step
        + 256 * outcome
    )


def waiting(p: FromClause) -> ColumnElement[int]:
    """Give the day since which a person waits who holds no seat of the course, kept or own."""
    return case((_seatless(p), p.c.waits))


def _seatless(p: FromClause) -> ColumnElement[bool]:
    return and_(p.c.seated == 0, p.c.kept == 0)


def fair(p: FromClause) -> ColumnElement[int]:
    """Pack a qualified person's traits and what became of them; nothing for anybody else."""
    fate = case((p.c.got == 1, GOT), (p.c.queues == 1, QUEUES), else_=WITHOUT)
    return p.c.traits * FATES + fate


def failing(p: FromClause) -> ColumnElement[str]:
    """Give the failing rules of a person's last registration, where it was refused."""
    return func.substr(p.c.last, _FAILING_AT)
