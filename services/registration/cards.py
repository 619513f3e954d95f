"""What the seafarer's pages are handed about registrations: plain cards, no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.lottery.standing import InDraw
from services.registration.lifecycle import SEATED, TRAITS, Seat, Status, Track


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of the catalogue with its facts; the reader's words fill the blanks."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request: `deadline` is unknown until the request has reached the person."""

    id: int
    kind: str  # confirm | claim
    asked_at: datetime
    reached_at: datetime | None
    reached_by: str | None
    deadline: datetime | None
    calendar_deadline: datetime

    @property
    def by(self) -> datetime:
        """The deadline, or the earliest it can be."""
        return self.deadline or self.calendar_deadline


@dataclass(frozen=True, slots=True)
class Paper:
    """A file uploaded for a review."""

    id: int
    given_name: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """The review of a registration as its owner may see it."""

    id: int
    state: str
    due_on: date
    ask: str | None
    supplement_due_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    statement: str | None = None  # an appeal: MPB decides it
    papers: tuple[Paper, ...] = ()

    @property
    def takes_papers(self) -> bool:
        return self.state in ("open", "supplement")


@dataclass(frozen=True, slots=True)
class RegistrationCard:
    """One registration in a list: which class, where it stands, what is asked by when."""

    id: int
    person_id: int
    class_id: int
    cohort_id: int
    code: str
    course: str
    course_zh: str
    course_en: str
    stcw_ref: str | None
    institution: str
    institution_zh: str
    institution_en: str
    city_zh: str | None
    city_en: str | None
    starts_on: date
    ends_on: date
    class_state: str
    kind: str  # of the class: funded | self_funded
    fee: int
    number: int
    rank: int
    preference: int  # among the person's open registrations in the course: 1 is the best
    status: Status
    seat: Seat
    track: Track
    reason: str | None
    skip_reason: str | None
    claimed_at: datetime | None
    standing_yes_at: datetime | None
    rescreen_due: bool
    registered_at: datetime
    moved_at: datetime
    place: int | None  # in the waiting list of its track
    asked: Asked | None
    case_state: str | None
    supplement_due_at: datetime | None
    called: bool  # the class's confirmation call has been reached
    draw: InDraw | None = None  # what orders its queue; None: the number
    sold: bool = False  # free seats of the class are offered at one's own cost

    @property
    def may_claim(self) -> bool:
        """Whether a seat is offered at one's own cost; under review one would be kept."""
        reviewed = self.status is Status.IN_REVIEW and self.seat is Seat.NONE and self.sold
        return self.status is Status.OFFERED or reviewed

    @property
    def in_line(self) -> bool:
        """Whether it waits for a draw, which alone will say its rank."""
        return self.is_open and self.draw is not None and self.draw.ahead

    @property
    def told_rank(self) -> int | None:
        """The rank as it is told: none before a draw, none for a number taken after its window.

        Such a number follows everybody drawn; the waiting place says where it stands.
        """
        if self.draw is not None and (self.draw.ahead or self.draw.ticket is None):
            return None
        return self.rank

    @property
    def is_open(self) -> bool:
        return TRAITS[self.status].is_open

    @property
    def holds(self) -> bool:
        """Whether a seat is held for certain."""
        return self.seat in SEATED

    @property
    def needs_answer(self) -> bool:
        """Whether it is the person's turn: to answer, or to bring a paper."""
        unanswered = (self.asked is not None or self.may_claim) and self.claimed_at is None
        return self.is_open and (unanswered or self.case_state == "supplement")


@dataclass(frozen=True, slots=True)
class MyChoice:
    """One choice of a course: the registration and what happens next to it."""

    card: RegistrationCard
    says: Say


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, by when, and what if nothing is done; `turn` = the person must act."""

    head: Say
    then: Say
    then_more: Say | None
    by: datetime | date | None
    by_more: Say | None
    otherwise: Say
    otherwise_more: Say | None
    turn: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """Why a registration stands where it stands, and what would have to happen for a seat."""

    stands: tuple[Say, ...]
    would: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on the plotted course: done, now or ahead."""

    state: str
    title: Say
    at: datetime | date
    note: Say | None = None
    until: bool = False  # `at` is a deadline


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as the inbox lists it."""

    id: int
    kind: str
    registration_id: int
    asks: bool
    made_at: datetime
    read_at: datetime | None
    mail: str
    code: str
    course_zh: str
    course_en: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class OtherSeat:
    """A seat of the same person on the same days."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the page of one registration shows."""

    card: RegistrationCard
    next: NextStep
    why: Why
    marks: tuple[Mark, ...]
    case: Case | None
    notices: tuple[NoticeLine, ...]
    findings: Mapping[str, Any]
    declared: tuple[str, ...]
    screened_at: datetime
    choices: tuple[MyChoice, ...]  # of the course: open ones by preference, then what they ended
    # confirm, decline, claim, unclaim, stand_by, stand_down, reorder, cancel, upload, appeal
    can: frozenset[str]
    appeal_until: date | None = None
    receipt: str | None = None  # the code that proves the number; told to nobody but its owner
    overlaps_with: OtherSeat | None = None  # by a move or merge; the person chooses
