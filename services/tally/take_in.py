"""Take events into the rollup: history rows by day, then the difference that all of them make.

The persons concerned are counted as they stood and as they stand; what changed is added to the sums
in one upsert.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import select

from services.kernel.db import upsert
from services.kernel.work import Work
from services.tally.adding import add, alter, enter
from services.tally.books import reopen
from services.tally.counts import NAMES, Key
from services.tally.fold import State, Step, begin, follow
from services.tally.hand import write_ids
from services.tally.persons import Hand, note_several, take
from services.tally.places import WIDE, everywhere
from services.tally.reading import BEHIND, Reading, reading
from services.tally.records import (
    FOREVER,
    class_tally,
    standing,
    tally,
    watermark,
    week_tally,
)
from services.tally.worth import (
    Checkpoints,
    Judged,
    Pair,
    Places,
    Sum,
    Sums,
    checkpoints,
    columns,
    count,
    differ,
    judge,
    single,
)

_W = watermark.c
Cases = Mapping[int, Sequence[Any]]  # registration -> decided reviews: state, reason, day
Moved = tuple[Judged | None, Judged]  # as a registration stood, and as it stands


def take_in(work: Work, at_most: int) -> int:
    """Take in the next events of every cohort, at most so many; return how many it were.

    A second clock waits for the rows of the watermark and then finds nothing left.
    """
    _hold(work, [row.id for row in work.all(BEHIND, {})])
    late = work.all(BEHIND, {})
    events = _pending(work, late, at_most)
    if events:
        hand = take(work, {e.registration_id: (e.cohort_id, e.person_id) for e in events})
        days = _follow(work, events, hand, {row.id: row.day for row in late})
        reopen(work, settle(work, hand))
        _move_on(work, events, days)
    return len(events)


def _pending(work: Work, late: Sequence[Any], at_most: int) -> list[Step]:
    """Read the next events, cohort by cohort: every database finds these by their key."""
    steps: list[Step] = []
    for row in late:
        until = row.seq + min(row.events - row.seq, at_most - len(steps))
        if until == row.seq:
            break
        of = {"cohort_id": row.id, "after": row.seq, "until": until}
        steps += map(Step._make, work.tuples(_read(work).pending, of))
    return steps


def _read(work: Work) -> Reading:
    return reading(work.connection.dialect.name)


@cache
def _holding(dialect: str) -> Any:
    """Take hold of watermarks, those that are not there yet too."""
    blank = upsert(dialect, watermark)
    taken_at = {"taken_at": blank.excluded.taken_at}
    return blank.on_conflict_do_update(index_elements=["cohort_id"], set_=taken_at)


def _hold(work: Work, cohorts: Sequence[int]) -> None:
    start = {"seq": 0, "day": 0, "at": work.now, "taken_at": work.now}
    if cohorts:
        blank = [{"cohort_id": cohort_id, **start} for cohort_id in cohorts]
        work.run(_holding(work.connection.dialect.name), blank)


def alone(work: Work) -> bool:
    """Wait for every other clock; tell whether anything was ever taken in."""
    mine = select(_W.cohort_id).order_by(_W.cohort_id).with_for_update()
    return bool(work.all(mine))


def _follow(
    work: Work, events: Sequence[Step], hand: Hand, began: Mapping[int, int]
) -> dict[int, int]:
    """Follow every registration through its days; the days of one chain never go back."""
    touched = {event.registration_id for event in events}
    new = {"mine_json": write_ids(touched - hand.known.keys())}
    begun = {row.id: begin(row) for row in work.all(_read(work).begun, new)}
    cases = _cases(work, touched)
    days = dict(began)
    for event in events:
        key, day = event.registration_id, max(event.day, days[event.cohort_id])
        days[event.cohort_id] = day
        state = follow(hand.states.get(key) or begun[key], event)
        if key in cases:
            state = reviewed(state, cases[key], day)
        hand.move(state, day)
    return days


def _cases(work: Work, registration_ids: Iterable[int]) -> Cases:
    found: dict[int, list[Any]] = {}
    for key, *said in work.tuples(_read(work).cases, {"mine_json": write_ids(registration_ids)}):
        found.setdefault(key, []).append(said)
    return found


def reviewed(state: State, cases: Iterable[Any], today: int) -> State:
    """Add who decided, as known on a day, and the reason of a review that refused."""
    for said, reason, day in cases:
        if day <= today:
            state = state._replace(by_person=1)
            if said == "rejected" and reason and state.verdict == "ineligible":
                state = state._replace(failing=reason)
    return state


def settle(work: Work, hand: Hand) -> set[int]:
    """Write the states of each day and add the difference they make to every sum.

    Return the classes concerned.
    """
    moved = _moved(hand)
    new = [state for before, (state, _) in moved if before is None]
    classes = {state.class_id for state in hand.states.values()}
    rows = work.tuples(_read(work).classes, {"mine_json": write_ids(classes)})
    wide = 1 + len(WIDE)
    places = {row[0]: tuple(row[1:wide]) for row in rows}
    due = {row[0]: checkpoints(row[wide:]) for row in rows}
    several = note_several(work, hand, new)
    sums = Sums(int)
    count(sums, -1, hand.of(hand.several, hand.known), places, hand.last_year)
    count(sums, 1, hand.of(several, hand.states), places, hand.last_year)
    for before in chain.from_iterable(hand.of(several - hand.several, hand.known).values()):
        single(sums, -1, *judge(before))
    _one_by_one(sums, moved, several)
    add(work, tally, _by_place(sums, places))
    add(work, class_tally, _by_class(moved, due))
    weeks = Counter((state.class_id, (state.registered_day - 1) // 7) for state in new)
    add(work, week_tally, ((*key, n) for key, n in weeks.items()))
    _write(work, hand)
    return {state.class_id for _, (state, _) in moved}


def _moved(hand: Hand) -> list[Moved]:
    """Give the registrations that stand otherwise now."""
    found, known = list[Moved](), hand.known
    for key, state in hand.states.items():
        before = known.get(key)
        if before is not state:
            found.append((judge(before) if before else None, judge(state)))
    return found


def _one_by_one(sums: Sums, moved: Iterable[Moved], several: Container[Pair]) -> None:
    """Add the difference that those make who have no other registration."""
    for before, now in moved:
        if now[0][:2] not in several:
            if before:
                differ(sums, before, now)
            else:
                single(sums, 1, *now)


def _by_place(sums: Mapping[Sum, int], places: Places) -> list[tuple[Any, ...]]:
    """Give the rows of `tally`; who is alone counts in all places of the class and in itself."""
    found: Counter[Key] = Counter()
    for (cohort_id, of, kind, key, fails), n in sums.items():
        if n:
            for at in of if isinstance(of, tuple) else everywhere(of, places[of]):
                found[cohort_id, at, kind, key, fails] += n
    return [(*key, n) for key, n in found.items() if n]


def _by_class(moved: Iterable[Moved], due: Mapping[int, Checkpoints]) -> list[tuple[int, ...]]:
    """Give the rows of `class_tally`: what registrations count as now that they did not before."""
    rows: dict[int, list[int]] = {}
    for before, now in moved:
        class_id = now[0].class_id
        old = columns(*before, due[class_id]) if before else ()
        new = columns(*now, due[class_id])
        if old != new:
            row = rows.setdefault(class_id, [0] * len(NAMES))
            for column in old:
                row[column] -= 1
            for column in new:
                row[column] += 1
    return [(class_id, *row) for class_id, row in rows.items()]


def _write(work: Work, hand: Hand) -> None:
    """End what held before and let the new states hold from their days on."""
    history, until = hand.history, hand.until
    ends = [(day, *hand.known[at[0]][:3], at[1]) for at, day in until.items() if at not in history]
    rows = [(*state, at[1], until.get(at, FOREVER)) for at, state in history.items()]
    alter(work, standing, ("until_day",), ends)
    enter(work, standing, (*State._fields, "from_day", "until_day"), rows)


def _move_on(work: Work, events: Sequence[Step], days: Mapping[int, int]) -> None:
    last = {event.cohort_id: event for event in events}
    rows = [(event.seq, days[key], event.at, key) for key, event in last.items()]
    alter(work, watermark, ("seq", "day", "at"), rows)
