"""Limit log-in attempts, counted in the database so that all workers share the count.

A browser that the owner has logged in with before has a count of its own: nobody can lock a
colleague out by typing wrong passwords somewhere else.
"""

from hashlib import sha256

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.identity.records import login_attempt
from services.kernel.errors import DomainError
from services.kernel.work import Look, Work
from services.words import mark

PER_ID, PER_ADDRESS = 5, 60
WINDOW_MINUTES = 15


class TooManyAttempts(DomainError):
    """Too many wrong attempts for this ID or from this address."""

    code = "identity.too_many_attempts"
    sentence = mark("Too many attempts. Please wait {minutes} minutes and try again.")


def may_try(look: Look, login_index: str, address: str, *, known: bool = False) -> None:
    """Refuse whoever has used up the attempts of the window.

    known: the browser has logged in with this ID before.

    Raises:
        TooManyAttempts: for this ID or from this address.
    """
    waits = [_wait(look, key, limit) for key, limit in _keys(login_index, address, known)]
    if any(waits):
        raise TooManyAttempts(minutes=max(waits))


def _wait(look: Look, key: str, limit: int) -> int:
    """Give the minutes until enough failures lie outside the window."""
    now = _window(look)
    rows = look.all(
        select(login_attempt.c.window, login_attempt.c.n)
        .where(login_attempt.c.key == key, login_attempt.c.window > now - WINDOW_MINUTES)
        .order_by(login_attempt.c.window)
    )
    left, wait = sum(row.n for row in rows), 0
    for row in rows:
        if left < limit:
            break
        left -= row.n
        wait = row.window + WINDOW_MINUTES - now
    return wait


def note_failure(work: Work, login_index: str, address: str, *, known: bool = False) -> None:
    """Count a failed attempt; old counts are forgotten."""
    window = _window(work)
    work.run(delete(login_attempt).where(login_attempt.c.window < window - 24 * 60))
    for key, _ in _keys(login_index, address, known):
        mine = (login_attempt.c.key == key) & (login_attempt.c.window == window)
        try:
            with work.connection.begin_nested():
                work.run(insert(login_attempt), {"key": key, "window": window, "n": 1})
        except IntegrityError:
            work.run(update(login_attempt).where(mine).values(n=login_attempt.c.n + 1))


def _keys(login_index: str, address: str, known: bool) -> tuple[tuple[str, int], ...]:
    place = sha256(address.encode()).hexdigest()[:32]
    who = f"{'device' if known else 'id'}:{login_index}"
    return (who, PER_ID), (f"address:{place}", PER_ADDRESS)


def _window(look: Look) -> int:
    """Give the minute since the epoch."""
    return int(look.now.timestamp()) // 60
