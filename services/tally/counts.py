"""The sums the rollup keeps, counted from any registrations; `worth.py` says the same of a few."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
)

from services.catalogue.records import cohort, milestone
from services.kernel.db import among, begins
from services.milestones import Milestone
from services.registration.lifecycle import Status
from services.tally.places import WIDE, is_class, lying, of_class
from services.tally.records import several
from services.tally.traits import STAFF
from services.tally.units import (
    OFF_THE_LIST,
    OWN_COST,
    QUEUED,
    code,
    failing,
    fair,
    persons,
    waiting,
)

CALLS = {
    "at_promotion": Milestone.PROMOTION_CALL,
    "at_offer": Milestone.SELF_FUNDED_CALL,
    "at_freeze": Milestone.FREEZE,
}
CHECKPOINTS = (*CALLS, "at_start")  # the columns that count who had confirmed by then
NAMES = (
    "attended", "marked", "coming", "waiting",
    "by_register", "by_backfill", "by_promotion", "by_own_cost",
    "at_promotion", "at_offer", "at_freeze", "at_start",
    "registered", "by_staff", "reviewing",
)  # fmt: skip
CAME = (Status.COMPLETED.value, Status.FAILED.value)
COMING = (Status.CONFIRMED.value, Status.SELF_FUNDED.value)
ROLL = (*CAME, Status.ABSENT.value)

LEFT_OVER = 1 | 8  # a member, unmet
Key = tuple[int, str, str, int, str]  # cohort, place, kind, key, failing: the key of `tally`


def moments(classes: FromClause, *more: ColumnElement[bool]) -> FromClause:
    """Give when each checkpoint of each class was or is due, one row per class."""
    due = (
        func.max(case((milestone.c.kind == kind.value, milestone.c.due_at))).label(name)
        for name, kind in CALLS.items()
    )
    start = begins(classes.c.starts_on).label("at_start")
    return (
        select(classes.c.id.label("class_id"), *due, start)
        .join(
            milestone,
            and_(milestone.c.class_id == classes.c.id, milestone.c.schedule == classes.c.schedule),
            isouter=True,
        )
        .where(*more)
        .group_by(classes.c.id, classes.c.starts_on)
        .subquery("due")
    )


def by_class(r: FromClause, due: FromClause) -> Select[Any]:
    """Count the registrations of `r` by class and by what they came to."""
    came, how = among(r.c.status, CAME), r.c.how_seated
    terms = (
        came,
        among(r.c.status, ROLL),
        among(r.c.status, COMING),
        among(r.c.status, QUEUED),  # who is under review does not wait
        and_(came, or_(~among(how, (*OFF_THE_LIST, *OWN_COST)), how.is_(None))),  # merged in too
        and_(came, how == "backfill"),
        and_(came, how == "promoted"),
        and_(came, among(how, OWN_COST)),
        *(confirmed_by(r, due.c[name]) for name in CHECKPOINTS),
        r.c.id.is_not(None),
        r.c.traits >= STAFF,
        r.c.status == Status.IN_REVIEW.value,
    )
    sums = (
        func.sum(case((term, 1), else_=0)).label(name)
        for name, term in zip(NAMES, terms, strict=True)
    )
    return (
        select(r.c.class_id, *sums)
        .join_from(r, due, due.c.class_id == r.c.class_id, isouter=True)  # each row finds its due
        .group_by(r.c.class_id)
    )


def confirmed_by(r: FromClause, moment: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell who had confirmed by a moment and had not left again: by milestones, never by status."""
    return and_(r.c.confirmed_at <= moment, or_(r.c.ended_at.is_(None), r.c.ended_at > moment))


def by_place(r: FromClause) -> Select[Any]:
    """Give each person and course once in every place where the person has a registration.

    Who has a single registration is given for its class too: of these any classes can be added up.
    """
    at = lying()
    named = (at.c[name] for name in WIDE)
    here = select(r, *named).join_from(r, at, at.c.class_id == r.c.class_id).cte()
    of = and_(several.c.cohort_id == here.c.cohort_id, several.c.person_id == here.c.person_id)
    single = ~exists().where(of)
    ours = select(here).where(~single).cte()  # few: only these are joined with each other
    theirs = (select(ours.c.cohort_id, ours.c.person_id, ours.c[n].label("place")) for n in WIDE)
    places = union(*theirs).cte()
    same = and_(places.c.cohort_id == ours.c.cohort_id, places.c.person_id == ours.c.person_id)
    rows = union_all(
        *(select(here, here.c[name].label("place")).where(single) for name in WIDE),
        select(here, of_class(here.c.class_id)).where(single),
        select(ours, places.c.place).join_from(ours, places, same),
    ).subquery("rows")
    inside = or_(is_class(rows.c.place), *(rows.c.place == rows.c[name] for name in WIDE))
    who = persons(rows, inside, rows.c.place).subquery("who")
    return select(
        who.c.cohort_id,
        who.c.person_id,
        who.c.place,
        code(who).label("code"),
        failing(who).label("failing"),
        case((who.c.member == 1, who.c.since)).label("since"),
        waiting(who).label("waits"),
        fair(who).label("fair"),
    )


def took(r: FromClause) -> Select[Any]:
    """Count by cohort, places, class and days who came off the waiting list."""
    at = lying()
    places = (*(at.c[name] for name in WIDE), of_class(r.c.class_id))
    keys = (r.c.cohort_id, *places, r.c.took)
    return (
        select(*keys, func.count())
        .join_from(r, at, at.c.class_id == r.c.class_id)
        .where(r.c.took.is_not(None))
        .group_by(*keys)
    )


def add_up(
    units: Iterable[Any], came_off: Iterable[Any], last_year: Mapping[int, int]
) -> Counter[Key]:
    """Add the rows of `by_place` and `took` up as `tally` keeps them.

    last_year: the cohort of the same course a year before; who was left there without a seat and
    is here again is carried over.
    """
    found: Counter[Key] = Counter()
    left, here = set[tuple[int, int, str]](), list[tuple[int, int, str]]()
    for cohort_id, person_id, place, packed, fails, since, waits, fate in units:
        if packed & LEFT_OVER == LEFT_OVER:
            left.add((cohort_id, person_id, place))
        if packed & 1:
            here.append((cohort_id, person_id, place))
        found[cohort_id, place, "unit", packed, fails] += 1
        if since is not None:
            found[cohort_id, place, "since", since, ""] += 1
        if waits is not None:
            found[cohort_id, place, "waits", waits, ""] += 1
        if fate is not None:
            found[cohort_id, place, "fair", fate, ""] += 1
    for cohort_id, *places, days, n in came_off:
        for at in places:
            found[cohort_id, at, "took", days, ""] += n
    for cohort_id, person_id, place in here:
        if (last_year.get(cohort_id, 0), person_id, place) in left:
            found[cohort_id, place, "carried", 0, ""] += 1
    return found


def last_year(connection: Connection) -> dict[int, int]:
    """Give for each cohort the one of the same course a year before."""
    then = cohort.alias("then")
    same = and_(then.c.course == cohort.c.course, then.c.year == cohort.c.year - 1)
    statement = select(cohort.c.id, then.c.id).join(then, same)
    return dict(tuple(row) for row in connection.execute(statement))
