"""Sessions on the server: an opaque token in the cookie, its hash in the database, revocable."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import bindparam, insert, select, update

from services.identity.records import account, web_session
from services.kernel.actor import STAFF, VISITOR, Actor, Role
from services.kernel.work import Look, Work

IDLE = {True: timedelta(minutes=15), False: timedelta(minutes=30)}  # staff, seafarers
ABSOLUTE = timedelta(hours=8)
TOUCH = timedelta(minutes=1)  # `seen_at` is written at most once a minute


def begin_session(work: Work, account_id: int) -> str:
    """Begin a session; return the token for the cookie (256 bits, kept only as a hash)."""
    token = secrets.token_urlsafe(32)
    work.run(
        insert(web_session),
        {
            "token_hash": _hash(token),
            "account_id": account_id,
            "created_at": work.now,
            "seen_at": work.now,
            "expires_at": work.now + ABSOLUTE,
        },
    )
    return token


_SESSION = (
    select(
        account.c.id,
        account.c.role,
        account.c.person_id,
        account.c.institution,
        account.c.name,
        web_session.c.seen_at,
    )
    .join(account, account.c.id == web_session.c.account_id)
    .where(
        web_session.c.token_hash == bindparam("token_hash"),
        web_session.c.ended_at.is_(None),
        web_session.c.expires_at > bindparam("now"),
        account.c.disabled_at.is_(None),
        account.c.temporary_until.is_(None),
    )
)


def actor_of(look: Look, token: str) -> tuple[Actor, bool]:
    """Give who a token belongs to, and whether the session should be touched."""
    row = look.one_or_none(_SESSION, {"token_hash": _hash(token), "now": look.now})
    if row is None:
        return VISITOR, False
    role = Role(row.role)
    if look.now - row.seen_at > IDLE[role in STAFF]:
        return VISITOR, False
    actor = Actor(role, row.id, row.person_id, row.institution, row.name)
    return actor, look.now - row.seen_at > TOUCH


def touch_session(work: Work, token: str) -> None:
    """Note that the person is still there."""
    work.run(
        update(web_session).where(web_session.c.token_hash == _hash(token)).values(seen_at=work.now)
    )


def end_session(work: Work, token: str) -> None:
    """End a session at once, in every worker."""
    work.run(
        update(web_session)
        .where(web_session.c.token_hash == _hash(token))
        .values(ended_at=work.now)
    )


def end_sessions(work: Work, account_id: int) -> None:
    """End every session of an account at once."""
    standing = web_session.c.account_id == account_id, web_session.c.ended_at.is_(None)
    work.run(update(web_session).where(*standing).values(ended_at=work.now))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
