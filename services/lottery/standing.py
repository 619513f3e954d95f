"""How a class or a registration stands to its draw, for cards of other drawers."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select

from services.catalogue.records import plan_window, training_class
from services.lottery.records import draw
from services.lottery.rules import value_from


@dataclass(frozen=True, slots=True)
class InDraw:
    """The draw that orders a queue; `ticket` is the reader's own, if the number takes part."""

    id: int
    state: str  # committed | revealed | drawn
    closes_at: datetime
    ticket: str | None = None

    @property
    def ahead(self) -> bool:
        """Whether nobody has a drawn rank yet, and nobody a seat."""
        return self.state != "drawn"

    @property
    def on(self) -> datetime:
        """The earliest moment of the draw: when the public value can be known."""
        return value_from(self.closes_at)

    def open_at(self, now: datetime) -> bool:
        """Whether a number taken now takes part."""
        return self.state == "committed" and now < self.closes_at


def draw_columns() -> list[ColumnElement[Any]]:
    """Give what `in_draw` needs, for a statement joined by `with_draw`."""
    return [
        draw.c.id.label("draw_id"),
        draw.c.state.label("draw_state"),
        plan_window.c.closes_at.label("draw_closes_at"),
    ]


def with_draw(statement: Select[Any]) -> Select[Any]:
    """Join the draw of a statement's training class, where it has one."""
    return statement.outerjoin(draw, draw.c.id == training_class.c.draw_id).outerjoin(
        plan_window, plan_window.c.id == draw.c.window_id
    )


def in_draw(facts: MutableMapping[str, Any]) -> InDraw | None:
    """Take the draw's columns out of a row's facts."""
    key, state = facts.pop("draw_id"), facts.pop("draw_state")
    closes_at, ticket = facts.pop("draw_closes_at"), facts.pop("draw_ticket", None)
    return None if key is None else InDraw(key, state, closes_at, ticket)
