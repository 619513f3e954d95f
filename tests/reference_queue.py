"""The queue as rules.md tells it, told again in plain Python: facts in order -> who holds what.

Pure, and nothing of the portal's own code. The facts and the clock are in reference_season.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MILESTONES = (28, 21, 14, 11, 7, 5)  # days before class, at nine
CALL, PROMOTION, SELF_FUNDED, SETTLEMENT, SIZE, FREEZE = range(6)
OPEN = ("in_review", "waitlisted", "admitted", "offered", "confirmed", "self_funded")
HELD = ("reserved", "funded", "self_funded")


@dataclass(eq=False)
class Course:
    """What a training class is; only a move changes it."""

    id: int
    cohort: int
    starts: date
    ends: date
    cap: int
    min_size: int
    kind: str
    moves: int = 0
    moved: datetime | None = None  # the latest time

    def __deepcopy__(self, _memo) -> "Course":
        return self

    def due(self, milestone: int) -> datetime:
        """Milestones of new days that had come already were due when the class was moved."""
        due = at(self.starts - MILESTONES[milestone] * DAY, 9)
        return due if self.moved is None else max(due, self.moved)

    def overlaps(self, other: "Course") -> bool:
        return (
            self.cohort != other.cohort and self.starts <= other.ends and other.starts <= self.ends
        )


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), TAIPEI)


@dataclass
class Ask:
    """A question and, once it has reached the person, its deadline."""

    kind: str
    asked: datetime
    calendar: datetime
    hours: int
    freeze: datetime
    reached: datetime | None = None
    task: datetime | None = None

    @property
    def deadline(self) -> datetime | None:
        if self.reached is None:
            return None
        return min(max(self.calendar, self.reached + self.hours * HOUR), self.freeze)

    def over(self, now: datetime) -> bool:
        return self.deadline is not None and self.deadline <= now


@dataclass
class Place:
    """One number in one queue."""

    id: int
    of: Course
    person: int
    track: str
    status: str
    preference: int = 1
    seat: str = "none"
    number: int = 0
    rank: int = 0  # the number; under a lottery what was drawn for the ticket
    ticket: bool = False  # the number was taken inside the window
    passed: str | None = None
    claims: bool = False
    yes: bool = False
    sound: bool = False  # found qualified, by the records or by a review
    why: str | None = None  # how it was left behind for another choice
    registered: datetime | None = None
    ended: datetime | None = None
    ask: Ask | None = None
    answered: Ask | None = None  # by the claim that stands
    came: tuple[date, object] | None = None  # on which day, with which papers
    refused_on: tuple[date, object] | None = None  # the same, where the records refuse
    owed: str | None = None  # MTNet was silent: the verdict it owes
    mail: bool = True
    first: bool = False  # two planners have said: served before every rank
    grounds: str = ""  # of a refusal

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def told(self) -> bool:
        """Whether the person holds this seat for certain."""
        return self.seat in ("funded", "self_funded")


@dataclass
class Case:
    """The one open question about a person in a cohort, on the desk of one choice."""

    place: Place
    state: str = "open"
    paper_due: datetime | None = None
    appeal: bool = False  # to MPB, about one registration

    @property
    def waits(self) -> bool:
        return self.state in ("open", "supplement")


@dataclass
class Draw:
    """Whose numbers a window lottery ranks, and how far it is; several classes may follow it."""

    id: int
    window: int
    cohort: int
    closes: datetime
    commitment: str  # the SHA-256 of its seed, public before the window opened
    people: set[int] = field(default_factory=set)  # who has a ticket
    state: str = "open"  # then closed, then drawn


@dataclass
class Reading:
    """The public value of a window as a planner read it off the named source."""

    by: int
    value: str
    confirmed: bool = False


@dataclass
class Stand:
    """Where a class stands."""

    cap: int
    stage: int = 0
    reached: datetime | None = None  # the latest milestone
    state: str = "published"
    called_up: int = 0  # who got a seat in the promotion call


@dataclass
class Queues:
    """All queues: what may be asked about them, and the moves that the rules make of a fact."""

    courses: dict[int, Course]
    places: dict[int, Place] = field(default_factory=dict)
    stands: dict[int, Stand] = field(default_factory=dict)
    look_again: list[tuple[int, int]] = field(default_factory=list)
    skips_told: set[tuple[int, str, int]] = field(default_factory=set)
    standby: set[tuple[int, int]] = field(default_factory=set)  # who, on which days of the class
    small: set[tuple[int, int]] = field(default_factory=set)  # whom too few come to, on which days
    flags: set[frozenset[int]] = field(default_factory=set)  # seats on the same days by a move
    cases: list[Case] = field(default_factory=list)
    draws: dict[int, Draw] = field(default_factory=dict)  # by class; without one the number ranks
    readings: dict[int, Reading] = field(default_factory=dict)  # by window
    ranks_told: set[int] = field(default_factory=set)
    batch: int = 100
    now: datetime = datetime(2000, 1, 1, tzinfo=TAIPEI)

    def __post_init__(self) -> None:
        self.stands = {c.id: Stand(c.cap) for c in self.courses.values()}

    def queue(self, course: Course, *statuses: str) -> list[Place]:
        mine = (p for p in self.places.values() if p.of is course)
        served = (p for p in mine if p.status in statuses)
        return sorted(served, key=lambda p: (not p.first, p.rank))

    def line_up(self, place: Place) -> None:
        """Take the next number, and a ticket inside a window; later ones come after the drawn."""
        place.number = place.rank = 1 + sum(p.of is place.of for p in self.places.values())
        draw = self.draws.get(place.of.id)
        if draw and draw.state == "open" and self.now < draw.closes:
            place.ticket = True
            draw.people.add(place.person)
        elif draw and draw.state == "drawn":
            place.rank += len(draw.people)
        self.places[place.id] = place

    def undrawn(self, course: Course) -> bool:
        """Whether nobody has a rank yet: no seat is given and nobody is asked."""
        draw = self.draws.get(course.id)
        return draw is not None and draw.state != "drawn"

    def held(self, course: Course) -> int:
        return sum(p.of is course and p.seat in (*HELD, "spent") for p in self.places.values())

    def free(self, course: Course) -> int:
        return self.stands[course.id].cap - self.held(course)

    def clash(self, person: int, course: Course) -> Place | None:
        """Give the seat that stands in the way: one said yes to, else the first to begin."""
        return min(
            (
                p
                for p in self.places.values()
                if p.person == person and p.seat in HELD and p.of.overlaps(course)
            ),
            key=lambda p: (p.status not in ("confirmed", "self_funded"), p.of.starts, p.of.id),
            default=None,
        )

    def promoting(self, course: Course) -> bool:
        stand = self.stands[course.id]
        last = FREEZE + 1 if course.kind == "self_funded" else SELF_FUNDED + 1
        in_time = self.now <= course.due(FREEZE) - 24 * HOUR
        live = stand.state == "published" and not self.undrawn(course)
        return live and stand.stage < last and in_time

    def fixed(self, course: Course) -> bool:
        return self.stands[course.id].stage > FREEZE or self.now > course.due(FREEZE)

    def selling(self, course: Course) -> bool:
        stand = self.stands[course.id]
        return (
            course.kind == "funded"
            and stand.state == "published"
            and not self.undrawn(course)
            and stand.stage > SELF_FUNDED
            and not self.fixed(course)
        )

    def ask(self, place: Place, kind: str) -> None:
        stops = (SETTLEMENT, FREEZE)
        if kind == "confirm":
            stops = (PROMOTION, SELF_FUNDED, *stops)
        ahead = [place.of.due(m) for m in stops if place.of.due(m) > self.now]
        late = self.now.astimezone(TAIPEI).date() > place.of.starts - 14 * DAY
        freeze = place.of.due(FREEZE)
        hours = 24 if late else 72
        place.ask = Ask(kind, self.now, min(ahead, default=freeze), hours, freeze)

    def choices(self, place: Place) -> list[Place]:
        """Give the open choices of the same person and cohort, best first."""
        mine = (
            p
            for p in self.places.values()
            if p.person == place.person and p.of.cohort == place.of.cohort and p.open
        )
        return sorted(mine, key=lambda p: p.preference)

    def holds(self, place: Place) -> Place | None:
        return next((p for p in self.choices(place) if p.seat in HELD), None)

    def move(self, place: Place, status: str, seat: str = "none", stays: bool = False) -> None:
        """Take one step; `stays`: the person takes another seat of the cohort in its place."""
        freed, learns = place.seat in HELD and seat == "none", not place.told
        if status != place.status and place.status in ("admitted", "offered", "in_review"):
            place.ask = None
        if seat in ("funded", "self_funded") and not place.told:
            place.passed = None
        says_yes = status in ("confirmed", "self_funded") and place.status not in (
            "confirmed",
            "self_funded",
        )
        place.status, place.seat = status, seat
        if not place.open:
            place.ended = self.now
            self.case_moves_on(place)
        if place.told and (learns or says_yes):
            for other in self.choices(place):
                if other is not place and (says_yes or other.preference > place.preference):
                    other.why = "elsewhere" if says_yes else "superseded"
                    self.move(other, "cancelled", stays=True)
        if freed:
            self.free_of(place, stays)

    def free_of(self, place: Place, stays: bool) -> None:
        """Days given up: elsewhere the person is looked at again, here what the seat held off."""
        self.flags = {pair for pair in self.flags if place.id not in pair}
        self.look_elsewhere(place)
        if not stays:
            self.lift(place)

    def look_elsewhere(self, place: Place) -> None:
        for other in self.places.values():
            key = (other.of.cohort, other.person)
            elsewhere = other.person == place.person and other.of.cohort != place.of.cohort
            if other.passed == "overlap" and elsewhere and key not in self.look_again:
                self.look_again.append(key)

    def lift(self, place: Place) -> None:
        for other in self.choices(place):
            if other.seat == "none" and other.passed != "overlap":
                other.passed = None

    def case_moves_on(self, place: Place) -> None:
        """The best choice under review takes the case along; without one it ends.

        An appeal is about its own registration and ends with it.
        """
        for case in self.cases:
            if case.waits and case.place is place and not (case.appeal and place.open):
                left = self.under_review(place)
                if left and not case.appeal:
                    case.place = left[0]
                else:
                    case.state = "void"

    def open_case(self, place: Place) -> None:
        theirs = (place.person, place.of.cohort)
        waiting = (c.place for c in self.cases if c.waits and not c.appeal)
        if not any((p.person, p.of.cohort) == theirs for p in waiting):
            self.cases.append(Case(place))

    def under_review(self, place: Place) -> list[Place]:
        """Give the choices that the review decides: not those about which MPB decides an appeal."""
        appealed = {c.place.id for c in self.cases if c.appeal and c.waits}
        mine = self.choices(place)
        return [p for p in mine if p.status == "in_review" and p.id not in appealed]

    def falls_with(self, case: Case) -> list[Place]:
        """Give what a case decides: an appeal its own registration, a review all choices."""
        if case.appeal:
            return [p for p in (case.place,) if p.status == "in_review"]
        return self.under_review(case.place)

    def case_at(self, place: Place) -> Case | None:
        mine = [case for case in self.cases if case.place is place]
        return mine[-1] if mine else None

    def admit(self, place: Place, seat: str | None = None) -> None:
        self.move(place, "admitted", seat or place.of.kind)
        if self.stands[place.of.id].stage > CALL:
            self.ask(place, "confirm")

    def pass_over(self, place: Place, why: str, other: Course) -> None:
        place.passed = why
        self.skips_told.add((place.id, why, other.id))
