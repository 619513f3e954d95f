"""Take events into the rollup: history rows by day, then the difference that all of them make.

The sums of the persons concerned are read before and after; what changed is added in one upsert.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from services.catalogue.records import cohort
from services.kernel.clock import taipei_day
from services.kernel.db import upsert
from services.kernel.work import Work
from services.tally.adding import add, add_classes
from services.tally.books import reopen
from services.tally.counts import NAMES, add_up, last_year
from services.tally.fold import State, begin, follow
from services.tally.hand import write_ids, write_pairs
from services.tally.reading import reading
from services.tally.records import FOREVER, standing, tally, watermark, week_tally
from services.tally.rows import live
from services.tally.several import note_several

_W = watermark.c
History = Mapping[int, Mapping[int, State]]  # registration -> day -> its state at the end of it
Cases = Mapping[int, Sequence[Any]]  # registration -> decided reviews


def behind(connection: Connection) -> list[Any]:
    """Give the cohorts whose chain is longer than what was taken in: id, seq and day so far."""
    seq = func.coalesce(_W.seq, 0)
    statement = (
        select(cohort.c.id, seq.label("seq"), func.coalesce(_W.day, 0).label("day"))
        .join(watermark, _W.cohort_id == cohort.c.id, isouter=True)
        .where(cohort.c.events > seq)
        .order_by(cohort.c.id)
    )
    return list(connection.execute(statement))


def take_in(work: Work, at_most: int) -> int:
    """Take in the next events of every cohort, at most so many; return how many it were.

    A second clock waits for the rows of the watermark and then finds nothing left.
    """
    _hold(work, [row.id for row in behind(work.connection)])
    late = behind(work.connection)
    events = _pending(work, late, at_most)
    if events:
        touched = {event.registration_id for event in events}
        before, facts = states(work, touched), _facts(work, touched)
        began = {row.id: row.day for row in late}
        history, days = _follow(events, facts, before, _cases(work, touched), began)
        settle(work, before, history)
        reopen(work, {state.class_id for days in history.values() for state in days.values()})
        _count_weeks(work, [history[i] for i in touched - before.keys()])
        _move_on(work, events, days)
    return len(events)


def _pending(work: Work, late: Sequence[Any], at_most: int) -> list[Any]:
    """Read the next events, cohort by cohort: every database finds these by their key."""
    events: list[Any] = []
    for row in late:
        if len(events) == at_most:
            break
        of = {"cohort_id": row.id, "seq": row.seq, "at_most": at_most - len(events)}
        events += work.connection.execute(_read(work).pending, of)
    return events


def _facts(work: Work, registration_ids: Iterable[int]) -> dict[int, Any]:
    rows = work.connection.execute(_read(work).facts, {"mine_json": write_ids(registration_ids)})
    return {row.id: row for row in rows}


def _read(work: Work) -> Any:
    return reading(work.connection.dialect.name)


def _hold(work: Work, cohorts: Sequence[int]) -> None:
    if not cohorts:
        return
    start = {"seq": 0, "day": 0, "at": work.now, "taken_at": work.now}
    blank = [{"cohort_id": cohort_id, **start} for cohort_id in cohorts]
    work.run(upsert(work.connection, watermark).on_conflict_do_nothing(), blank)
    work.connection.execute(_read(work).hold, {"late_json": write_ids(cohorts)}).all()


def alone(work: Work) -> bool:
    """Wait for every other clock; tell whether anything was ever taken in."""
    mine = select(_W.cohort_id).order_by(_W.cohort_id).with_for_update()
    return bool(work.all(mine))


def states(work: Work, registration_ids: Iterable[int]) -> dict[int, State]:
    """Read the last known states of registrations."""
    rows = work.connection.execute(_read(work).states, {"mine_json": write_ids(registration_ids)})
    return {row.registration_id: State(*row) for row in rows}


def _cases(work: Work, registration_ids: Iterable[int]) -> Cases:
    rows = work.connection.execute(_read(work).cases, {"mine_json": write_ids(registration_ids)})
    return {key: list(found) for key, found in groupby(rows, key=lambda row: row.registration_id)}


def _follow(
    events: Sequence[Any],
    facts: Mapping[int, Any],
    before: Mapping[int, State],
    cases: Cases,
    began: Mapping[int, int],
) -> tuple[History, dict[int, int]]:
    """Follow every registration through its days; the days of one chain never go back."""
    history: dict[int, dict[int, State]] = {}
    days: dict[int, int] = {}
    for event in events:
        of = facts[event.registration_id]
        last = days.get(event.cohort_id, began[event.cohort_id])
        day = days[event.cohort_id] = max(last, taipei_day(event.at).toordinal())
        mine = history.setdefault(event.registration_id, {})
        known = mine[max(mine)] if mine else before.get(event.registration_id)
        state = follow(known or begin(of), event, of)
        mine[day] = reviewed(state, cases.get(event.registration_id, ()), day)
    return history, days


def reviewed(state: State, cases: Iterable[Any], day: int) -> State:
    """Add who decided, as known on a day, and the reason of a review that refused."""
    for case in cases:
        if taipei_day(case.decided_at).toordinal() <= day:
            state = replace(state, by_person=True)
            if case.state == "rejected" and case.reason and state.verdict == "ineligible":
                state = replace(state, failing=case.reason)
    return state


def settle(work: Work, before: Mapping[int, State], history: History) -> None:
    """Write the states of each day and add the difference they make to every sum."""
    found = [state for days in history.values() for state in days.values()]
    last = [days[max(days)] for days in history.values()]
    before_them = last_year(work.connection)
    after_them = {then: this for this, then in before_them.items()}
    of = {
        "hand_json": write_pairs(
            (cohort_id, state.person_id)
            for state in last
            for cohort_id in {
                state.cohort_id,
                before_them.get(state.cohort_id, state.cohort_id),
                after_them.get(state.cohort_id, state.cohort_id),
            }
        ),
        "mine_json": write_ids(history),
        "classes_json": write_ids({state.class_id for state in found}),
    }
    was = _sums(work, of, before_them)
    _write(work, before, history)
    note_several(work, {key for key in history if key not in before}, last, before_them)
    now = _sums(work, of, before_them)
    for sums, earlier in zip(now, was, strict=True):
        sums.subtract(earlier)
    add(work, tally, ("cohort_id", "place", "kind", "key", "failing"), now[0])
    add_classes(work, now[1])


def _sums(
    work: Work, of: Mapping[str, str], before_them: Mapping[int, int]
) -> tuple[Counter[Any], Counter[Any]]:
    read, connection = _read(work), work.connection
    persons = {"hand_json": of["hand_json"]}
    rows = connection.execute(read.units, persons), connection.execute(read.took, persons)
    units = add_up(*rows, before_them)
    classes: Counter[tuple[int, str]] = Counter()
    mine = {name: of[name] for name in ("mine_json", "classes_json")}
    for class_id, *counts in connection.execute(read.classes, mine):
        classes.update({(class_id, name): n for name, n in zip(NAMES, counts, strict=True) if n})
    return units, classes


_END = (
    update(standing)
    .where(
        standing.c.cohort_id == bindparam("b_cohort"),
        standing.c.person_id == bindparam("b_person"),
        standing.c.registration_id == bindparam("b_registration"),
        live(),
    )
    .values(until_day=bindparam("b_day"))
)


def _write(work: Work, before: Mapping[int, State], history: History) -> None:
    """End what held before and let the new states hold from their days on."""
    ends, rows = [], []
    for key, days in history.items():
        first = min(days)
        if key in before:
            mine = before[key]
            ends.append({"b_cohort": mine.cohort_id, "b_person": mine.person_id,
                         "b_registration": key, "b_day": first})  # fmt: skip
        until = [*list(days)[1:], FOREVER]
        rows += [
            {**state.columns(), "from_day": day, "until_day": end}
            for (day, state), end in zip(days.items(), until, strict=True)
        ]
    if ends:
        work.run(_END, ends)
    enter = upsert(work.connection, standing)
    changing = {c.name: enter.excluded[c.name] for c in standing.c if not c.primary_key}
    keys = [c.name for c in standing.primary_key]
    work.run(enter.on_conflict_do_update(index_elements=keys, set_=changing), rows)


def _count_weeks(work: Work, new: Iterable[Mapping[int, State]]) -> None:
    states = [next(iter(days.values())) for days in new]
    weeks = Counter((state.class_id, (state.registered_day - 1) // 7) for state in states)
    add(work, week_tally, ("class_id", "week"), weeks)


def _move_on(work: Work, events: Sequence[Any], days: Mapping[int, int]) -> None:
    last = {event.cohort_id: event for event in events}
    work.run(
        update(watermark).where(_W.cohort_id == bindparam("b_cohort")),
        [
            {"b_cohort": key, "seq": event.seq, "day": days[key], "at": event.at,
             "taken_at": work.now}
            for key, event in last.items()
        ],
    )  # fmt: skip
