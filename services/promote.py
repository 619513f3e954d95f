"""Give free seats to the queues of a cohort: every path that frees a seat ends here, at once.

While anyone waits on a track, nobody new is seated past them on it. Seats of all classes of the
cohort are given to one fixpoint (services/registration/fixpoint.py); only then do standing yeses
become confirmed. Whom a seat goes past keeps the place, and is told why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.kernel.work import Work
from services.milestones import CALLED, PROMOTED
from services.registration.advance import advance
from services.registration.fixpoint import Passed, Place, Served, serve
from services.registration.lifecycle import Event, Notice, Seat, Status
from services.registration.moves import Move, move_of
from services.registration.records import registration, seat_override
from services.registration.seats import (
    ClassFacts,
    facts_of,
    holding,
    in_the_way,
    lock_persons,
    own_seat,
    with_free_seats,
)
from services.registration.skips import Skipped, end_conflicts, pass_over
from services.requests import CONFIRM, ask
from services.settle import settle_claims

AT_ONCE = 1000  # people looked at in one question


def fill_cohort(work: Work, cohort_id: int) -> list[int]:
    """Give every free seat of a locked cohort to the best rank; return the registrations seated.

    The cohort row is locked until the work ends, so two cancellations at the same moment cannot
    give one seat to two people.
    """
    return [move.registration_id for move in serve_cohort(work, cohort_id)]


def serve_cohort(work: Work, cohort_id: int) -> list[Move]:
    """Give seats and settle claims in turn until nothing changes; return who took a seat.

    Whose conflict has ended elsewhere stands in line again first: no seat goes past them any more.
    """
    seated: list[Move] = []
    while True:
        classes = with_free_seats(work, cohort_id)
        if any(facts.conflicts_ended for facts in classes):
            end_conflicts(work, cohort_id)
        given, moved = _promote(work, cohort_id, classes)
        selling = [facts for facts in classes if facts.self_funding]
        settled = settle_claims(work, cohort_id, selling)
        seated += given + settled
        if not settled and not moved:  # nobody left a seat where claims stand
            return seated


def _promote(work: Work, cohort_id: int, classes: Sequence[ClassFacts]) -> tuple[list[Move], bool]:
    """Give seats by the fixpoint; return who took one, and whether somebody gave one up."""
    queues = _Queues(work, cohort_id, {facts.id: facts for facts in classes})
    free = {facts.id: facts.free for facts in classes if queues.gives(facts.id)}
    if not free:
        return [], False
    served = serve(free, queues)
    pass_over(work, cohort_id, [_skipped(queues, passed) for passed in served.passed])
    moves = _moves(queues, served)
    advance(work, cohort_id, moves)
    taken = [move for move in moves if move.event is not Event.RELEASE]
    for class_id, mine in groupby(taken, key=lambda move: move.class_id):
        facts = queues.facts[class_id]
        if facts.stage >= CALLED:
            ids = [m.registration_id for m in mine if m.target is Status.ADMITTED]
            ask(work, facts, ids, CONFIRM)
    return taken, bool(served.given_up)


_SEATLESS = (  # of a class on a track, behind a rank, nobody passed over; read by thousands
    select(
        *(
            registration.c[name]
            for name in (
                "id", "class_id", "person_id", "rank", "preference", "status", "seat",
                "overridden_at", "standing_yes_at",
            )
        )
    )
    .where(
        registration.c.class_id == bindparam("class_id"),
        registration.c.status.in_((Status.WAITLISTED.value, Status.IN_REVIEW.value)),
        registration.c.seat == Seat.NONE.value,
        registration.c.track == bindparam("track"),
        registration.c.skip_reason.is_(None),
        registration.c.rank > bindparam("after"),
    )
    .order_by(registration.c.rank)
    .limit(bindparam("most"))
)  # fmt: skip
_OVERRIDDEN = _SEATLESS.join(  # served next, whatever the rank
    seat_override, seat_override.c.registration_id == registration.c.id
).where(seat_override.c.state == "approved")
_WAITING = _SEATLESS.where(registration.c.overridden_at.is_(None))
_SAYING_YES = _SEATLESS.where(registration.c.standing_yes_at.is_not(None))


@dataclass(slots=True)
class _Queues:
    """The queues of a cohort as the fixpoint asks for them, read in batches."""

    work: Work
    cohort_id: int
    facts: dict[int, ClassFacts]
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    _held: dict[int, Row[Any]] = field(default_factory=dict)

    def of(self, class_id: int) -> ClassFacts:
        if class_id not in self.facts:
            self.facts[class_id] = facts_of(self.work, class_id)
        return self.facts[class_id]

    def gives(self, class_id: int) -> bool:
        facts = self.of(class_id)
        return facts.promotion_open or facts.yes_open

    def line(self, class_id: int, last: Place | None, most: int) -> list[Place]:
        facts = self.of(class_id)
        rows = self._next(facts, last, min(most, AT_ONCE))
        persons = [row.person_id for row in rows]
        lock_persons(self.work, persons)
        seats = holding(self.work, persons)
        busy = in_the_way(seats, facts)
        self.rows |= {row.id: row for row in rows}
        self._held |= {row.person_id: row for row in seats if row.cohort_id == self.cohort_id}
        return [_place(facts, row, busy.get(row.person_id)) for row in rows]

    def _next(self, facts: ClassFacts, last: Place | None, most: int) -> Sequence[Row[Any]]:
        """Read the next in line: first whom an override serves, then by rank."""
        key = {"class_id": facts.id, "track": facts.kind, "most": most}
        ask = self.work.connection.execute
        after = 0 if last is None else last.rank
        if not facts.promotion_open:
            return ask(_SAYING_YES, {**key, "after": after}).all()
        if last is None or last.first:
            first = ask(_OVERRIDDEN, {**key, "after": after}).all()
            if first:
                return first
            after = 0
        return ask(_WAITING, {**key, "after": after}).all()

    def held(self, places: Sequence[Place]) -> Mapping[int, Place]:
        rows = [self._held.get(place.person_id) for place in places]
        self.rows |= {row.id: row for row in rows if row is not None}
        return {
            row.person_id: Place(
                row.id, row.class_id, row.person_id, row.rank, row.preference,
                reviewed=row.seat == Seat.RESERVED.value,
            )
            for row in rows
            if row is not None
        }  # fmt: skip


def _place(facts: ClassFacts, row: Row[Any], busy: Row[Any] | None) -> Place:
    return Place(
        row.id,
        row.class_id,
        row.person_id,
        row.rank,
        row.preference,
        reviewed=row.status == Status.IN_REVIEW.value,
        first=row.overridden_at is not None,
        late=facts.stage >= CALLED and row.standing_yes_at is None,
        busy=busy and busy.code,
    )


def _skipped(queues: _Queues, passed: Passed) -> Skipped:
    code = passed.code
    if code is None:
        assert passed.in_favour_of is not None
        code = queues.of(passed.in_favour_of.class_id).code
    return Skipped(passed.place.id, passed.place.person_id, passed.reason, code)


def _moves(queues: _Queues, served: Served) -> list[Move]:
    """Give reservations back that move on; then seat, in rank order, class by class."""
    moving = {place.person_id for place in served.given_up}
    reserved = {place.person_id for place in served.taken if place.reviewed}
    back = [
        move_of(queues.rows[place.id], Event.RELEASE, Status.IN_REVIEW, Seat.NONE)
        for place in served.given_up
        if place.person_id in reserved
    ]
    return back + [
        _seat(queues.of(place.class_id), queues.rows[place.id], place.person_id in moving)
        for place in served.taken
    ]


def _seat(facts: ClassFacts, row: Row[Any], moves_up: bool) -> Move:
    """Reserve for a person under review, admit a person who waits, confirm a standing yes."""
    if row.status == Status.IN_REVIEW.value:
        return move_of(row, Event.RESERVE, Status.IN_REVIEW, Seat.RESERVED)
    promoted = facts.stage >= PROMOTED
    said_yes = row.standing_yes_at is not None and facts.yes_open
    notice = Notice.PROMOTED if promoted else Notice.ADMITTED
    return move_of(
        row,
        Event.PROMOTE,
        Status.CONFIRMED if said_yes else Status.ADMITTED,
        own_seat(facts),
        asks=facts.stage >= CALLED and not said_yes,
        notice=Notice.MOVED_UP if moves_up else notice,
        how_seated="promoted" if promoted else "backfill",
    )
