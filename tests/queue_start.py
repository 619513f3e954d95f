"""Where every example of the state machine starts: six classes, nine people of all kinds."""

import copy
from datetime import date, timedelta
from random import Random

from databases import Databases, SqliteFiles
from sqlalchemy import Engine, insert, select, update
from world import PAPER_RULES, World

from services.catalogue.records import plan_window, training_class
from services.commit_draw import draw_for
from services.identity.records import person
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office

START = taipei(date(2027, 1, 4), 10)  # every class opens now: before, the portal refuses all
CLASSES = (  # course, first day, days, seats, kind, rules
    # A overlaps B and, by one day, D; C overlaps F; A, C, E and B, F are choices of one course
    ("BST", date(2027, 4, 12), 5, 2, "funded", None),
    ("AFF", date(2027, 4, 14), 5, 1, "funded", PAPER_RULES),
    ("BST", date(2027, 4, 26), 5, 1, "funded", None),
    ("ECD", date(2027, 4, 5), 8, 2, "self_funded", None),
    ("BST", date(2027, 5, 10), 5, 1, "funded", None),
    ("AFF", date(2027, 4, 28), 5, 1, "funded", PAPER_RULES),
)
PUBLISHED = taipei(date(2026, 11, 2), 10)  # a lottery plan: before its windows open
SECOND = date(2027, 4, 26)  # classes from here on have a window of their own
CLOSINGS = taipei(date(2027, 1, 11), 17), taipei(date(2027, 1, 25), 17)
LOTTERY = {"ordering_policy": "window_lottery", "draw_source_zh": "今彩539截止次日起第一期",
           "draw_source_en": "Daily Cash, first draw after the closing"}  # fmt: skip
BATCH = 4  # told at most in the promotion call, so that standby runs out
KINDS = (
    {},
    {},
    {},
    {"nationality": "foreigner"},
    {"medical": None},
    {"seamans_book": None},
    {"nationality": "open"},
    {},
    {"nationality": "foreigner"},
)


class Chance(Random):
    """What the operating system's random numbers are to a lottery, and the same each time."""

    def token_hex(self, n: int) -> str:
        return self.randbytes(n).hex()


def made(engine: Engine, chance: Chance | None = None) -> World:
    """Fill an empty database: six classes, nine people of all kinds, three choices each.

    chance: given for a plan ordered by window lottery.
    """
    clock = StandingClock(PUBLISHED if chance else START)
    world = World(Office(engine, clock), clock)
    world.a_plan(max_choices=3, batch_size=BATCH, **(LOTTERY if chance else {}))
    for code, first, days, seats, kind, rules in CLASSES:
        more = {"rules": rules} if rules else {}
        world.a_class(seats=seats, course_code=code, starts_on=first, days=days, kind=kind, **more)
    if chance:
        chance.seed(0)
        _commit_draws(world)
        clock.go_to(START)
    world.planners = world.two_planners()
    people = [world.a_person(**dict(kind)) for kind in KINDS]
    with world.office.open() as work:  # nobody can write to the last but one
        work.run(update(person).where(person.c.id == people[-2]).values(email=None))
    return world


def _commit_draws(world: World) -> None:
    """Publish as a lottery of two windows: commit to a draw of each course in each of them."""
    window, of_class = plan_window.c, training_class.c
    with world.office.open() as work:
        [whole] = work.all(select(plan_window))
        work.run(
            update(plan_window).values(classes_to=SECOND - timedelta(1), closes_at=CLOSINGS[0])
        )
        late = {"classes_from": SECOND, "classes_to": whole.classes_to, "closes_at": CLOSINGS[1]}
        work.run(insert(plan_window), {"year": whole.year, "opens_at": whole.opens_at, **late})
        windows = work.all(select(plan_window).order_by(window.id))
        for row in work.all(select(training_class).order_by(of_class.id)):
            own = draw_for(work, row.cohort_id, windows[row.starts_on >= SECOND])
            work.run(update(training_class).where(of_class.id == row.id).values(draw_id=own))


class Starts:
    """Give the same start again and again: on SQLite as a copy of one file."""

    def __init__(self, databases: Databases, chance: Chance | None = None) -> None:
        self._databases, self._chance = databases, chance
        self._model: World | None = None

    def __call__(self) -> World:
        world = self._start()
        if self._chance:
            self._chance.seed(1)
        return world

    def _start(self) -> World:
        if not isinstance(self._databases, SqliteFiles):
            return made(self._databases.fresh(), self._chance)
        if self._model is None:
            self._model = made(self._databases.fresh(), self._chance)
            self._model.office.engine.dispose()
        clock = StandingClock(START)
        world = copy.copy(self._model)
        world.office = Office(self._databases.copy_of(self._model.office.engine), clock)
        world.clock = clock
        return world


def verdict(kind: dict, which: int, declared: bool, silent: bool) -> tuple[str, str]:
    """Tell what screening must say: outcome and track."""
    paper, pays_itself = CLASSES[which][5] is not None, CLASSES[which][4] == "self_funded"
    foreign = kind.get("nationality") == "foreigner" or "seamans_book" in kind
    track = "self_funded" if pays_itself or foreign else "funded"
    if (paper and not declared) or (not paper and "medical" in kind and not silent):
        return "ineligible", track
    if silent:
        pays = pays_itself or kind.get("nationality") == "foreigner"  # the ID number tells
        return "review", "self_funded" if pays else "funded"
    if kind.get("nationality") == "open":
        return "eligible" if pays_itself else "review", "self_funded"
    return "review" if paper else "eligible", track
