"""Replay who took which seat past whom: the order of service, from events and recorded skips.

Part of invariant 2 (rules.md 9). Nothing of the engine's own code is used. What came first is read
from the chain of events, never from clocks: two people may act in one instant, and whoever asked
for the time earlier may have got the lock later.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from services.catalogue.records import annual_plan, milestone, training_class
from services.identity.records import person
from services.registration.records import class_change, registration, registration_event, skip

HELD = ("reserved", "funded", "self_funded")
GIVEN = ("register", "promote", "reserve", "settle")  # steps that take a seat by rank
WAITS = ("waitlisted", "in_review")
_R = registration.c
_REGISTRATIONS = (
    select(
        _R.id, _R.class_id, _R.cohort_id, _R.rank, _R.track, _R.seat, _R.status, _R.claimed_at,
        _R.claimed_seq, _R.how_seated, person.c.nationality, training_class.c.kind,
    )
    .join(person, person.c.id == _R.person_id)
    .join(training_class, training_class.c.id == _R.class_id)
)  # fmt: skip
_EVENTS = registration_event.select().order_by(
    registration_event.c.cohort_id, registration_event.c.seq
)
_SKIPS = select(skip.c.registration_id, skip.c.since_seq, skip.c.until_seq)
_MERGES = select(class_change.c.into_id, class_change.c.at).where(
    class_change.c.into_id.is_not(None)
)
_FREEZES = (
    select(milestone.c.class_id, milestone.c.due_at, annual_plan.c.late_response_hours)
    .join(training_class, training_class.c.id == milestone.c.class_id)
    .join(annual_plan, annual_plan.c.year == training_class.c.year)
    .where(milestone.c.kind == "freeze", milestone.c.schedule == training_class.c.schedule)
)


def order_faults(connection: Connection) -> Iterator[str]:
    """Name registrations that waited while a seat on their track went to a worse rank.

    Excused are a skip recorded at that moment, an override, a merge, and, within the last hours
    before the freeze, a standing yes.
    """
    named: set[int] = set()
    for _, passed in _Audit(connection).faults():
        if passed not in named:
            named.add(passed)
            yield f"registration {passed}"


def passed_in(connection: Connection, class_id: int) -> set[tuple[int, int]]:
    """Give, of one class, the events that gave a seat and the registrations it should have had."""
    return set(_Audit(connection, class_id).faults())


@dataclass(slots=True)
class _Queue:
    """The seatless of one class by rank, while they wait on its track."""

    waiting: list[tuple[int, int]] = field(default_factory=list)  # rank, registration

    def put(self, place: tuple[int, int], waits: bool) -> None:
        at = bisect_left(self.waiting, place)
        there = at < len(self.waiting) and self.waiting[at] == place
        if waits and not there:
            insort(self.waiting, place)
        elif there and not waits:
            del self.waiting[at]


class _Audit:
    """What is known beside the events, of all classes or of one."""

    def __init__(self, connection: Connection, class_id: int | None = None) -> None:
        self.connection, self.class_id = connection, class_id
        own = select(_R.id).where(_R.class_id == class_id)
        self.events = self._of(_EVENTS, registration_event.c.registration_id.in_(own))
        rows = list(connection.execute(self._of(_REGISTRATIONS, _R.class_id == class_id)))
        self.rows = {row.id: row for row in rows}
        self.queues: dict[int, _Queue] = defaultdict(_Queue)
        self.skips: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        skips = self._of(_SKIPS, skip.c.registration_id.in_(own))
        for registration_id, since, until in connection.execute(skips):
            self.skips[registration_id].append((since, until))
        merges = self._of(_MERGES, class_change.c.into_id == class_id)
        self.merges = {(row.into_id, row.at) for row in connection.execute(merges)}
        freezes = self._of(_FREEZES, milestone.c.class_id == class_id)
        self.last: dict[int, datetime] = {
            row.class_id: row.due_at - timedelta(hours=row.late_response_hours)
            for row in connection.execute(freezes)
        }
        self.claims: dict[int, list[Row[Any]]] = defaultdict(list)
        self.overridden: dict[int, list[tuple[int, int]]] = defaultdict(list)  # until now
        self.first: set[int] = set()  # whom an override serves before every rank
        for row in rows:
            if row.claimed_at and row.seat == "none" and row.status in ("offered", "in_review"):
                self.claims[row.class_id].append(row)

    def _of(self, statement: Select[Any], here: ColumnElement[bool]) -> Select[Any]:
        return statement if self.class_id is None else statement.where(here)

    def faults(self) -> Iterator[tuple[int, int]]:
        """Let every event happen; give its place in the chain and who was passed by it."""
        few = {"yield_per": 5000}  # at a time
        for event in self.connection.execute(self.events, execution_options=few):
            yield from ((event.seq, passed) for passed in self._after(event))

    def _after(self, event: Row[Any]) -> list[int]:
        """Let an event happen; name the registrations that its seat should have gone to."""
        row = self.rows.get(event.registration_id)
        if row is None:
            return []  # invariant 7 names it
        if event.event == "override":
            self.first.add(row.id)
            self.overridden[row.class_id].append((row.rank, row.id))
        takes = event.takes in HELD and event.held not in HELD and event.event in GIVEN
        passed = list(self._passed(event, row)) if takes else []
        seatless = event.target in WAITS and event.takes == "none"
        self.queues[row.class_id].put((row.rank, row.id), seatless and _on_track(event, row))
        return passed

    def _passed(self, event: Row[Any], row: Row[Any]) -> Iterator[int]:
        if row.how_seated in ("merge", "merge_own") or (row.class_id, event.at) in self.merges:
            return
        # a move or a new turn takes the claim back, but not what it has brought before
        claims = row.claimed_seq is not None and row.claimed_seq < event.seq
        if event.event == "settle" or (event.event == "reserve" and claims):
            ahead = [c for c in self.claims[row.class_id] if c.claimed_seq < event.seq]
        elif event.target == "confirmed" and event.at > self.last.get(row.class_id, event.at):
            return  # only standing yeses are served so late
        else:
            ahead = self._waiting_before(row)
        own = self._turn(row)
        for other in ahead:
            better = other.id != row.id and self._turn(other) < own
            if better and not self._skipped(other.id, event.seq):
                yield int(other.id)

    def _waiting_before(self, row: Row[Any]) -> list[Row[Any]]:
        """Give who waits with a better rank, and whom an override serves whatever the rank."""
        waiting = self.queues[row.class_id].waiting
        before = waiting[: bisect_left(waiting, (row.rank, 0))]
        first = [each for each in self.overridden[row.class_id] if each in waiting]
        return [self.rows[id_] for _, id_ in (*before, *first)]

    def _turn(self, row: Row[Any]) -> tuple[bool, int]:
        return row.id not in self.first, row.rank

    def _skipped(self, registration_id: int, seq: int) -> bool:
        return any(
            since < seq and (until is None or seq <= until)
            for since, until in self.skips[registration_id]
        )


def _on_track(event: Row[Any], row: Row[Any]) -> bool:
    """An undecided nationality reserves nothing: it is on the track once a review says so."""
    undecided = row.nationality == "open" and event.target == "in_review"
    return bool(row.track == row.kind) and not undecided
