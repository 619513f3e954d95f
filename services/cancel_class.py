"""Cancel a training class before the freeze: everybody is told, other choices open again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.catalogue.checks import Checks
from services.class_changes import (
    check_note,
    end_class,
    hold_changeable,
    hold_people,
    record_change,
)
from services.kernel.work import Work
from services.promote import fill_cohort
from services.registration.advance import advance
from services.registration.lifecycle import SEATED, Event, Reason, Seat, Status
from services.registration.moves import move_of
from services.registration.seats import ClassFacts
from services.reopen import reopen_after


def cancel_class(work: Work, class_id: int, *, note: str = "") -> int:
    """Cancel a published class; return how many registrations ended with it.

    note: what staff want everybody to read; it goes into the letter.

    Raises:
        NotFound, NotPermitted: there is no such class, or it is not the actor's.
        NotPublished, ClassFixed: this is not the moment.
        InvalidInput: the note is too long.
    """
    facts = hold_changeable(work, class_id)
    checks = Checks()
    check_note(checks, note)
    checks.settle()
    record_change(work, facts, "cancelled", note)
    rows = hold_people(work, facts)
    call_off(work, facts, rows, note)
    fill_cohort(work, facts.cohort_id)
    return len(rows)


def call_off(work: Work, facts: ClassFacts, rows: Sequence[Row[Any]], note: str = "") -> None:
    """End a class and everybody's open registration in it; fill the cohort after it."""
    end_class(work, facts, "cancelled")
    why = {"reason": Reason.CLASS_CANCELLED, "facts": {"note": note}}
    moves = [move_of(row, Event.CANCEL, Status.CANCELLED, Seat.NONE, **why) for row in rows]
    advance(work, facts.cohort_id, moves)
    reopen_after(work, facts, [row for row in rows if row.seat in SEATED])
