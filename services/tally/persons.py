"""The persons in hand while events are taken in: where they stand, and who has several.

Who has more than one registration in a course, in one plan year or in two in a row, is counted in a
selection by which of their classes it holds: from their rows (`several`). Of everybody else the
sums of classes can be added up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from services.kernel.work import Work
from services.tally.adding import enter
from services.tally.fold import State
from services.tally.hand import write_ids, write_pairs
from services.tally.reading import reading
from services.tally.records import several
from services.tally.worth import Pair, People, judge, to_note

Day = tuple[int, int]  # registration, day


@dataclass(slots=True)
class Hand:
    """All registrations of some persons, in the years that bear on each other."""

    last_year: Mapping[int, int]  # cohort -> that of the same course a year before
    known: dict[int, State] = field(default_factory=dict)  # by registration, as it stood
    states: dict[int, State] = field(default_factory=dict)  # ... as it stands
    since: dict[int, int] = field(default_factory=dict)  # ... from which day on
    people: dict[Pair, list[int]] = field(default_factory=dict)  # their registrations
    several: set[Pair] = field(default_factory=set)
    history: dict[Day, State] = field(default_factory=dict)  # what is to be written
    until: dict[Day, int] = field(default_factory=dict)  # ... and what holds no longer from a day

    def move(self, state: State, day: int) -> None:
        """Let a registration stand otherwise from a day on."""
        key = state.registration_id
        before = self.since.get(key)
        if before is None:
            self.people.setdefault((state.cohort_id, state.person_id), []).append(key)
        elif before < day:
            self.until[key, before] = day
        self.since[key], self.states[key], self.history[key, day] = day, state, state

    def of(self, pairs: Iterable[Pair], states: Mapping[int, State]) -> People:
        """Give the registrations of some persons as they stood or stand."""
        return {
            pair: [states[key] for key in self.people.get(pair, ()) if key in states]
            for pair in pairs
        }


def take(work: Work, registrations: Mapping[int, Pair]) -> Hand:
    """Take the persons of registrations in hand."""
    pairs = set(registrations.values())
    hand = Hand(_last_year(work, {cohort_id for cohort_id, _ in pairs}))
    _read(work, hand, pairs)
    new = {pair for key, pair in registrations.items() if key not in hand.known}
    near = _near(hand.several | new, hand.last_year)
    if more := near - pairs:
        _read(work, hand, more)
    return hand


def _read(work: Work, hand: Hand, pairs: Iterable[Pair]) -> None:
    read = reading(work.connection.dialect.name).persons
    for row in work.tuples(read, {"hand_json": write_pairs(pairs)}):
        state, pair, key = State._make(row[:-2]), row[:2], row[2]
        hand.known[key] = hand.states[key] = state
        hand.since[key] = row[-2]
        hand.people.setdefault(pair, []).append(key)
        if row[-1]:
            hand.several.add(pair)


def _last_year(work: Work, cohorts: Iterable[int]) -> dict[int, int]:
    read = reading(work.connection.dialect.name).beside
    found = {}
    for cohort_id, last, following in work.tuples(read, {"mine_json": write_ids(cohorts)}):
        if last is not None:
            found[cohort_id] = last
        if following is not None:
            found[following] = cohort_id
    return found


def note_several(work: Work, hand: Hand, new: Iterable[State]) -> Set[Pair]:
    """Note what registrations count as of everybody who has several; give who that is.

    new: those that were not there before.
    """
    pairs = _near({(state.cohort_id, state.person_id) for state in new}, hand.last_year)
    theirs = hand.of(pairs & hand.people.keys(), hand.states)
    rows = [(*pair, s.registration_id, s.class_id) for pair, mine in theirs.items() for s in mine]
    others = more_than_one(rows, hand.last_year)
    found = hand.several | {(cohort_id, person_id) for cohort_id, person_id, *_ in others}
    notes = [
        to_note(*judge(s))
        for pair, mine in hand.of(found, hand.states).items()
        for s in mine
        if pair not in hand.several or hand.known.get(s.registration_id) is not s
    ]
    enter(work, several, several.c.keys(), sorted(notes))  # two clocks in one order
    return found


def _near(pairs: Iterable[Pair], last_year: Mapping[int, int]) -> set[Pair]:
    following = {then: this for this, then in last_year.items()}
    return {
        (cohort_id, person_id)
        for this, person_id in pairs
        for cohort_id in near(this, last_year, following)
    }


def near(
    cohort_id: int, last_year: Mapping[int, int], next_year: Mapping[int, int]
) -> tuple[int, ...]:
    """Give a cohort with those of the same course a year before and after."""
    others = (last_year.get(cohort_id), next_year.get(cohort_id))
    return (cohort_id, *(other for other in others if other is not None))


def more_than_one(rows: Iterable[Any], last_year: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Keep the registrations (cohort, person, id, class) whose person has another one near."""
    next_year = {then: this for this, then in last_year.items()}
    found = [tuple(row) for row in rows]
    counts = Counter(row[:2] for row in found)
    return [
        row
        for row in found
        if sum(counts[c, row[1]] for c in near(row[0], last_year, next_year)) > 1
    ]
