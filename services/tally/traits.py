"""Who somebody is, in one number: way of registering, region, rank, sex, age of the plan year.

It is noted with the first step, so that seats can be compared by group without asking for each
person again. The way of registering leads: of several registrations the greatest number tells
whether staff entered any of them.
"""

from collections import defaultdict

from sqlalchemy import ColumnElement, case, extract

from services.catalogue.load import vocab
from services.catalogue.records import cohort
from services.identity.records import person
from services.registration.records import registration

UNKNOWN = "-"
REGIONS = ("north", "central", "south", "east")
LEVELS = ("management", "operational", "support", "trainee")
SEXES = ("F", "M")
AGES = (25, 35, 45, 55)
STAFF = 10_000  # from here on: entered by staff
BANDS = (UNKNOWN, *(str(age) for age in AGES), "99")


def traits() -> ColumnElement[int]:
    """Pack the traits; needs `person`, `registration` and `cohort` in the FROM."""
    p = person.c
    levels: dict[str, list[str]] = defaultdict(list)
    for rank in vocab()["ranks"]:
        levels[rank["level"]].append(rank["code"])
    region = case(*((p.region == name, n) for n, name in enumerate(REGIONS, 1)), else_=0)
    level = case(*((p.rank.in_(levels[name]), n) for n, name in enumerate(LEVELS, 1)), else_=0)
    sex = case(*((p.sex == name, n) for n, name in enumerate(SEXES, 1)), else_=0)
    staff = case((registration.c.on_behalf, STAFF), else_=0)
    return staff + region * 1000 + level * 100 + sex * 10 + _age()


def _age() -> ColumnElement[int]:
    """Band the age on the first day of the plan year."""
    born, year = person.c.birth_date, cohort.c.year
    day = extract("year", born) * 10_000 + extract("month", born) * 100 + extract("day", born)
    bands = [(day > (year - age) * 10_000 + 101, n) for n, age in enumerate(AGES, 1)]
    return case((born.is_(None), 0), *bands, else_=len(BANDS) - 1)
