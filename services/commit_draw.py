"""Commit to a draw before its window opens: the hash of a secret seed is published first."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select

from services.catalogue.records import annual_plan, cohort, training_class
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.lottery.check_draw import sha256
from services.lottery.log import write_down
from services.lottery.records import draw
from services.lottery.rules import DRAW_DAYS, LOTTERY, latest_closing
from services.milestones import Policy
from services.words import mark


class NoSource(DomainError):
    """Nobody may choose among public values afterwards."""

    code = "lottery.no_source"
    sentence = mark("Name the public value of the draw, in both languages, before publishing.")


class OpensTooSoon(DomainError):
    """The commitment stands before the window opens."""

    code = "lottery.opens_too_soon"
    sentence = mark(
        "A window opened on {moment}. Under a lottery every window must open after publishing, "
        "because the draw is committed to first."
    )


class ClosesTooLate(DomainError):
    """The draw is over before the first class asks its people."""

    code = "lottery.closes_too_late"
    sentence = mark(
        "Each window of a lottery needs a closing, at the latest {days} days before the first "
        "confirmation call of its classes ({moment})."
    )


def check_lottery(work: Work, plan: Row[Any], policy: Policy, windows: Sequence[Row[Any]]) -> None:
    """Refuse to publish a lottery plan that could not keep its promises.

    Raises:
        NoSource, OpensTooSoon, ClosesTooLate: as they say.
    """
    if plan.ordering_policy != LOTTERY:
        return
    if not (plan.draw_source_zh and plan.draw_source_en):
        raise NoSource
    for window in windows:
        if window.opens_at <= work.now:
            raise OpensTooSoon(moment=window.opens_at)
        latest = latest_closing(policy, window.classes_from)
        if window.closes_at is None or window.closes_at > latest:
            raise ClosesTooLate(days=DRAW_DAYS, moment=latest)


def commit_draws(work: Work, year: int, windows: Sequence[Row[Any]]) -> None:
    """Commit to a draw for every course of the year and each lottery window still to open.

    The cohorts are locked.
    """
    courses = work.all(select(cohort.c.id).where(cohort.c.year == year).order_by(cohort.c.id))
    for window in windows:
        for row in courses:
            draw_for(work, row.id, window)


def draw_for(work: Work, cohort_id: int, window: Row[Any]) -> int | None:
    """Give the draw of a cohort's window; commit to it if the window is still to open."""
    if window.closes_at is None:
        return None
    known = work.scalar(
        select(draw.c.id).where(draw.c.cohort_id == cohort_id, draw.c.window_id == window.id)
    )
    if known is not None or window.opens_at <= work.now:
        return known
    seed = secrets.token_hex(32)
    row = {
        "cohort_id": cohort_id,
        "window_id": window.id,
        "commitment": sha256(seed),
        "sealed_seed": work.vault.seal(seed, seal_row(cohort_id, window.id)),
        "committed_at": work.now,
    }
    draw_id = int(work.run(insert(draw), row).inserted_primary_key[0])
    write_down(
        work,
        draw_id,
        cohort_id,
        "committed",
        commitment=row["commitment"],
        closes_at=window.closes_at.isoformat(),
        **_sources(work, window.year),
    )
    return draw_id


def _sources(work: Work, year: int) -> dict[str, str]:
    """The public value named in advance goes into the log with the commitment."""
    row = work.connection.execute(
        select(annual_plan.c.draw_source_zh, annual_plan.c.draw_source_en).where(
            annual_plan.c.year == year
        )
    ).one()
    return {"source_zh": row.draw_source_zh, "source_en": row.draw_source_en}


def seal_row(cohort_id: int, window_id: int) -> str:
    """Name the row a seed is sealed for."""
    return f"draw:{cohort_id}:{window_id}"


def cohort_of(look: Look, class_id: int) -> int:
    """Give the cohort of a class that surely exists."""
    return int(
        look.scalar(select(training_class.c.cohort_id).where(training_class.c.id == class_id))
    )
