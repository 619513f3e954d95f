"""Who has more than one registration in a course, in one plan year or in two in a row.

What they are counted as in a selection depends on which of their classes it holds, so they are
counted from their rows. Of everybody else the sums of classes can be added up.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from services.kernel.db import upsert
from services.kernel.work import Work
from services.tally.fold import State
from services.tally.hand import write_pairs
from services.tally.reading import reading
from services.tally.records import several


def note_several(
    work: Work, new: Collection[int], states: Iterable[State], last_year: Mapping[int, int]
) -> None:
    """Note all registrations of everybody whose new one is not the only one."""
    next_year = {then: this for this, then in last_year.items()}
    pairs = {
        (cohort_id, state.person_id)
        for state in states
        if state.registration_id in new
        for cohort_id in near(state.cohort_id, last_year, next_year)
    }
    if not pairs:
        return
    read = reading(work.connection.dialect.name).registered
    rows = list(work.connection.execute(read, {"hand_json": write_pairs(pairs)}))
    found = more_than_one(rows, last_year)
    if found:
        work.run(upsert(work.connection, several).on_conflict_do_nothing(), found)


def near(
    cohort_id: int, last_year: Mapping[int, int], next_year: Mapping[int, int]
) -> tuple[int, ...]:
    """Give a cohort with those of the same course a year before and after."""
    others = (last_year.get(cohort_id), next_year.get(cohort_id))
    return (cohort_id, *(other for other in others if other is not None))


def more_than_one(rows: Iterable[Any], last_year: Mapping[int, int]) -> list[dict[str, int]]:
    """Keep the registrations whose person has another one near."""
    next_year = {then: this for this, then in last_year.items()}
    all_rows = list(rows)
    counts = Counter((row.cohort_id, row.person_id) for row in all_rows)
    return [
        {"cohort_id": row.cohort_id, "person_id": row.person_id,
         "registration_id": row.registration_id, "class_id": row.class_id}
        for row in all_rows
        if sum(counts[c, row.person_id] for c in near(row.cohort_id, last_year, next_year)) > 1
    ]  # fmt: skip
