"""The lottery windows of a plan as planners see them: how far each is, and what is to be done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from services.catalogue.records import annual_plan, plan_window
from services.catalogue.scope import require_planner
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.lottery.records import draw, draw_value
from services.lottery.rules import value_from


@dataclass(frozen=True, slots=True)
class WindowDraws:
    """One closed or coming lottery window with its public value."""

    id: int
    year: int
    classes_from: date
    classes_to: date
    opens_at: datetime
    closes_at: datetime
    source_zh: str
    source_en: str
    draws: int
    drawn: int
    to_draw: int  # closed, with tickets, and not drawn
    value: str | None  # the own reading, or the confirmed one; a colleague's stays hidden
    entered: bool
    mine: bool  # the actor entered it
    confirmed: bool
    now: datetime

    @property
    def value_from(self) -> datetime:
        """When the public value can be known at the earliest."""
        return value_from(self.closes_at)

    @property
    def due(self) -> bool:
        """Whether a planner has something to do."""
        return self.to_draw > 0 and not self.confirmed and self.now >= self.value_from


def lottery_windows(look: Look, year: int) -> list[WindowDraws]:
    """List the lottery windows of a published plan.

    Raises:
        NotPermitted: only MPB sees plans.
    """
    return _read(look, plan_window.c.year == year)


def values_due(look: Look) -> list[WindowDraws]:
    """List the windows whose public value a planner has to enter or confirm.

    Raises:
        NotPermitted: only MPB enters values.
    """
    return [found for found in _read(look, plan_window.c.closes_at <= look.now) if found.due]


def lottery_window(look: Look, window_id: int) -> WindowDraws:
    """Give one lottery window.

    Raises:
        NotFound: there is no such window.
        NotPermitted: only MPB enters values.
    """
    found = _read(look, plan_window.c.id == window_id)
    if not found:
        raise NotFound
    return found[0]


def _read(look: Look, *where: Any) -> list[WindowDraws]:
    require_planner(look.actor)
    rows = look.all(
        select(plan_window, annual_plan.c.draw_source_zh, annual_plan.c.draw_source_en)
        .join(annual_plan, annual_plan.c.year == plan_window.c.year)
        .where(
            plan_window.c.closes_at.is_not(None), annual_plan.c.published_at.is_not(None), *where
        )
        .order_by(plan_window.c.classes_from)
    )
    return [_window(look, row) for row in rows]


def _window(look: Look, row: Row[Any]) -> WindowDraws:
    states = {
        r.state: r.n
        for r in look.all(
            select(draw.c.state, func.count().label("n"))
            .where(draw.c.window_id == row.id)
            .group_by(draw.c.state)
        )
    }
    value = look.one_or_none(
        select(draw_value).where(
            draw_value.c.window_id == row.id, draw_value.c.replaced_at.is_(None)
        )
    )
    mine = value is not None and value.entered_by == look.actor.account_id
    confirmed = value is not None and value.confirmed_at is not None
    return WindowDraws(
        row.id, row.year, row.classes_from, row.classes_to, row.opens_at, row.closes_at,
        row.draw_source_zh or "", row.draw_source_en or "",
        sum(states.values()), states.get("drawn", 0), states.get("revealed", 0),
        value.value if value is not None and (mine or confirmed) else None,
        value is not None, mine, confirmed, look.now,
    )  # fmt: skip
