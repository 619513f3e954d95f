"""A year ordered by a window lottery, made with the verbs: plan, window, classes, two planners."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from world import SIMPLE_RULES, World

from services.catalogue.records import course, plan_window, training_class
from services.classes import create_class
from services.commissions import Window, set_commission, set_windows
from services.kernel.actor import Actor
from services.kernel.clock import taipei
from services.lottery.records import draw, draw_ticket
from services.ordering import set_ordering
from services.plan import make_plan, publish_plan
from services.public_value import confirm_value, enter_value
from services.registration.records import registration

YEAR = 2028
PUBLISHED = taipei(date(2027, 11, 1), 10)
OPENS, CLOSES = taipei(date(2027, 12, 1), 9), taipei(date(2027, 12, 15), 17)
FIRST_DAY = date(2028, 3, 6)
SPAN = Window(date(2028, 3, 1), date(2028, 6, 30), OPENS, CLOSES)
VALUE = "03 11 19 24 37"
SOURCE = {"source_zh": "今彩539截止次日起第一期", "source_en": "Daily Cash, first draw after"}


@dataclass
class LotteryTown:
    """What happens in a lottery year, in the words of the field."""

    world: World
    planners: tuple[Actor, Actor]

    def has_classes(self, n: int = 1, *, seats: int = 1, course_code: str = "BST") -> list[int]:
        """Enter draft classes of one course, a week apart."""
        with self.world.office.open(self.world.officer()) as work:
            days = [FIRST_DAY.replace(day=FIRST_DAY.day + 7 * i) for i in range(n)]
            return [
                create_class(
                    work, year=YEAR, course=course_code, institution="NTOU",
                    starts_on=day, ends_on=day.replace(day=day.day + 4), cap=seats,
                )
                for day in days
            ]  # fmt: skip

    def publishes(self) -> Any:
        with self.world.office.open(self.planners[0]) as work:
            return publish_plan(work, YEAR)

    def opens(self) -> None:
        self.world.clock.go_to(OPENS)

    def closes(self) -> None:
        self.world.clock.go_to(CLOSES)
        self.world.ticks()

    def reads_the_value(self, value: str = VALUE, *, again: str | None = None) -> None:
        """Let the day after come, one planner enter the value and the other confirm it."""
        self.world.clock.go_to(max(self.world.clock.now(), taipei(date(2027, 12, 16), 21)))
        first, second = self.planners
        with self.world.office.open(first) as work:
            enter_value(work, self.window(), value)
        with self.world.office.open(second) as work:
            confirm_value(work, self.window(), value if again is None else again)

    def draws(self, value: str = VALUE) -> None:
        """Close, read the value and draw."""
        self.closes()
        self.reads_the_value(value)
        self.world.ticks()

    def window(self) -> int:
        with self.world.office.look() as look:
            return look.scalar(select(plan_window.c.id).where(plan_window.c.year == YEAR))

    def draw_of(self, class_id: int) -> Any:
        with self.world.office.look() as look:
            of_class = training_class.c.id == class_id
            return look.one_or_none(
                select(draw).join(training_class, training_class.c.draw_id == draw.c.id)
                .where(of_class)
            )  # fmt: skip

    def ticket(self, registration_id: int) -> Any:
        with self.world.office.look() as look:
            return look.one_or_none(
                select(draw_ticket)
                .join(registration, registration.c.ticket_id == draw_ticket.c.id)
                .where(registration.c.id == registration_id)
            )

    def ranks(self, receipts: Any) -> list[int]:
        return [self.world.row(receipt.registration_id).rank for receipt in receipts]


def a_lottery_town(world: World, courses: tuple[str, ...] = ("BST",)) -> LotteryTown:
    """Start a lottery plan of 2028 on 1 November 2027: a window, commissions, no class yet."""
    world.clock.go_to(PUBLISHED)
    world.an_institution()
    planners = world.two_planners()
    with world.office.open(planners[0]) as work:
        work.run(insert(course), [_course(code) for code in courses])
        make_plan(work, year=YEAR, seats_cap=5_000)
        for code in courses:
            caps = {"classes_cap": 20, "seats_cap": 5_000, "fee": 12_000}
            set_commission(work, year=YEAR, course=code, institution="NTOU", **caps)
        set_ordering(work, YEAR, version=1, policy="window_lottery", **SOURCE)
        set_windows(work, YEAR, [SPAN])
    return LotteryTown(world, planners)


def _course(code: str) -> dict[str, Any]:
    return {"code": code, "name_zh": f"課程{code}", "name_en": f"Course {code}",
            "category": "safety", "days": 5, "class_size": 24, "rules": dict(SIMPLE_RULES),
            "auto_screenable": True, "assumption": True}  # fmt: skip
