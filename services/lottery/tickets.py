"""Tickets: each person has one in a draw, taken with the first number inside the window."""

import secrets

from sqlalchemy import bindparam, insert, select

from services.kernel.work import Look, Work
from services.lottery.records import draw_ticket

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another

_OWN = select(draw_ticket.c.id).where(
    draw_ticket.c.draw_id == bindparam("draw_id"), draw_ticket.c.person_id == bindparam("person_id")
)


def ticket_of(work: Work, draw_id: int, person_id: int) -> int:
    """Give a person's ticket in a draw, taking one at the first time; the cohort is locked.

    The code is random and says nothing about the person.
    """
    own = work.scalar(_OWN, {"draw_id": draw_id, "person_id": person_id})
    if own is not None:
        return int(own)
    row = {"draw_id": draw_id, "person_id": person_id, "code": _fresh_code(work, draw_id)}
    return int(work.run(insert(draw_ticket), row).inserted_primary_key[0])


def codes_of(look: Look, draw_id: int) -> list[str]:
    """List the codes of a draw's tickets in the order of the frozen list."""
    rows = look.all(select(draw_ticket.c.code).where(draw_ticket.c.draw_id == draw_id))
    return sorted(row.code for row in rows)


def _fresh_code(work: Work, draw_id: int) -> str:
    while True:
        code = "-".join("".join(secrets.choice(LETTERS) for _ in range(3)) for _ in range(3))
        taken = select(draw_ticket.c.id).where(
            draw_ticket.c.draw_id == draw_id, draw_ticket.c.code == code
        )
        if work.scalar(taken) is None:
            return code
