"""The staff accounts as an administrator sees them: never a hash, never an ID number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from services.identity.records import account, web_session
from services.kernel.actor import Role
from services.kernel.errors import NotPermitted
from services.kernel.work import Look


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """One account of staff."""

    id: int
    role: str
    institution: str | None
    name: str
    disabled_at: datetime | None
    last_seen: datetime | None


def staff_accounts(look: Look) -> list[StaffAccount]:
    """List the accounts of officers, planners and administrators.

    Raises:
        NotPermitted: the actor is no administrator.
    """
    if look.actor.role is not Role.ADMINISTRATOR:
        raise NotPermitted
    seen = (
        select(func.max(web_session.c.seen_at))
        .where(web_session.c.account_id == account.c.id)
        .scalar_subquery()
    )
    own = [n for n in StaffAccount.__dataclass_fields__ if n in account.c]
    rows = look.all(
        select(*(account.c[name] for name in own), seen.label("last_seen"))
        .where(account.c.role != Role.SEAFARER.value)
        .order_by(account.c.role, account.c.institution, account.c.id)
    )
    return [StaffAccount(**row._mapping) for row in rows]
