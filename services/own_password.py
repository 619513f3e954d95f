"""Change the own password: the old one is asked for, all sessions end, the change is kept."""

from sqlalchemy import select

from services.identity.accounts import Account, set_password
from services.identity.password_rules import HISTORY, Problem, problem_of
from services.identity.passwords import hash_password, verify_password
from services.identity.records import account, old_password
from services.identity.sessions import end_sessions
from services.kernel.errors import InvalidInput
from services.kernel.work import Look, Office
from services.staff_accounts import keep
from services.words import mark

REUSED = mark("You have used this password before. Take one that is not among your last three.")


def change_password(office: Office, who: Account, new: str) -> None:
    """Set the password of whoever has just given the old one; every session of theirs ends.

    Hashes are computed outside the transaction: they are slow on purpose.

    Raises:
        InvalidInput: the new password cannot be used; nothing is changed.
    """
    problem = problem_of(new, name=who.name)
    if problem is None:
        with office.look() as look:
            known = _known(look, who.id)
        if any(verify_password(each, new) for each in known):
            problem = _reused()
    if problem is not None:
        raise InvalidInput({"new": problem})
    made = hash_password(new)
    with office.open(who.actor) as work:
        set_password(work, who.id, made)
        end_sessions(work, who.id)
        keep(work, who.id, "own password")


def _reused() -> Problem:
    return REUSED, {}


def _known(look: Look, account_id: int) -> list[str]:
    """Give the hash of the present password and of those before it."""
    before = (
        select(old_password.c.password_hash)
        .where(old_password.c.account_id == account_id)
        .order_by(old_password.c.id.desc())
        .limit(HISTORY - 1)
    )
    present = look.scalar(select(account.c.password_hash).where(account.c.id == account_id))
    return [present, *look.connection.scalars(before)]
