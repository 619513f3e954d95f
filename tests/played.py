"""A small world lived through at random, day by day: two courses, two institutions, everybody acts.

The verbs are the real ones; what a person may not do is refused and does not matter.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from world import PAPER_RULES, World

from services.appeal import appeal
from services.cancel import cancel
from services.cancel_class import cancel_class
from services.catalogue.records import training_class
from services.claim import claim
from services.classes import edit_class
from services.confirm import confirm, decline
from services.kernel.clock import taipei
from services.kernel.db import metadata
from services.kernel.errors import DomainError
from services.kernel.work import Office, Work
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class
from services.registration.records import registration, review_case
from services.review import approve, reject
from services.roll import ON_ROLL, record_roll

SUMS = ("tally", "class_tally", "week_tally", "book", "entry", "shelf", "several",
        "standing", "watermark")  # fmt: skip
FIRST = date(2027, 2, 1)


def _appeals(work: Work, registration_id: int) -> None:
    appeal(work, registration_id, statement="我的體檢證明在五月換發，海技資料尚未更新。")


ANSWERS = (confirm, confirm, confirm, cancel, decline, claim, _appeals, _appeals)


def a_world(world: World) -> list[int]:
    """Enter five classes: two courses, one judged from papers, two institutions, both kinds."""
    world.a_plan(max_choices=2)
    return [
        world.a_class(seats=3, starts_on=date(2027, 3, 15)),
        world.a_class(seats=2, starts_on=date(2027, 3, 22), at="NKUST"),
        world.a_class(seats=4, starts_on=date(2027, 4, 12), min_size=3),
        world.a_class(seats=2, starts_on=date(2027, 3, 29), course_code="ECDIS",
                      rules=PAPER_RULES, at="NKUST"),
        world.a_class(seats=2, starts_on=date(2027, 3, 18), course_code="ECDIS",
                      rules=PAPER_RULES, kind="self_funded"),
    ]  # fmt: skip


def emptied(office: Office) -> None:
    """Throw the rollup away: it can always be taken in anew."""
    with office.open() as work:
        for name in (*SUMS, "class_day"):
            work.run(metadata.tables[name].delete())


def live_through(world: World, seed: int, days: int = 80) -> Iterator[date]:
    """Live through the days; yield each evening, the clock standing a minute before midnight."""
    chance, classes = Random(seed), a_world(world)
    people = world.people(14)
    for n in range(days):
        today = FIRST + timedelta(days=n)
        world.clock.go_to(taipei(today, 10))
        world.ticks()
        for _ in range(chance.choice((0, 1, 2, 4))):
            _somebody_acts(world, chance, people, classes)
        world.clock.go_to(taipei(today, 23, 59))
        yield today


def _somebody_acts(world: World, chance: Random, people: list[int], classes: list[int]) -> None:
    world.clock.pass_by(timedelta(minutes=chance.randrange(90)))
    act = chance.choice((_registers, _registers, _answers, _answers, _is_judged, _staff_acts))
    try:
        act(world, chance, people, classes)
    except DomainError:
        return  # refused: nothing changed


def _registers(world: World, chance: Random, people: list[int], classes: list[int]) -> None:
    world.registers(chance.choice(people), chance.choice(classes), declared=["letter"])


def _answers(world: World, chance: Random, _people: list[int], _classes: list[int]) -> None:
    with world.office.look() as look:
        rows = look.all(
            select(registration.c.id, registration.c.person_id).order_by(registration.c.id)
        )
    if rows:
        row = chance.choice(rows)
        world.does(row.person_id, chance.choice(ANSWERS), row.id)


def _is_judged(world: World, chance: Random, _people: list[int], _classes: list[int]) -> None:
    with world.office.look() as look:
        cases = look.all(
            select(review_case).where(review_case.c.state == "open").order_by(review_case.c.id)
        )
    if cases:
        case = chance.choice(cases)
        judge = world.officer(case.institution) if case.statement is None else world.planner()
        with world.office.open(judge) as work:
            if chance.random() < 0.7:
                approve(work, case.id)
            else:
                reject(work, case.id, reason="paper_unreadable")


def _staff_acts(world: World, chance: Random, _people: list[int], classes: list[int]) -> None:
    """Write a roll, set another cap; seldom move, merge or cancel a class."""
    class_id = chance.choice(classes)
    with world.office.look() as look:
        of = look.one_or_none(select(training_class).where(training_class.c.id == class_id))
        rows = look.all(
            select(registration)
            .where(registration.c.class_id == class_id)
            .order_by(registration.c.id)
        )
    with world.office.open(world.planner()) as work:
        if of.state == "opened":
            seated = [row.id for row in rows if row.status in ON_ROLL]
            marks = ("completed", "completed", "failed", "absent")
            record_roll(work, class_id, {key: chance.choice(marks) for key in seated})
        elif (dice := chance.random()) < 0.6:
            edit_class(work, class_id, version=of.version, cap=chance.choice((2, 3, 4, 5)))
        elif dice < 0.8:
            later = timedelta(days=chance.choice((7, 14)))
            days = NewDays(of.starts_on + later, of.ends_on + later)
            move_class(work, class_id, days, version=of.version)
        elif dice < 0.9:
            merge_classes(work, class_id, into=chance.choice(classes))
        else:
            cancel_class(work, class_id)
