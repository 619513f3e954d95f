"""In words: why a registration stands where it stands, and what would give it a seat (pure).

Source: rules.md 4, 5 and 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from services.kernel.clock import taipei_day
from services.lottery.standing import InDraw
from services.milestones import CALLED, SELF_FUNDING, SETTLED, Milestone, due_at
from services.registration.afresh import NOTHING, Afresh, told_afresh
from services.registration.cards import OtherSeat, RegistrationCard, Say, Why
from services.registration.endings import reason_of
from services.registration.lifecycle import Seat, Status, Track
from services.registration.own_choices import (
    GIVE_UP,
    Choices,
    choices_ended,
    choices_stand,
    choices_would,
)
from services.registration.seats import ClassFacts
from services.words import mark

WITH_SEAT = (Status.ADMITTED, Status.CONFIRMED, Status.SELF_FUNDED)


@dataclass(frozen=True, slots=True)
class Passed:
    """The seat in another class that stands in the way, and when one here went past."""

    on: datetime | None
    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Around:
    """The people around a registration in its class: counts only."""

    waiting: int  # in the same line, without a seat
    ahead: int  # of those, with a better rank
    before: int  # of those ahead, past whom seats do not go
    reserved: int  # seats kept for people under review
    unanswered: int  # seats whose holders have been asked
    answer_by: datetime | None  # the last deadline among them, at the earliest
    seated_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    passed: Passed | None
    last_ask: Row[Any] | None
    choices: Choices
    overridden: bool = False  # two planners decided: served next
    two_seats: OtherSeat | None = None  # on the same days, by a move or merge: the person chooses
    afresh: Afresh = NOTHING  # what registering again would meet


def explain(card: RegistrationCard, facts: ClassFacts, around: Around) -> Why:
    """Put it into sentences (pure)."""
    if not card.is_open:
        ended = (*_ended(card, around), *choices_ended(around.choices))
        return Why(ended, tuple(told_afresh(card, around.afresh)))
    if card.status in WITH_SEAT:
        return Why(tuple(_has_seat(card, around)), tuple(_keeps(card, facts, around)))
    stands, would = _stands(card, facts, around), tuple(_would(card, facts, around))
    return Why(tuple(stands), would or (Say(_NONE_LEFT),))


_NONE_LEFT = mark("No seat can be given here any more before the list is frozen.")


def _stands(card: RegistrationCard, facts: ClassFacts, around: Around) -> Iterator[Say]:
    if card.draw is not None:
        yield from _drawn(card, card.draw)
    if not card.in_line:
        yield from _in_queue(card, facts, around)
    if around.overridden:
        yield Say(mark("Two planners of MPB decided that you are served before the rank order."))
    if around.passed is not None:
        yield from _went_past(around.passed)
    yield from choices_stand(card, around.choices)
    if card.track is Track.SELF_FUNDED and not facts.wholly_self_funded:
        yield Say(
            mark("You are on the self-funded track: funded seats go to the funded track only.")
        )


def _in_queue(card: RegistrationCard, facts: ClassFacts, around: Around) -> Iterator[Say]:
    """Count the people and the seats; before a draw nobody is ahead and nobody has a seat."""
    waiting = {"waiting": around.waiting, "ahead": around.ahead}
    if card.told_rank is None:
        yield Say(_WAITING[facts.one_line], waiting)
    else:
        yield Say(_RANKED[facts.one_line], {"rank": card.told_rank, **waiting})
    yield Say(
        mark("Seats in the class: {cap}; held: {held}; free: {free}."),
        {"cap": facts.cap, "held": facts.seats_held, "free": facts.free},
    )
    if around.reserved:
        sentence = mark("Of the held seats, kept for people under review: {n}.")
        yield Say(sentence, {"n": around.reserved})
    if around.unanswered and around.answer_by:
        yield Say(
            mark("Of the held seats, not answered for yet: {n}; the last answer is due {moment}."),
            {"n": around.unanswered, "moment": around.answer_by},
        )


_WAITING = {  # by whether both tracks stand in one line
    False: mark("Waiting on this track: {waiting}; before you: {ahead}."),
    True: mark("Waiting on both tracks: {waiting}; before you: {ahead}."),
}
_RANKED = {
    False: mark("Rank {rank}. Waiting on this track: {waiting}; before you: {ahead}."),
    True: mark("Rank {rank}. Waiting on both tracks: {waiting}; before you: {ahead}."),
}


def _drawn(card: RegistrationCard, draw: InDraw) -> Iterator[Say]:
    """Say where the rank comes from, or will come from."""
    code = {"ticket": draw.ticket}
    if draw.ahead and draw.ticket:
        yield Say(mark("Your ticket {ticket} waits for the draw; nobody has a rank yet."), code)
    elif draw.ahead:
        yield Say(mark("The ranks are still to be drawn; you come after everybody drawn."))
    elif draw.ticket:
        yield Say(
            mark("Your rank {rank} was drawn with ticket {ticket}; anyone can check the draw."),
            {**code, "rank": card.rank},
        )
    else:
        yield Say(mark("Your number was given after the window: you come after everybody drawn."))


def _went_past(passed: Passed) -> Iterator[Say]:
    days = {"code": passed.code, "first": passed.first, "last": passed.last}
    if passed.on is None:
        yield Say(mark("You hold a seat in {code} on overlapping days ({first} to {last})."), days)
        return
    yield Say(
        mark(
            "A seat went past you on {moment}, because your seat in {code} overlaps "
            "({first} to {last}). You keep your place."
        ),
        {**days, "moment": passed.on},
    )


def _would(card: RegistrationCard, facts: ClassFacts, around: Around) -> Iterator[Say]:
    if card.seat is Seat.RESERVED:
        yield Say(mark("The seat kept for you is yours once the review finds you qualified."))
        return
    if facts.fixed:
        return
    if card.status is Status.IN_REVIEW:
        yield Say(mark("First the review has to find you qualified; then seats go by rank."))
    if card.draw is not None and _draw_reaches(card, facts):
        sentence = (
            mark("The draw, from {day} on, has to give you a rank that reaches a seat.")
            if card.draw.ticket
            else mark("After the draw, from {day} on, those drawn have to leave a seat.")
        )
        yield Say(sentence, {"day": taipei_day(card.draw.on)})
    offered = facts.self_funding and card.status is not Status.WAITLISTED
    if around.passed is not None:
        begun = around.passed.first <= taipei_day(facts.now)
        yield Say(_BEGUN if begun else GIVE_UP, {"code": around.passed.code})
        if not offered:
            return
    if offered:
        yield from choices_would(card, facts, around.choices)
        yield from _claiming(card, facts)
        return
    call = due_at(facts.policy, facts.starts_on, Milestone.SELF_FUNDED_CALL)
    own = facts.wholly_self_funded or card.track is Track.FUNDED
    if own and facts.promotion_open and around.choices.bar is None and around.choices.skip is None:
        until = facts.last_asking_at if facts.wholly_self_funded else call
        yield _next_seats(max(around.before + 1 - facts.free, 1), until, facts.now)
    if not facts.wholly_self_funded and facts.stage < SELF_FUNDING:
        yield _offered_later(card, call, facts.now)
    yield from choices_would(card, facts, around.choices)


_BEGUN = mark("Your class {code} has begun, so no seat here can be given to you.")


def _draw_reaches(card: RegistrationCard, facts: ClassFacts) -> bool:
    """Tell whether a draw still ahead can give a seat: to the class's own track, in time."""
    own = facts.wholly_self_funded or card.track is Track.FUNDED
    return card.in_line and own and facts.now <= facts.last_asking_at


def _next_seats(n: int, until: datetime, now: datetime) -> Say:
    """Promise the seat that so many seats are sure to bring; who leaves the line brings it nearer.

    A day that is past says nothing: then the call waits for those who may still answer.
    """
    past = until < now
    if n == 1:
        sentence = _NEXT[past]
        return Say(sentence, {} if past else {"moment": until})
    return Say(_NTH[past], {"n": n} if past else {"n": n, "moment": until})


_NEXT = {
    False: mark("The next seat that comes free is yours, if it does by {moment}."),
    True: mark(
        "The next seat that comes free is yours, if it does before seats are offered at one's own "
        "cost."
    ),
}
_NTH = {
    False: mark("If {n} seats come free by {moment}, one of them is yours."),
    True: mark(
        "If {n} seats come free before seats are offered at one's own cost, one of them is yours."
    ),
}


def _offered_later(card: RegistrationCard, call: datetime, now: datetime) -> Say:
    if call < now:
        sentence = mark(
            "Seats still free once those asked have had their time are offered at one's own cost, "
            "{fee}, by rank."
        )
        return Say(sentence, {"fee": card.fee})
    return Say(
        mark("Seats still free on {moment} are offered at one's own cost, {fee}, by rank."),
        {"moment": call, "fee": card.fee},
    )


def _claiming(card: RegistrationCard, facts: ClassFacts) -> Iterator[Say]:
    if card.claimed_at is None:
        yield Say(mark("You have to claim a seat; without a claim none is given."))
    settle = due_at(facts.policy, facts.starts_on, Milestone.SETTLEMENT)
    if facts.stage >= SETTLED:
        yield Say(mark("Each free seat goes at once to the claim with the best rank."))
    elif settle < facts.now:
        yield Say(
            mark(
                "Claims are served by rank once those asked have had their time; at once if fewer "
                "people before you than free seats could still take one."
            )
        )
    else:
        yield Say(
            mark(
                "Claims are served by rank from {moment}; at once if fewer people before you "
                "than free seats could still take one."
            ),
            {"moment": settle},
        )
    if facts.free <= 0:
        yield Say(mark("No seat is free now: somebody has to give one up first."))


def _has_seat(card: RegistrationCard, around: Around) -> Iterator[Say]:
    if card.draw is not None:
        yield from _drawn(card, card.draw)
    since = {"moment": around.seated_at or card.moved_at}
    if card.told_rank is None:
        yield Say(mark("You hold a seat since {moment}."), since)
    else:
        sentence = mark("Rank {rank}. You hold a seat since {moment}.")
        yield Say(sentence, {"rank": card.told_rank, **since})
    if around.last_ask is not None and around.last_ask.answer == "unreached":
        yield Say(mark("We could not reach you before the list was frozen; your seat was kept."))
    elif around.confirmed_at is not None:
        yield Say(mark("You said yes on {moment}."), {"moment": around.confirmed_at})


def _keeps(card: RegistrationCard, facts: ClassFacts, around: Around) -> Iterator[Say]:
    if card.case_state is not None:
        yield Say(
            mark(
                "Your papers are being looked at again: the seat is lost if you are found not "
                "qualified."
            )
        )
    elif card.status is not Status.ADMITTED:
        yield Say(mark("Nobody can take this seat from you."))
    if card.status is Status.ADMITTED:
        yield _stays(card, facts, around)
    elif facts.state == "published" and not facts.fixed:
        yield Say(
            mark(
                "Until {moment} the class itself may still be moved, merged or cancelled, for "
                "instance if too few people say yes."
            ),
            {"moment": facts.freeze_at},
        )


def _stays(card: RegistrationCard, facts: ClassFacts, around: Around) -> Say:
    """Say what keeps the seat of somebody who has not said yes."""
    if facts.fixed:
        return Say(mark("The list is being frozen: no answer counts any more."))
    if around.two_seats is not None:
        return Say(
            mark("You hold a seat in {code} on the same days: a yes counts once you give one up."),
            {"code": around.two_seats.code},
        )
    if card.asked is not None and card.asked.by <= facts.now:
        return Say(mark("The day to answer by is past: a yes counts until the seat is passed on."))
    if card.asked is not None:
        return Say(mark("It stays yours if you say yes by {moment}."), {"moment": card.asked.by})
    call = due_at(facts.policy, facts.starts_on, Milestone.CONFIRMATION_CALL)
    if facts.stage < CALLED and call > facts.now:
        sentence = mark("It stays yours; we ask you on {moment} whether you will come.")
        return Say(sentence, {"moment": call})
    return Say(mark("It stays yours; we are about to ask you whether you will come."))


def _ended(card: RegistrationCard, around: Around) -> Iterator[Say]:
    yield Say(mark("Ended on {moment}."), {"moment": around.ended_at or card.moved_at})
    why = reason_of(card)
    if why is not None:
        yield why
    asked = around.last_ask
    if card.status is Status.LAPSED and asked is not None and asked.reached_at is not None:
        yield Say(
            mark("We asked you on {asked}; it reached you on {reached}; the time ended {moment}."),
            {"asked": asked.asked_at, "reached": asked.reached_at, "moment": asked.deadline},
        )
