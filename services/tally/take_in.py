"""Take events into the rollup: history rows by day, then the difference that all of them make.

The persons concerned are counted as they stood and as they stand; what changed is added to the sums
in one upsert.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import select

from services.kernel.db import upsert
from services.kernel.work import Work
from services.tally import worth
from services.tally.adding import add, change, enter
from services.tally.books import reopen
from services.tally.counts import ALONE, NAMES, Key
from services.tally.fold import State, Step, begin, follow
from services.tally.hand import write_ids
from services.tally.persons import Hand, note_several, take
from services.tally.reading import BEHIND, Reading, reading
from services.tally.records import (
    FOREVER,
    class_tally,
    standing,
    tally,
    watermark,
    week_tally,
)
from services.tally.worth import Checkpoints, Pair, Place, Sum, Sums, checkpoints, columns, count

_W = watermark.c
History = dict[int, dict[int, State]]  # registration -> day -> its state at the end of it
Cases = Mapping[int, Sequence[Any]]  # registration -> decided reviews


def take_in(work: Work, at_most: int) -> int:
    """Take in the next events of every cohort, at most so many; return how many it were.

    A second clock waits for the rows of the watermark and then finds nothing left.
    """
    _hold(work, [row.id for row in work.all(BEHIND, {})])
    late = work.all(BEHIND, {})
    events = _pending(work, late, at_most)
    if events:
        hand = take(work, {e.registration_id: (e.cohort_id, e.person_id) for e in events})
        history, days = _follow(work, events, hand, {row.id: row.day for row in late})
        settle(work, hand, history)
        reopen(work, {state.class_id for states in history.values() for state in states.values()})
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
        steps += map(Step._make, work.all(_read(work).pending, of))
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
) -> tuple[History, dict[int, int]]:
    """Follow every registration through its days; the days of one chain never go back."""
    last = dict(hand.known)
    touched = {event.registration_id for event in events}
    new = {"mine_json": write_ids(touched - last.keys())}
    last |= {row.id: begin(row) for row in work.all(_read(work).begun, new)}
    cases = _cases(work, touched)
    history: dict[int, dict[int, State]] = {}
    days = dict(began)
    for event in events:
        key, day = event.registration_id, max(event.day, days[event.cohort_id])
        days[event.cohort_id] = day
        state = follow(last[key], event)
        if key in cases:
            state = reviewed(state, cases[key], day)
        last[key] = state
        history.setdefault(key, {})[day] = state
    return history, days


def _cases(work: Work, registration_ids: Iterable[int]) -> Cases:
    rows = work.all(_read(work).cases, {"mine_json": write_ids(registration_ids)})
    return {key: list(found) for key, found in groupby(rows, key=lambda row: row.registration_id)}


def reviewed(state: State, cases: Iterable[Any], day: int) -> State:
    """Add who decided, as known on a day, and the reason of a review that refused."""
    for case in cases:
        if case.day <= day:
            state = state._replace(by_person=1)
            if case.state == "rejected" and case.reason and state.verdict == "ineligible":
                state = state._replace(failing=case.reason)
    return state


def settle(work: Work, hand: Hand, history: History) -> None:
    """Write the states of each day and add the difference they make to every sum."""
    last = [next(reversed(days.values())) for days in history.values()]
    new = [state for state in last if state.registration_id not in hand.known]
    classes = {state.class_id for state in (*hand.known.values(), *new)}
    rows = work.all(_read(work).classes, {"mine_json": write_ids(classes)})
    places, due = {row[0]: row[1] for row in rows}, {row[0]: checkpoints(row[2:]) for row in rows}
    sums, before = Sums(int), set(hand.several)
    count(sums, -1, hand.people, before, places, hand.last_year)
    hand.move(last)
    note_several(work, hand, new)
    count(sums, 1, hand.people, hand.several, places, hand.last_year)
    _one_by_one(sums, hand, before)
    add(work, tally, _by_place(sums, places))
    add(work, class_tally, _by_class(hand, last, due))
    weeks = Counter((state.class_id, (state.registered_day - 1) // 7) for state in new)
    add(work, week_tally, ((*key, n) for key, n in weeks.items()))
    _write(work, hand, history)


def _one_by_one(sums: Sums, hand: Hand, before: Collection[Pair]) -> None:
    """Add the difference that those make who are alone, or were and have several now."""
    for pair, mine in hand.people.items():
        if pair not in before:
            stays = pair not in hand.several
            for key, state in mine.items():
                known = hand.known.get(key)
                was = worth.alone(known) if known else worth.NOTHING
                now = worth.alone(state) if stays else worth.NOTHING
                if was != now:
                    worth.change(sums, pair[0], state.class_id, was, now)


def _by_place(sums: Mapping[Sum, int], institutions: Mapping[int, str]) -> list[tuple[Any, ...]]:
    """Give the rows of `tally`; who is alone counts for all, the institution and the class."""
    found: Counter[Key] = Counter()
    for (cohort_id, place, kind, key, fails), n in sums.items():
        if n:
            for at in _places(place, institutions):
                found[cohort_id, at, kind, key, fails] += n
    return [(*key, n) for key, n in found.items() if n]


def _places(place: Place, institutions: Mapping[int, str]) -> tuple[str, ...]:
    if isinstance(place, str):
        return (place,)
    return "", institutions[place], f"{ALONE}{place}"


def _by_class(
    hand: Hand, states: Iterable[State], due: Mapping[int, Checkpoints]
) -> list[tuple[int, ...]]:
    """Give the rows of `class_tally`: what registrations count as now that they did not before."""
    rows: dict[int, list[int]] = {}
    for state in states:
        class_id, before = state.class_id, hand.known.get(state.registration_id)
        was = columns(before, due[class_id]) if before else ()
        now = columns(state, due[class_id])
        if was != now:
            row = rows.setdefault(class_id, [0] * len(NAMES))
            for column in was:
                row[column] -= 1
            for column in now:
                row[column] += 1
    return [(class_id, *row) for class_id, row in rows.items()]


def _write(work: Work, hand: Hand, history: History) -> None:
    """End what held before and let the new states hold from their days on."""
    ends, rows = [], []
    for key, days in history.items():
        each = list(days)
        before, first = hand.from_day.get(key, FOREVER), each[0]
        if before < first:
            ends.append((first, *days[first][:3], before))
        for day, until in zip(each, [*each[1:], FOREVER], strict=True):
            rows.append((*days[day], day, until))
    change(work, standing, ("until_day",), ends)
    enter(work, standing, (*State._fields, "from_day", "until_day"), rows)


def _move_on(work: Work, events: Sequence[Step], days: Mapping[int, int]) -> None:
    last = {event.cohort_id: event for event in events}
    rows = [(event.seq, days[key], event.at, key) for key, event in last.items()]
    change(work, watermark, ("seq", "day", "at"), rows)
