"""Accounts: open one, and find who an ID and password belong to."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update

from services.identity.passwords import hash_password, verify_password
from services.identity.records import account, old_password
from services.kernel.actor import Actor, Role
from services.kernel.work import Look, Work

TEMPORARY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Account:
    """Who an account belongs to; never the hash."""

    id: int
    role: Role
    person_id: int | None
    institution: str | None
    name: str
    temporary: bool = False  # the password was made by somebody else: first it has to be changed

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.id, self.person_id, self.institution, self.name)


def open_account(
    work: Work,
    *,
    role: Role,
    login_index: str,
    password: str,
    name: str,
    person_id: int | None = None,
    institution: str | None = None,
    temporary: bool = False,
) -> int:
    """Open an account; return its id. A temporary password opens nothing but its own change."""
    made = work.run(
        insert(account),
        {
            "role": role.value,
            "login_index": login_index,
            "password_hash": hash_password(password),
            "name": name,
            "person_id": person_id,
            "institution": institution,
            "temporary_until": work.now + TEMPORARY if temporary else None,
            "created_at": work.now,
        },
    )
    return int(made.inserted_primary_key[0])


def find_account(look: Look, login_index: str, password: str) -> Account | None:
    """Find the account of an ID and password; unknown and wrong take the same time."""
    row = look.one_or_none(
        select(account).where(account.c.login_index == login_index, account.c.disabled_at.is_(None))
    )
    if not verify_password(row.password_hash if row else None, password) or row is None:
        return None
    until = row.temporary_until
    if until is not None and until <= look.now:
        return None  # nobody took it up in time
    role = Role(row.role)
    return Account(row.id, role, row.person_id, row.institution, row.name, until is not None)


def login_of(look: Look, account_id: int) -> str:
    """Give the keyed index that an account logs in with."""
    return str(look.scalar(select(account.c.login_index).where(account.c.id == account_id)))


def set_password(work: Work, account_id: int, made: str, *, temporary: bool = False) -> None:
    """Replace the hash of a password; the one before is remembered, so that it is not reused."""
    this = account.c.id == account_id
    before = select(account.c.id, account.c.password_hash).where(this)
    work.run(insert(old_password).from_select(["account_id", "password_hash"], before))
    until = work.now + TEMPORARY if temporary else None
    work.run(update(account).where(this).values(password_hash=made, temporary_until=until))
