"""Who qualifies, and who decides it: the records or a person?

One person and course counts once, with the last decision. Who is still under review is shown,
never counted as decided; who left before a decision is shown in the table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Subquery, and_, case, func, select

from analytics import labels
from analytics.charts import Figure, Part, stacked
from analytics.filters import Filters, classes_within
from analytics.sheet import Column, Sheet
from services.catalogue.records import cohort, course, institution, training_class
from services.registration.lifecycle import Status
from services.registration.records import registration, review_case
from services.words import Words, mark

PARTS = (
    Part("by_records", mark("Qualified by the records"), "confirmed"),
    Part("by_review", mark("Qualified by review"), "admitted"),
    Part("not_qualified", mark("Not qualified"), "problem"),
    Part("pending", mark("Still under review"), "reviewing"),
)
AHEAD = timedelta(days=28)
FEWEST = 10  # decided persons; fewer are shown but not spoken of


@dataclass(frozen=True, slots=True)
class Outcome:
    """Person-courses of one course (or group) by what was decided."""

    year: int
    course: str
    category: str
    by_records: int
    by_review: int
    refused_by_records: int
    refused_by_review: int
    pending: int
    left: int  # cancelled or unplaced before a decision

    @property
    def qualified(self) -> int:
        return self.by_records + self.by_review

    @property
    def decided(self) -> int:
        """Everybody who has been answered."""
        return self.qualified + self.refused_by_records + self.refused_by_review

    @property
    def rate(self) -> float | None:
        """Qualified over decided; pending people are not in it."""
        return self.qualified / self.decided if self.decided else None

    @property
    def automation(self) -> float | None:
        """Decided by the records alone over decided."""
        alone = self.by_records + self.refused_by_records
        return alone / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer for a selection."""

    total: Outcome
    last: Outcome
    groups: tuple[Outcome, ...]  # by category, or by course where one category is chosen
    by: str  # category | course
    pending_soon: int  # undecided, the class begins within 28 days


def last_of_each(filters: Filters, *years: int) -> Subquery:
    """Give the last registration of every person-course within the selection."""
    return (
        select(func.max(registration.c.id).label("id"))
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(
            classes_within(filters, *years),
            # a class lies in a cohort of its year: spares reading all the other years
            registration.c.cohort_id.in_(select(cohort.c.id).where(cohort.c.year.in_(years))),
        )
        .group_by(registration.c.cohort_id, registration.c.person_id)
        .subquery("latest")
    )


def extract(
    connection: Connection, filters: Filters, today: date
) -> tuple[tuple[Outcome, ...], int]:
    """Count decisions by course, this year and last, and the undecided of classes near."""
    latest = last_of_each(filters, filters.year, filters.year - 1)
    decided = (
        select(review_case.c.registration_id)
        .where(review_case.c.state.in_(("approved", "rejected")))
        .distinct()
        .subquery("decided")
    )
    r, by_person = registration.c, decided.c.registration_id.is_not(None)
    open_review = r.status == Status.IN_REVIEW.value
    terms = (
        and_(r.verdict == "eligible", ~by_person),
        and_(r.verdict == "eligible", by_person),
        and_(r.verdict == "ineligible", ~by_person),
        and_(r.verdict == "ineligible", by_person),
        and_(r.verdict == "review", open_review),
        and_(r.verdict == "review", ~open_review),
    )
    statement = (
        select(
            training_class.c.year,
            training_class.c.course,
            course.c.category,
            *(func.sum(case((term, 1), else_=0)) for term in terms),
        )
        .select_from(latest)
        .join(registration, r.id == latest.c.id)
        .join(training_class, training_class.c.id == r.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(decided, decided.c.registration_id == r.id, isouter=True)
        .group_by(training_class.c.year, training_class.c.course, course.c.category)
    )
    rows = tuple(Outcome(*tuple(row)) for row in connection.execute(statement))
    return rows, _pending_soon(connection, filters, today)


def _pending_soon(connection: Connection, filters: Filters, today: date) -> int:
    statement = (
        select(func.count())
        .select_from(registration)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(
            classes_within(filters, filters.year),
            training_class.c.state == "published",
            training_class.c.starts_on.between(today, today + AHEAD),
            registration.c.status == Status.IN_REVIEW.value,
        )
    )
    return int(connection.execute(statement).scalar_one())


def add(rows: Iterable[Outcome], course: str = "", category: str = "") -> Outcome:
    """Add outcomes up."""
    found = list(rows)
    names = (
        "by_records", "by_review", "refused_by_records", "refused_by_review", "pending", "left",
    )  # fmt: skip
    sums = [sum(getattr(row, name) for row in found) for name in names]
    return Outcome(found[0].year if found else 0, course, category, *sums)


def measure(rows: Sequence[Outcome], pending_soon: int, year: int) -> Qualification:
    """Measure a year's decisions, worst first."""
    now = [row for row in rows if row.year == year]
    categories = {row.category for row in now}
    if len(categories) == 1:
        by, groups = "course", list(now)
    else:
        by = "category"
        groups = [add((r for r in now if r.category == c), category=c) for c in sorted(categories)]
    groups.sort(key=lambda g: (1 if g.rate is None else g.rate, g.category, g.course))
    last = add(row for row in rows if row.year == year - 1)
    return Qualification(add(now), last, tuple(groups), by, pending_soon)


def _namer(found: Qualification, words: Words) -> Callable[[Outcome], str]:
    if found.by == "course":
        return lambda row: labels.course(words, row.course)
    return lambda row: labels.category(words, row.category)


def finding(found: Qualification, words: Words) -> str:
    """Say where most are refused."""
    spoken = [row for row in found.groups if row.decided >= FEWEST]
    if found.total.rate is None or not spoken:
        return words("Too few decisions in this selection to compare")
    refused = 1 - (spoken[0].rate or 0)
    overall = 1 - found.total.rate
    if len(spoken) < 2 or refused < 0.01:
        return words("{rate} of those decided qualify", rate=words.percent(found.total.rate))
    return words(
        "{name}: {refused} do not qualify; over all courses {overall}",
        name=_namer(found, words)(spoken[0]),
        refused=words.percent(refused, 0),
        overall=words.percent(overall, 0),
    )


def subtitle(found: Qualification, words: Words, period: str) -> str:
    """Say what is measured, of when, and of how many persons."""
    return words(
        "Persons and courses by the last decision, %; classes of {period}, {n} decided",
        period=period, n=words.number(found.total.decided),
    )  # fmt: skip


def figure(found: Qualification, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw every group as one full bar, most refused first."""
    name = _namer(found, words)
    counts = [_counts(row) for row in found.groups]
    names = [name(row) for row in found.groups]
    return stacked(names, PARTS, counts, words, theme, narrow=narrow)


def _counts(row: Outcome) -> tuple[int, int, int, int]:
    refused = row.refused_by_records + row.refused_by_review
    return row.by_records, row.by_review, refused, row.pending


def sheet(found: Qualification, words: Words) -> Sheet:
    """Give the bars as a table of persons."""
    name = _namer(found, words)
    columns = [Column(words("Course") if found.by == "course" else words("Course category"))]
    columns += [Column(words(part.name), "number") for part in PARTS]
    columns += [
        Column(words("Left before a decision"), "number"),
        Column(words("Qualification rate"), "percent"),
    ]
    return Sheet.of(columns, [(name(r), *_counts(r), r.left, r.rate) for r in found.groups])
