"""One registration with everything its person reads, and trials of what would happen then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select, update

from services.catalogue.records import milestone, plan_window, training_class
from services.kernel.actor import SYSTEM
from services.kernel.errors import DomainError
from services.lottery.records import draw
from services.promote import fill_cohort
from services.register import register
from services.registration.cards import Progress, Say
from services.registration.records import registration, review_case

OPEN = ("in_review", "waitlisted", "admitted", "offered", "confirmed", "self_funded")
HELD = ("reserved", "funded", "self_funded")
BARS = (
    "Your class {code} has begun, so no seat here can be given to you.",
    "If you give up the seat in {code}, this class is looked at for you again.",
    "If the review of {code} ends without a seat, this class is looked at again.",
    "Seats here count for you again once the review finds you qualified, or if you give up the "
    "seat in {code}.",
)
OFFERED = 3  # milestones that a class has reached when seats are sold


class AlreadyHere(DomainError):
    """There is an open registration in the class already."""


class Undone(Exception):
    """The trial is over: nothing of it is kept."""


@contextmanager
def trial(world, actor=SYSTEM) -> Iterator[Any]:
    """Give a unit of work that leaves no trace."""
    try:
        with world.office.open(actor) as work:
            yield work
            raise Undone
    except Undone:
        pass


@dataclass
class Told:
    """One registration, and everything its person reads about it."""

    world: Any
    id: int
    page: Progress

    @cached_property
    def row(self):
        return self.world.row(self.id)

    @cached_property
    def of(self):
        """The class, with the milestones it has reached."""
        reached = select(func.count()).where(
            milestone.c.class_id == training_class.c.id,
            milestone.c.schedule == training_class.c.schedule,
            milestone.c.reached_at.is_not(None),
        )
        with self.world.office.look() as look:
            return look.one_or_none(
                select(training_class, reached.scalar_subquery().label("stage")).where(
                    training_class.c.id == self.row.class_id
                )
            )

    @cached_property
    def seatless(self):
        """Who stands in line here without a seat: on one track until seats are sold, then all."""
        with self.world.office.look() as look:
            rows = look.all(
                select(registration).where(registration.c.class_id == self.row.class_id)
            )
        sold = self.of.kind == "funded" and self.of.stage >= OFFERED
        return [
            row
            for row in rows
            if row.status in OPEN and row.seat == "none" and (sold or row.track == self.row.track)
        ]

    @cached_property
    def ahead(self):
        mine = _turn(self.row)
        return [row for row in self.seatless if _turn(row) < mine]

    @cached_property
    def lot(self):
        """The draw of the class, with the closing of its window."""
        of_class = training_class.c.id == self.row.class_id
        with self.world.office.look() as look:
            return look.one_or_none(
                select(draw, plan_window.c.closes_at)
                .join(training_class, training_class.c.draw_id == draw.c.id)
                .join(plan_window, plan_window.c.id == draw.c.window_id)
                .where(of_class)
            )

    @property
    def barred(self) -> bool:
        """Whether it reads that seats go past, and what ends that."""
        return any(sentence in BARS for sentence, _ in self.says)

    @property
    def says(self) -> Iterator[tuple[str, Say]]:
        step = self.page.next
        for part in (step.head, step.then, step.then_more, step.by_more, step.otherwise,
                     step.otherwise_more, *self.page.why.stands, *self.page.why.would):  # fmt: skip
            if part is not None:
                yield part.sentence, part

    def mine(self, work):
        """Read the registration as it stands in a trial."""
        return work.one_or_none(select(registration).where(registration.c.id == self.id))

    def served(self, work) -> bool:
        """Whether there is a seat for the person: here, or in a better choice."""
        r = registration.c
        held = work.all(
            select(r.id, r.preference).where(
                r.cohort_id == self.row.cohort_id,
                r.person_id == self.row.person_id,
                r.seat.in_(HELD),
            )
        )
        return any(each.preference <= self.row.preference for each in held)

    def frees(self, work, n: int) -> None:
        """Let seats come free here."""
        if n > 0:
            this = training_class.c.id == self.row.class_id
            work.run(update(training_class).where(this).values(cap=training_class.c.cap + n))
        fill_cohort(work, self.row.cohort_id)

    def case(self, work):
        """Give the open case that decides this registration: its own, or that of all choices."""
        case = review_case.c
        rows = work.all(
            select(case.id, case.registration_id, case.statement).where(
                case.cohort_id == self.row.cohort_id,
                case.person_id == self.row.person_id,
                case.state.in_(("open", "supplement")),
            )
        )
        own = [row.id for row in rows if row.registration_id == self.id]
        of_all = [row.id for row in rows if row.statement is None]
        return next(iter(own + of_all), None)

    @property
    def person(self):
        return self.world.seafarer(self.row.person_id)

    def registers(self, class_id: int) -> type[DomainError] | None:
        """Try to register the person; tell what refuses them."""
        fetched = self.world.fetched(self.row.person_id)
        with trial(self.world, self.person) as work:
            try:
                given = register(work, fetched, class_id=class_id, person_id=self.row.person_id,
                                 declared=self.row.declared or ())  # fmt: skip
            except DomainError as no:
                return type(no)
        return AlreadyHere if given.already and given.status in OPEN else None


def _turn(row) -> tuple[bool, int]:
    return row.overridden_at is None, row.rank
