"""A year ordered by a window lottery in the town: its window has closed, its value is awaited."""

from datetime import date, timedelta

from browser.town import Town
from sqlalchemy import select

from services.catalogue.records import plan_window, training_class
from services.classes import create_class
from services.commissions import Window, set_commission, set_windows
from services.kernel.clock import WallClock, taipei
from services.ordering import set_ordering
from services.plan import make_plan, publish_plan

SOURCE = {"source_zh": "今彩539截止次日起第一期", "source_en": "Daily Cash, first draw after"}


def a_closed_window(town: Town) -> dict[str, str]:
    """Publish the year after next, let three people register, close; give its pages examples."""
    year = town.year + 2
    town.stands(town.in_days(-25))
    planner, first = town.planner(), date(year, 3, 6)
    span = Window(
        first, date(year, 6, 30), taipei(town.in_days(-20), 9),
        taipei(town.in_days(-3), 17),
    )  # fmt: skip
    with town.office.open(planner) as work:
        make_plan(work, year=year, seats_cap=500)
        caps = {"classes_cap": 5, "seats_cap": 100, "fee": 12_000}
        set_commission(work, year=year, course="PSCRB", institution="NTOU", **caps)
        set_ordering(work, year, version=1, policy="window_lottery", **SOURCE)
        set_windows(work, year, [span])
    with town.office.open(town.officer()) as work:
        class_id = create_class(
            work, year=year, course="PSCRB", institution="NTOU", starts_on=first,
            ends_on=first + timedelta(days=4), cap=2,
        )  # fmt: skip
    with town.office.open(planner) as work:
        publish_plan(work, year)
    town.stands(town.in_days(-10))
    town.registered(class_id, *town.people(3))
    town.stands(town.in_days(-2))
    town.ticks()
    town.clock.go_to(WallClock().now())
    with town.office.look() as look:
        draw = look.scalar(select(training_class.c.draw_id).where(training_class.c.id == class_id))
        window = look.scalar(select(plan_window.c.id).where(plan_window.c.year == year))
    return {"draw_id": str(draw), "window_id": str(window), "drawn_class": str(class_id)}
