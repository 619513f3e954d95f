"""The order of one person's choices in a cohort; two choices never have the same place."""

from collections.abc import Sequence

from sqlalchemy import bindparam, update

from services.kernel.work import Work
from services.registration.records import registration

_SET = (
    update(registration)
    .where(registration.c.id == bindparam("b_id"))
    .values(preference=bindparam("b_preference"))
)
_ASIDE = 1_000_000  # where no choice stands, while places are exchanged


def renumber(work: Work, registration_ids: Sequence[int]) -> None:
    """Give the choices the places 1, 2, ... in the given order."""
    for start in (_ASIDE, 1):
        places = enumerate(registration_ids, start=start)
        work.run(_SET, [{"b_id": each, "b_preference": place} for place, each in places])
