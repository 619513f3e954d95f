"""What registrations count as (pure): what `units.py` and `counts.py` say in SQL, said of a few.

Events are taken in by this; the nightly recount asks the database. Both come to the same sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

from services.registration.lifecycle import OPEN, Reason, Seat, Status
from services.tally import noted, units
from services.tally.counts import CAME, CHECKPOINTS, COMING, LEFT_OVER, NAMES, ROLL
from services.tally.fold import State
from services.tally.traits import STAFF

Pair = tuple[int, int]  # cohort, person
People = Mapping[Pair, Sequence[State]]  # the registrations of a person in a course
Places = Mapping[int, tuple[str, ...]]  # the wide places of classes
At = tuple[str, ...] | int  # some places; a class: of who is alone, counted wherever it lies
Sum = tuple[int, At, str, int, str]
Sums = defaultdict[Sum, int]
_OPEN = {status.value for status in OPEN}
_NONE, _RESERVED, _REVIEW = Seat.NONE.value, Seat.RESERVED.value, Status.IN_REVIEW.value
_ANY_SEAT = noted.SEATED | noted.KEPT
_STAFF = NAMES.index("by_staff")
_WAYS = dict.fromkeys(units.OWN_COST, "by_own_cost")
_WAYS |= {"backfill": "by_backfill", "promoted": "by_promotion"}
_DUE = [NAMES.index(name) for name in CHECKPOINTS]


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What a registration says of its person, and which columns of its class count it.

    There is one of each, so that two registrations worth the same are told by identity.
    """

    said: int
    here: int
    step: int
    outcome: int
    refused: bool
    columns: tuple[int, ...]
    packed: int  # ... and what a person is counted as who has nothing else
    member: bool
    waits: bool
    fate: int | None


Checkpoints = Sequence[tuple[int, Any]]
Judged = tuple[State, Worth]
Together = tuple[Worth, int, int, int, str]  # since, waits, traits, failing


def judge(s: State) -> Judged:
    """Tell what a registration counts as."""
    return s, _worth(s[4:12], s.confirmed_at is not None)


@cache
def _worth(stands: tuple[Any, ...], said_yes: bool) -> Worth:
    status, seat, reason, verdict, by_person, how, seated, slip = stands
    eligible, reviewing, meant = verdict == "eligible", status == _REVIEW, not slip
    waits = status in units.QUEUED or (reviewing and seat == _NONE)
    moved_along = reason == Reason.MERGED.value and seated
    away = reason in units.TAKEN_AWAY and not moved_along
    taken_away = status == Status.CANCELLED.value and away
    wants = eligible and (status in units.WANTS or taken_away)
    said = noted.SEATED * (seat in units.SEATED) | noted.KEPT * (seat == _RESERVED)
    here = noted.WAITS * waits
    if meant:
        said |= noted.MEANT | noted.WANTS * wants
        said |= noted.QUALIFIED * eligible | noted.PENDING * reviewing
        here |= noted.MEMBER | noted.STILL * (status in _OPEN)
        here |= (noted.FITS | noted.GOT * seated | noted.QUEUES * waits) * eligible
    return _made(
        said, here, _step(status, said_yes, seated, eligible) if meant else 0,
        _outcome(status, verdict, by_person), verdict == "ineligible",
        tuple(NAMES.index(name) for name in _columns(status, how)),
    )  # fmt: skip


@cache
def _made(
    said: int, here: int, step: int, outcome: int, refused: bool, columns: tuple[int, ...]
) -> Worth:  # fmt: skip
    fate = units.GOT if here & noted.GOT else units.QUEUES if here & noted.QUEUES else units.WITHOUT
    return Worth(
        said, here, step, outcome, refused, columns,
        packed=_pack(said, here, step, outcome),
        member=bool(here & noted.MEMBER),
        waits=bool(here & noted.WAITS) and not said & _ANY_SEAT,
        fate=fate if here & noted.FITS else None,
    )  # fmt: skip


def _step(status: str, said_yes: bool, seated: int, eligible: bool) -> int:
    if status == Status.COMPLETED.value:
        return units.COMPLETED
    if status == Status.FAILED.value:
        return units.CAME
    if said_yes:
        return units.SAID_YES
    return units.SEAT_GOT if seated else units.QUALIFIED * eligible


def _outcome(status: str, verdict: str, by_person: int) -> int:
    if verdict == "eligible":
        return units.BY_REVIEW if by_person else units.BY_RECORDS
    if verdict == "ineligible":
        return units.REFUSED_BY_REVIEW if by_person else units.REFUSED_BY_RECORDS
    return units.PENDING if status == _REVIEW else units.LEFT


def _columns(status: str, how: str | None) -> list[str]:
    found = ["registered"]
    if status in CAME:
        found += ["attended", _WAYS.get(how or "", "by_register")]
    found += ["marked"] * (status in ROLL) + ["coming"] * (status in COMING)
    if status == _REVIEW:
        found.append("reviewing")
    if status in units.QUEUED:
        found.append("waiting")
    return found


def single(found: Sums, sign: int, s: State, of: Worth) -> None:
    """Add a registration whose person has no other one to sums, or take it away."""
    day = s.registered_day
    _add(found, sign, s.cohort_id, s.class_id, of, day, day, s.traits, s.failing)
    if s.took is not None:
        found[s.cohort_id, s.class_id, "took", s.took, ""] += sign


def differ(found: Sums, before: Judged, now: Judged) -> None:
    """Add what a registration whose person has no other one counts as now and did not before."""
    (old, was), (new, of) = before, now
    cohort_id, class_id, day = new.cohort_id, new.class_id, new.registered_day
    if was.packed != of.packed or was.refused or of.refused:
        found[cohort_id, class_id, "unit", was.packed, old.failing if was.refused else ""] -= 1
        found[cohort_id, class_id, "unit", of.packed, new.failing if of.refused else ""] += 1
    if was.member != of.member:
        found[cohort_id, class_id, "since", day, ""] += of.member - was.member
    if was.waits != of.waits:
        found[cohort_id, class_id, "waits", day, ""] += of.waits - was.waits
    if was.fate != of.fate:
        at = new.traits * units.FATES
        if was.fate is not None:
            found[cohort_id, class_id, "fair", at + was.fate, ""] -= 1
        if of.fate is not None:
            found[cohort_id, class_id, "fair", at + of.fate, ""] += 1
    if old.took != new.took:
        if old.took is not None:
            found[cohort_id, class_id, "took", old.took, ""] -= 1
        if new.took is not None:
            found[cohort_id, class_id, "took", new.took, ""] += 1


def to_note(s: State, of: Worth) -> tuple[Any, ...]:
    """Give the row of `several` for a registration whose person has another one."""
    last = units.TEN_TRILLION + s.registration_id * 10 + of.outcome
    says = f"{last}{s.failing if of.refused else ''}"
    return *s[:4], of.said, of.here, of.step, s.registered_day, s.traits, says


def _add(
    found: Sums, sign: int, cohort_id: int, at: At,
    of: Worth, since: int, waits: int, traits: int, failing: str,
) -> None:  # fmt: skip
    found[cohort_id, at, "unit", of.packed, failing if of.refused else ""] += sign
    if of.member:
        found[cohort_id, at, "since", since, ""] += sign
    if of.waits:
        found[cohort_id, at, "waits", waits, ""] += sign
    if of.fate is not None:
        found[cohort_id, at, "fair", traits * units.FATES + of.fate, ""] += sign


def count(
    found: Sums, sign: int, people: People, places: Places, last_year: Mapping[int, int]
) -> None:
    """Add persons who have several registrations to sums, or take them away.

    last_year: for each cohort the one a year before.
    """
    left, here = set[tuple[int, int, str]](), list[tuple[int, int, str]]()
    for (cohort_id, person_id), mine in people.items():
        judged = [judge(state) for state in mine]
        for state, _ in judged:
            if state.took is not None:
                found[cohort_id, state.class_id, "took", state.took, ""] += sign
        for at, inside in _alike(judged, places):
            together = _together(inside, judged)
            of = together[0]
            _add(found, sign, cohort_id, at, *together)
            if of.packed & LEFT_OVER == LEFT_OVER:
                left.update((cohort_id, person_id, place) for place in at)
            if of.member:
                here += ((cohort_id, person_id, place) for place in at)
    for cohort_id, person_id, place in here:
        if (last_year.get(cohort_id, 0), person_id, place) in left:
            found[cohort_id, (place,), "carried", 0, ""] += sign


def _alike(
    judged: Sequence[Judged], places: Places
) -> Iterator[tuple[tuple[str, ...], list[Judged]]]:
    """Give the places that hold the same registrations of a person, with these."""
    held = defaultdict[str, int](int)  # a bit for each registration
    for n, (state, _) in enumerate(judged):
        for place in places[state.class_id]:
            held[place] |= 1 << n
    for bits in set(held.values()):
        at = tuple(place for place, holds in held.items() if holds == bits)
        yield at, [each for n, each in enumerate(judged) if bits >> n & 1]


def _together(inside: Sequence[Judged], everywhere: Sequence[Judged]) -> Together:
    """Put the registrations of a person together; inside: those of the place."""
    last, of_last = max(inside, key=lambda each: each[0].registration_id)
    whole = _made(
        reduce(or_, (of.said for _, of in everywhere)),
        reduce(or_, (of.here for _, of in inside)),
        max(of.step for _, of in inside),
        of_last.outcome, of_last.refused, (),
    )  # fmt: skip
    since = [state.registered_day for state, of in everywhere if of.said & noted.MEANT]
    waits = [state.registered_day for state, of in inside if of.here & noted.WAITS]
    traits = [state.traits for state, of in inside if of.here & noted.FITS]
    first = min(since, default=0), min(waits, default=0)
    return whole, *first, max(traits, default=0), last.failing


def _pack(said: int, here: int, step: int, outcome: int) -> int:
    qualified = bool(said & noted.QUALIFIED)
    pending = bool(said & noted.PENDING) and not qualified
    unmet = qualified and bool(said & noted.WANTS) and not said & _ANY_SEAT
    return (
        (here & noted.MEMBER)
        + 2 * qualified
        + 4 * pending
        + 8 * unmet
        + 16 * bool(here & noted.STILL)
        + 32 * step
        + 256 * outcome
    )


def columns(state: State, of: Worth, due: Checkpoints) -> tuple[int, ...]:
    """Tell which columns of its class count a registration, as `counts.by_class` does."""
    found, said_yes, ended = of.columns, state.confirmed_at, state.ended_at
    if state.traits >= STAFF:
        found += (_STAFF,)
    if said_yes is not None:
        for column, moment in due:
            if said_yes <= moment and (ended is None or ended > moment):
                found += (column,)
    return found


def checkpoints(moments: Iterable[Any]) -> Checkpoints:
    """Give the columns of the checkpoints of a class with their moments, where it has them."""
    found = zip(_DUE, moments, strict=True)
    return [(column, moment) for column, moment in found if moment is not None]
