"""What a person's other choices mean for one registration, in words (rules.md 5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from services.catalogue.records import training_class
from services.kernel.work import Look
from services.milestones import CALLED
from services.notices.records import notice
from services.registration.cards import RegistrationCard, Say
from services.registration.fixpoint import OWN_COHORT, Place, Skip, out_of_question
from services.registration.lifecycle import SEATED, Notice, Seat, Status, Track
from services.registration.records import skip
from services.registration.seats import ClassFacts
from services.words import mark


@dataclass(frozen=True, slots=True)
class Choices:
    """The other choices of the same course and year, as far as they matter here."""

    n: int  # open choices, this one counted in
    bar: Skip | None = None  # why the next seat here would go past, whatever comes free
    held: str | None = None  # the class of the course with a seat; None: none, or not to be named
    skip: str | None = None  # why a seat went past, when, and for which class
    skipped_on: datetime | None = None
    skipped_for: str | None = None
    standby_on: datetime | None = None
    won: str | None = None  # the class whose seat ended this choice
    returns: bool = False  # if that class does not take place

    @property
    def in_the_way(self) -> str | None:
        """The class for whose sake seats go past here."""
        return self.held or self.skipped_for


def choices_of(
    look: Look,
    card: RegistrationCard,
    facts: ClassFacts,
    choices: Sequence[RegistrationCard],
    seats: Sequence[Row[Any]],
) -> Choices:
    """Read what a person's choices of the course mean for one of them.

    choices: those the reader may see; only these are named. seats: all the person's, anywhere.
    """
    here = [row for row in seats if row.cohort_id == card.cohort_id and row.id != card.id]
    held = here[0] if here else None
    why, waits = _skip(look, card), card.status is Status.WAITLISTED
    won = None if card.is_open else _won(look, card)
    code = None if won is None else _code(look, won)
    stands = facts.state == "published" and not facts.fixed
    return Choices(
        sum(choice.is_open for choice in choices),
        bar=None if held is None else _bar(card, facts, held),
        held=held.code if held and held.code in {choice.code for choice in choices} else None,
        skip=card.skip_reason if card.skip_reason in OWN_COHORT else None,
        skipped_on=_told(look, card, Notice.SKIPPED) if why else None,
        skipped_for=why,
        standby_on=_told(look, card, Notice.STANDBY) if waits else None,
        won=code,
        returns=stands and held is not None and held.class_id == won and held.seat in SEATED,
    )


def _bar(card: RegistrationCard, facts: ClassFacts, held: Row[Any]) -> Skip | None:
    """Tell why a seat here would go past; where seats are sold a claim says yes."""
    if not card.is_open or card.seat is not Seat.NONE:
        return None
    late = facts.stage >= CALLED and not facts.one_line and card.standing_yes_at is None
    reviewed = card.status is Status.IN_REVIEW
    kept = held.seat == Seat.RESERVED.value
    return out_of_question(
        Place(card.id, card.class_id, card.person_id, card.rank, card.preference,
              reviewed=reviewed, late=late),
        Place(held.id, held.class_id, card.person_id, held.rank, held.preference, reviewed=kept),
    )  # fmt: skip


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


def _won(look: Look, card: RegistrationCard) -> int | None:
    told = look.connection.scalars(
        select(notice.c.facts)
        .where(notice.c.registration_id == card.id, notice.c.kind == Notice.SUPERSEDED.value)
        .order_by(notice.c.id.desc())
    ).first()
    return None if told is None else int(told["won"])


def _code(look: Look, class_id: int) -> str:
    return str(look.scalar(select(training_class.c.code).where(training_class.c.id == class_id)))


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
    elif choices.bar is Skip.BETTER_RESERVED and choices.held is not None:
        yield Say(
            mark(
                "A seat is kept for you in your better choice {code} during the review; until it "
                "is decided, seats here go past you. You keep your place."
            ),
            {"code": choices.held},
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
    waits = card.status is Status.WAITLISTED and card.track is Track.FUNDED
    may_say_yes = waits and facts.yes_open and card.standing_yes_at is None
    bar = choices.bar or (None if facts.one_line else choices.skip)
    if bar is None:
        if may_say_yes:
            yield Say(mark("Say yes beforehand, and a seat that reaches you is confirmed at once."))
        return
    if choices.in_the_way is None:
        yield Say(mark("Seats here go past you while you hold one in another class of the course."))
        return
    sentence = _MOVED_HERE if bar == Skip.LATE_CALL and may_say_yes else _AGAIN_FOR[bar]
    yield Say(sentence, {"code": choices.in_the_way})


GIVE_UP = mark("If you give up the seat in {code}, this class is looked at for you again.")
_MOVED_HERE = mark("Say yes beforehand to be moved here from {code} when a seat comes free.")
_AGAIN_FOR: Mapping[str, str] = {  # what ends that seats go past somebody
    Skip.BETTER_RESERVED: mark(
        "If the review of {code} ends without a seat, this class is looked at again."
    ),
    Skip.LATE_CALL: GIVE_UP,
    Skip.TOLD_SEAT: mark(
        "Seats here count for you again once the review finds you qualified, or if you give up the "
        "seat in {code}."
    ),
}


def choices_ended(choices: Choices) -> Iterator[Say]:
    """Say which seat ended this choice (pure)."""
    if choices.won is not None:
        sentence = (
            mark("Your seat in {code} ended it; if that class falls away, it is opened again.")
            if choices.returns
            else mark("Your seat in {code} ended it.")
        )
        yield Say(sentence, {"code": choices.won})
