"""The one table of a registration's life, read by code, database, screens, charts, notices, docs.

Pure. Source: rules.md section 4 (the bureau's deck: 正取, 備取, 遞補, 自費, 受訓確認).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from services.kernel.actor import Role


class Status(StrEnum):
    """Where a registration stands; the order is the order of life."""

    IN_REVIEW = "in_review"
    WAITLISTED = "waitlisted"
    ADMITTED = "admitted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    SELF_FUNDED = "self_funded"
    INELIGIBLE = "ineligible"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    UNPLACED = "unplaced"
    COMPLETED = "completed"
    FAILED = "failed"
    ABSENT = "absent"


class Seat(StrEnum):
    """What a registration holds in its training class."""

    NONE = "none"
    RESERVED = "reserved"
    FUNDED = "funded"
    SELF_FUNDED = "self_funded"
    SPENT = "spent"


class Track(StrEnum):
    """Whose money: funded means subsidised, not free."""

    FUNDED = "funded"
    SELF_FUNDED = "self_funded"


class Event(StrEnum):
    """What happened to a registration."""

    REGISTER = "register"
    RESERVE = "reserve"
    RELEASE = "release"  # a reservation given back (it moved to a better choice)
    APPROVE = "approve"
    REJECT = "reject"
    PROMOTE = "promote"
    CONFIRM = "confirm"
    OFFER = "offer"
    SETTLE = "settle"
    CANCEL = "cancel"
    LAPSE = "lapse"
    UNPLACE = "unplace"
    RESCHEDULE = "reschedule"
    MERGE = "merge"
    REOPEN = "reopen"
    APPEAL = "appeal"
    OVERRIDE = "override"  # two planners: served next, whatever the rank
    COMPLETE = "complete"
    FAIL = "fail"
    MISS = "miss"


class Reason(StrEnum):
    """Why a registration ended."""

    WITHDREW = "withdrew"
    DECLINED = "declined"
    STAFF = "staff"
    SUPERSEDED = "superseded"
    CONFIRMED_ELSEWHERE = "confirmed_elsewhere"
    CLASS_CANCELLED = "class_cancelled"
    MERGED = "merged"
    CLASS_FULL = "class_full"
    SEATS_UNCLAIMED = "seats_unclaimed"
    REVIEW_UNDECIDED = "review_undecided"
    SUPPLEMENT_MISSING = "supplement_missing"
    RULES = "rules"  # ineligible: the failing rules are kept with the screening
    NO_ANSWER = "no_answer"
    ROLL = "roll"  # completed, failed or absent as the roll says


class Notice(StrEnum):
    """The notices of rules.md 8; one template each and language."""

    RECEIPT = "receipt"
    REVIEW_RESULT = "review_result"
    SUPPLEMENT_ASKED = "supplement_asked"
    ADMITTED = "admitted"
    CONFIRM_REQUEST = "confirm_request"
    PROMOTED = "promoted"
    STANDBY = "standby"
    MOVED_UP = "moved_up"
    SUPERSEDED = "superseded"
    SELF_FUNDED_OFFER = "self_funded_offer"
    MAY_CLAIM = "may_claim"
    CLAIM_SETTLED = "claim_settled"
    CLAIM_LOST = "claim_lost"
    SKIPPED = "skipped"
    REMINDER = "reminder"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    UNPLACED = "unplaced"
    CLASS_CHANGED = "class_changed"
    MERGED = "merged"
    INVITED = "invited"
    REOPENED = "reopened"
    OVERRIDE = "override"
    APPEAL = "appeal"
    DRAWN = "drawn"
    OPENING = "opening"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Trait:
    """What a status means to everybody else."""

    tone: str  # badge class and chart colour
    is_open: bool  # counts as "already registered" -> partial unique index
    seats: frozenset[Seat]  # the seats it may hold -> CHECK constraint


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the table."""

    event: Event
    source: Status | None  # None: the start
    held: Seat
    target: Status
    takes: Seat
    by: frozenset[Role]
    notice: Notice | None = None


_NO, _RES, _FUN, _SELF, _SPENT = Seat.NONE, Seat.RESERVED, Seat.FUNDED, Seat.SELF_FUNDED, Seat.SPENT
_S, _E, _N = Status, Event, Notice

TRAITS: dict[Status, Trait] = {
    _S.IN_REVIEW: Trait("reviewing", True, frozenset({_NO, _RES})),
    _S.WAITLISTED: Trait("waiting", True, frozenset({_NO})),
    _S.ADMITTED: Trait("admitted", True, frozenset({_FUN, _SELF})),
    _S.OFFERED: Trait("selffunded", True, frozenset({_NO})),
    _S.CONFIRMED: Trait("confirmed", True, frozenset({_FUN, _SELF})),
    _S.SELF_FUNDED: Trait("selffunded", True, frozenset({_SELF})),
    _S.INELIGIBLE: Trait("problem", False, frozenset({_NO})),
    _S.CANCELLED: Trait("closed", False, frozenset({_NO})),
    _S.LAPSED: Trait("closed", False, frozenset({_NO})),
    _S.UNPLACED: Trait("closed", False, frozenset({_NO})),
    _S.COMPLETED: Trait("confirmed", False, frozenset({_SPENT})),
    _S.FAILED: Trait("problem", False, frozenset({_SPENT})),
    _S.ABSENT: Trait("closed", False, frozenset({_SPENT})),
}
OPEN = tuple(status for status in Status if TRAITS[status].is_open)
CLOSED = tuple(status for status in Status if not TRAITS[status].is_open)
HELD = (Seat.RESERVED, Seat.FUNDED, Seat.SELF_FUNDED)  # counts against the cap
SEATED = (Seat.FUNDED, Seat.SELF_FUNDED)  # what the invariants call "seated"
AFRESH = (Event.REOPEN, Event.APPEAL, Event.RESCHEDULE)  # what was said before counts no more

_SEAFARER, _OFFICER, _PLANNER, _CLOCK = Role.SEAFARER, Role.INSTITUTION, Role.PLANNER, Role.SYSTEM
_STAFF = frozenset({_OFFICER, _PLANNER})
_PERSON = frozenset({_SEAFARER, _OFFICER, _PLANNER})  # themselves, or staff on their behalf
_ANY = _PERSON | {_CLOCK}
_SYSTEM = frozenset({_CLOCK})
_JUDGE = _STAFF | _SYSTEM  # the clock screens again when MTNet answers

Pair = tuple[Status | None, Seat]


def _steps(
    event: Event,
    sources: Iterable[Pair],
    target: tuple[Status, Seat],
    by: frozenset[Role],
    notice: Notice | None = None,
) -> tuple[Step, ...]:
    return tuple(Step(event, source, held, *target, by, notice) for source, held in sources)


_OPEN_PAIRS = [(status, seat) for status in OPEN for seat in Seat if seat in TRAITS[status].seats]
_SEATED_PAIRS = [(_S.CONFIRMED, _FUN), (_S.CONFIRMED, _SELF), (_S.SELF_FUNDED, _SELF)]
_ROLL = ((_E.COMPLETE, _S.COMPLETED), (_E.FAIL, _S.FAILED), (_E.MISS, _S.ABSENT))

STEPS: tuple[Step, ...] = (
    *_steps(_E.REGISTER, [(None, _NO)], (_S.IN_REVIEW, _NO), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.IN_REVIEW, _RES), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.WAITLISTED, _NO), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.ADMITTED, _FUN), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.ADMITTED, _SELF), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.OFFERED, _NO), _PERSON, _N.RECEIPT),
    *_steps(_E.REGISTER, [(None, _NO)], (_S.INELIGIBLE, _NO), _PERSON, _N.RECEIPT),
    *_steps(_E.RESERVE, [(_S.IN_REVIEW, _NO)], (_S.IN_REVIEW, _RES), _ANY),
    *_steps(_E.RELEASE, [(_S.IN_REVIEW, _RES)], (_S.IN_REVIEW, _NO), _ANY),
    *_steps(_E.APPROVE, [(_S.IN_REVIEW, _RES)], (_S.ADMITTED, _FUN), _JUDGE, _N.REVIEW_RESULT),
    *_steps(_E.APPROVE, [(_S.IN_REVIEW, _RES)], (_S.ADMITTED, _SELF), _JUDGE, _N.REVIEW_RESULT),
    *_steps(
        _E.APPROVE,
        [(_S.IN_REVIEW, _NO), (_S.IN_REVIEW, _RES)],
        (_S.WAITLISTED, _NO),
        _JUDGE,
        _N.REVIEW_RESULT,
    ),
    *_steps(
        _E.APPROVE,
        [(_S.IN_REVIEW, _NO), (_S.IN_REVIEW, _RES)],
        (_S.OFFERED, _NO),
        _JUDGE,
        _N.REVIEW_RESULT,
    ),
    *_steps(_E.REJECT, _OPEN_PAIRS, (_S.INELIGIBLE, _NO), _JUDGE, _N.REVIEW_RESULT),
    *_steps(_E.PROMOTE, [(_S.WAITLISTED, _NO)], (_S.ADMITTED, _FUN), _ANY, _N.PROMOTED),
    *_steps(_E.PROMOTE, [(_S.WAITLISTED, _NO)], (_S.ADMITTED, _SELF), _ANY, _N.PROMOTED),
    *_steps(_E.PROMOTE, [(_S.WAITLISTED, _NO)], (_S.CONFIRMED, _FUN), _ANY, _N.PROMOTED),
    *_steps(_E.CONFIRM, [(_S.ADMITTED, _FUN)], (_S.CONFIRMED, _FUN), _ANY),
    *_steps(_E.CONFIRM, [(_S.ADMITTED, _SELF)], (_S.CONFIRMED, _SELF), _ANY),
    *_steps(_E.OFFER, [(_S.WAITLISTED, _NO)], (_S.OFFERED, _NO), _ANY, _N.SELF_FUNDED_OFFER),
    *_steps(_E.SETTLE, [(_S.OFFERED, _NO)], (_S.SELF_FUNDED, _SELF), _ANY, _N.CLAIM_SETTLED),
    *_steps(_E.CANCEL, _OPEN_PAIRS, (_S.CANCELLED, _NO), _ANY, _N.CANCELLED),
    *_steps(
        _E.LAPSE,
        [(_S.ADMITTED, _FUN), (_S.ADMITTED, _SELF)],
        (_S.LAPSED, _NO),
        _SYSTEM,
        _N.LAPSED,
    ),
    *_steps(
        _E.UNPLACE,
        [
            (_S.IN_REVIEW, _NO),
            (_S.IN_REVIEW, _RES),
            (_S.WAITLISTED, _NO),
            (_S.OFFERED, _NO),
            (_S.ADMITTED, _FUN),
            (_S.ADMITTED, _SELF),
        ],
        (_S.UNPLACED, _NO),
        _ANY,
        _N.UNPLACED,
    ),
    *_steps(_E.RESCHEDULE, [(_S.CONFIRMED, _FUN)], (_S.ADMITTED, _FUN), _STAFF),
    *_steps(
        _E.RESCHEDULE,
        [(_S.CONFIRMED, _SELF), (_S.SELF_FUNDED, _SELF)],
        (_S.ADMITTED, _SELF),
        _STAFF,
    ),
    *_steps(_E.RESCHEDULE, [(_S.OFFERED, _NO)], (_S.WAITLISTED, _NO), _STAFF),
    *_steps(_E.MERGE, [(None, _NO)], (_S.ADMITTED, _FUN), _STAFF, _N.MERGED),
    *_steps(_E.MERGE, [(None, _NO)], (_S.ADMITTED, _SELF), _STAFF, _N.MERGED),
    *_steps(_E.REOPEN, [(_S.CANCELLED, _NO)], (_S.WAITLISTED, _NO), _ANY, _N.REOPENED),
    *_steps(_E.REOPEN, [(_S.CANCELLED, _NO)], (_S.IN_REVIEW, _NO), _ANY, _N.REOPENED),
    *_steps(_E.APPEAL, [(_S.INELIGIBLE, _NO)], (_S.IN_REVIEW, _NO), _PERSON, _N.APPEAL),
    *(
        step  # the place stays; only the order in which it is served changes
        for status in (_S.IN_REVIEW, _S.WAITLISTED, _S.OFFERED)
        for step in _steps(
            _E.OVERRIDE, [(status, _NO)], (status, _NO), frozenset({_PLANNER}), _N.OVERRIDE
        )
    ),
    *(
        step
        for event, target in _ROLL
        for step in _steps(event, _SEATED_PAIRS, (target, _SPENT), _STAFF, _N.RESULT)
    ),
    *(
        step  # a correction moves between the three, audited
        for event, target in _ROLL
        for step in _steps(
            event,
            [(other, _SPENT) for _, other in _ROLL if other is not target],
            (target, _SPENT),
            _STAFF,
            _N.RESULT,
        )
    ),
)


@cache
def _index() -> dict[tuple[Event, Status | None, Seat, Status, Seat], Step]:
    return {(s.event, s.source, s.held, s.target, s.takes): s for s in STEPS}


def find(
    event: Event, source: Status | None, held: Seat, target: Status, takes: Seat
) -> Step | None:
    """Find the step for an event, or None where the table has no such arrow."""
    return _index().get((event, source, held, target, takes))


@cache
def actions(status: Status, seat: Seat, role: Role) -> frozenset[Event]:
    """Give the events a role may cause from here: the buttons of a page."""
    return frozenset(
        s.event for s in STEPS if s.source is status and s.held is seat and role in s.by
    )


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram for the rulebook."""
    arrows = {
        f"    {s.source.value if s.source else '[*]'} --> {s.target.value}: {s.event.value}": None
        for s in STEPS
    }
    return "\n".join(["stateDiagram-v2", *arrows])
