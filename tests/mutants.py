"""The guards of the queue, each switched off by itself: what to put in whose place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from sqlalchemy import false

import services.milestone_steps as steps
from services.class_changes import hold_changeable
from services.draw import _rank_registrations
from services.lottery.check_draw import order
from services.notices.outbox import promise
from services.placing import seat_free
from services.promote import _OVERRIDDEN, _WAITING
from services.registration import advance, fixpoint
from services.registration.fixpoint import Skip
from services.registration.lifecycle import Event, Reason, Seat, Status
from services.registration.moves import SAID_YES, move_of
from services.registration.records import registration
from services.registration.seats import facts_of, with_free_seats


def nothing(*_args, **_more):
    return []


def blind(*_args):
    return {}


def forgets(kind):
    """Promise every notice but one kind."""
    return lambda work, promises: promise(work, [p for p in promises if p.kind != kind])


def lapses_everybody(work, facts):
    rows = steps._people(work, facts, Status.ADMITTED)
    reason = Reason.NO_ANSWER
    moves = [move_of(r, Event.LAPSE, Status.LAPSED, Seat.NONE, reason=reason) for r in rows]
    advance.advance(work, facts.cohort_id, moves)
    return {"lapsed": len(moves)}


def counts_in(more, real=steps._size_check):
    """Take people of one more status for people who come, in the size check only."""

    def size_check(work, facts, seated):
        with patch.object(steps, "SAID_YES", (*SAID_YES, more)):
            return real(work, facts, seated)

    return {**steps.ASKING, steps.Milestone.SIZE_CHECK: size_check}


def forgetful(work, cohort_id, moves, end, real=advance.append):
    kept = [move for move in moves if move.target.value != "cancelled"]
    return real(work, cohort_id, kept, end) if kept else 1


def hasty(calendar, reached, _hours, freeze):
    return min(max(calendar, reached), freeze)


def late(calendar, reached, hours, _freeze):
    return max(calendar, reached + timedelta(hours=hours))


def without(skip, real=fixpoint._declines):
    """Never pass anybody over for this reason."""

    def declines(place, person):
        reason = real(place, person)
        return None if reason is skip else reason

    return declines


def leaves(kept, real=advance._choices_left):
    """Leave other choices only for some of the steps that should."""
    return lambda work, cohort_id, moves: real(work, cohort_id, [m for m in moves if kept(m)])


def drawn(facts):
    """Give a class as if its draw were over before it is made."""
    return replace(facts, draw_state=None) if facts.undrawn else facts


def of_drawn(real):
    """Read a class, whatever is still to be drawn."""
    return lambda *key: drawn(real(*key))


HOLDS_NOTHING = property(lambda _facts: False)
_LAPSING = {**steps.CLOSING, steps.Milestone.PROMOTION_CALL: lapses_everybody,
            steps.Milestone.SELF_FUNDED_CALL: lapses_everybody}  # fmt: skip
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
        "services.register.seat_free": lambda facts, judgement: (
            judgement.outcome == "eligible" and seat_free(facts, judgement)
        )
    },
    "a cancelled seat is given to nobody": {"services.cancel.fill_cohort": nothing},
    "a refused seat is given to nobody": {"services.review.fill_cohort": nothing},
    "a lapsed seat is given to nobody": {"services.milestone_steps.serve_cohort": nothing},
    "a late lapsed seat is given to nobody": {"services.sweep.fill_cohort": nothing},
    "an added seat is given to nobody": {"services.classes.fill_cohort": nothing},
    "seats are given without counting": {"services.registration.advance._counts": lambda _seat: 0},
    "one seat more than the cap is given": {
        "services.registration.seats.ClassFacts.free": property(lambda f: f.cap - f.seats_held + 1)
    },
    "overlaps are not looked at": {
        "services.registration.known.in_the_way": blind,
        "services.promote.in_the_way": blind,
        "services.settle.in_the_way": blind,
    },
    "a certain overlap is not refused": {"services.registration.refusals._SAID_YES": ()},
    "a conflict that ended is forgotten": {"services.registration.aftermath._look_again": nothing},
    "nobody is told of being passed over": {
        "services.registration.skips.promise": forgets("skipped")
    },
    "nobody is told of having lapsed": {"services.registration.advance.promise": forgets("lapsed")},
    "the question goes out without its notice": {
        "services.requests.promise": forgets("confirm_request")
    },
    "a second registration is taken": {"services.register._OPEN": frozenset()},
    "a step leaves no event": {"services.registration.advance.append": forgetful},
    "the response window is not kept": {"services.requests.personal_deadline": hasty},
    "the freeze caps no deadline": {"services.requests.personal_deadline": late},
    "the window is always the long one": {"services.requests.window_hours": lambda *_: 72},
    "a milestone waits for nobody": {"services.due_milestones._still_answering": lambda *_: False},
    "a milestone waits for everybody for ever": {
        "services.due_milestones._still_answering": lambda work, facts, _rows, _kind: bool(
            steps._people(work, facts, Status.ADMITTED)
        )
    },
    "people whom nothing reached lapse": {"services.milestone_steps.CLOSING": _LAPSING},
    "an early deadline lapses before its milestone": {"services.sweep.SELF_FUNDING": 0},
    "every claim is settled at once": {"services.settle.SETTLED": 0},
    "no claim is settled before settlement": {"services.promote.settle_claims": nothing},
    "a late settlement is lost at the freeze": {"services.milestone_steps.settle_claims": nothing},
    "people are asked on the last day": {
        "services.registration.seats.ClassFacts.last_asking_at": property(lambda f: f.freeze_at)
    },
    "answers are taken after the freeze": {
        "services.registration.seats.ClassFacts.fixed": HOLDS_NOTHING
    },
    "a paper that is late costs nothing": {"services.sweep._late": lambda _look: false()},
    "a freed request stays open": {"services.registration.advance.close_requests": nothing},
    "a review stays open for who has left": {
        "services.registration.advance.close_reviews": nothing
    },
    "a refusal takes a number each click": {"services.register._same_refusal": lambda *_: None},
    "a seat leaves the lower choices open": {
        "services.registration.advance._choices_left": leaves(lambda move: move.says_yes)
    },
    "a yes leaves the other choices open": {
        "services.registration.advance._choices_left": leaves(lambda move: not move.says_yes)
    },
    "people are moved after the call without a yes": {
        "services.registration.fixpoint._declines": without(Skip.LATE_CALL)
    },
    "what a lost seat stood in the way of is forgotten": {
        "services.registration.aftermath.lift": nothing
    },
    "a standing yes counts before the call": {"services.registration.seats.CALLED": 0},
    "the order changes under a held seat": {"services.reorder.SEATED": ()},
    "a new order is not looked at again": {"services.reorder.lift_own": nothing},
    "nobody under review claims": {"services.claim._MAY_CLAIM": ("offered",)},
    "nobody stands by": {
        "services.milestone_steps.call_standby": lambda *_: 0,
        "services.register.call_standby": lambda *_: 0,
    },
    "who waits behind the seat reserved in a better choice stands by": {
        "services.standby._SUSPENDED": false()
    },
    "an offer counts as a yes in the size check": {
        "services.milestone_steps.ASKING": counts_in(Status.OFFERED)
    },
    "a seat not answered for counts as a yes in the size check": {
        "services.milestone_steps.ASKING": counts_in(Status.ADMITTED)
    },
    "a review decides one choice only": {"services.review.in_review": lambda _work, row: [row]},
    "what a class that is called off had ended stays closed": {
        "services.cancel_class.reopen_after": nothing
    },
    "what a merged class had ended stays closed": {"services.merge_classes.reopen_after": nothing},
    "who keeps a seat gets back what is worse": {"services.reopen._HELD": frozenset()},
    "the seats of a cancelled class's people elsewhere are given to nobody": {
        "services.cancel_class.fill_cohort": nothing
    },
    "the seats after a move are given to nobody": {"services.move_class.fill_cohort": nothing},
    "answers for the old days count for the new": {
        "services.move_class._take_back_answers": nothing
    },
    "days that a move frees are forgotten": {"services.move_class.remember_conflicts": nothing},
    "seats on the same days by a move are not flagged": {
        "services.move_class.flag_overlaps": blind
    },
    "a person with two seats on the same days says yes": {
        "services.confirm.other_seat": lambda *_: None
    },
    "an override changes nothing": {"services.promote._OVERRIDDEN": _OVERRIDDEN.where(false())},
    "an override voids the question": {
        "services.registration.aftermath._answers": lambda move: (
            move.source in (Status.ADMITTED, Status.OFFERED)
        )
    },
    "an appeal takes no free seat": {"services.appeal.fill_cohort": nothing},
    "a claim taken back moves nobody": {"services.claim.fill_cohort": nothing},
}
LOTTERY: Mapping[str, Mapping[str, object]] = {  # the guards of a draw
    "who registers inside the window takes a free seat": {
        "services.register.seat_free": lambda facts, judgement: seat_free(drawn(facts), judgement)
    },
    "seats are given by number while the draw is outstanding": {
        "services.promote.with_free_seats": lambda *key: [
            drawn(facts) for facts in with_free_seats(*key)
        ]
    },
    "people are called before the draw": {"services.due_milestones.facts_of": of_drawn(facts_of)},
    "classes are merged before the draw": {
        "services.merge_classes.hold_changeable": of_drawn(hold_changeable),
        "services.merge_classes.facts_of": of_drawn(facts_of),
    },
    "the number decides whatever is drawn": {"services.draw._rank_registrations": nothing},
    "the last ticket is drawn first": {"services.draw.order": lambda *of: order(*of)[::-1]},
    "who comes before the draw is ranked among the drawn": {
        "services.draw._rank_registrations": lambda work, draw_id, _tickets: _rank_registrations(
            work, draw_id, 0
        )
    },
    "who comes after the draw is ranked among the drawn": {
        "services.registration.seats.ClassFacts.rank_of": lambda _facts, number: number
    },
    "who comes after the closing takes part": {
        "services.lottery.standing.InDraw.open_at": lambda draw, _now: draw.ahead
    },
    "a draw gives nobody a seat": {"services.draw.fill_cohort": nothing},
    "nobody is told the rank": {"services.draw._tell_ranks": nothing},
    "the public value is taken at the closing": {
        "services.public_value.value_from": lambda closes_at: closes_at
    },
    "the draw is made with another value": {"services.public_value._read": lambda _typed: "7"},
}
