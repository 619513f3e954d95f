"""The state machine on a plan ordered by window lottery: before the draw nobody has a seat.

Each course has two draws, one a window. Whatever happens under a plan without a lottery happens
here before the closing, between closing and draw, and by rank afterwards.
"""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from machine import Queue
from machine_acts import ALL
from queue_start import Chance, Starts
from reference_queue import HELD, Draw
from sqlalchemy import select

import services.commit_draw as commitments
import services.lottery.tickets as tickets
from services.catalogue.records import plan_window, training_class
from services.lottery.public import draw_facts
from services.lottery.records import draw, draw_ticket
from services.notices.records import notice
from services.public_value import confirm_value, enter_value, take_back_value

WHICH_WINDOW, SEED = st.integers(1, 2), st.integers(0, 10_000)
KNOWN_AFTER = timedelta(hours=28)  # on the evening after a closing the public value is there
VALUES = ("03 11 19 24 37", "05 08 12 30 31", "01 02 17 26 39")
SLIPS = ("", "", "", "misread", "taken back", "alone")
_DRAWS = (
    select(draw, plan_window.c.closes_at, training_class.c.id.label("class_id"))
    .join(training_class, training_class.c.draw_id == draw.c.id)
    .join(plan_window, plan_window.c.id == draw.c.window_id)
    .order_by(training_class.c.id)
)


def lottery_starts(databases, monkeypatch) -> Starts:
    """Give starts under a lottery, with seeds and tickets that are the same each time."""
    chance = Chance()
    for module in (commitments, tickets):
        monkeypatch.setattr(module, "secrets", chance)
    return Starts(databases, chance)


class Lottery(Queue):
    """Any order of acts on both sides of a draw."""

    joins = ((3, 0.5), (1, 0.5), (5, 0.05))  # often nobody takes part in the last draw
    seen: ClassVar[Counter[str]] = Counter()  # what has happened in all examples

    def season_begins(self):
        """Note what was published before the windows opened."""
        season, lots = super().season_begins(), {}
        with self.world.office.look() as look:
            for row in look.all(_DRAWS):
                fresh = Draw(row.id, row.window_id, row.cohort_id, row.closes_at, row.commitment)
                season.draws[row.class_id] = lots.setdefault(row.id, fresh)
        self.closings = {lot.window: lot.closes for lot in lots.values()}
        return season

    def lives_through(self, warm, draw):
        """Act inside the windows; before the milestones none, one or both have been drawn."""
        self.a_busy_day(seed=draw.randrange(10_000))
        for window in range(1, 1 + draw.choice((0, 1, 2, 2, 2))):
            self.a_window_closes(window=window, seed=draw.randrange(10_000))
            self.planners_read(window=window, seed=draw.randrange(10_000), slip="")
            self.tick()
            if draw.random() < 0.4:
                self.a_class_with_room_takes_another(draw, cap=9)
        super().lives_through(warm, draw)
        for _ in range(draw.randrange(4)):
            self.answers(draw.randrange(61), "stand_by")

    def planners_see_to(self, draw):
        if self.outstanding() and draw.random() < 0.5:
            window, seed = draw.randint(1, 2), draw.randrange(10_000)
            if self.world.clock.now() < self.closings[window]:
                self.a_window_closes(window=window, seed=seed)
            else:
                self.planners_read(window=window, seed=seed, slip=draw.choice(SLIPS))

    def outstanding(self):
        return any(self.season.undrawn(course) for course in self.courses)

    @precondition(outstanding)
    @rule(window=WHICH_WINDOW, seed=SEED)
    def a_window_closes(self, window, seed):
        """Some come too late, some of them before the clock has noticed; a day passes."""
        draw = Random(seed)
        self.world.clock.go_to(max(self.world.clock.now(), self.closings[window]))
        for comes in ("unnoticed", "noticed"):
            for _ in range(draw.randrange(4)):
                self.registers(draw.randrange(61), draw.choice((*ALL, 5, 5)), declared=True)
            if comes == "unnoticed":
                self.tick()
        known = self.closings[window] + draw.choice((timedelta(0), KNOWN_AFTER))
        self.world.clock.go_to(max(self.world.clock.now(), known))

    @precondition(outstanding)
    @rule(window=WHICH_WINDOW, seed=SEED, slip=st.sampled_from(SLIPS))
    def planners_read(self, window, seed, slip):
        """One enters the public value, another reads it too, unless something goes wrong."""
        draw = Random(seed)
        first, value = draw.randrange(2), draw.choice(VALUES)
        self.reads(enter_value, window, first, value)
        if slip == "taken back":
            self.reads(take_back_value, window, first)
        second = first if slip == "alone" else 1 - first
        self.reads(confirm_value, window, second, VALUES[0] if slip == "misread" else value)

    def reads(self, verb, window, who, *value):
        def act():
            with self.world.office.open(self.world.planners[who]) as work:
                verb(work, window, *value)

        self.tried(act, verb.__name__, window, who, *value)

    def made_public(self):
        """Give the seed of each closed draw and the tickets on its page, and whose they are."""
        public = {}
        with self.world.office.look() as look:
            for lot in self.season.lots:
                if lot.state == "drawn":
                    continue
                page = draw_facts(look, lot.id)
                listed = {each["ticket"] for each in page["tickets"]}
                own = select(draw_ticket).where(draw_ticket.c.draw_id == lot.id)
                whose = {row.person_id: row.code for row in look.all(own) if row.code in listed}
                public[lot.id] = page["seed"], whose
        return (public,)

    def tick(self):
        ahead = [lot.id for lot in self.season.lots if lot.state != "drawn"]
        super().tick()
        self.the_reference_agrees()
        for lot in self.season.lots:
            if lot.id in ahead and lot.state == "drawn":
                self.seen["drawn" if lot.people else "drawn empty"] += 1
                self.count_seats(lot)

    def count_seats(self, lot):
        """Count who has a seat by the lot although a lower number waits beside them."""
        mine = [p for p in self.season.places.values() if self.season.draws[p.of.id] is lot]
        for place in mine:
            if place.seat in HELD:
                self.seen["seated at the draw"] += 1
                self.seen["past a lower number"] += any(
                    p.of is place.of and p.seat == "none" and p.number < place.number
                    and p.track == place.track and p.status in ("waitlisted", "in_review")
                    for p in mine
                )  # fmt: skip

    @invariant()
    def the_reference_agrees(self):
        super().the_reference_agrees()
        if hasattr(self, "world"):
            with self.world.office.look() as look:
                told = look.connection.scalars(
                    select(notice.c.registration_id).where(notice.c.kind == "drawn")
                )
                assert sorted(told) == sorted(self.season.ranks_told)

    def teardown(self):
        for (_, fact, *_), allowed in zip(self.facts, self.allowed, strict=True):
            self.seen[fact] += allowed
        late = [p for p in self.season.places.values() if not p.ticket]
        self.seen["late"] += len(late)
        self.seen["late and seated"] += sum(p.seat != "none" for p in late)
        super().teardown()
