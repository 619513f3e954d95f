"""The persons in hand while events are taken in: where they stand, and who has several.

Who has more than one registration in a course, in one plan year or in two in a row, is counted in a
selection by which of their classes it holds: from their rows (`several`). Of everybody else the
sums of classes can be added up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.kernel.work import Work
from services.tally.adding import enter
from services.tally.fold import State
from services.tally.hand import write_ids, write_pairs
from services.tally.reading import reading
from services.tally.records import several
from services.tally.worth import Pair


@dataclass(slots=True)
class Hand:
    """All registrations of some persons, in the years that bear on each other."""

    known: dict[int, State]  # by registration
    from_day: dict[int, int]  # since when it stands so
    people: dict[Pair, dict[int, State]]
    several: set[Pair]
    last_year: Mapping[int, int]  # cohort -> that of the same course a year before

    def move(self, states: Iterable[State]) -> None:
        """Let registrations stand otherwise."""
        for state in states:
            mine = self.people.setdefault((state.cohort_id, state.person_id), {})
            mine[state.registration_id] = state


def take(work: Work, registrations: Mapping[int, Pair]) -> Hand:
    """Take the persons of registrations in hand."""
    pairs = set(registrations.values())
    hand = Hand({}, {}, {}, set(), _last_year(work, {cohort_id for cohort_id, _ in pairs}))
    _read(work, hand, pairs)
    new = {pair for key, pair in registrations.items() if key not in hand.from_day}
    near = _near(hand.several | new, hand.last_year)
    if more := near - pairs:
        _read(work, hand, more)
    return hand


def _read(work: Work, hand: Hand, pairs: Iterable[Pair]) -> None:
    read = reading(work.connection.dialect.name).persons
    for many, from_day, *columns in work.all(read, {"hand_json": write_pairs(pairs)}):
        state, key = State._make(columns), columns[2]
        pair = columns[0], columns[1]
        hand.known[key], hand.from_day[key] = state, from_day
        hand.people.setdefault(pair, {})[key] = state
        if many:
            hand.several.add(pair)


def _last_year(work: Work, cohorts: Iterable[int]) -> dict[int, int]:
    read = reading(work.connection.dialect.name).beside
    found = {}
    for cohort_id, last, following in work.all(read, {"mine_json": write_ids(cohorts)}):
        if last is not None:
            found[cohort_id] = last
        if following is not None:
            found[following] = cohort_id
    return found


def note_several(work: Work, hand: Hand, new: Iterable[State]) -> None:
    """Note all registrations of everybody whose new one is not the only one."""
    pairs = _near({(state.cohort_id, state.person_id) for state in new}, hand.last_year)
    rows = [
        (*pair, key, state.class_id)
        for pair in pairs & hand.people.keys()
        for key, state in hand.people[pair].items()
    ]
    found = more_than_one(rows, hand.last_year)
    hand.several.update((cohort_id, person_id) for cohort_id, person_id, *_ in found)
    enter(work, several, several.c.keys(), sorted(found))  # two clocks in one order


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
