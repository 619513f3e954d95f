"""Examine the invariants once a night and keep what was found, for the page that shows it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from services.invariants import Finding, check_invariants
from services.kernel.actor import SYSTEM
from services.kernel.clock import taipei_day
from services.kernel.records import examination
from services.kernel.work import Look, Office, Work

NIGHT = timedelta(hours=3)  # after midnight in Taipei, when few people are about


def examine(office: Office) -> int:
    """Examine unless this night has seen it done; return how many invariants were looked at."""
    with office.look(SYSTEM) as look:
        if not _due(look):
            return 0
        findings = check_invariants(look.connection, look.now)
        at = look.now
    with office.open(SYSTEM) as work:
        keep(work, findings, at)
    return len(findings)


def keep(work: Work, findings: list[Finding], at: datetime) -> None:
    """Keep the result in place of the one before."""
    work.run(delete(examination))
    work.run(
        insert(examination),
        [
            {"number": f.number, "at": at, "looked_at": f.looked_at, "faults": len(f.faults)}
            for f in findings
        ],
    )


def _due(look: Look) -> bool:
    last = look.scalar(select(func.max(examination.c.at)))
    return last is None or taipei_day(last - NIGHT) < taipei_day(look.now - NIGHT)
