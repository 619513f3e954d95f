"""How free seats are given, told simply: how far each queue reaches says who has which seat."""

from reference_queue import CALL, HELD, PROMOTION, SELF_FUNDED, SETTLEMENT, Course, Place, Queues


class Serving(Queues):
    """Seats to queues, claims to seats, standby to the next in line."""

    def yes_counts(self, course: Course) -> bool:
        stand = self.stands[course.id]
        between = CALL < stand.stage <= SELF_FUNDED
        live = stand.state == "published" and course.kind == "funded"
        return live and between and not self.fixed(course)

    def fill(self, cohort: int) -> list[Place]:
        """Give seats, settle claims, until nobody moves; tell who took a seat."""
        seated: list[Place] = []
        while True:
            if any(self.has_seats(c) for c in self.of_cohort(cohort)):
                self.end_conflicts(cohort)
            given = self.promote(cohort)
            selling = [c for c in self.of_cohort(cohort) if self.selling(c)]
            given += self.settle(*selling)
            if not given:
                return seated
            seated += given

    def has_seats(self, course: Course) -> bool:
        return self.stands[course.id].state == "published" and self.free(course) > 0

    def end_conflicts(self, cohort: int) -> None:
        """Whose conflict has ended in another course stands in line again."""
        again = {person for other, person in self.look_again if other == cohort}
        self.look_again = [key for key in self.look_again if key[0] != cohort]
        for place in self.places.values():
            if place.of.cohort == cohort and place.person in again and place.passed == "overlap":
                place.passed = None

    def of_cohort(self, cohort: int) -> list[Course]:
        return [c for c in self.courses.values() if c.cohort == cohort]

    def promote(self, cohort: int) -> list[Place]:
        """Let each queue reach one place further while its class has a seat over.

        How far the queues reach says everything: each person takes the best seat within reach.
        """
        classes = [c for c in self.of_cohort(cohort) if self.promoting(c) or self.yes_counts(c)]
        lines = {c.id: self.line(c) for c in classes}
        reach = dict.fromkeys(lines, 0)
        while True:
            best = self.best_within(lines, reach)
            for course in classes:
                moved_out = sum(
                    p.of is course and p.seat in HELD and best.get(p.person, p) is not p
                    for p in self.places.values()
                    if p.open and p.of.cohort == cohort
                )
                taken = sum(p.of is course for p in best.values())
                over = self.free(course) + moved_out - taken
                if over > 0 and reach[course.id] < len(lines[course.id]):
                    reach[course.id] += 1
                    break
            else:
                break
        self.take(lines, reach, best)
        return list(best.values())

    def line(self, course: Course) -> list[Place]:
        return [
            p
            for p in self.queue(course, "waitlisted", "in_review")
            if p.seat == "none"
            and p.track == course.kind
            and p.passed is None
            and (self.promoting(course) or p.yes)
        ]

    def out_of_question(self, place: Place) -> tuple[str, Course] | None:
        busy, held = self.clash(place.person, place.of), self.holds(place)
        if busy:
            return "overlap", busy.of
        if held is None:
            return None
        if held.preference < place.preference:
            return "better_reserved", held.of
        if self.late(place):
            return "late_call", held.of
        return ("told_seat", held.of) if place.status == "in_review" and held.told else None

    def late(self, place: Place) -> bool:
        return self.stands[place.of.id].stage > CALL and not place.yes

    def best_within(self, lines: dict[int, list[Place]], reach: dict[int, int]) -> dict[int, Place]:
        best: dict[int, Place] = {}
        for class_id, line in lines.items():
            for place in line[: reach[class_id]]:
                if self.out_of_question(place) is None:
                    rival = best.get(place.person)
                    if rival is None or self.liking(place) < self.liking(rival):
                        best[place.person] = place
        return best

    def liking(self, place: Place) -> tuple[bool, int]:
        return self.late(place), place.preference

    def take(
        self, lines: dict[int, list[Place]], reach: dict[int, int], best: dict[int, Place]
    ) -> None:
        passed: list[tuple[Place, str, Course]] = []
        for class_id, line in lines.items():
            for place in line[: reach[class_id]]:
                won = best.get(place.person)
                if won is place:
                    continue
                if won and won.status != "in_review" and won.preference < place.preference:
                    continue  # superseded
                why = self.out_of_question(place)
                if won and (why is None or why[0] != "overlap"):
                    better = won.preference < place.preference
                    reason = "better_reserved" if better else "late_call"
                    why = (why[0] if why else reason), won.of
                assert why is not None
                passed.append((place, *why))
        for place in best.values():
            held = self.holds(place)
            if held and place.status == "in_review":
                self.move(held, "in_review", stays=True)
                passed.append((held, "better_reserved", place.of))
        for place in best.values():
            if place.status == "in_review":
                place.seat, place.passed = "reserved", None
            elif place.yes and self.yes_counts(place.of):
                self.move(place, "confirmed", place.of.kind)
            else:
                self.admit(place)
        for place, why, other in passed:
            self.pass_over(place, why, other)

    def settle(self, *courses: Course) -> list[Place]:
        """Give seats to claims by rank, as far as nobody ahead could still come before them.

        Whose claims come up in two classes at once gets the better choice.
        """
        won: dict[int, Place] = {}
        due: list[Place] = []
        for course in courses:
            free, ahead = self.free(course), 0
            by_time = self.stands[course.id].stage > SETTLEMENT
            for place in self.queue(course, "offered", "in_review"):
                if place.seat != "none":
                    continue
                if place.claims and free > 0 and (by_time or ahead < free):
                    why = self.keeps_from_claim(place)
                    if why is None:
                        free -= 1
                        due.append(place)
                        rival = won.get(place.person)
                        if rival is None or place.preference < rival.preference:
                            won[place.person] = place
                        continue
                    if place.passed is None:
                        self.pass_over(place, *why)
                ahead += 1
        for place in due:
            best = won[place.person]
            if place is not best and best.status == "in_review" and place.passed is None:
                self.pass_over(place, "better_reserved", best.of)
        for place in won.values():
            held = self.holds(place)
            if place.status == "in_review":
                if held:
                    self.move(held, "in_review", stays=True)
                    self.pass_over(held, "better_reserved", place.of)
                place.seat, place.passed = "reserved", None
            else:
                self.move(place, "self_funded", "self_funded")
        return list(won.values())

    def keeps_from_claim(self, place: Place) -> tuple[str, Course] | None:
        busy, held = self.clash(place.person, place.of), self.holds(place)
        if busy:
            return "overlap", busy.of
        if held and held.preference < place.preference:
            return "better_reserved", held.of
        if held and held.told and place.status == "in_review":
            return "told_seat", held.of
        return None

    def call_standby(self, course: Course) -> None:
        """Tell the next in line, up to the batch with those seated in the call."""
        stand = self.stands[course.id]
        if course.kind != "funded" or not PROMOTION < stand.stage <= SELF_FUNDED:
            return
        days = course.moves
        told = sum(self.places[id_].of is course and of == days for id_, of in self.standby)
        for place in self.queue(course, "waitlisted"):
            held = self.holds(place)
            better = held is not None and held.preference < place.preference
            suspended = better and held.seat == "reserved"
            if place.track != "funded" or suspended or (place.id, days) in self.standby:
                continue
            if told + stand.called_up >= self.batch:
                return
            self.standby.add((place.id, days))
            told += 1
