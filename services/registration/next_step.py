"""What happens next, by when, and what if nothing is done: one answer for every state (pure).

Source: rules.md 4, 7 and 8; look.md section 7 for the voice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.kernel.clock import taipei_day
from services.lottery.standing import InDraw
from services.registration.cards import Case, NextStep, OtherSeat, RegistrationCard, Say
from services.registration.endings import ending
from services.registration.explaining import Around
from services.registration.fixpoint import Skip
from services.registration.lifecycle import Seat, Status, Track
from services.registration.moves import SAID_YES
from services.words import mark


@dataclass(frozen=True, slots=True)
class Milestones:
    """When the class's milestones are due and which of them have been reached."""

    due: Mapping[str, datetime]
    reached: Mapping[str, datetime]

    def at(self, kind: str) -> datetime | None:
        """When a milestone is due, if it is still ahead."""
        return None if kind in self.reached else self.due.get(kind)


def next_step(
    card: RegistrationCard,
    case: Case | None,
    ahead: Milestones,
    now: datetime,
    about: Around,
    *,
    others: int = 0,
) -> NextStep:
    """Say what happens next to a registration, by when, and what if nothing is done.

    about: what is around it. others: how many other choices of the course are open.
    """
    if not card.is_open:
        return ending(card, about.afresh, returns=about.choices.returns)
    freeze = ahead.at("freeze")
    if freeze is not None and freeze < now and card.status not in SAID_YES:
        return _freezing()
    if about.two_seats is not None and card.status is Status.ADMITTED and card.asked is not None:
        return _two_seats(card, about.two_seats)
    if card.draw is not None and card.in_line and card.status is Status.WAITLISTED:
        return _drawing(card.draw, now)
    step = _ANSWERS[card.status](card, case, ahead, now)
    if isinstance(step.by, datetime) and step.by <= now:
        step = replace(step, by_more=Say(STILL if step.turn else WAITS))
    if others and card.status is Status.ADMITTED and card.asked is not None:
        return replace(
            step,
            then_more=Say(mark("Your other choices end at the same time.")),
            otherwise_more=Say(mark("This registration ends as lapsed. Your other choices stay.")),
        )
    return step


def _freezing() -> NextStep:
    return NextStep(
        Say(mark("The list is being frozen")),
        Say(mark("You are told whether you are on it")),
        None,
        None,
        None,
        Say(mark("Nothing is needed from you")),
        Say(mark("No answer counts any more.")),
    )


def _two_seats(card: RegistrationCard, other: OtherSeat) -> NextStep:
    """Ask somebody to choose whose class was moved into the days of another seat."""
    assert card.asked is not None
    return NextStep(
        Say(mark("Please choose: you hold two seats on the same days")),
        Say(mark("Once you cancel one of them, you can say yes to the other")),
        Say(mark("The other seat is in {code}."), {"code": other.code}),
        card.asked.by,
        _by_more(card),
        Say(mark("The seat goes to the next person")),
        Say(mark("This registration then ends as lapsed; the number is not used again.")),
        turn=True,
    )


STILL = mark("This day is past. An answer still counts as long as the place is yours.")
WAITS = mark("This day is past: it follows as soon as those asked before have had their time.")
PASSED_BY: Mapping[str, str] = {  # why seats go past somebody who keeps the place (rules.md 5)
    Skip.OVERLAP: mark(
        "You hold another class on the same days, so you are passed over for now. You keep your "
        "place."
    ),
    Skip.BETTER_RESERVED: mark(
        "A better choice keeps a seat for you during the review, so you are passed over for now. "
        "You keep your place."
    ),
    Skip.LATE_CALL: mark(
        "People here are being asked already and you hold a seat elsewhere, so without a yes "
        "ahead you are passed over. You keep both places."
    ),
    Skip.TOLD_SEAT: mark(
        "You hold a seat elsewhere for certain and one here would only be kept for the review, so "
        "you are passed over for now. You keep both places."
    ),
}
_DAYS = mark("The annual plan allows this many working days at most; you are told at once.")


LATE = mark(
    "This day is past: the review is late. You keep your place; you may ask the institution."
)


def _due(case: Case | None, now: datetime) -> Say:
    return Say(LATE if case is not None and case.due_on < taipei_day(now) else _DAYS)


def _in_review(
    card: RegistrationCard, case: Case | None, ahead: Milestones, now: datetime
) -> NextStep:
    kept = (
        Say(mark("A seat is reserved for you during the review."))
        if card.seat is Seat.RESERVED
        else Say(mark("You keep your place in the queue during the review."))
        if card.skip_reason is None
        else Say(PASSED_BY[card.skip_reason])
    )
    selling = card.kind == "funded" and "self_funded_call" in ahead.reached
    asked_for_paper = case is not None and case.state == "supplement"
    if selling and card.seat is Seat.NONE and ahead.at("freeze") and not asked_for_paper:
        keeps = Say(mark("Your review goes on: a claim then keeps you a seat until it ends."))
        more = keeps if card.skip_reason is None else kept
        return replace(_offered(card, case, ahead, now), then_more=more)
    if card.rescreen_due and (case is None or case.state == "open"):
        return NextStep(
            Say(mark("We cannot reach MTNet now; your registration is safe")),
            Say(mark("Your record is checked by itself as soon as MTNet answers")),
            kept,
            case.due_on if case else ahead.at("freeze"),
            Say(mark("The institution answers by this day at the latest.")),
            Say(mark("Nothing is needed from you")),
            Say(mark("You need not send anything again.")),
        )
    if case is not None and case.state == "supplement":
        return NextStep(
            Say(mark("Please upload a paper")),
            Say(
                mark("MPB asks: {ask}") if case.statement else mark("The institution asks: {ask}"),
                {"ask": case.ask or ""},
            ),
            kept,
            case.supplement_due_at,
            None,
            Say(mark("The registration ends and the place goes to the next person")),
            Say(mark("Ended as: paper missing. You may register again at the end of the queue.")),
            turn=True,
        )
    if case is not None and case.statement is not None:
        return NextStep(
            Say(mark("MPB is looking at your appeal")),
            Say(mark("MPB decides whether you meet the rules")),
            kept,
            case.due_on,
            _due(case, now),
            Say(mark("Nothing is needed from you")),
            Say(mark("Papers that help can be uploaded below until the decision.")),
        )
    return NextStep(
        Say(mark("The institution is looking at your papers")),
        Say(mark("The institution decides whether you meet the rules")),
        kept,
        case.due_on if case else ahead.at("freeze"),
        _due(case, now),
        Say(mark("Nothing is needed from you")),
        Say(mark("Papers that help can be uploaded below until the decision.")),
    )


def _waitlisted(
    card: RegistrationCard, _case: Case | None, ahead: Milestones, _now: datetime
) -> NextStep:
    by, what = _next_call(card, ahead)
    if card.skip_reason is not None:
        more = Say(PASSED_BY[card.skip_reason])
    elif card.track is Track.SELF_FUNDED and card.kind == "funded":
        more = Say(
            mark(
                "You are on the self-funded list: free seats are offered to you two "
                "weeks before the class."
            )
        )
    else:
        more = Say(mark("When someone cancels, the first person waiting gets the seat at once."))
    return NextStep(
        Say(mark("You are number {place} on the waiting list"), {"place": card.place}),
        Say(mark("We tell you when you move up to a seat")),
        more,
        by,
        Say(what),
        Say(mark("Cancel the other class if you want this one instead"))
        if card.skip_reason == Skip.OVERLAP
        else Say(mark("You keep your place")),
        Say(mark("Who has no seat when the list is frozen ends as not placed.")),
    )


def _next_call(card: RegistrationCard, ahead: Milestones) -> tuple[datetime | None, str]:
    """Give when seats move next for whoever waits, and what happens then."""
    promotion, offer = ahead.at("promotion_call"), ahead.at("self_funded_call")
    if promotion is not None and card.track == card.kind:
        return promotion, mark("Seats nobody confirmed go down the queue on this day.")
    if offer is not None and card.kind == "funded":
        return offer, mark("Free seats are offered at your own cost on this day.")
    return ahead.at("freeze"), mark("Until then every seat that comes free goes to the next.")


def _drawing(draw: InDraw, now: datetime) -> NextStep:
    """Say what a draw still ahead means: nobody has a seat, nobody can do anything for a rank."""
    letter = Say(mark("We write to you when your rank is drawn."))
    if draw.ticket is None:
        part = Say(mark("The window had closed when you registered: you come after the drawn."))
        letter = Say(mark("We write to you when there is a seat for you."))
    elif now < draw.closes_at:
        part = Say(
            mark("Everybody who registers until {moment} has the same chance."),
            {"moment": draw.closes_at},
        )
    else:
        part = Say(mark("The list of tickets is frozen; yours is on it."))
    return NextStep(
        Say(mark("The ranks are still to be drawn")),
        Say(mark("Ranks are drawn, then seats are given by rank")),
        part,
        taipei_day(draw.on),
        Say(mark("Or some days later, once the public value has been confirmed.")),
        Say(mark("Nothing is needed from you")),
        letter,
    )


def _admitted(
    card: RegistrationCard, _case: Case | None, ahead: Milestones, _now: datetime
) -> NextStep:
    if card.asked is None:
        return NextStep(
            Say(mark("You have a seat")),
            Say(mark("We will ask you to confirm; nothing to do now")),
            Say(mark("Keep your e-mail and phone up to date, so that the question reaches you.")),
            ahead.at("confirmation_call"),
            Say(mark("The day we ask you.")),
            Say(mark("The seat stays yours until we ask")),
            Say(mark("If you cannot come, cancel now, so that somebody else can have the seat.")),
        )
    return NextStep(
        Say(mark("Please answer: will you come to the class of {day}?"), {"day": card.starts_on}),
        Say(mark("You say yes and the seat is yours")),
        Say(mark("It costs {fee}, paid to the institution. Your no passes the seat on at once."),
            {"fee": card.fee})
        if card.seat is Seat.SELF_FUNDED
        else Say(mark("You say no and the seat goes to the next person at once.")),
        card.asked.by,
        _by_more(card),
        Say(mark("The seat goes to the next person")),
        Say(mark("This registration then ends as lapsed; the number is not used again.")),
        turn=True,
    )  # fmt: skip


def _offered(
    card: RegistrationCard, _case: Case | None, ahead: Milestones, _now: datetime
) -> NextStep:
    facts: dict[str, Any] = {"fee": card.fee}
    if card.claimed_at is not None:
        return NextStep(
            Say(mark("You have claimed a self-funded seat")),
            Say(mark("Seats go to those who claimed one, by rank")),
            Say(PASSED_BY[card.skip_reason])
            if card.skip_reason is not None
            else Say(mark("It costs {fee}; the institution tells you how to pay."), facts),
            ahead.at("settlement") or ahead.at("freeze"),
            Say(mark("You are told at once; you may take the claim back until then.")),
            Say(mark("Your claim stands")),
            Say(mark("If no seat is left now, it counts for seats that become free later.")),
        )
    return NextStep(
        Say(mark("You may come at your own cost, {fee}"), facts),
        Say(mark("You claim a seat; seats go to claimants by rank")),
        Say(
            mark("It is no race of clicks, and you may take the claim back until seats are given.")
        ),
        card.asked.by if card.asked else ahead.at("settlement") or ahead.at("freeze"),
        _by_more(card) if card.asked else None,
        Say(mark("You get no self-funded seat")),
        Say(mark("Who has no seat when the list is frozen ends as not placed.")),
        turn=True,
    )


def _by_more(card: RegistrationCard) -> Say | None:
    if card.asked is None or card.asked.deadline is not None:
        return None
    return Say(mark("At the earliest: the time counts from the moment our question reaches you."))


def _confirmed(
    card: RegistrationCard, _case: Case | None, ahead: Milestones, _now: datetime
) -> NextStep:
    frozen = ahead.at("freeze") is None
    return NextStep(
        Say(mark("Your seat is confirmed")),
        Say(mark("Come to the class on {day}"), {"day": card.starts_on})
        if frozen
        else Say(mark("The list is frozen and you get the joining details")),
        Say(mark("It costs {fee}; the institution tells you how to pay."), {"fee": card.fee})
        if card.seat is Seat.SELF_FUNDED
        else None,
        card.starts_on if frozen else ahead.at("freeze"),
        None,
        Say(mark("Nothing is needed from you")),
        Say(mark("If you cannot come, cancel as early as you can.")),
    )


_Answer = Callable[[RegistrationCard, Case | None, Milestones, datetime], NextStep]
_ANSWERS: Mapping[Status, _Answer] = {
    Status.IN_REVIEW: _in_review,
    Status.WAITLISTED: _waitlisted,
    Status.ADMITTED: _admitted,
    Status.OFFERED: _offered,
    Status.CONFIRMED: _confirmed,
    Status.SELF_FUNDED: _confirmed,
}
