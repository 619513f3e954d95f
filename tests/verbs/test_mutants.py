"""Each guard of the queue switched off is found by the machine: the property test can fail."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from databases import SqliteFiles
from queue_start import Starts
from sqlalchemy import false
from walk import walk

import services.milestone_steps as steps
from services.notices.outbox import promise
from services.promote import _WAITING
from services.register import _seat_free
from services.registration import advance
from services.registration.lifecycle import Event, Reason, Seat, Status
from services.registration.records import registration

WALKS = 60  # a mutant that no walk of so many finds is not found


@pytest.fixture(scope="module")
def starts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutants")
    return Starts(SqliteFiles(folder), folder)


def nothing(*_args, **_more):
    return []


def blind(*_args):
    return {}


def forgets(kind):
    """Promise every notice but one kind."""
    return lambda work, promises: promise(work, [p for p in promises if p.kind != kind])


def lapses_everybody(work, facts):
    rows = steps._people(work, facts, Status.ADMITTED)
    moves = [
        advance.move_of(r, Event.LAPSE, Status.LAPSED, Seat.NONE, reason=Reason.NO_ANSWER)
        for r in rows
    ]
    advance.advance(work, facts.cohort_id, moves)
    return len(moves)


def forgetful(work, cohort_id, moves, real=advance._append):
    kept = [move for move in moves if move.target.value != "cancelled"]
    return real(work, cohort_id, kept) if kept else 1


def hasty(calendar, reached, _hours, freeze):
    return min(max(calendar, reached), freeze)


def late(calendar, reached, hours, _freeze):
    return max(calendar, reached + timedelta(hours=hours))


HOLDS_NOTHING = property(lambda _facts: False)
MUTANTS: Mapping[str, Mapping[str, object]] = {
    "the queue is served from the back": {
        "services.promote._WAITING": _WAITING.order_by(None).order_by(registration.c.rank.desc())
    },
    "people under review are not served in their turn": {
        "services.promote._WAITING": _WAITING.where(registration.c.status == "waitlisted")
    },
    "the other track is served too": {
        "services.promote._WAITING": _WAITING.where(registration.c.track == "funded")
    },
    "a review reserves no seat": {
        "services.register._seat_free": lambda facts, judgement: (
            judgement.outcome == "eligible" and _seat_free(facts, judgement)
        )
    },
    "a cancelled seat is given to nobody": {"services.cancel.fill_free_seats": nothing},
    "a refused seat is given to nobody": {"services.review.fill_free_seats": nothing},
    "a lapsed seat is given to nobody": {"services.milestone_steps.fill_free_seats": nothing},
    "a late lapsed seat is given to nobody": {"services.sweep.fill_free_seats": nothing},
    "an added seat is given to nobody": {"services.classes.fill_free_seats": nothing},
    "seats are given without counting": {"services.registration.advance._counts": lambda _seat: 0},
    "one seat more than the cap is given": {
        "services.registration.seats.ClassFacts.free": property(lambda f: f.cap - f.seats_held + 1)
    },
    "overlaps are not looked at": {
        "services.register.overlapping": blind,
        "services.promote.overlapping": blind,
    },
    "a certain overlap is not refused": {"services.register._SAID_YES": ()},
    "a conflict that ended is forgotten": {
        "services.registration.advance._remember_conflicts": lambda *_: None
    },
    "nobody is told of being passed over": {"services.promote.promise": forgets("skipped")},
    "nobody is told of having lapsed": {"services.registration.advance.promise": forgets("lapsed")},
    "the question goes out without its notice": {
        "services.requests.promise": forgets("confirm_request")
    },
    "a second registration is taken": {"services.register._OPEN": frozenset()},
    "a step leaves no event": {"services.registration.advance._append": forgetful},
    "the response window is not kept": {"services.requests.personal_deadline": hasty},
    "the freeze caps no deadline": {"services.requests.personal_deadline": late},
    "the window is always the long one": {"services.requests.window_hours": lambda *_: 72},
    "a milestone waits for nobody": {"services.milestone_steps._still_answering": lambda *_: False},
    "a milestone waits for everybody for ever": {
        "services.milestone_steps._still_answering": lambda work, facts, _rows, _kind: bool(
            steps._people(work, facts, Status.ADMITTED)
        )
    },
    "people whom nothing reached lapse": {
        "services.milestone_steps._lapse_unanswered": lapses_everybody
    },
    "an early deadline lapses before its milestone": {"services.sweep.SELF_FUNDING": 0},
    "every claim is settled at once": {"services.promote.SETTLED": 0},
    "no claim is settled before settlement": {
        "services.claim.settle_claims": nothing,
        "services.promote.settle_claims": nothing,
    },
    "a late settlement is lost at the freeze": {"services.milestone_steps.settle_claims": nothing},
    "people are asked on the last day": {
        "services.registration.seats.ClassFacts.last_asking_at": property(lambda f: f.freeze_at)
    },
    "answers are taken after the freeze": {
        "services.registration.seats.ClassFacts.fixed": HOLDS_NOTHING
    },
    "a paper that is late costs nothing": {"services.sweep._late": lambda _look: false()},
    "a freed request stays open": {
        "services.registration.advance._close_requests": lambda *_: None
    },
    "a review stays open for who has left": {
        "services.registration.advance._void_reviews": lambda *_: None
    },
    "a refusal takes a number each click": {"services.register._same_refusal": lambda *_: None},
}
FINDS: Mapping[str, int] = {  # the walk that finds it, tried first; the others by the walk 0
    "the queue is served from the back": 1,
    "people under review are not served in their turn": 3,
    "the other track is served too": 1,
    "a cancelled seat is given to nobody": 3,
    "a refused seat is given to nobody": 20,
    "a lapsed seat is given to nobody": 1,
    "a late lapsed seat is given to nobody": 9,
    "an added seat is given to nobody": 3,
    "a certain overlap is not refused": 7,
    "the response window is not kept": 3,
    "the freeze caps no deadline": 1,
    "people whom nothing reached lapse": 2,
    "an early deadline lapses before its milestone": 7,
    "every claim is settled at once": 6,
    "a late settlement is lost at the freeze": 7,
    "people are asked on the last day": 20,
    "answers are taken after the freeze": 3,
    "a paper that is late costs nothing": 4,
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_walk_finds_that(mutant, starts, monkeypatch):
    for target, guard in MUTANTS[mutant].items():
        monkeypatch.setattr(target, guard)
    first = FINDS.get(mutant, 0)
    for seed in [first, *(n for n in range(WALKS) if n != first)]:
        try:
            walk(starts, seed)
        except Exception:  # whatever notices it first
            return
    pytest.fail(f"{WALKS} walks passed although {mutant}")


def test_with_every_guard_on_the_same_walks_hold(starts):
    for seed in sorted({0, *FINDS.values()}):
        walk(starts, seed)
