"""What must be true of a person's choices in one cohort, and of every skip (invariants 3 and 6)."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

_OPEN = "('in_review', 'waitlisted', 'admitted', 'offered', 'confirmed', 'self_funded')"
_TOLD = "('funded', 'self_funded')"
_HELD = "('reserved', 'funded', 'self_funded')"
_TAKEN = "('reserved', 'funded', 'self_funded', 'spent')"  # the class may just have begun
_LEFT_OPEN = f"""SELECT 'person ' || a.person_id || ': ' || b.id || ' beside ' || a.id
    FROM registration a JOIN registration b ON b.cohort_id = a.cohort_id
    AND b.person_id = a.person_id AND b.id <> a.id
    WHERE a.seat IN {_TOLD} AND b.status IN {_OPEN}
    AND (b.preference > a.preference OR a.status IN ('confirmed', 'self_funded'))
    ORDER BY a.id, b.id LIMIT 20"""
_OTHER_SEAT = """EXISTS (SELECT 1 FROM registration s WHERE s.cohort_id = r.cohort_id
    AND s.person_id = r.person_id AND s.id <> r.id AND """
_STALE = f"""SELECT 'registration ' || r.id || ': ' || r.skip_reason FROM registration r
    JOIN training_class c ON c.id = r.class_id
    WHERE r.skip_reason IS NOT NULL AND r.status IN {_OPEN} AND NOT (r.seat = 'none' AND CASE
    r.skip_reason
    WHEN 'overlap' THEN EXISTS (SELECT 1 FROM registration s
      JOIN training_class d ON d.id = s.class_id WHERE s.person_id = r.person_id
      AND s.cohort_id <> r.cohort_id AND s.seat IN {_TAKEN}
      AND d.starts_on <= c.ends_on AND d.ends_on >= c.starts_on)
      OR EXISTS (SELECT 1 FROM look_again l WHERE l.cohort_id = r.cohort_id
        AND l.person_id = r.person_id)
    WHEN 'better_reserved' THEN {_OTHER_SEAT}
      s.seat = 'reserved' AND s.preference < r.preference)
    WHEN 'late_call' THEN r.standing_yes_at IS NULL AND {_OTHER_SEAT} s.seat IN {_HELD})
    WHEN 'told_seat' THEN r.status = 'in_review' AND {_OTHER_SEAT} s.seat IN {_TOLD})
    END) ORDER BY r.id LIMIT 20"""
_UNRECORDED = f"""SELECT 'registration ' || r.id || ': skip not recorded' FROM registration r
    WHERE r.skip_reason IS NOT NULL AND r.status IN {_OPEN} AND r.seat = 'none'
    AND NOT EXISTS (SELECT 1 FROM skip k WHERE k.registration_id = r.id
      AND k.until_seq IS NULL AND k.reason = r.skip_reason) ORDER BY r.id LIMIT 20"""
_UNDECIDED = """SELECT 'registration ' || e.registration_id || ' approved by nobody'
    FROM registration_event e JOIN registration r ON r.id = e.registration_id
    WHERE e.event = 'approve' AND e.role <> 'system' AND NOT EXISTS (SELECT 1 FROM review_case v
      WHERE v.cohort_id = r.cohort_id AND v.person_id = r.person_id AND v.state = 'approved'
      AND v.decided_at = e.at) ORDER BY e.registration_id LIMIT 20"""


def choice_faults(connection: Connection) -> Iterator[str]:
    """Name choices that a seat or a yes should have left behind (3)."""
    yield from connection.execute(text(_LEFT_OPEN)).scalars()


def skip_faults(connection: Connection) -> Iterator[str]:
    """Name skips whose reason does not hold, or that were never recorded (6)."""
    yield from connection.execute(text(_STALE)).scalars()
    yield from connection.execute(text(_UNRECORDED)).scalars()


def review_faults(connection: Connection) -> Iterator[str]:
    """Name approvals that no review decided at that moment (12)."""
    yield from connection.execute(text(_UNDECIDED)).scalars()
