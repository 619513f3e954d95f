"""What everybody may know of a draw: commitment, frozen list, seed, public value, ranks, log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from services.catalogue.records import annual_plan, cohort, course, plan_window, training_class
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.lottery.records import draw, draw_event, draw_ticket, draw_value
from services.lottery.rules import value_from

PER_PAGE = 120


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One draw in a list."""

    id: int
    year: int
    course: str
    name_zh: str
    name_en: str
    classes_from: date
    classes_to: date
    opens_at: datetime
    closes_at: datetime
    state: str
    taking_part: int  # tickets so far, or in the frozen list
    commitment: str
    committed_at: datetime
    closed_at: datetime | None
    drawn_at: datetime | None

    @property
    def value_from(self) -> datetime:
        """When the public value can be known at the earliest."""
        return value_from(self.closes_at)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One line of the frozen list."""

    code: str
    rank: int | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A reading of the public value; one taken back stays on record."""

    value: str
    entered_at: datetime
    confirmed_at: datetime | None
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class DrawPage:
    """Everything the page of one draw shows."""

    line: DrawLine
    source_zh: str
    source_en: str
    seed: str | None
    list_hash: str | None
    value: str | None
    values: tuple[Value, ...]
    tickets: tuple[Ticket, ...]  # one page of the frozen list; none before the closing
    page: int
    found: bool | None  # whether the ticket looked for is on the list
    mine: str | None
    classes: tuple[tuple[int, str], ...]


_COUNT = (
    select(func.count())
    .where(draw_ticket.c.draw_id == draw.c.id)
    .correlate(draw)
    .scalar_subquery()
    .label("taking_part")
)
_OWN = ("id", "state", "commitment", "committed_at", "closed_at", "drawn_at")


def draws(look: Look, *where: ColumnElement[bool]) -> list[DrawLine]:
    """List the draws that order a published class, the next closing first, then the latest."""
    with_class = exists().where(training_class.c.draw_id == draw.c.id)
    rows = look.all(_lines().where(with_class, *where).order_by(plan_window.c.closes_at, draw.c.id))
    lines = [DrawLine(**row._mapping) for row in rows]
    over = [line for line in lines if line.state == "drawn"]
    return [line for line in lines if line.state != "drawn"] + over[::-1]


def draws_of_course(look: Look, code: str) -> list[DrawLine]:
    """List the draws of a course that are ahead, or whose classes are."""
    return draws(look, cohort.c.course == code, plan_window.c.classes_to >= look.today)


def draw_page(look: Look, draw_id: int, *, page: int = 1, find: str = "") -> DrawPage:
    """Read one draw; `find` turns to the page of a ticket.

    Raises:
        NotFound: there is no such draw.
    """
    line, row, plan = _read(look, draw_id)
    place = _place(look, row, find) if find else None
    page = -(-place // PER_PAGE) if place else page
    return DrawPage(
        line=line,
        source_zh=plan.draw_source_zh or "",
        source_en=plan.draw_source_en or "",
        seed=row.seed,
        list_hash=row.list_hash,
        value=row.value,
        values=_values(look, row.window_id),
        tickets=_tickets(look, row, page) if row.seed else (),
        page=page,
        found=place is not None if find else None,
        mine=_mine(look, draw_id),
        classes=_classes(look, draw_id),
    )


def draw_facts(look: Look, draw_id: int) -> dict[str, Any]:
    """Give a draw as its JSON file tells it: everything needed to recompute it.

    Raises:
        NotFound: there is no such draw.
    """
    line, row, plan = _read(look, draw_id)
    moments = ("committed_at", "opens_at", "closes_at", "closed_at", "drawn_at")
    known = {name: getattr(line, name) for name in moments}
    return {
        "draw": line.id,
        "course": line.course,
        "year": line.year,
        "classes_from": line.classes_from.isoformat(),
        "classes_to": line.classes_to.isoformat(),
        "state": line.state,
        **{name: moment and moment.isoformat() for name, moment in known.items()},
        "source_zh": plan.draw_source_zh,
        "source_en": plan.draw_source_en,
        "value_not_before": line.value_from.isoformat(),
        "commitment": line.commitment,
        "seed": row.seed,
        "list_hash": row.list_hash,
        "value": row.value,
        "tickets": [
            {"ticket": ticket.code, "rank": ticket.rank}
            for ticket in (_tickets(look, row) if row.seed else ())
        ],
        "log": [
            {
                "seq": entry.seq,
                "event": entry.event,
                "facts": entry.facts,
                "at": entry.at.isoformat(),
                "hash": entry.hash,
            }
            for entry in look.all(
                select(draw_event).where(draw_event.c.draw_id == draw_id).order_by(draw_event.c.seq)
            )
        ],
    }


def _lines() -> Select[Any]:
    return (
        select(
            *(draw.c[name] for name in _OWN),
            cohort.c.year,
            cohort.c.course,
            course.c.name_zh,
            course.c.name_en,
            *(plan_window.c[n] for n in ("classes_from", "classes_to", "opens_at", "closes_at")),
            _COUNT,
        )
        .join(cohort, cohort.c.id == draw.c.cohort_id)
        .join(course, course.c.code == cohort.c.course)
        .join(plan_window, plan_window.c.id == draw.c.window_id)
    )


def _read(look: Look, draw_id: int) -> tuple[DrawLine, Any, Any]:
    found = look.one_or_none(_lines().where(draw.c.id == draw_id))
    if found is None:
        raise NotFound
    public = ("window_id", "state", "seed", "list_hash", "value")
    row = look.connection.execute(
        select(draw.c.id, *(draw.c[name] for name in public)).where(draw.c.id == draw_id)
    ).one()
    plan = look.connection.execute(
        select(annual_plan.c.draw_source_zh, annual_plan.c.draw_source_en).where(
            annual_plan.c.year == found.year
        )
    ).one()
    return DrawLine(**found._mapping), row, plan


def _order(row: Row[Any]) -> ColumnElement[Any]:
    return draw_ticket.c.rank if row.state == "drawn" else draw_ticket.c.code


def _tickets(look: Look, row: Row[Any], page: int | None = None) -> tuple[Ticket, ...]:
    """Read the frozen list, or one page of it: by rank, before the draw by code."""
    statement = (
        select(draw_ticket.c.code, draw_ticket.c.rank, draw_ticket.c.person_id)
        .where(draw_ticket.c.draw_id == row.id)
        .order_by(_order(row))
    )
    if page is not None:
        statement = statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    own = look.actor.person_id
    return tuple(
        Ticket(t.code, t.rank, own is not None and t.person_id == own) for t in look.all(statement)
    )


def _place(look: Look, row: Row[Any], typed: str) -> int | None:
    """Find where a ticket stands on the list, however it was typed."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    code = "-".join(plain[i : i + 3] for i in range(0, len(plain), 3))
    of_draw = draw_ticket.c.draw_id == row.id
    key = look.scalar(select(_order(row)).where(of_draw, draw_ticket.c.code == code))
    if key is None or row.seed is None:
        return None
    before = select(func.count()).where(of_draw, _order(row) <= key)
    return int(look.scalar(before))


def _values(look: Look, window_id: int) -> tuple[Value, ...]:
    names = Value.__dataclass_fields__
    rows = look.all(
        select(*(draw_value.c[name] for name in names))
        .where(draw_value.c.window_id == window_id)
        .order_by(draw_value.c.id)
    )
    return tuple(Value(*row) for row in rows)


def _mine(look: Look, draw_id: int) -> str | None:
    own = look.actor.person_id
    if own is None:
        return None
    mine = draw_ticket.c.draw_id == draw_id, draw_ticket.c.person_id == own
    code: str | None = look.scalar(select(draw_ticket.c.code).where(*mine))
    return code


def _classes(look: Look, draw_id: int) -> tuple[tuple[int, str], ...]:
    rows = look.all(
        select(training_class.c.id, training_class.c.code)
        .where(training_class.c.draw_id == draw_id)
        .order_by(training_class.c.starts_on, training_class.c.code)
    )
    return tuple((row.id, row.code) for row in rows)
