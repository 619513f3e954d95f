"""The invariants of rules.md 9: one checker for tests, the nightly job and `portal doctor`.

Each check gives the number of things it looked at and the faults it found, as plain SQL counts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, text

from services.checkpoint_audit import checkpoint_faults
from services.choices_audit import choice_faults, review_faults, skip_faults
from services.draw_audit import log_faults, rank_faults
from services.event_audit import AT_MOST, event_faults
from services.kernel.db import Instant
from services.order_audit import order_faults
from services.registration.records import request
from services.words import mark


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: what it says, how many things were looked at, what breaks it."""

    number: int
    sentence: str
    looked_at: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


HELD_SQL = "seat IN ('reserved', 'funded', 'self_funded')"
OPEN_SQL = (
    "status IN ('in_review', 'waitlisted', 'admitted', 'offered', 'confirmed', 'self_funded')"
)

SENTENCES = {
    1: mark("Seats held never exceed the cap, and the counter equals the count."),
    2: mark("Ranks are the numbers or the draw; nobody is seated ahead of a better rank waiting."),
    3: mark("One open registration per class, at most the plan's choices, one seat per course."),
    4: mark("Numbers are 1 to n without holes in every class, and each has its receipt code."),
    5: mark("Nobody holds two seats on overlapping days."),
    6: mark("No seat is idle while somebody eligible waits and promotion is open."),
    7: mark("Replaying the events gives the current states."),
    8: mark(
        "Every event chain is unbroken and as its checkpoints say; every draw's log is unbroken."
    ),
    9: mark(
        "Every step that owes a notice has exactly one, none twice, and nobody is left unasked."
    ),
    10: mark("Every closed registration has a reason; counts by status add up to the numbers."),
    11: mark("Each milestone ran at most once per class and schedule, in order, never early."),
    12: mark("Nobody was seated before the screening or the review had passed."),
    13: mark("No deadline is shorter than its response window, unless the freeze caps it."),
    14: mark("Every review was decided by the class's own institution or by MPB, appeals by MPB."),
}

# Each query gives one row (or more) per fault, saying which; the second counts what was looked at.
QUERIES: dict[int, tuple[str, str]] = {
    1: (
        f"""SELECT c.code FROM training_class c LEFT JOIN (SELECT class_id, COUNT(*) AS n
            FROM registration WHERE {HELD_SQL} OR seat = 'spent' GROUP BY class_id) h
            ON h.class_id = c.id WHERE c.seats_held <> COALESCE(h.n, 0) OR c.seats_held > c.cap""",
        "SELECT COUNT(*) FROM training_class",
    ),
    2: (  # who took which seat past whom is replayed in order_audit
        """SELECT 'registration ' || r.id || ' overridden by nobody' FROM registration r
           WHERE r.overridden_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM seat_override o
             JOIN registration_event e ON e.registration_id = r.id AND e.event = 'override'
             WHERE o.registration_id = r.id AND o.state = 'approved'
             AND o.decided_at = r.overridden_at AND e.at = r.overridden_at)""",
        "SELECT COUNT(*) FROM registration WHERE status IN ('waitlisted', 'in_review')",
    ),
    3: (
        f"""SELECT 'person ' || r.person_id || ' cohort ' || r.cohort_id
            FROM registration r JOIN cohort k ON k.id = r.cohort_id
            JOIN annual_plan p ON p.year = k.year WHERE {OPEN_SQL}
            GROUP BY r.person_id, r.cohort_id, p.max_choices
            HAVING COUNT(*) > p.max_choices OR COUNT(DISTINCT r.class_id) < COUNT(*)
            OR SUM(CASE WHEN {HELD_SQL} THEN 1 ELSE 0 END) > 1""",
        f"SELECT COUNT(*) FROM registration WHERE {OPEN_SQL}",
    ),
    4: (
        """SELECT c.code FROM training_class c LEFT JOIN (SELECT class_id, COUNT(*) AS n,
           MAX(number) AS top, COUNT(DISTINCT number) AS d FROM registration GROUP BY class_id) r
           ON r.class_id = c.id WHERE c.numbers_given <> COALESCE(r.top, 0)
           OR COALESCE(r.n, 0) <> COALESCE(r.top, 0) OR COALESCE(r.d, 0) <> COALESCE(r.n, 0)
           UNION ALL SELECT 'registration ' || id || ' has no salt' FROM registration
           WHERE LENGTH(COALESCE(salt, '')) <> 32""",
        "SELECT COALESCE(SUM(numbers_given), 0) FROM training_class",
    ),
    5: (
        f"""SELECT 'person ' || a.person_id || ': ' || ca.code || ' and ' || cb.code
            FROM registration a JOIN training_class ca ON ca.id = a.class_id
            JOIN registration b ON b.person_id = a.person_id AND b.id > a.id
            JOIN training_class cb ON cb.id = b.class_id
            WHERE a.{HELD_SQL} AND b.{HELD_SQL}
            AND ca.starts_on <= cb.ends_on AND cb.starts_on <= ca.ends_on
            AND NOT EXISTS (SELECT 1 FROM overlap_flag f
              WHERE (f.registration_id = a.id AND f.other_id = b.id)
              OR (f.registration_id = b.id AND f.other_id = a.id))""",
        f"SELECT COUNT(*) FROM registration WHERE {HELD_SQL}",
    ),
    6: (
        """SELECT c.code FROM training_class c WHERE c.state = 'published' AND c.seats_held < c.cap
           AND (SELECT COUNT(*) FROM milestone m WHERE m.class_id = c.id
                AND m.schedule = c.schedule AND m.reached_at IS NOT NULL)
               < CASE c.kind WHEN 'funded' THEN 3 ELSE 6 END
           AND EXISTS (SELECT 1 FROM registration w WHERE w.class_id = c.id
             AND w.status IN ('waitlisted', 'in_review') AND w.seat = 'none'
             AND w.track = c.kind AND w.skip_reason IS NULL)
           AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.id = c.draw_id AND d.state <> 'drawn')
           AND NOT EXISTS (SELECT 1 FROM milestone f WHERE f.class_id = c.id
             AND f.schedule = c.schedule AND f.kind = 'freeze' AND f.due_at < :soon)
           UNION ALL SELECT c.code || ' claims' FROM training_class c
           WHERE c.state = 'published' AND c.kind = 'funded' AND c.seats_held < c.cap
           AND (SELECT COUNT(*) FROM milestone m WHERE m.class_id = c.id
                AND m.schedule = c.schedule AND m.reached_at IS NOT NULL) IN (4, 5)
           AND EXISTS (SELECT 1 FROM registration w WHERE w.class_id = c.id
             AND w.status IN ('offered', 'in_review') AND w.seat = 'none'
             AND w.claimed_at IS NOT NULL AND w.skip_reason IS NULL)
           AND NOT EXISTS (SELECT 1 FROM milestone f WHERE f.class_id = c.id
             AND f.schedule = c.schedule AND f.kind = 'freeze' AND f.due_at < :soon)""",
        "SELECT COUNT(*) FROM training_class WHERE state = 'published'",
    ),
    10: (
        f"""SELECT c.code FROM training_class c JOIN (SELECT class_id, COUNT(*) AS n,
           SUM(CASE WHEN reason IS NULL AND NOT {OPEN_SQL} THEN 1 ELSE 0 END) AS bare
           FROM registration GROUP BY class_id) r ON r.class_id = c.id
           WHERE r.n <> c.numbers_given OR r.bare > 0""",
        "SELECT COUNT(*) FROM registration",
    ),
    11: (
        """SELECT 'class ' || a.class_id || ' ' || a.kind FROM milestone a
           JOIN milestone b ON b.class_id = a.class_id AND b.schedule = a.schedule
           WHERE (a.reached_at IS NOT NULL AND a.reached_at < a.due_at)
           OR (a.due_at > b.due_at AND a.reached_at IS NOT NULL AND b.reached_at IS NULL)""",
        "SELECT COUNT(*) FROM milestone WHERE reached_at IS NOT NULL",
    ),
    12: (
        """SELECT 'registration ' || r.id FROM registration r
           WHERE r.seat IN ('funded', 'self_funded', 'spent')
           AND (r.qualified_at IS NULL OR r.seated_at IS NULL OR r.verdict <> 'eligible'
                OR EXISTS (SELECT 1 FROM registration_event e WHERE e.registration_id = r.id
                  AND e.takes IN ('funded', 'self_funded') AND e.held IN ('none', 'reserved')
                  AND NOT EXISTS (SELECT 1 FROM registration_event q
                    WHERE q.registration_id = r.id AND q.seq <= e.seq
                    AND q.target IN ('admitted', 'waitlisted', 'offered')
                    AND (q.source IS NULL OR q.source IN ('in_review', 'cancelled')))))""",
        "SELECT COUNT(*) FROM registration WHERE seat IN ('funded', 'self_funded', 'spent')",
    ),
    14: (
        """SELECT 'case ' || v.id FROM review_case v
           JOIN registration r ON r.id = v.registration_id
           JOIN training_class c ON c.id = r.class_id
           LEFT JOIN account a ON a.id = v.decided_by
           WHERE v.institution <> c.institution
           OR (a.institution IS NOT NULL AND a.institution <> v.institution)
           OR (a.institution IS NOT NULL AND v.statement IS NOT NULL)""",
        "SELECT COUNT(*) FROM review_case",
    ),
}


def check_invariants(connection: Connection, now: datetime | None = None) -> list[Finding]:
    """Check every invariant on one consistent reading; the caller decides what a fault means.

    now: the instant of the reading. Too near to the freeze for an answer, seats may stay idle;
    without it every published class counts as still promoting.
    """
    by_events = {
        number: Finding(number, SENTENCES[number], looked, tuple(faults))
        for number, looked, faults in event_faults(connection)
    }
    soon = _last_answers(connection, now)
    found = [
        by_events[number] if number in by_events else _checked(connection, number, soon)
        for number in sorted(SENTENCES)
    ]
    return [_audited(connection, finding) for finding in found]


AUDITS: Mapping[int, tuple[Callable[[Connection], Iterator[str]], ...]] = {
    2: (order_faults, rank_faults),
    3: (choice_faults,),
    6: (skip_faults,),
    8: (log_faults, checkpoint_faults),
    12: (review_faults,),
}


def _audited(connection: Connection, finding: Finding) -> Finding:
    """Add what one query cannot tell: the order replayed, choices, skips, reviews, draws."""
    faults = [f for audit in AUDITS.get(finding.number, ()) for f in audit(connection)]
    return replace(finding, faults=(*finding.faults, *faults)[:AT_MOST])


def _last_answers(connection: Connection, now: datetime | None) -> datetime:
    """Give the freeze up to which nobody new is asked any more."""
    if now is None:
        return datetime(1970, 1, 1, tzinfo=UTC)
    longest = "SELECT COALESCE(MAX(late_response_hours), 0) FROM annual_plan"
    return now + timedelta(hours=connection.execute(text(longest)).scalar_one())


def _checked(connection: Connection, number: int, soon: datetime) -> Finding:
    if number == 13:
        return _windows(connection)
    faults_sql, count_sql = QUERIES[number]
    statement = text(f"{faults_sql} LIMIT {AT_MOST}")
    if number == 6:
        statement = statement.bindparams(bindparam("soon", soon, Instant))
    faults = connection.execute(statement).scalars().all()
    looked = connection.execute(text(count_sql)).scalar_one()
    return Finding(number, SENTENCES[number], int(looked), tuple(map(str, faults)))


_INSTANTS = ("calendar_deadline", "freeze_at", "reached_at", "deadline")


def _windows(connection: Connection) -> Finding:
    """Compare instants in Python: the two databases subtract them differently."""
    faults: list[str] = []
    looked = 0
    rows = connection.execute(
        text(
            "SELECT id, calendar_deadline, freeze_at, window_hours, reached_at, deadline"
            " FROM request WHERE reached_at IS NOT NULL"
        ).columns(**{name: request.c[name].type for name in _INSTANTS})
    )
    for row in rows:
        looked += 1
        short = (row.deadline - row.reached_at).total_seconds() < row.window_hours * 3600
        early = row.deadline < row.calendar_deadline
        if (short or early) and row.deadline != row.freeze_at and len(faults) < AT_MOST:
            faults.append(f"request {row.id}")
    return Finding(13, SENTENCES[13], looked, tuple(faults))
