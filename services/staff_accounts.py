"""Accounts of staff: opened, locked and given a new password by an administrator, all of it kept.

Seafarers' accounts are not opened here. A password is shown once, to who made it; only its hash
is kept, and it opens nothing but the change to an own one.
"""

import secrets

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from services.catalogue.checks import Checks
from services.catalogue.records import institution as institutions
from services.identity.accounts import open_account, set_password
from services.identity.password_rules import Problem, length_problem, problem_of
from services.identity.passwords import hash_password
from services.identity.records import account, account_change
from services.identity.sessions import end_sessions
from services.kernel.actor import STAFF, Role
from services.kernel.errors import DomainError, NotFound, NotPermitted
from services.kernel.work import Work
from services.words import mark

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


class AccountExists(DomainError):
    """One account per ID number."""

    code = "account.exists"
    sentence = mark("There is already an account with this ID number. Nothing was changed.")


class OwnAccount(DomainError):
    """An administrator who locks the own account locks everybody out."""

    code = "account.own"
    sentence = mark("You cannot lock your own account. Nothing was changed.")


def one_time_password() -> str:
    """Give a password of about 78 bits that can be read out on the phone."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def add_account(
    work: Work,
    *,
    role: str,
    institution: str | None,
    name: str,
    login_index: str,
    password: str,
    temporary: bool = True,
) -> int:
    """Open an account for an officer, a planner or an administrator; return its id.

    temporary: the password was made for somebody else, who changes it at the first log-in.

    Raises:
        NotPermitted: the actor is no administrator, nor the command line.
        AccountExists: the ID number has one.
        InvalidInput: fields that cannot be used.
    """
    checks = check_account(work, role=role, institution=institution, name=name)
    chosen = length_problem(password) if temporary else problem_of(password, name=name)
    _check_password(checks, chosen)
    checks.settle()
    try:
        with work.connection.begin_nested():
            made = open_account(
                work,
                role=Role(role),
                login_index=login_index,
                password=password,
                name=name.strip(),
                institution=institution if role == Role.INSTITUTION.value else None,
                temporary=temporary,
            )
    except IntegrityError:
        raise AccountExists from None
    keep(work, made, "added")
    return made


def check_account(work: Work, *, role: str, institution: str | None, name: str) -> Checks:
    """Look at the fields of a new account before its ID number is read; nothing is raised yet.

    Raises:
        NotPermitted: the actor is no administrator, nor the command line.
    """
    _require(work)
    checks = Checks()
    if role not in {each.value for each in STAFF}:
        checks.refuse("role", mark("Please choose one of the options."))
    officer = role == Role.INSTITUTION.value
    known = select(institutions.c.code).where(institutions.c.code == institution)
    if officer and work.scalar(known) is None:
        checks.refuse("institution", mark("Choose the institution of the officer."))
    if not name.strip():
        checks.refuse("name", mark("Please write the name."))
    checks.short("name", name, 60)
    return checks


def lock_account(work: Work, account_id: int) -> None:
    """Lock a staff account; its sessions end at once.

    Raises:
        NotPermitted, NotFound: the actor is no administrator; there is no such staff account.
        OwnAccount: it is the actor's own.
    """
    _require_staff_account(work, account_id)
    if account_id == work.actor.account_id:
        raise OwnAccount
    this = account.c.id == account_id
    work.run(update(account).where(this).values(disabled_at=work.now))
    end_sessions(work, account_id)
    keep(work, account_id, "locked")


def unlock_account(work: Work, account_id: int) -> None:
    """Unlock a staff account.

    Raises:
        NotPermitted, NotFound: the actor is no administrator; there is no such staff account.
    """
    _require_staff_account(work, account_id)
    work.run(update(account).where(account.c.id == account_id).values(disabled_at=None))
    keep(work, account_id, "unlocked")


def renew_password(work: Work, account_id: int, password: str) -> None:
    """Set a temporary password of a staff account; its sessions end at once.

    Raises:
        NotPermitted, NotFound: the actor is no administrator; there is no such staff account.
        InvalidInput: the password is too short or too long.
    """
    _require_staff_account(work, account_id)
    checks = Checks()
    _check_password(checks, length_problem(password))
    checks.settle()
    set_password(work, account_id, hash_password(password), temporary=True)
    end_sessions(work, account_id)
    keep(work, account_id, "password")


def _check_password(checks: Checks, problem: Problem | None) -> None:
    if problem is not None:
        checks.refuse("password", problem[0], **problem[1])


def _require(work: Work) -> None:
    if work.actor.role not in (Role.ADMINISTRATOR, Role.SYSTEM):
        raise NotPermitted


def _require_staff_account(work: Work, account_id: int) -> None:
    _require(work)
    role = work.scalar(select(account.c.role).where(account.c.id == account_id).with_for_update())
    if role is None or role == Role.SEAFARER.value:
        raise NotFound


def keep(work: Work, account_id: int, kind: str) -> None:
    """Keep what was done with an account, and by whom."""
    work.run(
        insert(account_change),
        {
            "account_id": account_id,
            "kind": kind,
            "at": work.now,
            "by_account": work.actor.account_id,  # None: the command line
        },
    )
