"""Accounts: open one, and find who an ID and password belong to."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from services.identity.passwords import hash_password, verify_password
from services.identity.records import account
from services.kernel.actor import Actor, Role
from services.kernel.work import Look, Work


@dataclass(frozen=True, slots=True)
class Account:
    """Who an account belongs to; never the hash."""

    id: int
    role: Role
    person_id: int | None
    institution: str | None
    name: str

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
) -> int:
    """Open an account; return its id."""
    made = work.run(
        insert(account),
        {
            "role": role.value,
            "login_index": login_index,
            "password_hash": hash_password(password),
            "name": name,
            "person_id": person_id,
            "institution": institution,
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
    return Account(row.id, Role(row.role), row.person_id, row.institution, row.name)
