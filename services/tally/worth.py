"""What registrations count as (pure): what `units.py` and `counts.py` say in SQL, said of a few.

Events are taken in by this; the nightly recount asks the database. Both come to the same sums.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any, NamedTuple

from services.registration.lifecycle import OPEN, Seat, Status
from services.tally import units
from services.tally.counts import CAME, COMING, LEFT_OVER, NAMES, ROLL
from services.tally.fold import State
from services.tally.traits import STAFF

Pair = tuple[int, int]  # cohort, person
People = Mapping[Pair, Mapping[int, State]]  # the registrations of a person in a course
Place = str | int  # an institution, '' for all; a class: of who is alone, counted in all three
Sum = tuple[int, Place, str, int, str]
Sums = defaultdict[Sum, int]
_OPEN = {status.value for status in OPEN}
_NONE, _REVIEW = Seat.NONE.value, Status.IN_REVIEW.value
_QUALIFIED, _PENDING, _SEATED, _WANTS = 1, 2, 4, 8  # said by any registration of a person ...
_MEMBER, _STILL, _WAITS, _FITS, _GOT, _QUEUES = 1, 2, 4, 8, 16, 32  # ... by those of a place
_STAFF = NAMES.index("by_staff")
_DUE = [NAMES.index(name) for name in ("at_promotion", "at_offer", "at_freeze")]


class Worth(NamedTuple):
    """What one registration says of its person, and which columns of its class count it."""

    said: int
    here: int
    step: int
    outcome: int
    meant: bool
    refused: bool
    columns: tuple[int, ...]


Checkpoints = Sequence[tuple[int, Any]]
Judged = Sequence[tuple[State, Worth]]


def worth(s: State) -> Worth:
    """Tell what a registration counts as."""
    return _worth(*s[4:10], s.seated, s.slip, s.confirmed_at is not None)


@cache
def _worth(
    status: str, seat: str, reason: str | None, verdict: str, by_person: int,
    how: str | None, seated: int, slip: int, said_yes: bool,
) -> Worth:  # fmt: skip
    eligible, reviewing, meant = verdict == "eligible", status == _REVIEW, not slip
    waits = status in units.QUEUED or (reviewing and seat == _NONE)
    taken_away = status == Status.CANCELLED.value and reason in units.TAKEN_AWAY
    wants = eligible and (status in units.WANTS or taken_away)
    said = _SEATED * (seat in units.SEATED)
    here = _WAITS * waits
    if meant:
        said |= _QUALIFIED * eligible | _PENDING * reviewing | _WANTS * wants
        here |= _MEMBER | _STILL * (status in _OPEN)
        here |= (_FITS | _GOT * seated | _QUEUES * waits) * eligible
    return Worth(
        said, here, _step(status, said_yes, seated, eligible) if meant else 0,
        _outcome(status, verdict, by_person), meant, verdict == "ineligible",
        tuple(NAMES.index(name) for name in _columns(status, seat, how)),
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


def _columns(status: str, seat: str, how: str | None) -> list[str]:
    found = ["registered"]
    if status in CAME:
        ways = {"backfill": "by_backfill", "promoted": "by_promotion", "self_funded": "by_own_cost"}
        found += ["attended", ways.get(how or "", "by_register")]
    found += ["marked"] * (status in ROLL) + ["coming"] * (status in COMING)
    found += ["at_start"] * (status in ROLL or status in COMING)
    if status == _REVIEW:
        found.append("reviewing")
    if seat == _NONE and (status == _REVIEW or status in units.QUEUED):
        found.append("waiting")
    return found


def count(
    found: Sums, sign: int, people: People, several: Collection[Pair],
    institutions: Mapping[int, str], last_year: Mapping[int, int],
) -> None:  # fmt: skip
    """Add persons to sums, or take them away, as `counts.by_place` and `counts.add_up` tell.

    several: who has more than one registration; last_year: for each cohort the one a year before.
    """
    left, here = set[tuple[int, int, str]](), list[tuple[int, int, str]]()
    for pair, mine in people.items():
        cohort_id, person_id = pair
        for state in mine.values():
            if state.took is not None:
                found[cohort_id, state.class_id, "took", state.took, ""] += sign
            if pair not in several:
                day, of = state.registered_day, worth(state)
                told = day, day, state.traits, state.failing
                _enter(found, sign, cohort_id, state.class_id, of, *told)
        if pair not in several:
            continue
        judged = [(state, worth(state)) for state in mine.values()]
        for place in {"", *(institutions[state.class_id] for state in mine.values())}:
            inside = [j for j in judged if not place or institutions[j[0].class_id] == place]
            packed = _enter(found, sign, cohort_id, place, *_together(inside, judged))
            if packed & LEFT_OVER == LEFT_OVER:
                left.add((cohort_id, person_id, place))
            if packed & 1:
                here.append((cohort_id, person_id, place))
    for cohort_id, person_id, place in here:
        if (last_year.get(cohort_id, 0), person_id, place) in left:
            found[cohort_id, place, "carried", 0, ""] += sign


def _together(inside: Judged, everywhere: Judged) -> tuple[Worth, int, int, int, str]:
    """Put the registrations of a person together; inside: those of the place."""
    last, of_last = max(inside, key=lambda each: each[0].registration_id)
    whole = of_last._replace(
        said=reduce(or_, (of.said for _, of in everywhere)),
        here=reduce(or_, (of.here for _, of in inside)),
        step=max(of.step for _, of in inside),
    )
    since = [state.registered_day for state, of in everywhere if of.meant]
    waits = [state.registered_day for state, of in inside if of.here & _WAITS]
    traits = [state.traits for state, of in inside if of.here & _FITS]
    return whole, min(since, default=0), min(waits, default=0), max(traits, default=0), last.failing


def _enter(
    found: Sums, sign: int, cohort_id: int, place: Place,
    of: Worth, since: int, waits: int, traits: int, fails: str,
) -> int:  # fmt: skip
    """Enter a person at a place; give the packed code."""
    said, here, step, outcome = of[:4]
    packed = _pack(said, here, step, outcome)
    found[cohort_id, place, "unit", packed, fails if of.refused else ""] += sign
    if here & _MEMBER:
        found[cohort_id, place, "since", since, ""] += sign
    if here & _WAITS and not said & _SEATED:
        found[cohort_id, place, "waits", waits, ""] += sign
    if here & _FITS:
        fate = units.GOT if here & _GOT else units.QUEUES if here & _QUEUES else units.WITHOUT
        found[cohort_id, place, "fair", traits * units.FATES + fate, ""] += sign
    return packed


@cache
def _pack(said: int, here: int, step: int, outcome: int) -> int:
    qualified = bool(said & _QUALIFIED)
    pending = bool(said & _PENDING) and not qualified
    unmet = qualified and bool(said & _WANTS) and not said & _SEATED
    return (
        (here & _MEMBER)
        + 2 * qualified
        + 4 * pending
        + 8 * unmet
        + 16 * bool(here & _STILL)
        + 32 * step
        + 256 * outcome
    )


def columns(state: State, due: Checkpoints) -> tuple[int, ...]:
    """Tell which columns of its class count a registration, as `counts.by_class` does."""
    found, said_yes, ended = worth(state).columns, state.confirmed_at, state.ended_at
    if state.traits >= STAFF:
        found = (*found, _STAFF)
    if said_yes is not None:
        for column, moment in due:
            if said_yes <= moment and (ended is None or ended > moment):
                found = (*found, column)
    return found


def checkpoints(moments: Iterable[Any]) -> Checkpoints:
    """Give the columns of the checkpoints of a class with their moments, where it has them."""
    found = zip(_DUE, moments, strict=True)
    return [(column, moment) for column, moment in found if moment is not None]
