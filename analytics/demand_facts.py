"""Person-courses counted by the database: who wants a course, who qualified, who has no seat.

The unit is one person and one course in one plan year, however often the person registered. Two
years are read in one pass, because every number is shown beside last year's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select

from analytics.filters import Filters, classes, classes_within
from analytics.person_courses import CARRIED, carried, count, early, registered_by
from services.catalogue.records import annual_plan
from services.kernel.clock import taipei_day
from services.kernel.straight import read

HOPELESS = 1.1  # qualified persons for each seat: from here on registrations are censored


@dataclass(frozen=True, slots=True)
class CourseDemand:
    """One course of one plan year in figures."""

    year: int
    course: str
    persons: int
    by_now: int  # of them, registered by this day a year ago (last year's row only)
    qualified: int
    pending: int
    unmet: int  # qualified, wanting, without a seat in any class of the course
    seats: int = 0  # of the selection's classes that were not cancelled
    free: int = 0  # funded, of all classes of the course whose seats are not sold yet, anywhere
    classes: int = 0  # that the seats are in
    waiting: int = 0  # of the unmet, those who still wait in a class of the selection

    @property
    def pressure(self) -> float | None:
        """Qualified persons for each seat."""
        return self.qualified / self.seats if self.seats else None

    @property
    def lower_bound(self) -> bool:
        """Say whether people may have stayed away because the course looked hopeless."""
        return self.qualified > HOPELESS * self.seats  # without any seat as well


def add(rows: Sequence[CourseDemand]) -> CourseDemand:
    """Add courses up; a person in two courses is two person-courses."""
    names = (
        "persons",
        "by_now",
        "qualified",
        "pending",
        "unmet",
        "seats",
        "free",
        "classes",
        "waiting",
    )
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return CourseDemand(rows[0].year if rows else 0, "", **sums)


def extract(
    connection: Connection, filters: Filters, now: datetime
) -> tuple[tuple[CourseDemand, ...], tuple[int, int]]:
    """Count persons by course for the year and the one before, and those carried over."""
    years, today = (filters.year, filters.year - 1), taipei_day(now)
    counts: dict[tuple[int, str], Counter[str]] = {}
    day = today.toordinal() - 365
    along = registered_by(day), CARRIED
    for found in count(connection, filters, *years, along=along):
        unit = found.unit
        if unit.member:
            sums = counts.setdefault((found.year, found.course), Counter())
            sums["persons"] += found.n
            for name in ("qualified", "pending", "unmet"):
                sums[name] += found.n * getattr(unit, name)
            sums["waiting"] += found.n * (unit.unmet and unit.still)
    then = early(connection, filters, filters.year - 1, day)
    rows = []
    for year in years:
        moment = today - timedelta(days=365 * (filters.year - year))
        seats = _seats(connection, filters, year, moment)
        for code in sorted({of for y, of in counts if y == year} | set(seats)):
            sums = counts.get((year, code), Counter())
            by_now = sums["persons"] if year == filters.year else then.get(code, 0)
            rows.append(
                CourseDemand(
                    year, code, sums["persons"], by_now, sums["qualified"], sums["pending"],
                    sums["unmet"], *seats.get(code, (0, 0, 0)), sums["waiting"],
                )
            )  # fmt: skip
    return tuple(rows), _carried(connection, filters)


def _seats(
    connection: Connection, filters: Filters, year: int, moment: date
) -> dict[str, tuple[int, int, int]]:
    """Count a selection's seats in classes not cancelled, and a course's free funded ones anywhere.

    Whoever is left without a seat can take one outside the selection: at another institution, in
    another month. From the self-funded call on a class's free seats are sold.
    """
    [[days]] = read(connection, _SELF_FUND_DAYS, {"year": year}) or [[0]]
    sold = moment + timedelta(days=days)
    found = read(connection, _seats_of(filters, year), {"sold": sold})
    return {code: (int(cap), int(free), int(n)) for code, cap, free, n in found}


_SELF_FUND_DAYS = select(annual_plan.c.self_fund_days).where(
    annual_plan.c.year == bindparam("year")
)


@lru_cache(256)
def _seats_of(filters: Filters, year: int) -> Select[Any]:
    of = classes(filters, year)
    c, mine = of.c, classes_within(filters, year, of=of)
    anywhere = Filters(year, filters.category, filters.course, as_of=filters.as_of)
    unsold = c.kind == "funded", c.state == "published", c.starts_on > bindparam("sold")
    seats = func.sum(case((mine, c.cap), else_=0))
    free = func.sum(case((and_(*unsold), c.cap - c.seats_held), else_=0))
    here = classes_within(anywhere, year, of=of), c.state != "cancelled"
    held = func.sum(case((mine, 1), else_=0))
    return select(c.course, seats, free, held).where(*here).group_by(c.course)


def _carried(connection: Connection, filters: Filters) -> tuple[int, int]:
    """Count those of last year's unseated persons who registered again, and all of them."""
    left = sum(
        row.n
        for row in count(connection, filters, filters.year - 1)
        if row.unit.member and row.unit.unmet
    )
    return carried(connection, filters), left
