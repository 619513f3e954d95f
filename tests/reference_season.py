"""What people, staff and the clock do to the queues: each method is one fact.

A fact tells whether the rules allow it. `replay` is a pure function of the facts in their order;
the property test compares it with the database after every act.
"""

from collections.abc import Iterable

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
    TAIPEI,
    Course,
    Place,
    Queues,
    at,
)


class Season(Queues):
    """The whole season."""

    def register(
        self, id_: int, class_id: int, person: int, verdict: str, track: str, grounds=(), owed=None,
        mail=True,
    ) -> bool:  # fmt: skip
        course = self.courses[class_id]
        mine = [p for p in self.places.values() if p.person == person]
        if any(p.open and p.of is course for p in mine):
            return True
        cohort = [p for p in mine if p.of.cohort == course.cohort]
        clash = self.clash(person, course)
        if (
            self.stands[class_id].state != "published"
            or self.now >= course.due(FREEZE)
            or any(p.open or p.status == "completed" for p in cohort)
            or (clash is not None and clash.status in ("confirmed", "self_funded"))
        ):
            return False
        today = (self.now.astimezone(TAIPEI).date(), grounds)
        if verdict == "ineligible" and any(
            p.of is course and p.status == "ineligible" and p.refused_on == today for p in mine
        ):
            return True
        free = verdict != "ineligible" and track == course.kind and self.promoting(course)
        free = free and self.free(course) > 0
        place = Place(id_, course, person, track, "none", owed=owed, mail=mail)
        self.places[id_] = place
        if verdict == "ineligible":
            place.status, place.refused_on = "ineligible", today
        elif verdict == "review":
            place.status, place.case = "in_review", "open"
            place.seat = "reserved" if free and not clash else "none"
        elif free and not clash:
            self.admit(place)
        elif self.selling(course):
            place.status = "offered"
            self.ask(place, "claim")
        else:
            place.status = "waitlisted"
        if free and clash:
            self.pass_over(place, clash)
        return True

    def cancel(self, id_: int) -> bool:
        place = self.places[id_]
        if not place.open or self.now >= at(place.of.starts, 0):
            return False
        self.move(place, "cancelled")
        self.fill(place.of)
        return True

    decline = cancel

    def confirm(self, id_: int) -> bool:
        place = self.places[id_]
        if place.status == "confirmed":
            return True
        if place.status != "admitted" or self.fixed(place.of) or place.ask is None:
            return False
        self.move(place, "confirmed", place.seat)
        return True

    def claim(self, id_: int) -> bool:
        place = self.places[id_]
        if place.status == "self_funded":
            return True
        if place.status != "offered" or not self.selling(place.of):
            return False
        place.claims, place.ask = True, None
        self.settle(place.of)
        return True

    def unclaim(self, id_: int) -> bool:
        place = self.places[id_]
        if place.status != "offered" or not self.selling(place.of):
            return False
        place.claims = False
        self.settle(place.of)
        return True

    def approve(self, id_: int, track: str | None = None) -> bool:
        place = self.places[id_]
        if place.case not in ("open", "supplement"):
            return False
        place.case = "approved"
        if place.status == "in_review":
            self.passes(place, track)
        return True

    def passes(self, place: Place, track: str | None) -> None:
        if place.of.kind == "funded" and track:
            place.track = track
        if place.seat == "reserved" and place.track == place.of.kind:
            self.admit(place)
            return
        if self.selling(place.of):
            self.move(place, "offered")
            self.ask(place, "claim")
        else:
            self.move(place, "waitlisted")
        self.fill(place.of)

    def reject(self, id_: int) -> bool:
        place = self.places[id_]
        if place.case not in ("open", "supplement"):
            return False
        place.case = "rejected"
        self.move(place, "ineligible")
        self.fill(place.of)
        return True

    def ask_supplement(self, id_: int) -> bool:
        place = self.places[id_]
        if place.case not in ("open", "supplement"):
            return False
        today = self.now.astimezone(TAIPEI).date()
        place.case = "supplement"
        place.paper_due = min(at(today + 7 * DAY, 9), place.of.due(FREEZE))
        return True

    def upload(self, id_: int) -> bool:
        place = self.places[id_]
        if place.case not in ("open", "supplement"):
            return False
        place.case = "open"
        return True

    def call_up(self, id_: int, outcome: str) -> bool:
        place = self.places[id_]
        if place.ask is None:
            return False
        if outcome == "yes" and place.status == "admitted" and self.fixed(place.of):
            return False
        if outcome == "yes" and place.status == "offered" and not self.selling(place.of):
            return False
        if outcome == "no" and self.now >= at(place.of.starts, 0):
            return False
        if outcome != "no_answer":
            self.reach(place)
        if outcome == "no":
            return self.cancel(id_)
        if outcome == "yes":
            return self.confirm(id_) if place.status == "admitted" else self.claim(id_)
        return True

    def read(self, id_: int) -> bool:
        self.reach(self.places[id_])
        return True

    def reach(self, place: Place) -> None:
        if place.ask is not None and place.ask.reached is None:
            place.ask.reached = self.now

    def set_cap(self, class_id: int, cap: int) -> bool:
        course, stand = self.courses[class_id], self.stands[class_id]
        claims = sum(p.claims for p in self.queue(course, "offered"))
        least = min(self.held(course) + claims, stand.cap)
        if stand.state != "published" or self.now >= course.due(FREEZE):
            return False
        if cap < max(least, course.min_size, 1):
            return False
        raised, stand.cap = cap > stand.cap, cap
        if raised:
            self.fill(course)
        return True

    def mtnet_answers(self) -> bool:
        """Verdicts MTNet owed come in; what a person has decided meanwhile stands."""
        for place in sorted(self.places.values(), key=lambda p: p.id):
            verdict, place.owed = place.owed, None
            if verdict is None or place.status != "in_review":
                continue
            outcome, track = verdict
            if outcome == "review":  # who turns out to pay gives a reserved seat back
                place.track = track
                if place.seat == "reserved" and track != place.of.kind:
                    self.move(place, "in_review")
                    self.fill(place.of)
                continue
            place.case = "void"
            if outcome == "eligible":
                self.passes(place, track)
            else:
                self.move(place, "ineligible")
                self.fill(place.of)
        return True

    def roll(self, class_id: int, result: str) -> bool:
        course = self.courses[class_id]
        today = self.now.astimezone(TAIPEI).date()
        if self.stands[class_id].state != "opened" or today < course.starts:
            return False
        for place in self.queue(
            course, "confirmed", "self_funded", "completed", "failed", "absent"
        ):
            place.status, place.seat = result, "spent"
        return True

    def tick(self) -> bool:
        again, self.look_again = self.look_again, []
        for cohort, person in again:
            mine = [p for p in self.places.values() if p.of.cohort == cohort and p.person == person]
            passed = [p for p in mine if p.skipped]
            for place in passed:
                place.skipped = False
            for place in passed:
                self.fill(place.of)
        for place in self.places.values():
            self.chase(place)
        for place in list(self.places.values()):
            late = place.case == "supplement" and place.paper_due <= self.now
            if late and place.status == "in_review":
                self.move(place, "unplaced")
                self.fill(place.of)
            elif late:
                place.case = "open"
        for course in self.courses.values():
            while self.next_milestone(course):
                pass
        silent = [p for p in self.places.values() if self.silent(p)]
        for place in silent:
            if self.stands[place.of.id].stage > SELF_FUNDED and place.status == "admitted":
                self.move(place, "lapsed")
                self.fill(place.of)
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

    def next_milestone(self, course: Course) -> bool:
        stand = self.stands[course.id]
        if stand.state != "published" or stand.stage > FREEZE:
            return False
        milestone = stand.stage
        if self.now >= course.due(FREEZE) and milestone != FREEZE:
            stand.stage, stand.reached = milestone + 1, self.now
            return True
        if self.now < course.due(milestone) or self.waits(course, milestone):
            return False
        stand.stage, stand.reached = milestone + 1, self.now
        if milestone in (PROMOTION, SELF_FUNDED, FREEZE):
            for place in self.queue(course, "admitted"):
                if self.silent(place):
                    self.move(place, "lapsed")
        DOING[milestone](self, course)
        return True

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

    def call(self, course: Course) -> None:
        for place in self.queue(course, "admitted"):
            self.ask(place, "confirm")

    def offer(self, course: Course) -> None:
        if course.kind == "self_funded":
            self.fill(course)
            return
        for place in self.queue(course, "waitlisted"):
            self.move(place, "offered")
            self.ask(place, "claim")

    def freeze(self, course: Course) -> None:
        stand = self.stands[course.id]
        if course.kind == "funded":
            self.settle(course)
        coming = self.queue(course, "admitted", "confirmed", "self_funded")
        if len(coming) < course.min_size:
            stand.state = "cancelled"
            for place in self.queue(course, *OPEN):
                self.move(place, "cancelled")
            return
        stand.state = "opened"
        for place in self.queue(course, *OPEN):
            if place.status == "admitted":
                self.move(place, "confirmed", place.seat)
            elif place not in coming:
                self.move(place, "unplaced")


DOING = {
    CALL: Season.call,
    PROMOTION: Season.fill,
    SELF_FUNDED: Season.offer,
    SETTLEMENT: lambda season, course: season.settle(course) if course.kind == "funded" else None,
    SIZE: lambda _season, _course: None,
    FREEZE: Season.freeze,
}


def replay(courses: Iterable[Course], facts: Iterable[tuple]) -> tuple[Season, list[bool]]:
    """Tell where everybody stands after these facts, and which of them the rules allow."""
    season = Season({course.id: course for course in courses})
    allowed = []
    for now, fact, *details in facts:
        season.now = now
        allowed.append(getattr(season, fact)(*details))
    return season, allowed
