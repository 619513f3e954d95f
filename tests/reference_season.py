"""The clock on top of the acts of people: a whole season.

Where everybody stands is a function of the facts in their order alone; the property test compares
it with the database after every act.
"""

from collections.abc import Iterable

from reference_draw import Drawing, Public
from reference_queue import (
    CALL,
    DAY,
    FREEZE,
    HOUR,
    OPEN,
    PROMOTION,
    SELF_FUNDED,
    SETTLEMENT,
    SIZE,
    Course,
    Place,
    at,
)


class Season(Drawing):
    """What the clock does."""

    def tick(self, public: Public | None = None) -> bool:
        self.draw_lots(public or {})
        for cohort in sorted({cohort for cohort, _ in self.look_again}):
            self.end_conflicts(cohort)
            self.fill(cohort)
        for place in self.places.values():
            self.chase(place)
        for case in self.cases:
            late = case.state == "supplement" and case.paper_due <= self.now
            if late and case.place.status == "in_review":
                cohort = case.place.of.cohort
                for place in self.falls_with(case):
                    self.move(place, "unplaced")
                self.fill(cohort)
            elif late:
                case.state = "open"
        for cohort in sorted({course.cohort for course in self.courses.values()}):
            while due := [c for c in self.of_cohort(cohort) if self.is_due(c)]:
                self.run(cohort, due)
        silent = [p for p in self.places.values() if self.silent(p)]
        for place in silent:
            if self.stands[place.of.id].stage > SELF_FUNDED and place.status == "admitted":
                self.move(place, "lapsed")
                self.fill(place.of.cohort)
        for place in self.places.values():
            if place.mail and place.ask and place.ask.asked <= self.now:  # a clock may go back
                self.reach(place)
        return True

    def silent(self, place: Place) -> bool:
        ask = place.ask
        return ask is not None and ask.kind == "confirm" and ask.over(self.now)

    def chase(self, place: Place) -> None:
        ask = place.ask
        if ask is None or ask.reached is not None or ask.asked > self.now - 24 * HOUR:
            return
        if ask.task is None:
            ask.task = self.now
        elif ask.task <= self.now - 72 * HOUR:
            ask.reached = self.now

    def is_due(self, course: Course) -> bool:
        stand = self.stands[course.id]
        if stand.state != "published" or stand.stage > FREEZE:
            return False
        if self.now >= course.due(FREEZE) and stand.stage != FREEZE:
            return True
        if self.undrawn(course) and stand.stage != FREEZE:
            return False
        return self.now >= course.due(stand.stage) and not self.waits(course, stand.stage)

    def run(self, cohort: int, due: list[Course]) -> None:
        """All closings, one fixpoint, then all asking."""
        running = []
        for course in due:
            stand = self.stands[course.id]
            milestone = stand.stage
            if self.now < course.due(FREEZE) or milestone == FREEZE:
                running.append((course, milestone))
            stand.stage, stand.reached = milestone + 1, self.now
        for course, milestone in running:
            if milestone in (PROMOTION, SELF_FUNDED, FREEZE):
                for place in self.queue(course, "admitted"):
                    if self.silent(place):
                        self.move(place, "lapsed")
            if milestone == FREEZE:
                self.freeze(course)
        seated = self.fill(cohort)
        for course, milestone in running:
            if milestone == CALL:
                for place in self.queue(course, "admitted"):
                    if place.ask is None:
                        self.ask(place, "confirm")
            elif milestone == PROMOTION:
                self.stands[course.id].called_up = sum(p.of is course for p in seated)
                self.call_standby(course)
            elif milestone == SIZE:
                if len(self.queue(course, "confirmed", "self_funded")) < course.min_size:
                    self.small.add((course.id, course.moves))
            elif milestone == SELF_FUNDED and course.kind == "funded":
                for place in self.queue(course, "waitlisted"):
                    self.move(place, "offered")
                    self.ask(place, "claim")
                for place in self.queue(course, "in_review"):
                    if place.seat == "none":
                        self.ask(place, "claim")

    def waits(self, course: Course, milestone: int) -> bool:
        if milestone in (SIZE, FREEZE):
            return False
        if milestone == SETTLEMENT and self.now >= at(course.starts - 6 * DAY, 9):
            return False
        asked_by = course.due(milestone)
        if self.stands[course.id].reached is not None:
            asked_by = max(asked_by, self.stands[course.id].reached)
        return any(
            p.of is course and p.ask and p.ask.asked <= asked_by and not p.ask.over(self.now)
            for p in self.places.values()
        )

    def freeze(self, course: Course) -> None:
        stand = self.stands[course.id]
        for place in self.queue(course, "in_review"):
            self.move(place, "unplaced")
        if course.kind == "funded":
            self.settle(course)
        coming = self.queue(course, "admitted", "confirmed", "self_funded")
        if len(coming) < course.min_size:
            self.call_off(course)
            return
        stand.state = "opened"
        for place in coming:
            if place.status == "admitted":
                self.move(place, "confirmed", place.seat)
        for place in self.queue(course, *OPEN):
            if place not in coming:
                self.move(place, "unplaced")


def season_of(courses: Iterable[Course], batch: int) -> Season:
    """Begin a season; `batch` is told at most in a promotion call."""
    return Season({course.id: course for course in courses}, batch=batch)


def go_on(season: Season, facts: Iterable[tuple]) -> list[bool]:
    """Let more facts happen, in their order; tell which of them the rules allow."""
    allowed = []
    for now, fact, *details in facts:
        season.now = now
        allowed.append(getattr(season, fact)(*details))
    return allowed
