"""What staff change in the reference: classes moved, merged, cancelled; overrides and appeals."""

from datetime import timedelta

from reference_acts import CHOICES, Acts
from reference_queue import CALL, DAY, HELD, HOUR, OPEN, TAIPEI, Case, Course, Place, at

APPEAL_DAYS = 14
WINDOW = 72 * HOUR  # the response window of the plan


class Changes(Acts):
    """What staff and MPB do to classes and to single registrations."""

    def changeable(self, course: Course) -> bool:
        return self.stands[course.id].state == "published" and not self.fixed(course)

    def cancel_class(self, class_id: int) -> bool:
        course = self.courses[class_id]
        if not self.changeable(course):
            return False
        self.call_off(course)
        self.fill(course.cohort)
        return True

    def call_off(self, course: Course) -> None:
        self.stands[course.id].state = "cancelled"
        rows = self.queue(course, *OPEN)
        won = [p for p in rows if p.told]
        for place in rows:
            self.move(place, "cancelled")
        self.reopen_after(won)

    def move_class(self, class_id: int, days: int) -> bool:
        """New days, a schedule from the start; seats stay, every answer was for the old days."""
        course, stand = self.courses[class_id], self.stands[class_id]
        starts = course.starts + timedelta(days=days)
        if not self.changeable(course) or starts.year != course.starts.year:
            return False
        if at(starts - 5 * DAY, 9) < self.now + WINDOW:
            return False
        course.ends += starts - course.starts
        course.starts, course.moved = starts, self.now
        course.moves += 1
        stand.stage, stand.reached, stand.called_up = 0, None, 0
        rows = self.queue(course, *OPEN)
        for place in rows:
            place.ask = place.answered = place.passed = None
            place.claims = place.yes = False  # a seat that a claim kept stays reserved
            if place.status in ("confirmed", "self_funded"):
                self.move(place, "admitted", place.seat)
            elif place.status == "offered":
                self.move(place, "waitlisted")
        self.flag(course)
        for place in rows:
            if place.seat in HELD:
                self.look_elsewhere(place)
        self.fill(course.cohort)
        return True

    def flag(self, course: Course) -> None:
        """Seats that overlap by a change of days: these two, until the person has chosen."""
        here = {p.id for p in self.places.values() if p.of is course}
        self.flags = {pair for pair in self.flags if not pair & here}
        held = [p for p in self.places.values() if p.seat in HELD]
        for mine in (p for p in held if p.of is course):
            for other in held:
                if other.person == mine.person and other.of.overlaps(course):
                    self.flags.add(frozenset((mine.id, other.id)))

    def merge(self, class_id: int, into: int, entered: dict[int, int]) -> bool:
        """Merge a class into another; `entered` gives the new registration by person."""
        source, target = self.courses[class_id], self.courses[into]
        alike = (source.cohort, source.kind) == (target.cohort, target.kind)
        if not self.changeable(source) or not self.changeable(target):
            return False
        if not alike or source is target or self.undrawn(source) or self.undrawn(target):
            return False
        rows = self.queue(source, *OPEN)
        coming = [(p, p.seat) for p in sorted(rows, key=lambda p: p.rank) if p.told]
        if any(p.seat == "reserved" for p in rows) or len(coming) > self.free(target):
            return False
        there = {p.person: p for p in self.queue(target, *OPEN)}
        self.stands[source.id].state = "cancelled"
        for place in rows:
            self.move(place, "cancelled")
        for place, seat in coming:
            self.arrive(place, seat, target, there.get(place.person), entered)
        self.flag(target)
        self.reopen_after([p for p, _ in coming])
        self.fill(source.cohort)
        return True

    def arrive(
        self, place: Place, seat: str, target: Course, there: Place | None, entered: dict[int, int]
    ) -> None:
        """Give somebody the seat they bring along: with a new number, or where they wait."""
        if there is None:
            new = Place(
                entered[place.person], target, place.person, place.track, "admitted",
                place.preference, seat, sound=place.sound, owed=place.owed, mail=place.mail,
                registered=self.now,
            )  # fmt: skip
            self.line_up(new)
        elif there.status == "in_review":
            there.seat, there.passed, there.ask = "reserved", None, None
            return
        else:
            new = there
            if new.status == "offered":
                self.move(new, "waitlisted")
                new.passed = None
            new.track, new.claims, new.yes = place.track, False, False
            self.move(new, "admitted", seat)
        if self.stands[target.id].stage > CALL:
            self.ask(new, "confirm")

    def override(self, id_: int) -> bool:
        """Two planners: served next, whatever the rank."""
        place = self.places[id_]
        waits = place.status in ("waitlisted", "in_review", "offered") and place.seat == "none"
        if not waits or place.first or not self.changeable(place.of):
            return False
        place.first = True
        self.fill(place.of.cohort)
        return True

    def appeal(self, id_: int, grounds: str) -> bool:
        """Back under review with the old number, within the days, once on the same grounds."""
        place = self.places[id_]
        if place.status != "ineligible" or not self.changeable(place.of):
            return False
        place.grounds = grounds
        today = self.now.astimezone(TAIPEI).date()
        if today > place.ended.astimezone(TAIPEI).date() + APPEAL_DAYS * DAY:
            return False
        mine = [
            p
            for p in self.places.values()
            if p.person == place.person
            and p.of.cohort == place.of.cohort
            and (p.open or p.status == "completed")
        ]
        if self.refused_appeal(place) or any(p.of is place.of and p.open for p in mine):
            return False
        if len(mine) >= CHOICES or any(p.status == "completed" or p.seat in HELD for p in mine):
            return False
        while place.preference in {p.preference for p in mine}:
            place.preference += 1
        place.passed, place.claims, place.yes, place.sound = None, False, False, False
        self.move(place, "in_review")
        place.ended = None
        self.cases.append(Case(place, appeal=True))
        if self.selling(place.of):
            self.ask(place, "claim")
        self.fill(place.of.cohort)
        return True

    def refused_appeal(self, place: Place) -> bool:
        return any(
            case.appeal
            and case.state == "rejected"
            and case.place.person == place.person
            and case.place.of.cohort == place.of.cohort
            and case.place.grounds == place.grounds
            for case in self.cases
        )

    def reopen_after(self, won: list[Place]) -> None:
        """What a seat in a class that does not take place had closed is open again."""
        back: list[Place] = []
        for winner in sorted(won, key=lambda p: p.person):
            back += self.returning(winner)
        for place in back:
            place.why, place.passed = None, None
            place.claims, place.yes = False, False
        for place in back:
            self.move(place, "waitlisted" if place.sound else "in_review")
        for place in back:
            if not place.sound:
                self.open_case(place)
                if self.selling(place.of):
                    self.ask(place, "claim")
            elif self.selling(place.of):
                self.move(place, "offered")
                self.ask(place, "claim")
        for course in {p.of.id: p.of for p in back}.values():
            self.call_standby(course)

    def returning(self, winner: Place) -> list[Place]:
        mine = [
            p
            for p in self.places.values()
            if p.person == winner.person and p.of.cohort == winner.of.cohort
        ]
        still = [p for p in mine if p.open]
        held = [p.preference for p in still if p.seat in HELD]
        taken, busy = {p.preference for p in still}, {p.of.id for p in still}
        back = []
        for place in sorted(mine, key=lambda p: (p.preference, p.id)):
            stand = self.stands[place.of.id]
            lost = place.status == "cancelled" and place.why and place.ended >= winner.registered
            alive = stand.state == "published" and not self.fixed(place.of)
            better = not held or place.preference < min(held)
            if lost and alive and better and len(taken) < CHOICES and place.of.id not in busy:
                while place.preference in taken:
                    place.preference += 1
                taken.add(place.preference)
                busy.add(place.of.id)
                back.append(place)
        return back
