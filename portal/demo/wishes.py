"""Who wants which class, and when they ask for it: renewals in waves, first papers, next steps."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from sqlalchemy import select

from portal.demo.careers import REFRESHED
from portal.demo.people import Seafarer
from portal.demo.plans import OFFER
from services.catalogue.records import institution, training_class
from services.kernel.work import Office

BASE = {refresher: base for base, refresher in REFRESHED.items()}
NEEDS = {"MCARE": "MFA", "AOT": "BOCT", "ACT": "BOCT", "ALGT": "BLGT", "IGFA": "IGFB"}
NEEDS |= {"RADAR-M": "RADAR-O", "POLA": "POLB", "PSCRB": "BST", "AFF": "BST", "FRB": "PSCRB"}
DECK = {"RADAR-O", "RADAR-M", "ECDIS", "BRM", "GOC", "POLB"}
OFFICERS = DECK | {"ERM", "SSO", "MCARE", "IGFA"}
RUSH = 0.42  # share of people who come in the first days of the window; more where seats are few
MORE = 1.27  # people asking per person wanting a seat: some are refused, some change their minds
CHOOSERS = 0.125  # share of people who name more than one class
LIKED = {"NTOU": 1.16, "NKUST": 0.98, "TUMT": 0.84, "CMTC": 1.08, "ESTC": 0.9}


@dataclass(frozen=True, slots=True)
class Opening:
    """A published class as the demo's people see it."""

    id: int
    course: str
    institution: str
    region: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    cap: int


@dataclass(frozen=True, slots=True)
class Wish:
    """One person who will register for one class, or for several choices, at one moment."""

    at: datetime
    person: int  # index of the person
    opening: Opening  # the best choice
    others: tuple[Opening, ...] = ()  # further choices, better ones first


def openings(office: Office, year: int | None = None) -> list[Opening]:
    """Give the published classes, of one plan year or of all, in the order of their entry."""
    own = [training_class.c[n] for n in Opening.__dataclass_fields__ if n != "region"]
    published = (
        select(*own, institution.c.region)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(training_class.c.state == "published")
        .order_by(training_class.c.id)
    )
    if year is not None:
        published = published.where(training_class.c.year == year)
    with office.look() as look:
        return [Opening(**row._mapping) for row in look.all(published)]


def wishes(
    random: Random, people: Sequence[Seafarer], openings: Sequence[Opening], now: datetime
) -> list[Wish]:
    """Draw the people of every class; nobody asks twice for one course in a year."""
    asked: set[tuple[int, str, int]] = set()
    pools: dict[tuple[str, str], tuple[list[int], list[float]]] = {}
    drawn = []
    for opening in openings:
        key = (opening.course, opening.region)
        if key not in pools:
            pools[key] = _pool(people, opening)
        indices, cumulated = pools[key]
        wanted = opening.cap * OFFER[opening.course][4] * MORE * random.triangular(0.5, 1.6, 0.98)
        wanted *= LIKED[opening.institution]
        for _ in range(round(wanted)):
            person = indices[
                min(bisect(cumulated, random.random() * cumulated[-1]), len(indices) - 1)
            ]
            mark = (person, opening.course, opening.starts_on.year)
            if mark not in asked:
                asked.add(mark)
                drawn.append(Wish(_moment(random, opening, now), person, opening))
    return drawn


def with_choices(wishes: Sequence[Wish], openings: Sequence[Opening]) -> list[Wish]:
    """Let one person in eight name one or two more classes of the course, nearby if there are."""
    return [_several(wish, openings) for wish in wishes]


def _several(wish: Wish, openings: Sequence[Opening]) -> Wish:
    first = wish.opening
    draw = Random(f"choices {wish.person} {first.id}")  # noqa: S311
    if draw.random() >= CHOOSERS:
        return wish
    soonest = wish.at.date() + timedelta(days=15)
    fits = [
        other
        for other in openings
        if other.course == first.course
        and other.id != first.id
        and other.opens_at <= wish.at
        and other.starts_on > soonest
    ]
    fits.sort(key=lambda other: (other.region != first.region, draw.random()))
    return replace(wish, others=tuple(fits[: draw.choice((1, 1, 2))]))


def _pool(people: Sequence[Seafarer], opening: Opening) -> tuple[list[int], list[float]]:
    weights = [_wants(person, opening) for person in people]
    indices = [n for n, weight in enumerate(weights) if weight > 0]
    return indices, list(accumulate(weights[n] for n in indices))


def _wants(person: Seafarer, opening: Opening) -> float:
    """Weigh how much a person wants a course at that place in that year."""
    career, course = person.career, opening.course
    near = 1.0 if (person.region == "south") == (opening.region == "south") else 0.3
    if course in BASE:
        held = career.held.get(BASE[course])
        if held is None:
            return 0.004 * near
        age = (opening.starts_on - held).days / 365.25
        return near * (1.0 if age % 5 >= 4.1 or age % 5 < 0.6 else 0.08)
    if course in OFFICERS and career.level not in ("management", "operational", "trainee"):
        return 0.01 * near
    if course in DECK and career.department != "deck":
        return 0.0
    if course == "ERM" and career.department != "engine":
        return 0.0
    if course in career.held:
        return 0.03 * near
    missing = course in NEEDS and NEEDS[course] not in career.held
    return near * (0.04 if missing else 1.0)


def _moment(random: Random, opening: Opening, now: datetime) -> datetime:
    """Draw when somebody asks: at nine on the first day, or any time until ten days before."""
    opens = max(opening.opens_at, now)
    if random.random() < min(0.85, RUSH * OFFER[opening.course][4] ** 1.6):
        return opens + timedelta(seconds=1 + random.expovariate(1 / 40_000))
    last = datetime.combine(opening.starts_on, opens.timetz()) - timedelta(days=8)
    span = max((last - opens).total_seconds(), 3600)
    moment = opens + timedelta(seconds=span * random.random() ** 1.35)
    hour = random.choices(range(24), HOURS)[0]
    return max(moment.replace(hour=hour, minute=random.randrange(60)), opens)


HOURS = (9, 8, 9, 7, 8, 6, 7, 5, 5, 5, 4, 4, 6, 6, 5, 3, 2, 1, 1, 1, 1, 2, 4, 6)  # UTC
