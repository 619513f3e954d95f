"""News from what really happened: plans, windows, new and cancelled classes, calls that ran."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, Select, cast, func, select

from services.catalogue.records import (
    annual_plan,
    course,
    milestone,
    plan_window,
    training_class,
)
from services.kernel.work import Look
from services.milestones import Milestone

BACK = timedelta(days=60)  # calls and cancellations older than this are no news
_CALLS = {
    Milestone.CONFIRMATION_CALL: "asked",
    Milestone.PROMOTION_CALL: "promoted",
    Milestone.SELF_FUNDED_CALL: "offered",
    Milestone.FREEZE: "roster",
}
_IS = training_class.c


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened; the page says it, `facts` fill the blanks."""

    at: datetime
    kind: str
    facts: Mapping[str, Any]
    href: str


def news(look: Look, *, most: int = 6) -> list[News]:
    """Give the latest of each kind of news, the newest first."""
    found = [*_plans(look), *_windows(look), *_added(look), *_calls(look), *_cancelled(look)]
    return sorted(found, key=lambda n: n.at, reverse=True)[:most]


def _plans(look: Look) -> Iterator[News]:
    out = annual_plan.c.published_at <= look.now
    latest = select(annual_plan).where(out).order_by(annual_plan.c.published_at.desc()).limit(1)
    for plan in look.all(latest):
        live = _IS.year == plan.year, _IS.state.in_(("published", "opened"))
        n, seats = look.all(select(func.count(), func.sum(_IS.cap)).where(*live))[0]
        facts = {"year": plan.year, "n": n, "seats": int(seats or 0)}
        yield News(plan.published_at, "plan", facts, "/classes")


def _windows(look: Look) -> Iterator[News]:
    rows = look.all(
        select(plan_window)
        .join(annual_plan, annual_plan.c.year == plan_window.c.year)
        .where(plan_window.c.opens_at <= look.now, annual_plan.c.published_at <= look.now)
        .order_by(plan_window.c.opens_at.desc())
        .limit(1)
    )
    for row in rows:
        facts = {"first": row.classes_from, "last": row.classes_to}
        yield News(row.opens_at, "window", facts, "/classes?possible=now")


def _added(look: Look) -> Iterator[News]:
    """Classes that came out after their plan did."""
    rows = look.all(
        _classes()
        .join(annual_plan, annual_plan.c.year == _IS.year)
        .where(_IS.state == "published", _IS.published_at > annual_plan.c.published_at)
        .order_by(_IS.published_at.desc())
        .limit(1)
    )
    for row in rows:
        yield News(row.published_at, "added", _facts(row), f"/classes/{row.id}")


def _cancelled(look: Look) -> Iterator[News]:
    rows = look.all(
        _classes()
        .where(_IS.state == "cancelled", _IS.ended_at > look.now - BACK)
        .order_by(_IS.ended_at.desc())
        .limit(1)
    )
    for row in rows:
        yield News(row.ended_at, "cancelled", _facts(row), f"/classes/{row.id}")


def _calls(look: Look) -> Iterator[News]:
    """The latest call of each kind that reached somebody: all classes of that first day."""
    for kind, counted in _CALLS.items():
        n = cast(milestone.c.facts[counted].as_string(), Integer)
        rows = look.all(
            select(
                func.max(milestone.c.reached_at).label("at"),
                _IS.starts_on,
                func.count().label("n"),
                func.sum(n).label("people"),
            )
            .join(training_class, _IS.id == milestone.c.class_id)
            .where(
                milestone.c.kind == kind.value,
                milestone.c.outcome == "done",
                milestone.c.schedule == _IS.schedule,
                milestone.c.reached_at > look.now - BACK,
                n > 0,
            )
            .group_by(_IS.starts_on)
            .order_by(func.max(milestone.c.reached_at).desc())
            .limit(1)
        )
        for row in rows:
            facts = {"n": row.n, "people": int(row.people), "day": row.starts_on}
            yield News(row.at, kind.value, facts, f"/calendar/{row.starts_on}")


def _classes() -> Select[Any]:
    own = (_IS.id, _IS.code, _IS.starts_on, _IS.published_at, _IS.ended_at)
    return select(*own, course.c.name_zh, course.c.name_en).join(
        course, course.c.code == _IS.course
    )


def _facts(row: Row[Any]) -> dict[str, Any]:
    return {"code": row.code, "day": row.starts_on, "zh": row.name_zh, "en": row.name_en}
