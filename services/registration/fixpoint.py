"""Who takes which free seat of a cohort: classes offer by rank, people move up (pure).

Class-proposing deferred acceptance: each class with a free seat offers it down its queue, each
person keeps the best offer so far, and a seat given up is offered on, until nothing changes.
Every order of looking at the classes makes the same offers and ends the same (rules.md 5).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Skip(StrEnum):
    """Why a seat went past somebody who keeps the place."""

    OVERLAP = "overlap"  # a seat of another course on the same days
    BETTER_RESERVED = "better_reserved"  # a better choice holds a reserved seat
    LATE_CALL = "late_call"  # holds a seat, and said no standing yes after the class's call
    TOLD_SEAT = "told_seat"  # holds a seat for certain; this one would only be reserved


OWN_COHORT = tuple(skip.value for skip in Skip if skip is not Skip.OVERLAP)


@dataclass(frozen=True, slots=True)
class Place:
    """One open registration: whose, in which queue, and what a seat there would mean."""

    id: int
    class_id: int
    person_id: int
    rank: int
    preference: int  # 1 is best
    first: bool = False  # served before every rank, by an override
    reviewed: bool = False  # under review: a seat would only be reserved
    late: bool = False  # the class is past its confirmation call, and there is no standing yes
    busy: str | None = None  # the class of another course that stands in the way

    @property
    def order(self) -> tuple[bool, int]:
        """How good it is within one run: a late class is worse than every class before its call."""
        return self.late, self.preference


@dataclass(frozen=True, slots=True)
class Passed:
    """A place that a seat went past, and why; `code` names the class that stands in the way."""

    place: Place
    reason: Skip
    in_favour_of: Place | None = None
    code: str | None = None


@dataclass(slots=True)
class Served:
    """What a run gives: places that take a seat, seats given up for them, places passed over."""

    taken: list[Place] = field(default_factory=list)
    given_up: list[Place] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    held: Place | None  # since before this run
    place: Place | None = None  # got in this run
    offers: list[Place] = field(default_factory=list)


class Queues(Protocol):
    """What a run may ask about the cohort it serves."""

    def line(self, class_id: int, last: Place | None, most: int) -> Sequence[Place]:
        """Give the next in a queue, best first, behind the last one given."""
        ...

    def held(self, places: Sequence[Place]) -> Mapping[int, Place]:
        """Give, by person, the seat of this cohort held before the run."""
        ...

    def gives(self, class_id: int) -> bool:
        """Tell whether a class passes on a seat that is given up."""
        ...


def serve(free: Mapping[int, int], queues: Queues) -> Served:
    """Offer the free seats, by class, until nothing changes."""
    left: dict[int, int] = defaultdict(int, free)
    last: dict[int, Place] = {}
    people: dict[int, _Person] = {}
    offering = [class_id for class_id, seats in free.items() if seats > 0]
    while offering:
        class_id = offering.pop()
        while left[class_id] > 0:
            batch = queues.line(class_id, last.get(class_id), left[class_id])
            if not batch:
                break
            last[class_id] = batch[-1]
            held = queues.held([place for place in batch if place.person_id not in people])
            for place in batch:
                person = people.setdefault(place.person_id, _Person(held.get(place.person_id)))
                given_up = _offer(place, person)
                left[class_id] -= person.place is place
                if given_up is not None and queues.gives(given_up.class_id):
                    left[given_up.class_id] += 1
                    offering.append(given_up.class_id)
    return _served(people)


def _offer(place: Place, person: _Person) -> Place | None:
    """Offer a seat; the person keeps it if it is the best so far. Return what is given up."""
    person.offers.append(place)
    if _declines(place, person) is not None or not _better(place, person.place):
        return None
    given_up = person.place or person.held
    person.place = place
    return given_up


def _better(place: Place, than: Place | None) -> bool:
    return than is None or place.order < than.order


def _declines(place: Place, person: _Person) -> Skip | None:
    """Tell why a seat here is out of the question; this never changes within a run."""
    return out_of_question(place, person.held)


def out_of_question(place: Place, held: Place | None) -> Skip | None:
    """Tell why a seat would go past a place whose person holds this one in the cohort."""
    if place.busy is not None:
        return Skip.OVERLAP
    if held is None:
        return None
    if held.preference < place.preference:
        return Skip.BETTER_RESERVED
    if place.late:
        return Skip.LATE_CALL
    return Skip.TOLD_SEAT if place.reviewed and not held.reviewed else None


def _served(people: Mapping[int, _Person]) -> Served:
    served = Served()
    for person in people.values():
        if person.place is not None:
            served.taken.append(person.place)
            if person.held is not None:
                served.given_up.append(person.held)
                if person.held.reviewed and person.place.reviewed:  # it lives on, suspended
                    served.passed.append(
                        Passed(person.held, Skip.BETTER_RESERVED, in_favour_of=person.place)
                    )
        for place in person.offers:
            passed = _passed(place, person)
            if passed is not None:
                served.passed.append(passed)
    served.taken.sort(key=lambda place: (place.class_id, not place.first, place.rank))
    served.given_up.sort(key=lambda place: place.id)
    served.passed.sort(key=lambda passed: passed.place.id)
    return served


def _passed(place: Place, person: _Person) -> Passed | None:
    """Tell why an offer was not taken in the end; none where the place ends with this run."""
    best = person.place
    reason = _declines(place, person)
    if place is best:
        return None
    if best is not None and not best.reviewed and best.preference < place.preference:
        return None  # superseded
    if reason is Skip.OVERLAP:
        return Passed(place, reason, code=place.busy)
    if reason is None:
        assert best is not None
        better = best.preference < place.preference
        reason = Skip.BETTER_RESERVED if better else Skip.LATE_CALL
    return Passed(place, reason, in_favour_of=best or person.held)
