"""Books of classes whose people have all come to an end: counted once, read ever after.

What became of requests, letters and reviews is no step of the chain, so it cannot be taken in event
by event. It stands still once a class is over; until then the few classes on their way are counted
whenever somebody asks. A step that touches a class again opens its book.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from services.catalogue.records import training_class
from services.kernel.clock import taipei_day
from services.kernel.work import Look, Work
from services.notices.records import notice, text_message
from services.registration.lifecycle import OPEN, Event, Notice, Reason, Status
from services.registration.records import registration, registration_event, request, review_case
from services.tally.counts import confirmed_by, moments
from services.tally.hand import ids, write_ids
from services.tally.records import book, entry, standing
from services.tally.rows import DRAFT, day_of, seconds
from services.tally.units import OFF_THE_LIST

AT_ONCE = 100  # classes closed in one unit of work
QUARTER = 6 * 3600  # seconds: reviews are timed in quarters of a day
FREED = (Notice.ADMITTED.value, Notice.PROMOTED.value)
COUNTED = (*FREED, Notice.REMINDER.value)  # letters
DECIDED = ("approved", "rejected")
CANCELLED = "cancelled"
CALLED_OFF = (Reason.WITHDREW.value, Reason.DECLINED.value, Reason.STAFF.value)  # by the person
GIVEN_BACK = (Status.CANCELLED.value, Status.LAPSED.value)
Counted = Select[Any]  # class_id, key, n


def answers(classes: FromClause, r: FromClause, now: datetime) -> Counted:
    """Count requests by occasion and answer; those called back are none."""
    q = request.c
    occasion = case(
        (q.kind == "claim", "claim"),
        (r.c.how_seated.in_(("promoted", "backfill")), r.c.how_seated),
        else_="call",
    )
    said = _said(now)
    found = (
        select(q.class_id, _key(occasion, said), func.count().label("n"))
        .join_from(classes, request, q.class_id == classes.c.id)
        .join(r, r.c.id == q.registration_id)
        .where(q.asked_at <= now, _stands(now))
    )
    return found.group_by(q.class_id, occasion, said)


def _said(now: datetime) -> ColumnElement[str]:
    """Tell what became of a request."""
    q, closed = request.c, request.c.closed_at <= now
    return case(
        (and_(closed, q.answer.in_(("yes", "no"))), q.answer),
        (or_(q.closed_at.is_(None), ~closed), "open"),
        else_="silent",
    )


def _stands(now: datetime) -> ColumnElement[bool]:
    """Say that a request was not called back."""
    q = request.c
    called_back = and_(q.closed_at <= now, q.answer == "void")
    return or_(q.closed_at.is_(None), ~called_back)


def reminders(classes: FromClause, _r: FromClause, now: datetime) -> Counted:
    """Count reminders by way and fate, and what those who were reminded answered."""
    m, t, q, r = notice.c, text_message.c, request.c, registration.c
    mailed = case(
        (m.mail == "none", "none"),
        (m.sent_at <= now, "sent"),
        (m.mail == "dead", "dead"),
        else_="due",
    )
    texted = case((t.sent_at <= now, "sent"), (t.state == "dead", "dead"), else_="due")
    ours = (
        select(r.class_id, m.id, mailed.label("mailed"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(notice, m.registration_id == r.id)
        .where(m.kind == Notice.REMINDER.value, m.made_at <= now)
    ).subquery("ours")
    one, said = func.count().label("n"), _said(now)
    by_mail = select(ours.c.class_id, _key(literal("mail"), ours.c.mailed), one)
    by_text = select(ours.c.class_id, _key(literal("text"), texted), one)
    after = (
        select(q.class_id, _key(literal("said"), said), one)
        .join_from(classes, request, q.class_id == classes.c.id)
        .where(q.reminded_at <= now, _stands(now))
    )
    every = union_all(
        by_mail.group_by(ours.c.class_id, ours.c.mailed),
        by_text.join(text_message, t.notice_id == ours.c.id).group_by(ours.c.class_id, texted),
        after.group_by(q.class_id, said),
    ).subquery("every")
    return select(every.c.class_id, every.c.key, every.c.n)


def told(classes: FromClause, _r: FromClause, now: datetime) -> Counted:
    """Count letters about a freed seat by state and minutes from the step to the mail server."""
    m, r = notice.c, registration.c
    sent = m.sent_at <= now
    minute = case((sent, (seconds(m.sent_at) - seconds(m.made_at)) // 60), else_=-1)
    waits = or_(m.mail.in_(("due", "dead")), m.sent_at > now)
    state = case((m.mail == "none", "none"), (waits, "waiting"), else_="sent")
    found = (
        select(r.class_id, _key(state, minute), func.count().label("n"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(notice, m.registration_id == r.id)
        .where(m.kind.in_(FREED), m.made_at <= now)
    )
    return found.group_by(r.class_id, state, minute)


def reviews(classes: FromClause, _r: FromClause, now: datetime) -> Counted:
    """Count reviews by whether they are decided and the quarter days they took or wait."""
    c, r = review_case.c, registration.c
    over = c.decided_at <= now
    done = case((and_(over, c.state.in_(DECIDED)), "decided"), else_="open")
    moment = literal(int(now.timestamp()), BigInteger)
    quarter = (case((over, seconds(c.decided_at)), else_=moment) - seconds(c.opened_at)) // QUARTER
    found = (
        select(r.class_id, _key(done, quarter), func.count().label("n"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(review_case, c.registration_id == r.id)
        .where(c.opened_at <= now)
    )
    return found.group_by(r.class_id, done, quarter)


def turned(classes: FromClause, r: FromClause, now: datetime) -> Counted:
    """Count decided reviews by whether the person appealed and was found eligible."""
    c, e = review_case.c, registration_event.c
    appealed = exists().where(
        e.registration_id == r.c.id, e.event == Event.APPEAL.value, e.at <= now
    )
    fate = case(
        (and_(c.state == "rejected", r.c.verdict == "eligible", appealed), "turned"), else_="stood"
    )
    found = (
        select(r.c.class_id, fate.label("key"), func.count().label("n"))
        .join_from(classes, r, r.c.class_id == classes.c.id)
        .join(review_case, c.registration_id == r.c.id)
        .where(c.decided_at <= now, c.state.in_(DECIDED))
        .where(c.statement.is_(None))  # the case of an appeal is MPB's
    )
    return found.group_by(r.c.class_id, fate)


def ends(classes: FromClause, r: FromClause, now: datetime) -> Counted:
    """Count classes held by how they filled: a key is due:late:freed:again:off:left.

    Who had confirmed two weeks before, of them those who cancelled; seats given back before the
    first day, and how many of them went to the waiting list; who got a seat from the list; whether
    anybody was left on it.
    """
    return _ends(classes, r, taipei_day(now))


@lru_cache(maxsize=8)
def _ends(classes: FromClause, r: FromClause, today: date) -> Counted:
    c = training_class.c
    held = c.state != CANCELLED, c.starts_on < today
    due = moments(training_class, c.id.in_(select(classes.c.id)), *held).c
    seated = r.c.seated if "seated" in r.c else r.c.seated_at.is_not(None)
    gone = r.c.ended_at <= due.at_start
    terms = {
        "due": confirmed_by(r, due.at_offer),
        "late": and_(confirmed_by(r, due.at_offer), gone, r.c.reason.in_(CALLED_OFF)),
        "freed": and_(seated, gone, r.c.status.in_(GIVEN_BACK)),
        "off": and_(seated, r.c.how_seated.in_(OFF_THE_LIST)),
        "left_over": r.c.status == Status.UNPLACED.value,
    }
    counted = (func.sum(case((term, 1), else_=0)).label(name) for name, term in terms.items())
    rows = select(due.class_id, *counted).join(r, r.c.class_id == due.class_id)
    each = rows.group_by(due.class_id).subquery("filled")
    e = each.c
    again = case((e.off < e.freed, e.off), else_=e.freed)
    more = case((e.left_over > 0, 1), else_=0)
    key = _key(e.due, e.late)
    for part in (e.freed, again, e.off, more):
        key = _key(key, part)
    return select(e.class_id, key, literal(1).label("n"))


KINDS: Mapping[str, Callable[[FromClause, FromClause, datetime], Counted]] = {
    "answers": answers,
    "told": told,
    "reviews": reviews,
    "turned": turned,
    "reminders": reminders,
    "ends": ends,
}


def _key(name: ColumnElement[Any], more: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(name, String).concat(":").concat(cast(more, String)).label("key")


def close(work: Work) -> int:
    """Close the books of classes that are over; return how many, at most AT_ONCE."""
    over = to_close(work)
    if over:
        hand = ids(work.connection.dialect.name, "over")
        given = {"over_json": write_ids(over)}
        last = work.all(_last_days(hand), given)
        work.run(insert(book), [{"class_id": key, "last_day": max(days)} for key, *days in last])
        for kind, counted in KINDS.items():
            found = work.all(counted(hand, registration, work.now), given)
            rows = [{"class_id": c, "kind": kind, "key": key, "n": n} for c, key, n in found]
            if rows:
                work.run(insert(entry), rows)
    return len(over)


def reopen(work: Work, class_ids: Iterable[int]) -> None:
    """Open the books of classes again; they are closed anew when they are over again."""
    closed, *throw_away = _closed(work.connection.dialect.name)
    found = work.all(closed, {"again_json": write_ids(class_ids)})
    given = {"again_json": write_ids(row.class_id for row in found)}
    for statement in throw_away if found else ():
        work.run(statement, given)


@cache
def _closed(dialect: str) -> tuple[Select[Any], Delete, Delete]:
    """Give the statements that find the books of some classes and throw them away."""
    again = ids(dialect, "again")
    found = select(book.c.class_id).join(again, again.c.id == book.c.class_id)
    these = book.c.class_id.in_(select(again.c.id)), entry.c.class_id.in_(select(again.c.id))
    return found, delete(book).where(these[0]), delete(entry).where(these[1])


def to_close(look: Look) -> list[int]:
    """Find begun classes nothing is open in: no registration, request, review or letter."""
    c, r = training_class.c, registration.c
    mine = r.class_id == c.id
    open_ = r.status.in_([status.value for status in OPEN])
    due = and_(notice.c.kind.in_(COUNTED), notice.c.mail == "due")
    text_due = and_(text_message.c.notice_id == notice.c.id, text_message.c.state == "due")
    undecided = review_case.c.decided_at.is_(None)
    found = (
        select(c.id)
        .where(c.id.not_in(select(book.c.class_id)))  # first: the others cost a look at each class
        .where(c.state != DRAFT, c.starts_on < look.today)
        .where(~exists().where(mine, open_))
        .where(~exists().where(request.c.class_id == c.id, request.c.closed_at.is_(None)))
        .where(~exists().where(mine, review_case.c.registration_id == r.id, undecided))
        .where(~exists().where(mine, notice.c.registration_id == r.id, due))
        .where(~exists().where(mine, notice.c.registration_id == r.id, text_due))
        .order_by(c.id)
        .limit(AT_ONCE)
    )
    return list(look.connection.scalars(found))


def _last_days(classes: FromClause) -> Select[Any]:
    """Give the last day on which each kind of thing of a class moved, in columns."""
    r, q, c, m, s = registration.c, request.c, review_case.c, notice.c, standing.c
    t = text_message.c
    mine, counted = r.class_id == classes.c.id, m.kind.in_(COUNTED)
    of = s.cohort_id == r.cohort_id, s.person_id == r.person_id, s.registration_id == r.id
    moments = (
        select(func.max(r.moved_at)).where(mine),
        select(func.max(q.closed_at)).where(q.class_id == classes.c.id),
        select(func.max(c.decided_at)).where(mine, c.registration_id == r.id),
        select(func.max(m.sent_at)).where(mine, m.registration_id == r.id, counted),
        select(func.max(t.sent_at)).where(mine, m.registration_id == r.id, t.notice_id == m.id),
    )
    days = [day_of(moment.scalar_subquery()) for moment in moments]
    days.append(select(func.max(s.from_day)).where(mine, *of).scalar_subquery())
    return select(classes.c.id, *(func.coalesce(day, 0) for day in days))
