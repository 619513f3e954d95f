"""What books hold: requests, letters, reviews, how seats were filled, steps of the calendar.

Each kind is counted by class and by a key, and adds up over any classes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from services.catalogue.records import milestone, training_class
from services.kernel.clock import taipei_day
from services.kernel.db import among, made_once
from services.notices.records import notice, text_message
from services.registration.lifecycle import Event, Notice, Reason, Status
from services.registration.records import registration, registration_event, request, review_case
from services.tally.counts import confirmed_by, moments
from services.tally.rows import day_of, seconds
from services.tally.units import OFF_THE_LIST

QUARTER = 6 * 3600  # seconds: reviews are timed in quarters of a day
FREED = (Notice.ADMITTED.value, Notice.PROMOTED.value)
COUNTED = (*FREED, Notice.REMINDER.value)  # letters
DECIDED = ("approved", "rejected")
CANCELLED = "cancelled"
SOON = 3  # days late
CALLED_OFF = (Reason.WITHDREW.value, Reason.DECLINED.value, Reason.STAFF.value)  # by the person
GIVEN_BACK = (Status.CANCELLED.value, Status.LAPSED.value)
Counted = Select[Any] | CompoundSelect[Any]  # class_id, key, n
NOW: ColumnElement[Any] = bindparam("now")
MOMENT = bindparam("moment", type_=BigInteger)
TODAY = bindparam("today", type_=Date)


def at(now: datetime) -> dict[str, Any]:
    """Give the keys of an instant: what is counted is told as it stands then."""
    return {"now": now, "moment": int(now.timestamp()), "today": taipei_day(now)}


def answers(classes: FromClause, r: FromClause) -> Counted:
    """Count requests by occasion and answer; those called back are none."""
    q = request.c
    occasion = case(
        (q.kind == "claim", "claim"),
        (among(r.c.how_seated, ("promoted", "backfill")), r.c.how_seated),
        else_="call",
    )
    said = _said()
    found = (
        select(q.class_id, _key(occasion, said), func.count().label("n"))
        .join_from(classes, request, q.class_id == classes.c.id)
        .join(r, r.c.id == q.registration_id)
        .where(q.asked_at <= NOW, _stands())
    )
    return found.group_by(q.class_id, occasion, said)


def _said() -> ColumnElement[str]:
    """Tell what became of a request."""
    q, closed = request.c, request.c.closed_at <= NOW
    return case(
        (and_(closed, among(q.answer, ("yes", "no"))), q.answer),
        (or_(q.closed_at.is_(None), ~closed), "open"),
        else_="silent",
    )


def _stands() -> ColumnElement[bool]:
    """Say that a request was not called back."""
    q = request.c
    called_back = and_(q.closed_at <= NOW, q.answer == "void")
    return or_(q.closed_at.is_(None), ~called_back)


def reminders(classes: FromClause, _r: FromClause) -> Counted:
    """Count reminders by way and fate, and what those who were reminded answered."""
    m, t, q, r = notice.c, text_message.c, request.c, registration.c
    mailed = case(
        (m.mail == "none", "none"),
        (m.sent_at <= NOW, "sent"),
        (m.mail == "dead", "dead"),
        else_="due",
    )
    texted = case((t.sent_at <= NOW, "sent"), (t.state == "dead", "dead"), else_="due")
    ours = (
        select(r.class_id, m.id, mailed.label("mailed"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(notice, m.registration_id == r.id)
        .where(m.kind == Notice.REMINDER.value, m.made_at <= NOW)
    ).subquery("ours")
    one, said = func.count().label("n"), _said()
    by_mail = select(ours.c.class_id, _key(literal("mail"), ours.c.mailed), one)
    by_text = select(ours.c.class_id, _key(literal("text"), texted), one)
    after = (
        select(q.class_id, _key(literal("said"), said), one)
        .join_from(classes, request, q.class_id == classes.c.id)
        .where(q.reminded_at <= NOW, _stands())
    )
    every = union_all(
        by_mail.group_by(ours.c.class_id, ours.c.mailed),
        by_text.join(text_message, t.notice_id == ours.c.id).group_by(ours.c.class_id, texted),
        after.group_by(q.class_id, said),
    ).subquery("every")
    return select(every.c.class_id, every.c.key, every.c.n)


def told(classes: FromClause, _r: FromClause) -> Counted:
    """Count letters about a freed seat by state and minutes from the step to the mail server."""
    m, r = notice.c, registration.c
    sent = m.sent_at <= NOW
    minute = case((sent, (seconds(m.sent_at) - seconds(m.made_at)) // 60), else_=-1)
    waits = or_(among(m.mail, ("due", "dead")), m.sent_at > NOW)
    state = case((m.mail == "none", "none"), (waits, "waiting"), else_="sent")
    found = (
        select(r.class_id, _key(state, minute), func.count().label("n"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(notice, m.registration_id == r.id)
        .where(among(m.kind, FREED), m.made_at <= NOW)
    )
    return found.group_by(r.class_id, state, minute)


def reviews(classes: FromClause, _r: FromClause) -> Counted:
    """Count reviews by their fate and the quarter days they took or wait.

    ended: without a decision, because the registration ended; open: not decided yet. Appeals are
    not in it: MPB decides them, whatever the institution.
    """
    c, r = review_case.c, registration.c
    over = c.decided_at <= NOW
    done = and_(over, among(c.state, DECIDED))
    fate = case((done, "decided"), (over, "ended"), else_="open")
    quarter = (case((over, seconds(c.decided_at)), else_=MOMENT) - seconds(c.opened_at)) // QUARTER
    found = (
        select(r.class_id, _key(fate, quarter), func.count().label("n"))
        .join_from(classes, registration, r.class_id == classes.c.id)
        .join(review_case, c.registration_id == r.id)
        .where(c.opened_at <= NOW, c.statement.is_(None))
    )
    return found.group_by(r.class_id, fate, quarter)


def turned(classes: FromClause, r: FromClause) -> Counted:
    """Count decided reviews by whether the person appealed and was found eligible."""
    c, e = review_case.c, registration_event.c
    appealed = exists().where(
        e.registration_id == r.c.id, e.event == Event.APPEAL.value, e.at <= NOW
    )
    fate = case(
        (and_(c.state == "rejected", r.c.verdict == "eligible", appealed), "turned"), else_="stood"
    )
    found = (
        select(r.c.class_id, fate.label("key"), func.count().label("n"))
        .join_from(classes, r, r.c.class_id == classes.c.id)
        .join(review_case, c.registration_id == r.c.id)
        .where(c.decided_at <= NOW, among(c.state, DECIDED))
        .where(c.statement.is_(None))  # the case of an appeal is MPB's
    )
    return found.group_by(r.c.class_id, fate)


def ends(classes: FromClause, r: FromClause) -> Counted:
    """Count how classes held were filled: people, and classes by what came of their waiting list.

    due: had confirmed two weeks before; late: of them, cancelled; freed: seats given back before
    the first day; again: of them, filled from the list; list:N:1: N people of the list got a seat
    and somebody was left on it.
    """
    held = classes.c.state != CANCELLED, classes.c.starts_on < TODAY
    due = moments(classes, *held).c
    seated = r.c.seated if "seated" in r.c else r.c.seated_at.is_not(None)
    gone = r.c.ended_at <= due.at_start
    terms = {
        "due": confirmed_by(r, due.at_offer),
        "late": and_(confirmed_by(r, due.at_offer), gone, among(r.c.reason, CALLED_OFF)),
        "freed": and_(seated, gone, among(r.c.status, GIVEN_BACK)),
        "off": and_(seated, among(r.c.how_seated, OFF_THE_LIST)),
        "left_over": r.c.status == Status.UNPLACED.value,
    }
    counted = (func.sum(case((term, 1), else_=0)).label(name) for name, term in terms.items())
    rows = select(due.class_id, *counted).join(r, r.c.class_id == due.class_id)
    e = made_once(rows.group_by(due.class_id), "filled").c
    again = case((e.off < e.freed, e.off), else_=e.freed)
    people = {"due": e.due, "late": e.late, "freed": e.freed, "again": again}
    each = [
        select(e.class_id, literal(name, String).label("key"), n.label("n")).where(n > 0)
        for name, n in people.items()
    ]
    more = case((e.left_over > 0, 1), else_=0)
    of_list = literal("list:", String).concat(_key(e.off, more)).label("key")
    waited = select(e.class_id, of_list, literal(1).label("n")).where(e.off + more > 0)
    return union_all(*each, waited)


def lateness(classes: FromClause, _r: FromClause) -> Counted:
    """Count the due steps of the calendar by milestone and by how late they came.

    What was due before the class was published could not come in time: it is left out.
    """
    m, published = milestone.c, training_class.alias("published")
    done = and_(m.reached_at.is_not(None), m.reached_at <= NOW)
    days = day_of(m.reached_at) - day_of(m.due_at)
    band = case(
        (~done, "open"),
        (m.outcome == "skipped", "skipped"),
        (days <= 0, "on_day"),
        (days <= SOON, "soon"),
        else_="late",
    )
    here = and_(m.class_id == classes.c.id, m.schedule == classes.c.schedule)
    return (
        select(m.class_id, _key(m.kind, band), func.count().label("n"))
        .select_from(classes)
        .join(milestone, here)
        .join(published, published.c.id == classes.c.id)
        .where(m.due_at <= NOW, func.coalesce(published.c.published_at, m.due_at) <= m.due_at)
        .where(done | (classes.c.state == "published"))
        .group_by(m.class_id, m.kind, band)
    )


KINDS: Mapping[str, Callable[[FromClause, FromClause], Counted]] = {
    "answers": answers,
    "told": told,
    "reviews": reviews,
    "turned": turned,
    "reminders": reminders,
    "ends": ends,
    "lateness": lateness,
}


def _key(name: ColumnElement[Any], more: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(name, String).concat(":").concat(cast(more, String)).label("key")
