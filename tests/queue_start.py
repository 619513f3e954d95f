"""Where every example of the state machine starts: six classes, nine people of all kinds."""

import copy
import shutil
from datetime import date
from itertools import count
from pathlib import Path

from databases import Databases, SqliteFiles
from sqlalchemy import Engine, update
from world import PAPER_RULES, World

from services.identity.records import person
from services.kernel.clock import StandingClock, taipei
from services.kernel.db import engine_for
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


def made(engine: Engine) -> World:
    """Fill an empty database: six classes, nine people of all kinds, three choices each."""
    clock = StandingClock(START)
    world = World(Office(engine, clock), clock)
    world.a_plan(max_choices=3, batch_size=BATCH)
    for code, first, days, seats, kind, rules in CLASSES:
        more = {"rules": rules} if rules else {}
        world.a_class(seats=seats, course_code=code, starts_on=first, days=days, kind=kind, **more)
    world.planners = world.two_planners()
    people = [world.a_person(**dict(kind)) for kind in KINDS]
    with world.office.open() as work:  # nobody can write to the last but one
        work.run(update(person).where(person.c.id == people[-2]).values(email=None))
    return world


class Starts:
    """Give the same start again and again: on SQLite as a copy of one file."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases, self._folder, self._serial = databases, folder, count(1)
        self._model: World | None = None

    def __call__(self) -> World:
        if not isinstance(self._databases, SqliteFiles):
            return made(self._databases.fresh())
        if self._model is None:
            self._model = made(self._databases.fresh())
            self._model.office.engine.dispose()
        file = self._folder / f"start-{next(self._serial)}.db"
        shutil.copy(str(self._model.office.engine.url.database), file)
        clock = StandingClock(START)
        world = copy.copy(self._model)
        world.office = Office(engine_for(f"sqlite:///{file}", durable=False), clock)
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
