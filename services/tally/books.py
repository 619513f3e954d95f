"""Books of classes whose people have all come to an end: counted once, read ever after.

What became of requests, letters and reviews is no step of the chain, so it cannot be taken in event
by event. It stands still once a class is over; until then the few classes on their way are counted
whenever somebody asks. A step that touches a class again opens its book.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    Delete,
    Executable,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    union_all,
)

from services.catalogue.records import milestone, training_class
from services.kernel.db import made_once, upsert
from services.kernel.work import Look, Work
from services.notices.records import notice, text_message
from services.registration.lifecycle import OPEN
from services.registration.records import registration, request, review_case
from services.tally.hand import ids, write_ids
from services.tally.kinds import COUNTED, KINDS, Counted, at
from services.tally.places import WIDE, lying
from services.tally.records import book, entry, shelf, standing
from services.tally.rows import DRAFT, day_of

AT_ONCE = 100  # classes closed in one unit of work


@cache
def in_hand(dialect: str, name: str) -> FromClause:
    """Give the training classes of a parameter as they stand."""
    hand = ids(dialect, name)
    return (
        select(training_class).join(hand, hand.c.id == training_class.c.id).subquery(f"in_{name}")
    )


def close(work: Work) -> int:
    """Close the books of classes that are over; return how many, at most AT_ONCE."""
    over = to_close(work)
    if over:
        dialect, given = work.connection.dialect.name, {"over_json": write_ids(over)}
        last = work.all(_last_days(dialect), given)
        work.run(insert(book), [{"class_id": key, "last_day": max(days)} for key, *days in last])
        for kind, counted in _counted(dialect).items():
            found = work.all(counted, {**given, **at(work.now)})
            rows = [{"class_id": c, "kind": kind, "key": key, "n": n} for c, key, n in found]
            if rows:
                work.run(insert(entry), rows)
        work.run(_shelving(dialect), {"mine_json": write_ids(over), "sign": 1})
    return len(over)


def reopen(work: Work, class_ids: Iterable[int]) -> None:
    """Open the books of classes again; they are closed anew when they are over again."""
    dialect = work.connection.dialect.name
    closed, *throw_away = _closed(dialect)
    found = work.all(closed, {"again_json": write_ids(class_ids)})
    if found:
        again = write_ids(row.class_id for row in found)
        work.run(_shelving(dialect), {"mine_json": again, "sign": -1})
        for statement in throw_away:
            work.run(statement, {"again_json": again})


@cache
def _shelving(dialect: str) -> Executable:
    """Give what adds the entries of some books, times a sign, to the shelf of every place."""
    mine, lies, e = in_hand(dialect, "mine"), lying(), entry.c
    places = (lies.c[name] for name in WIDE)
    books = mine.join(entry, e.class_id == mine.c.id).join(lies, lies.c.class_id == mine.c.id)
    held = made_once(
        select(mine.c.cohort_id, *places, e.kind, e.key, e.n).select_from(books), "held"
    ).c
    spread = union_all(
        *(select(held.cohort_id, held[name].label("place"), held.kind, held.key, held.n)
          for name in WIDE)
    ).subquery("spread").c  # fmt: skip
    name = (spread.cohort_id, spread.place, spread.kind, spread.key)
    signed = cast(func.sum(spread.n) * bindparam("sign", type_=Integer), Integer)
    rows = select(*name, signed).where(true()).group_by(*name).order_by(*name)
    added = upsert(dialect, shelf).from_select(shelf.c.keys(), rows)
    keys = [column.name for column in shelf.primary_key]
    return added.on_conflict_do_update(
        index_elements=keys, set_={"n": shelf.c.n + added.excluded.n}
    )


@cache
def _closed(dialect: str) -> tuple[Select[Any], Delete, Delete]:
    """Give the statements that find the books of some classes and throw them away."""
    again = ids(dialect, "again")
    found = select(book.c.class_id).join(again, again.c.id == book.c.class_id)
    these = book.c.class_id.in_(select(again.c.id)), entry.c.class_id.in_(select(again.c.id))
    return found, delete(book).where(these[0]), delete(entry).where(these[1])


def to_close(look: Look) -> list[int]:
    """Find begun classes nothing is open in: no registration, request, review, letter or step."""
    c, r, m = training_class.c, registration.c, milestone.c
    mine = r.class_id == c.id
    open_ = r.status.in_([status.value for status in OPEN])
    due = and_(notice.c.kind.in_(COUNTED), notice.c.mail == "due")
    text_due = and_(text_message.c.notice_id == notice.c.id, text_message.c.state == "due")
    undecided = review_case.c.decided_at.is_(None)
    of_class = and_(m.class_id == c.id, m.schedule == c.schedule, c.state == "published")
    found = (
        select(c.id)
        .where(c.id.not_in(select(book.c.class_id)))  # first: the others cost a look at each class
        .where(c.state != DRAFT, c.starts_on < look.today)
        .where(~exists().where(mine, open_))
        .where(~exists().where(request.c.class_id == c.id, request.c.closed_at.is_(None)))
        .where(~exists().where(mine, review_case.c.registration_id == r.id, undecided))
        .where(~exists().where(mine, notice.c.registration_id == r.id, due))
        .where(~exists().where(mine, notice.c.registration_id == r.id, text_due))
        .where(~exists().where(of_class, m.reached_at.is_(None)))
        .order_by(c.id)
        .limit(AT_ONCE)
    )
    return list(look.connection.scalars(found))


@cache
def _counted(dialect: str) -> dict[str, Counted]:
    return {kind: of(in_hand(dialect, "over"), registration) for kind, of in KINDS.items()}


@cache
def _last_days(dialect: str) -> Select[Any]:
    """Give the last day on which each kind of thing of a class moved, in columns."""
    classes = in_hand(dialect, "over")
    r, q, c, m, s = registration.c, request.c, review_case.c, notice.c, standing.c
    t, p = text_message.c, milestone.c
    mine, counted = r.class_id == classes.c.id, m.kind.in_(COUNTED)
    of = s.cohort_id == r.cohort_id, s.person_id == r.person_id, s.registration_id == r.id
    moments = (
        select(func.max(r.moved_at)).where(mine),
        select(func.max(q.closed_at)).where(q.class_id == classes.c.id),
        select(func.max(c.decided_at)).where(mine, c.registration_id == r.id),
        select(func.max(m.sent_at)).where(mine, m.registration_id == r.id, counted),
        select(func.max(t.sent_at)).where(mine, m.registration_id == r.id, t.notice_id == m.id),
        select(func.max(p.reached_at)).where(p.class_id == classes.c.id),
    )
    days = [day_of(moment.scalar_subquery()) for moment in moments]
    days.append(day_of(classes.c.ended_at))
    days.append(select(func.max(s.from_day)).where(mine, *of).scalar_subquery())
    return select(classes.c.id, *(func.coalesce(day, 0) for day in days))
