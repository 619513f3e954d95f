"""The public value of a window's draws: one planner reads it off the source, another confirms."""

import unicodedata
from typing import Any

from sqlalchemy import Row, exists, insert, select, update

from services.catalogue.checks import Checks
from services.catalogue.records import plan_window
from services.catalogue.scope import require_planner
from services.kernel.errors import DomainError, NotFound, NotPermitted
from services.kernel.work import Look, Work
from services.lottery.records import draw, draw_value
from services.lottery.rules import value_from
from services.notices.records import staff_task
from services.notices.tasks import open_task
from services.words import mark

TASK = "public_value"


class ValueTooEarly(DomainError):
    """What is known before the closing is no public value."""

    code = "lottery.value_too_early"
    sentence = mark("The public value is taken from {moment} on, not earlier.")


class ValueStands(DomainError):
    """A value is there; nobody replaces it silently."""

    code = "lottery.value_stands"
    sentence = mark("A value has been entered already. Load the page again.")


class SamePlanner(DomainError):
    """Two people read the value."""

    code = "lottery.same_planner"
    sentence = mark("You entered this value yourself: another planner has to confirm it.")


class ValueDiffers(DomainError):
    """The two readings do not agree."""

    code = "lottery.value_differs"
    sentence = mark(
        "This is not what your colleague entered. Look at the source again; if your colleague's "
        "reading is wrong, take it back and enter the right one."
    )


def enter_value(work: Work, window_id: int, typed: str) -> None:
    """Note what a planner read off the named source.

    Raises:
        ValueTooEarly, ValueStands: this is not the moment.
        InvalidInput: nothing that could be a value.
    """
    window = _hold(work, window_id)
    known = value_from(window.closes_at)
    if work.now < known:
        raise ValueTooEarly(moment=known)
    if _standing(work, window_id) is not None:
        raise ValueStands
    row = {"window_id": window_id, "value": _read(typed), "entered_at": work.now}
    work.run(insert(draw_value), {**row, "entered_by": work.actor.account_id})


def confirm_value(work: Work, window_id: int, typed: str) -> None:
    """Confirm a colleague's value by reading the source oneself; the draw follows by the clock.

    Raises:
        SamePlanner, ValueDiffers: as they say.
        ValueStands: there is none to confirm, or it is confirmed.
        InvalidInput: nothing that could be a value.
    """
    _hold(work, window_id)
    standing = _standing(work, window_id)
    if standing is None or standing.confirmed_at is not None:
        raise ValueStands
    if standing.entered_by == work.actor.account_id:
        raise SamePlanner
    if _read(typed) != standing.value:
        raise ValueDiffers
    work.run(
        update(draw_value)
        .where(draw_value.c.id == standing.id)
        .values(confirmed_by=work.actor.account_id, confirmed_at=work.now)
    )
    work.run(
        update(staff_task)
        .where(staff_task.c.key == _key(window_id), staff_task.c.closed_at.is_(None))
        .values(closed_at=work.now)
    )


def take_back_value(work: Work, window_id: int) -> None:
    """Take back a value that is not confirmed yet; it stays on public record as taken back.

    Raises:
        ValueStands: there is none, or it is confirmed.
    """
    _hold(work, window_id)
    standing = _standing(work, window_id)
    if standing is None or standing.confirmed_at is not None:
        raise ValueStands
    this = draw_value.c.id == standing.id
    work.run(update(draw_value).where(this).values(replaced_at=work.now))


def windows_to_value(look: Look) -> list[int]:
    """Find closed lottery windows that wait for a public value nobody has been reminded of."""
    waiting = exists().where(draw.c.window_id == plan_window.c.id, draw.c.state == "revealed")
    rows = look.all(
        select(plan_window.c.id, plan_window.c.closes_at)
        .where(plan_window.c.closes_at <= look.now, waiting)
        .order_by(plan_window.c.id)
    )
    told = set(look.connection.scalars(select(staff_task.c.key).where(staff_task.c.kind == TASK)))
    due = [row.id for row in rows if value_from(row.closes_at) <= look.now]
    return [window_id for window_id in due if _key(window_id) not in told]


def ask_for_value(work: Work, window_id: int) -> int:
    """Open the planners' task to enter the public value."""
    open_task(work, _key(window_id), TASK, window_id=window_id)
    return 1


def _key(window_id: int) -> str:
    return f"{TASK}:{window_id}"


def _hold(work: Work, window_id: int) -> Row[Any]:
    require_planner(work.actor)
    if work.actor.account_id is None:
        raise NotPermitted
    window = work.one_or_none(
        select(plan_window).where(plan_window.c.id == window_id).with_for_update()
    )
    if window is None or window.closes_at is None:
        raise NotFound
    return window


def _standing(work: Work, window_id: int) -> Row[Any] | None:
    return work.one_or_none(
        select(draw_value).where(
            draw_value.c.window_id == window_id, draw_value.c.replaced_at.is_(None)
        )
    )


def _read(typed: str) -> str:
    """Read a value: half-width, single blanks, so that two people's typing compares."""
    value = " ".join(unicodedata.normalize("NFKC", typed).split())
    checks = Checks()
    if not value:
        checks.refuse("value", mark("Please enter the value."))
    checks.short("value", value, 80)
    checks.settle()
    return value
