"""Supplements (補件): papers a person uploads for a review case."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select, update

from services.kernel.actor import Role
from services.kernel.errors import DomainError, NotFound
from services.kernel.work import Look, Work
from services.registration.records import review_case, supplement
from services.registration.seats import hold
from services.words import mark

AT_MOST = 10


class CaseClosed(DomainError):
    """The review has been decided; papers no longer help."""

    code = "supplement.case_closed"
    sentence = mark("This review is closed, so no more papers are taken. Nothing was kept.")


class TooManyPapers(DomainError):
    """A case takes ten files."""

    code = "supplement.too_many"
    sentence = mark("A review takes at most {n} files. Nothing was kept.")


@dataclass(frozen=True, slots=True)
class Paper:
    """One uploaded file: where it lies under the upload folder, what it is."""

    id: int
    case_id: int
    registration_id: int
    stored: str
    kind: str
    size: int
    given_name: str


def add(
    work: Work, case_id: int, *, stored: str, kind: str, size: int, sha256: str, given_name: str
) -> int:
    """Keep an uploaded file with its case and put the case back on the officer's desk.

    Raises:
        NotFound: the case is not the actor's.
        CaseClosed, TooManyPapers: as they say.
    """
    this = select(review_case).where(review_case.c.id == case_id)
    case = work.one_or_none(this)
    if case is None or work.actor.role is not Role.SEAFARER:
        raise NotFound()
    if case.person_id != work.actor.person_id:
        raise NotFound()
    hold(work, case.registration_id)
    case = work.connection.execute(this).one()
    if case.state not in ("open", "supplement"):
        raise CaseClosed()
    count = select(func.count()).where(supplement.c.case_id == case_id)
    if work.scalar(count) >= AT_MOST:
        raise TooManyPapers(n=AT_MOST)
    work.run(update(review_case).where(review_case.c.id == case_id).values(state="open"))
    inserted = work.run(
        insert(supplement),
        {
            "case_id": case_id,
            "stored": stored,
            "kind": kind,
            "size": size,
            "sha256": sha256,
            "given_name": given_name[:120],
            "added_at": work.now,
        },
    )
    return int(inserted.inserted_primary_key[0])


def open_file(look: Look, supplement_id: int) -> Paper:
    """Find a file for its owner, the deciding institution or MPB.

    Raises:
        NotFound: to everybody else it does not exist.
    """
    row = look.connection.execute(
        select(
            *(supplement.c[name] for name in ("id", "case_id", "stored", "kind", "size")),
            supplement.c.given_name,
            review_case.c.registration_id,
            review_case.c.person_id,
            review_case.c.institution,
        )
        .join(review_case, review_case.c.id == supplement.c.case_id)
        .where(supplement.c.id == supplement_id)
    ).one_or_none()
    actor = look.actor
    mine = row is not None and (
        (actor.role is Role.SEAFARER and actor.person_id == row.person_id)
        or (actor.role is Role.INSTITUTION and actor.institution == row.institution)
        or actor.role is Role.PLANNER
    )
    if row is None or not mine:
        raise NotFound()
    return Paper(**{name: getattr(row, name) for name in Paper.__dataclass_fields__})
