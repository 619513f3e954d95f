"""What is kept of the checkpoints, for everybody: the list, the newest, one with all its heads."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from services.catalogue.records import cohort
from services.checkpoints.records import checkpoint, checkpoint_head
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.words import Words

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint, as it is published."""

    number: int
    made_at: datetime
    previous: str
    root: str
    cohorts: int
    events: int
    public_key: str
    signature: str


_TOLD = ("number", "made_at", "previous", "root", "public_key", "signature")
_ALL: Select[Any] = select(checkpoint).order_by(checkpoint.c.number.desc())
_BY_MOMENT: Select[Any] = select(checkpoint).order_by(checkpoint.c.made_at.desc())
_latest = checkpoint_head.alias("latest")
_LATEST = (
    select(func.max(_latest.c.number))
    .where(_latest.c.cohort_id == cohort.c.id, _latest.c.number <= bindparam("number"))
    .scalar_subquery()
)
_HEADS = (  # one look into the key for each cohort, however many checkpoints there are
    select(checkpoint_head.c.cohort_id, checkpoint_head.c.events, checkpoint_head.c.head)
    .select_from(cohort)
    .join(
        checkpoint_head,
        (checkpoint_head.c.cohort_id == cohort.c.id) & (checkpoint_head.c.number == _LATEST),
    )
    .order_by(cohort.c.id)
)


def salted(salt: str, head: str) -> str:
    """Hide a head that is published: few facts went into it, somebody could try them all."""
    return sha256((salt + head).encode()).hexdigest()


def newest(look: Look, until: datetime | None = None) -> Checkpoint | None:
    """Give the newest checkpoint, or the newest made until a moment; None: there is none yet."""
    made = _ALL if until is None else _BY_MOMENT.where(checkpoint.c.made_at <= until)
    rows = look.all(made.limit(1))
    return Checkpoint(*rows[0]) if rows else None


def checkpoints(look: Look, page: int) -> list[Checkpoint]:
    """Give one page of the checkpoints, the newest first."""
    return [
        Checkpoint(*row) for row in look.all(_ALL.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    ]


def checkpoint_facts(look: Look, number: int) -> dict[str, Any]:
    """Give a checkpoint as its file tells it: everything from which its root is computed.

    Raises:
        NotFound: there is no such checkpoint.
    """
    row = look.one_or_none(select(checkpoint).where(checkpoint.c.number == number))
    if row is None:
        raise NotFound
    return {
        **{name: row._mapping[name] for name in _TOLD},
        "made_at": row.made_at.isoformat(),
        "heads": [
            {"cohort": key, "events": events, "head": head}
            for key, events, head in look.connection.execute(_HEADS, {"number": number})
        ],
    }


def line_of(look: Look, words: Words, base_url: str, until: datetime | None = None) -> str | None:
    """Write the line by which a copy leaves the house in letters; None: there is nothing yet."""
    last = newest(look, until)
    if last is None:
        return None
    return words(
        "Queue checkpoint no. {n}, to keep and compare: {root} ({link})",
        n=last.number,
        root=last.root,
        link=f"{base_url}/checkpoints",
    )
