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


@dataclass(frozen=True)
class Course:
    """What a training class is from the start."""

    id: int
    cohort: int
    starts: date
    ends: date
    cap: int
    min_size: int
    kind: str

    def due(self, milestone: int) -> datetime:
        return at(self.starts - MILESTONES[milestone] * DAY, 9)

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
    seat: str = "none"
    skipped: bool = False
    claims: bool = False
    ask: Ask | None = None
    case: str | None = None
    paper_due: datetime | None = None
    refused_on: tuple[date, object] | None = None
    owed: str | None = None  # MTNet was silent: the verdict it owes
    mail: bool = True

    @property
    def open(self) -> bool:
        return self.status in OPEN


@dataclass
class Stand:
    """Where a class stands."""

    cap: int
    stage: int = 0
    reached: datetime | None = None  # the latest milestone
    state: str = "published"


@dataclass
class Queues:
    """All queues: what may be asked about them, and the moves that the rules make of a fact."""

    courses: dict[int, Course]
    places: dict[int, Place] = field(default_factory=dict)
    stands: dict[int, Stand] = field(default_factory=dict)
    look_again: list[tuple[int, int]] = field(default_factory=list)
    skips_told: set[tuple[int, int]] = field(default_factory=set)
    now: datetime = datetime(2000, 1, 1, tzinfo=TAIPEI)

    def __post_init__(self) -> None:
        self.stands = {c.id: Stand(c.cap) for c in self.courses.values()}

    def queue(self, course: Course, *statuses: str) -> list[Place]:
        mine = (p for p in self.places.values() if p.of is course)
        return sorted((p for p in mine if p.status in statuses), key=lambda p: p.id)

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
        return stand.state == "published" and stand.stage < last and in_time

    def fixed(self, course: Course) -> bool:
        return self.stands[course.id].stage > FREEZE or self.now > course.due(FREEZE)

    def selling(self, course: Course) -> bool:
        stand = self.stands[course.id]
        return (
            course.kind == "funded"
            and stand.state == "published"
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

    def move(self, place: Place, status: str, seat: str = "none") -> None:
        freed = place.seat in HELD and seat == "none"
        if status != place.status and place.status in ("admitted", "offered"):
            place.ask = None
        if status not in OPEN and place.case in ("open", "supplement"):
            place.case = "void"
        if seat in ("funded", "self_funded") and place.seat not in ("funded", "self_funded"):
            place.skipped = False
        place.status, place.seat = status, seat
        for other in self.places.values() if freed else ():
            key = (other.of.cohort, other.person)
            elsewhere = other.person == place.person and other.of.cohort != place.of.cohort
            if other.skipped and elsewhere and key not in self.look_again:
                self.look_again.append(key)

    def admit(self, place: Place) -> None:
        self.move(place, "admitted", place.of.kind)
        if self.stands[place.of.id].stage > CALL:
            self.ask(place, "confirm")

    def pass_over(self, place: Place, other: Place) -> None:
        place.skipped = True
        self.skips_told.add((place.id, other.of.id))

    def fill(self, course: Course) -> None:
        """Give free seats to the best rank; whoever is busy elsewhere keeps the place."""
        if self.free(course) <= 0:
            return
        if self.selling(course):
            self.settle(course)
        while self.promoting(course) and self.free(course) > 0:
            waiting = (
                p
                for p in self.queue(course, "waitlisted", "in_review")
                if p.seat == "none" and p.track == course.kind and not p.skipped
            )
            best = next(waiting, None)
            if best is None:
                return
            if busy := self.clash(best.person, course):
                self.pass_over(best, busy)
            elif best.status == "in_review":
                best.seat = "reserved"
            else:
                self.admit(best)

    def settle(self, course: Course) -> None:
        """Give seats to claims by rank, as far as nobody ahead could still come before them."""
        certain_by_time = self.stands[course.id].stage > SETTLEMENT
        ahead = 0
        for place in self.queue(course, "offered", "in_review"):
            if place.seat != "none":
                continue
            claims = place.claims and place.status == "offered"
            certain = certain_by_time or ahead < self.free(course)
            busy = self.clash(place.person, course)
            if claims and certain and self.free(course) > 0 and not busy:
                self.move(place, "self_funded", "self_funded")
                continue
            ahead += 1
            if claims and certain and self.free(course) > 0 and not place.skipped:
                self.pass_over(place, busy)
