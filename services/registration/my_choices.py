"""The choices of one person for a course: what happens next to each, in one sentence (pure).

Source: rules.md 5 and 7.
"""

from collections.abc import Mapping, Sequence

from services.registration.cards import MyChoice, RegistrationCard, Say
from services.registration.endings import reason_of
from services.registration.lifecycle import Reason, Seat, Status
from services.words import mark

_SKIPPED = {
    "overlap": mark("Seats pass you by for now: your class {code} is on the same days."),
    "better_reserved": mark("Waits while {code} keeps a seat for you during the review."),
    "late_call": mark(
        "A seat passed you by: people here are being asked already, so you are moved from {code} "
        "only with a yes ahead. You keep both places."
    ),
    "told_seat": mark(
        "Seats pass you by: yours in {code} is certain, here it would only be kept for a review."
    ),
}


ENDED_AS_CHOICE = (
    Reason.SUPERSEDED,
    Reason.CONFIRMED_ELSEWHERE,
    Reason.CLASS_CANCELLED,
    Reason.MERGED,
)


def told(cards: Sequence[RegistrationCard], in_the_way: Mapping[int, str]) -> tuple[MyChoice, ...]:
    """Say of every choice what happens next; open ones by preference, then what others ended.

    in_the_way: by registration, the class for whose sake seats pass it by.
    """
    still = sorted((c for c in cards if c.is_open), key=lambda c: c.preference)
    over = [card for card in cards if card.reason in ENDED_AS_CHOICE]
    over.sort(key=lambda c: c.moved_at, reverse=True)
    held = next((card for card in still if card.holds), None)
    return tuple(
        MyChoice(card, _says(card, still, held, in_the_way.get(card.id)))
        for card in [*still, *over]
    )


def may_reorder(cards: Sequence[RegistrationCard]) -> bool:
    """Whether the order may be changed: two or more open, and no seat held for certain."""
    still = [card for card in cards if card.is_open]
    return len(still) > 1 and not any(card.holds for card in still)


def _says(
    card: RegistrationCard,
    still: Sequence[RegistrationCard],
    held: RegistrationCard | None,
    in_the_way: str | None,
) -> Say:
    if not card.is_open:
        return _ended(card)
    if card.case_state == "supplement":
        return Say(mark("Please upload a paper"))
    if card.holds:
        return _seated(card, others=len(still) > 1)
    if card.may_claim:
        return _offered(card)
    if card.seat is Seat.RESERVED:
        return Say(mark("A seat is kept for you here during the review."))
    if card.skip_reason in _SKIPPED and in_the_way is not None:
        return Say(_SKIPPED[card.skip_reason], {"code": in_the_way})
    if card.standing_yes_at is not None:
        return Say(mark("You have said yes ahead: a seat that comes up is confirmed at once."))
    if held is not None:
        return _better(card, held)
    if card.status is Status.IN_REVIEW:
        return Say(mark("Under review; number and place are kept."))
    return Say(mark("We tell you when a seat comes up."))


def _ended(card: RegistrationCard) -> Say:
    return reason_of(card) or Say(mark("This registration is closed"))


def _seated(card: RegistrationCard, *, others: bool) -> Say:
    if card.status is not Status.ADMITTED:
        return Say(mark("Confirmed: the seat is yours."))
    if card.asked is None:
        better = mark("The seat is yours, unless a better choice comes up before you confirm.")
        return Say(better if others else mark("We will ask you to confirm."))
    by = {"moment": card.asked.by}
    if others:
        return Say(mark("Answer by {moment}. Your yes ends the other choices."), by)
    return Say(mark("Answer by {moment}."), by)


def _offered(card: RegistrationCard) -> Say:
    if card.claimed_at is not None:
        return Say(mark("Your claim stands; seats go by rank."))
    if card.asked is not None:
        return Say(mark("Answer by {moment}."), {"moment": card.asked.by})
    return Say(mark("You may claim a seat at your own cost."))


def _better(card: RegistrationCard, held: RegistrationCard) -> Say:
    """Tell what happens if a better choice comes up while a seat is held in a lower one."""
    if card.called:
        return Say(
            mark("People here are being asked already: only with a yes ahead are you moved here.")
        )
    return Say(
        mark("If it comes up, you move here and the seat in {code} goes to the next person."),
        {"code": held.code},
    )
