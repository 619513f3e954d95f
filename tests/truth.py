"""What the portal tells a person, held against what happens then, in trials that are undone."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

import truth_of_draws
from sqlalchemy import func, select
from told import HELD, Told, trial

from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim
from services.confirm import confirm
from services.kernel.errors import DomainError
from services.registration.cards import Say
from services.registration.lookup import progress
from services.registration.records import registration, skip
from services.registration.refusals import (
    AlreadyCompleted,
    AlreadyConfirmed,
    AlreadyInCohort,
    SeatHeld,
    TooManyChoices,
)
from services.registration.skips import end_conflicts
from services.review import approve, reject
from services.standing_yes import stand_by

MANY = 60  # more seats than anybody waits for

# what each sentence claims: a fault in words, or None


def _counted(told: Told, say: Say) -> str | None:
    want = {"waiting": len(told.seatless), "ahead": len(told.ahead)}
    if "rank" in say.facts:
        want["rank"] = told.row.rank
    return None if dict(say.facts) == want else f"counted {want}"


def _placed(told: Told, say: Say) -> str | None:
    return None if say.facts["place"] == len(told.ahead) + 1 else f"{len(told.ahead)} are ahead"


def _held(told: Told, say: Say) -> str | None:
    with told.world.office.look() as look:
        held = look.scalar(
            select(func.count()).where(
                registration.c.class_id == told.row.class_id,
                registration.c.seat.in_((*HELD, "spent")),
            )
        )
    want = {"cap": told.of.cap, "held": held, "free": told.of.cap - held}
    return None if dict(say.facts) == want else f"counted {want}"


def _rank(told: Told, say: Say) -> str | None:
    return None if say.facts["rank"] == told.row.rank else f"it is served by {told.row.rank}"


def _next_is_mine(told: Told, say: Say) -> str | None:
    with trial(told.world) as work:
        told.frees(work, say.facts.get("n", 1))
        served = told.served(work)
    return None if served else f"passed over: {told.row.skip_reason}"


def _none_left(told: Told, _say: Say) -> str | None:
    with trial(told.world) as work:
        told.frees(work, MANY)
        seat = told.mine(work).seat
    return None if seat == "none" else f"a seat is given: {seat}"


def _safe(told: Told, _say: Say) -> str | None:
    with trial(told.world, told.world.planner()) as work:
        case = told.case(work)
        if case is None:
            return None
        reject(work, case, reason="paper_not_valid")
        seat = told.mine(work).seat
    return None if seat in HELD else "a refusal of the open case takes it"


def _may_fall(told: Told, _say: Say) -> str | None:
    return "no case is open" if _safe(told, _say) is None else None


def _reviewed(told: Told, _say: Say) -> str | None:
    with trial(told.world, told.world.planner()) as work:
        approve(work, told.case(work))
        served, seat = told.served(work), told.mine(work).seat
    return None if served and seat != "reserved" else f"the review gives {seat}"


def _yes_is_final(told: Told, _say: Say) -> str | None:
    with trial(told.world, told.person) as work:
        try:
            confirm(work, told.id)
        except DomainError as no:
            return f"a yes is refused: {type(no).__name__}"
        status = told.mine(work).status
    return None if status == "confirmed" else status


def _yes_beforehand(told: Told, _say: Say) -> str | None:
    with trial(told.world, told.person) as work:
        try:
            stand_by(work, told.id)
        except DomainError as no:
            return f"a yes is refused: {type(no).__name__}"
        told.frees(work, MANY)
        row, served = told.mine(work), told.served(work)
    return None if served and row.status in ("confirmed", "cancelled") else row.status


def _claims(told: Told, _say: Say) -> str | None:
    with trial(told.world) as work:
        told.frees(work, MANY)
        without = told.mine(work).seat
    if without != "none":
        return f"without a claim it gets {without}"
    with trial(told.world, told.person) as work:
        try:
            claim(work, told.id)
        except DomainError as no:
            return f"a claim is refused: {type(no).__name__}"
    return None


def _claim_is_served(told: Told, n: int) -> str | None:
    """A claim gets a seat once so many have come free; unless it is told what stands in the way."""
    with trial(told.world, told.person) as work:
        claim(work, told.id)
        told.frees(work, n - (told.of.cap - told.of.seats_held))
        served, seat = told.served(work), told.mine(work).seat
    if told.barred:
        return f"it gets {seat}" if seat in HELD else None
    return None if served else "it is not served"


def _best_claim(told: Told, _say: Say) -> str | None:
    return _claim_is_served(told, sum(row.claimed_at is not None for row in told.ahead) + 1)


def _certain_claim(told: Told, _say: Say) -> str | None:
    return _claim_is_served(told, len(told.ahead) + 1)


def _looked_at_again(told: Told, say: Say) -> str | None:
    code = say.facts["code"]
    with trial(told.world, told.world.planner()) as work:
        other = work.scalar(
            select(func.max(registration.c.id))
            .join(training_class, training_class.c.id == registration.c.class_id)
            .where(
                training_class.c.code == code,
                registration.c.person_id == told.row.person_id,
                registration.c.seat.in_(HELD),
            )
        )
        if other is None:
            return f"no seat is held in {code}"
        try:
            cancel(work, other)
        except DomainError:
            return None  # the class has begun, and the clock has not come round
        end_conflicts(work, told.row.cohort_id)
        still = select(skip.c.code).where(
            skip.c.registration_id == told.id, skip.c.until_seq.is_(None)
        )
        return "seats still go past" if code in work.connection.scalars(still) else None


def _takes(told: Told, _say: Say) -> str | None:
    refused = told.registers(told.row.class_id)
    return f"refused: {refused.__name__}" if refused else None


def _refuses(told: Told, _say: Say) -> str | None:
    return None if told.registers(told.row.class_id) else "registering is not refused"


def _elsewhere(told: Told, _say: Say) -> str | None:
    """Nothing of the person's own keeps them from another class of the course."""
    own = (SeatHeld, AlreadyConfirmed, TooManyChoices, AlreadyInCohort, AlreadyCompleted)
    with told.world.office.look() as look:
        others = look.connection.scalars(
            select(training_class.c.id).where(
                training_class.c.cohort_id == told.row.cohort_id,
                training_class.c.id != told.row.class_id,
            )
        ).all()
    refused = [told.registers(other) for other in others]
    return next((f"refused: {no.__name__}" for no in refused if no in own), None)


def _no_seat_here(told: Told, _say: Say) -> str | None:
    with trial(told.world, told.person) as work:
        with suppress(DomainError):
            claim(work, told.id)
        told.frees(work, MANY)
        seat = told.mine(work).seat
    return None if seat == "none" else f"it gets {seat}"


def _unclaimed(told: Told, _say: Say) -> str | None:
    return "it was claimed" if told.row.claimed_at is not None else None


def _claimed(told: Told, _say: Say) -> str | None:
    return "it was not claimed" if told.row.claimed_at is None else None


Check = Callable[[Told, Say], str | None]
CLAIMS: Mapping[str, Check] = {
    "Rank {rank}. Waiting on this track: {waiting}; before you: {ahead}.": _counted,
    "Waiting on this track: {waiting}; before you: {ahead}.": _counted,
    "Rank {rank}. Waiting on both tracks: {waiting}; before you: {ahead}.": _counted,
    "Waiting on both tracks: {waiting}; before you: {ahead}.": _counted,
    "You are number {place} on the waiting list": _placed,
    "Rank {rank}. You hold a seat since {moment}.": _rank,
    "Seats in the class: {cap}; held: {held}; free: {free}.": _held,
    "The next seat that comes free is yours, if it does by {moment}.": _next_is_mine,
    "If {n} seats come free by {moment}, one of them is yours.": _next_is_mine,
    "The next seat that comes free is yours, if it does before seats are offered at one's own "
    "cost.": _next_is_mine,
    "If {n} seats come free before seats are offered at one's own cost, one of them is yours.":
        _next_is_mine,
    "No seat can be given here any more before the list is frozen.": _none_left,
    "Nobody can take this seat from you.": _safe,
    "Your papers are being looked at again: the seat is lost if you are found not qualified.":
        _may_fall,
    "The seat kept for you is yours once the review finds you qualified.": _reviewed,
    "You say yes and the seat is yours": _yes_is_final,
    "It stays yours if you say yes by {moment}.": _yes_is_final,
    "Say yes beforehand, and a seat that reaches you is confirmed at once.": _yes_beforehand,
    "Say yes beforehand to be moved here from {code} when a seat comes free.": _yes_beforehand,
    "You have to claim a seat; without a claim none is given.": _claims,
    "Each free seat goes at once to the claim with the best rank.": _best_claim,
    "Claims are served by rank from {moment}; at once if fewer people before you than free seats "
    "could still take one.": _certain_claim,
    "Claims are served by rank once those asked have had their time; at once if fewer people "
    "before you than free seats could still take one.": _certain_claim,
    "If you give up the seat in {code}, this class is looked at for you again.": _looked_at_again,
    "Your class {code} has begun, so no seat here can be given to you.": _no_seat_here,
    "If the review of {code} ends without a seat, this class is looked at again.": _looked_at_again,
    "Register again: you get a new number at the end of the queue.": _takes,
    "You can register again, at the end of the queue": _takes,
    "You can register here again once you hold no seat in this course.": _refuses,
    "You can register here again once fewer of your choices of this course are open.": _refuses,
    "You can register here again once you hold no confirmed seat on the same days.": _refuses,
    "This class takes no more registrations; another class of the course may.": _refuses,
    "This class takes no more registrations.": _refuses,
    "You are registered here again, with number {number}.": _refuses,
    "You can register for another class of the course": _elsewhere,
    "You had not claimed a seat when the list was frozen.": _unclaimed,
    "Seats were left when the list was frozen, but another seat of yours stood in the way of your "
    "claim.": _claimed,
    **truth_of_draws.CLAIMS,
}  # fmt: skip
AHEAD = (  # days told of are still to come
    "The next seat that comes free is yours, if it does by {moment}.",
    "If {n} seats come free by {moment}, one of them is yours.",
    "Seats still free on {moment} are offered at one's own cost, {fee}, by rank.",
    "It stays yours; we ask you on {moment} whether you will come.",
)


def untrue(world, registration_id: int, seen: Counter[str]) -> list[str]:
    """Name every sentence about a registration that what happens then belies."""
    owner = world.seafarer(world.row(registration_id).person_id)
    with world.office.look(owner) as look:
        page = progress(look, registration_id)
    told = Told(world, registration_id, page)
    found = []
    for sentence, say in told.says:
        seen[sentence] += 1
        check = CLAIMS.get(sentence)
        fault = check(told, say) if check else None
        if fault is None and sentence in AHEAD and say.facts["moment"] < world.clock.now():
            fault = "the day is past"
        if fault is not None:
            found.append(f"{registration_id} {told.row.status}/{told.row.seat} reads "
                         f"“{sentence}” {dict(say.facts)}, but {fault}")  # fmt: skip
    return found
