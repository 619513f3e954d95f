"""What a person's other choices mean for one registration, in words (rules.md 5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from services.catalogue.records import training_class
from services.kernel.work import Look
from services.notices.records import notice
from services.registration.cards import RegistrationCard, Say
from services.registration.fixpoint import OWN_COHORT, Skip
from services.registration.lifecycle import Notice, Seat, Status, Track
from services.registration.records import skip
from services.registration.seats import ClassFacts
from services.words import mark


@dataclass(frozen=True, slots=True)
class Choices:
    """The other choices of the same course and year, as far as they matter here."""

    n: int  # open choices, this one counted in
    suspended_by: str | None = None  # a better choice that keeps a reserved seat
    seat_in: str | None = None  # a lower choice that has given a seat for certain
    skip: str | None = None  # why a seat went past, when, and for which class
    skipped_on: datetime | None = None
    skipped_for: str | None = None
    standby_on: datetime | None = None
    won: str | None = None  # the class whose seat ended this choice

    @property
    def passed_by(self) -> bool:
        """Whether the next seats go past, whatever comes free."""
        return self.suspended_by is not None or self.skip is not None


def choices_of(look: Look, card: RegistrationCard, choices: Sequence[RegistrationCard]) -> Choices:
    """Read what a person's choices of the course mean for one of them."""
    still = [choice for choice in choices if choice.is_open]
    others = [choice for choice in still if choice.id != card.id]
    better = [c.code for c in others if c.seat is Seat.RESERVED and c.preference < card.preference]
    seats = [choice.code for choice in others if choice.holds]
    why, waits = _skip(look, card), card.status is Status.WAITLISTED
    return Choices(
        len(still),
        suspended_by=better[0] if better else None,
        seat_in=seats[0] if seats else None,
        skip=card.skip_reason if card.skip_reason in OWN_COHORT else None,
        skipped_on=_told(look, card, Notice.SKIPPED) if why else None,
        skipped_for=why,
        standby_on=_told(look, card, Notice.STANDBY) if waits else None,
        won=_won(look, card),
    )


def _skip(look: Look, card: RegistrationCard) -> str | None:
    if card.skip_reason not in OWN_COHORT:
        return None
    codes = look.connection.scalars(
        select(skip.c.code)
        .where(skip.c.registration_id == card.id, skip.c.until_seq.is_(None))
        .order_by(skip.c.id.desc())
    )
    return codes.first()


_LAST = select(func.max(notice.c.made_at)).where(
    notice.c.registration_id == bindparam("registration_id"), notice.c.kind == bindparam("kind")
)


def _told(look: Look, card: RegistrationCard, kind: Notice) -> datetime | None:
    told: datetime | None = look.scalar(_LAST, {"registration_id": card.id, "kind": kind.value})
    return told


def _won(look: Look, card: RegistrationCard) -> str | None:
    if card.is_open:
        return None
    told = look.connection.scalars(
        select(notice.c.facts)
        .where(notice.c.registration_id == card.id, notice.c.kind == Notice.SUPERSEDED.value)
        .order_by(notice.c.id.desc())
    ).first()
    if told is None:
        return None
    won = training_class.c.id == told["won"]
    return str(look.scalar(select(training_class.c.code).where(won)))


def choices_stand(card: RegistrationCard, choices: Choices) -> Iterator[Say]:
    """Say how the other choices bear on where this one stands (pure)."""
    if choices.n > 1:
        yield Say(
            mark("This is your choice {n} of {all} in this course."),
            {"n": card.preference, "all": choices.n},
        )
    if choices.skip and choices.skipped_on and choices.skipped_for:
        yield Say(
            _WENT_PAST[choices.skip], {"moment": choices.skipped_on, "code": choices.skipped_for}
        )
    elif choices.suspended_by is not None:
        yield Say(
            mark(
                "A seat is kept for you in your better choice {code} during the review; until it "
                "is decided, seats here go past you. You keep your place."
            ),
            {"code": choices.suspended_by},
        )
    if choices.standby_on is not None and card.status is Status.WAITLISTED:
        yield Say(mark("You are on standby since {moment}."), {"moment": choices.standby_on})
    if card.standing_yes_at is not None and card.status is Status.WAITLISTED:
        yield Say(
            mark("You said yes beforehand on {moment}: a seat that reaches you is yours at once."),
            {"moment": card.standing_yes_at},
        )


_WENT_PAST = {
    Skip.BETTER_RESERVED.value: mark(
        "A seat went past you on {moment}, because a seat is kept for you in your better choice "
        "{code} during the review. You keep your place."
    ),
    Skip.LATE_CALL.value: mark(
        "A seat went past you on {moment}: you hold a seat in {code} and had not said yes "
        "beforehand, as is needed after the confirmation call. You keep both places."
    ),
    Skip.TOLD_SEAT.value: mark(
        "A seat went past you on {moment}: it could only have been reserved during the review, "
        "and your seat in {code} is certain. You keep both places."
    ),
}


def choices_would(card: RegistrationCard, facts: ClassFacts, choices: Choices) -> Iterator[Say]:
    """Say what the other choices or a yes beforehand would change (pure)."""
    yield from _passed_by(choices)
    waits = card.status is Status.WAITLISTED and card.track is Track.FUNDED
    if not waits or not facts.yes_open:
        if choices.skip == Skip.LATE_CALL:
            yield Say(GIVE_UP, {"code": choices.skipped_for})
        return
    if card.standing_yes_at is None and choices.seat_in is not None:
        yield Say(
            mark("Say yes beforehand to be moved here from {code} when a seat comes free."),
            {"code": choices.seat_in},
        )
    elif card.standing_yes_at is None:
        yield Say(mark("Say yes beforehand, and a seat that reaches you is confirmed at once."))


GIVE_UP = mark("If you give up the seat in {code}, this class is looked at for you again.")


def _passed_by(choices: Choices) -> Iterator[Say]:
    """Say what ends that seats go past somebody; a yes beforehand is told of apart."""
    if choices.suspended_by is not None:
        yield Say(
            mark("If the review of {code} ends without a seat, this class is looked at again."),
            {"code": choices.suspended_by},
        )
    if choices.skip == Skip.TOLD_SEAT:
        yield Say(
            mark(
                "Seats here count for you again once the review finds you qualified, or if you "
                "give up the seat in {code}."
            ),
            {"code": choices.skipped_for},
        )


def choices_ended(choices: Choices) -> Iterator[Say]:
    """Say which seat ended this choice (pure)."""
    if choices.won is not None:
        yield Say(
            mark("Your seat in {code} ended it; if that class falls away, it is opened again."),
            {"code": choices.won},
        )
