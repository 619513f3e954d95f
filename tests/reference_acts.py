"""What people and staff do to the queues: each method is one fact, and tells if it is allowed."""

import copy

from reference_queue import (
    DAY,
    FREEZE,
    HELD,
    TAIPEI,
    Place,
    at,
)
from reference_serving import Serving

CHOICES = 3  # of one cohort
_KEPT = (  # what an act changes
    "places", "skips_told", "standby", "cases", "look_again", "flags", "draws",
)  # fmt: skip


class Acts(Serving):
    """What people and staff do; the rules allow it or they do not."""

    def register(self, id_: int, class_id: int, *wish, **more) -> bool:
        """A free seat goes first to those whose conflict has ended; a refusal changes nothing."""
        course = self.courses[class_id]
        again = any(other == course.cohort for other, _ in self.look_again)
        if not again or self.free(course) <= 0:
            return self.enter(id_, class_id, *wish, **more)
        before = self.kept()
        self.fill(course.cohort)
        return self.enter(id_, class_id, *wish, **more) or self.undo(before)

    def kept(self) -> list:
        return copy.deepcopy([getattr(self, name) for name in _KEPT])

    def undo(self, before: list) -> bool:
        for name, value in zip(_KEPT, before, strict=True):
            setattr(self, name, value)
        return False

    def enter(
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
            or any(p.told or p.status == "completed" for p in cohort)
            or sum(p.open for p in cohort) >= CHOICES
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
        lowest = max((p.preference for p in cohort if p.open), default=0) + 1
        place = Place(id_, course, person, track, "none", lowest, owed=owed, mail=mail)
        place.registered, place.came, place.sound = self.now, today, verdict == "eligible"
        self.line_up(place)
        kept = next((p for p in cohort if p.seat == "reserved"), None)
        if verdict == "ineligible":
            place.status, place.refused_on, place.ended = "ineligible", today, self.now
        elif verdict == "review":
            place.status = "in_review"
            place.seat = "reserved" if free and not clash and not kept else "none"
            self.open_case(place)
            if self.selling(course):
                self.ask(place, "claim")
        elif free and not clash and not kept:
            self.admit(place)
        elif self.selling(course):
            place.status = "offered"
            self.ask(place, "claim")
        else:
            place.status = "waitlisted"
        if free and clash:
            self.pass_over(place, "overlap", clash.of)
        elif free and kept:
            self.pass_over(place, "better_reserved", kept.of)
        if place.status == "waitlisted":
            self.call_standby(course)
        return True

    def choose(self, wishes: list[tuple]) -> bool:
        """Register for several classes: a refusal of one refuses all, a seat ends the list."""
        before = self.kept()
        for wish in wishes:
            if not self.register(*wish):
                return self.undo(before)
            _, class_id, person, *_ = wish
            if any(
                p.told for p in self.places.values() if p.person == person and p.of.id == class_id
            ):
                break
        return True

    def reorder(self, ids: tuple[int, ...]) -> bool:
        first = self.places[ids[0]]
        choices = self.choices(first)
        if sorted(ids) != sorted(p.id for p in choices) or any(p.told for p in choices):
            return False
        for preference, id_ in enumerate(ids, start=1):
            self.places[id_].preference = preference
        self.lift(first)
        for place in choices:
            if place.status == "in_review":
                self.case_moves_on(place)
        self.fill(first.of.cohort)
        return True

    def stand_by(self, id_: int) -> bool:
        place = self.places[id_]
        if not self.may_stand_by(place):
            return False
        place.yes = True
        self.lift(place)
        self.fill(place.of.cohort)
        return True

    def stand_down(self, id_: int) -> bool:
        place = self.places[id_]
        if not self.may_stand_by(place):
            return False
        place.yes = False
        return True

    def may_stand_by(self, place: Place) -> bool:
        waits = place.status == "waitlisted" and place.track == "funded"
        return waits and self.yes_counts(place.of)

    def cancel(self, id_: int) -> bool:
        place = self.places[id_]
        if not place.open or self.now >= at(place.of.starts, 0):
            return False
        serves = place.seat in HELD or self.selling(place.of)
        self.move(place, "cancelled")
        if serves:
            self.fill(place.of.cohort)
        return True

    decline = cancel

    def confirm(self, id_: int) -> bool:
        place = self.places[id_]
        if place.status == "confirmed":
            return True
        if place.status != "admitted" or self.fixed(place.of) or place.ask is None:
            return False
        if self.flagged(place):
            return False
        others = len(self.choices(place)) > 1
        self.move(place, "confirmed", place.seat)
        if others:  # a yes frees nothing by itself; who leaves another queue may
            self.fill(place.of.cohort)
        return True

    def flagged(self, place: Place) -> bool:
        """Whether the person still has to choose between two seats on the same days."""
        return any(place.id in pair for pair in self.flags)

    def claim(self, id_: int) -> bool:
        place = self.places[id_]
        if place.status == "self_funded":
            return True
        if not self.may_claim(place):
            return False
        if not place.claims:
            place.claims, place.answered, place.ask = True, place.ask, None
        self.fill(place.of.cohort)
        return True

    def unclaim(self, id_: int) -> bool:
        place = self.places[id_]
        if not self.may_claim(place):
            return False
        asked = place.answered if place.claims else None
        place.claims, place.answered = False, None
        if asked is not None and not asked.over(self.now):
            place.ask = asked
            self.reach(place)
        self.fill(place.of.cohort)
        return True

    def may_claim(self, place: Place) -> bool:
        seatless = place.status in ("offered", "in_review") and place.seat == "none"
        return seatless and self.selling(place.of)

    def approve(self, id_: int, track: str | None = None) -> bool:
        case = self.case_at(self.places[id_])
        if case is None or not case.waits:
            return False
        under = self.falls_with(case)
        case.state = "approved"
        self.passes([(p, track) for p in under])
        return True

    def passes(self, under: list[tuple[Place, str | None]]) -> None:
        """Choices found qualified, best first: a seat ends the list, a settled claim all others."""
        if not under:
            return
        for place, _ in under:
            place.sound = True
        steps = []
        for place, track in under:
            brought = place.track == "self_funded"  # by a claim before the class moved, by a merge
            if place.of.kind == "funded" and track:
                place.track = track
            if place.seat == "reserved" and place.claims:
                steps = [(place, "settled")]
                break
            if place.seat == "reserved" and (place.track == place.of.kind or brought):
                steps.append((place, "admitted"))
                break
            steps.append((place, "waits"))
        for place, step in steps:
            if step == "settled":
                self.move(place, "self_funded", "self_funded")
            elif step == "admitted":
                self.admit(place, seat=place.track)
            elif self.selling(place.of):
                self.move(place, "offered")
                if not place.claims:
                    self.ask(place, "claim")
            else:
                self.move(place, "waitlisted")
        self.lift(under[0][0])
        self.fill(under[0][0].of.cohort)
        for place, _ in steps:
            self.call_standby(place.of)

    def reject(self, id_: int) -> bool:
        case = self.case_at(self.places[id_])
        if case is None or not case.waits:
            return False
        under = self.falls_with(case)
        case.state = "rejected"
        for place in {p.id: p for p in (case.place, *under)}.values():
            self.move(place, "ineligible")
        self.fill(case.place.of.cohort)
        return True

    def ask_supplement(self, id_: int) -> bool:
        case = self.case_at(self.places[id_])
        if case is None or not case.waits:
            return False
        today = self.now.astimezone(TAIPEI).date()
        case.state = "supplement"
        case.paper_due = min(at(today + 7 * DAY, 9), case.place.of.due(FREEZE))
        return True

    def upload(self, id_: int) -> bool:
        case = self.case_at(self.places[id_])
        if case is None or not case.waits:
            return False
        case.state = "open"
        return True

    def call_up(self, id_: int, outcome: str) -> bool:
        place = self.places[id_]
        if place.ask is None:
            return False
        settled = self.fixed(place.of) or self.flagged(place)
        if outcome == "yes" and place.status == "admitted" and settled:
            return False
        if outcome == "yes" and place.status != "admitted" and not self.selling(place.of):
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
        claims = sum(
            p.claims for p in self.queue(course, "offered", "in_review") if p.seat == "none"
        )
        least = min(self.held(course) + claims, stand.cap)
        if stand.state != "published" or self.now >= course.due(FREEZE):
            return False
        if cap < max(least, course.min_size, 1):
            return False
        raised, stand.cap = cap > stand.cap, cap
        if raised:
            self.fill(course.cohort)
        return True

    def mtnet_answers(self) -> bool:
        """Verdicts MTNet owed come in; what a person has decided meanwhile stands."""
        owing = [p for p in sorted(self.places.values(), key=lambda p: p.id) if p.owed]
        for key in dict.fromkeys((p.of.cohort, p.person) for p in owing):
            mine = [p for p in owing if (p.of.cohort, p.person) == key]
            due = [p for place in mine[:1] for p in self.under_review(place)]
            self.screened([p for p in due if p.owed])
            for place in mine:
                place.owed = None
        return True

    def screened(self, due: list[Place]) -> None:
        """All choices of one person are judged by the same answer."""
        due = sorted(due, key=lambda p: p.preference)
        passing: list[tuple[Place, str | None]] = []
        falling, released = [], []
        for place in due:
            outcome, track = place.owed
            if outcome == "eligible":
                passing.append((place, track))
            elif outcome == "ineligible":
                falling.append(place)
            else:  # who turns out to pay gives a reserved seat back
                entitled, place.track = place.track == place.of.kind, track
                if place.seat == "reserved" and entitled and track != place.of.kind:
                    released.append(place)
        for place in falling:
            place.refused_on = place.came
            self.move(place, "ineligible")
        for place in released:
            self.move(place, "in_review")
            if self.selling(place.of):
                self.ask(place, "claim")
        self.passes(passing)
        for place in (*falling, *(p for p, _ in passing)):
            self.case_moves_on(place)
        for place in due[:1]:
            self.fill(place.of.cohort)

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
