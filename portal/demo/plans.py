"""The demo's annual plans: about 230 classes and 5,900 seats a year, as in the 2021 plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from random import Random

from services.catalogue.holidays import is_working_day
from services.classes import create_class
from services.commissions import Window, set_commission, set_windows
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei, taipei_day
from services.kernel.work import Office
from services.lottery.rules import LOTTERY, SOURCE_EN, SOURCE_ZH
from services.ordering import set_ordering
from services.plan import make_plan, publish_plan

# course: classes a year, seats a class, days, fee in NT$, people who want it per seat
OFFER: dict[str, tuple[int, int, int, int, float]] = {
    "BST": (16, 30, 5, 9_500, 1.02), "BST-R": (30, 30, 2, 4_200, 1.22),
    "PSCRB": (9, 24, 5, 11_000, 1.25), "PSCRB-R": (22, 24, 1, 2_800, 1.16),
    "FRB": (4, 12, 3, 9_000, 0.85), "FRB-R": (3, 6, 1, 3_600, 1.1),
    "AFF": (8, 24, 4, 9_800, 1.08), "AFF-R": (20, 24, 1, 2_600, 1.12),
    "MFA": (7, 24, 4, 7_200, 0.92), "MCARE": (6, 12, 6, 13_500, 0.72),
    "SAT": (9, 40, 1, 1_500, 0.88), "DSD": (9, 40, 1, 1_700, 0.94), "SSO": (6, 24, 3, 5_600, 0.98),
    "RADAR-O": (5, 12, 10, 22_000, 1.3), "RADAR-M": (4, 12, 6, 16_000, 1.12),
    "ECDIS": (7, 12, 5, 14_500, 1.45), "BRM": (5, 16, 5, 12_000, 1.02),
    "RFPNW": (5, 24, 4, 6_800, 0.9), "ERM": (5, 16, 5, 12_000, 0.95),
    "RFPEW": (4, 24, 4, 6_800, 0.82), "GOC": (6, 12, 10, 21_000, 1.35),
    "BOCT": (6, 24, 6, 11_500, 1.02), "AOT": (3, 24, 9, 19_000, 0.82),
    "BLGT": (5, 24, 6, 12_500, 1.0), "ALGT": (3, 24, 9, 21_000, 0.85),
    "IGFB": (5, 20, 3, 9_200, 1.55), "IGFA": (2, 20, 5, 15_500, 0.75),
    "POLB": (1, 12, 5, 18_000, 0.7), "PAX": (4, 30, 2, 3_800, 0.62),
    "PSS": (5, 40, 1, 2_000, 0.7), "PSS-R": (6, 40, 1, 1_600, 0.66),
}  # fmt: skip
# who gives which share of the classes (four centres in the north, one in the south)
SHARES = {"NTOU": 26, "NKUST": 34, "TUMT": 14, "CMTC": 17, "ESTC": 9}
PLACES = {
    "NTOU": ("基隆市中正區海事大樓", "Maritime Building, Keelung"),
    "NKUST": ("高雄市旗津區訓練大樓", "Training Building, Cijin, Kaohsiung"),
    "TUMT": ("臺北市士林區海事中心", "Maritime Centre, Shilin, Taipei"),
    "CMTC": ("新北市萬里區訓練中心", "Training Centre, Wanli, New Taipei"),
    "ESTC": ("桃園市蘆竹區訓練中心", "Training Centre, Luzhu, Taoyuan"),
}
LABELS = ("Panama", "Liberia", "Marshall Islands", "Tuvalu", "CR", "ClassNK", "Singapore")
SMALLEST = 6  # seats of a class in a small demo
TECHNICAL = {"RADAR-O", "RADAR-M", "ECDIS", "BRM", "ERM", "IGFB", "IGFA", "GOC"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One class to be entered: when, where, how big."""

    course: str
    institution: str
    starts_on: date
    ends_on: date
    cap: int
    kind: str


def plan_year(
    office: Office,
    play_until: Callable[[datetime], None],
    random: Random,
    year: int,
    scale: float = 1.0,
    *,
    choices: int = 1,
) -> int:
    """Make, fill and publish one year's plan as MPB and the institutions would; count classes.

    play_until: lets the year that is running go on up to a moment; a plan takes four weeks.
    """
    planner = Actor(Role.PLANNER, name="demo planner")
    play_until(plan_begins(year))
    entries = _entries(random, year, scale)
    with office.open(planner) as work:
        seats = ceil(sum(e.cap for e in entries) * 1.05)
        make_plan(work, year=year, seats_cap=seats, max_choices=choices)
        set_windows(work, year, _windows(year))
        for (course, institution), own in _grouped(entries).items():
            set_commission(
                work,
                year=year,
                course=course,
                institution=institution,
                classes_cap=len(own) + 1,
                seats_cap=sum(e.cap for e in own) + max(e.cap for e in own),
                fee=OFFER[course][3] + 100 * (year - 2024),
            )
    play_until(taipei(date(year - 1, 9, 25), 14))
    for code in SHARES:
        with office.open(Actor(Role.INSTITUTION, institution=code)) as work:
            for entry in (e for e in entries if e.institution == code):
                _enter(work, random, year, entry)
    play_until(taipei(date(year - 1, 10, 12), 10))
    with office.open(planner) as work:
        return publish_plan(work, year).classes


def draft_by_lottery(office: Office, year: int) -> None:
    """Leave a draft of the year after, ordered by a window lottery, for MPB to publish and try."""
    with office.open(Actor(Role.PLANNER, name="demo planner")) as work:
        make_plan(work, year=year, copy_from=year - 1)
        set_ordering(
            work, year, version=1, policy=LOTTERY, source_zh=SOURCE_ZH, source_en=SOURCE_EN
        )
        windows = [
            replace(w, closes_at=taipei(taipei_day(w.opens_at) + timedelta(days=14), 17))
            for w in _windows(year)
        ]
        set_windows(work, year, windows)


def _windows(year: int) -> list[Window]:
    """Two windows: the first half opens in November, the second in May, on a Monday at nine."""
    half = date(year, 7, 1)
    return [
        Window(date(year, 1, 1), half - timedelta(days=1), _first_monday(year - 1, 11)),
        Window(half, date(year, 12, 31), _first_monday(year, 5)),
    ]


def plan_begins(year: int) -> datetime:
    """Give the moment MPB starts on a year's plan."""
    return taipei(date(year - 1, 9, 15), 9, 30)


def _first_monday(year: int, month: int) -> datetime:
    first = date(year, month, 1)
    return taipei(first + timedelta(days=-first.weekday() % 7), 9)


def _enter(work: object, random: Random, year: int, entry: Entry) -> None:
    zh, en = PLACES[entry.institution]
    count = random.randint(2, 4) + (1 if entry.course in TECHNICAL else 0)
    create_class(
        work,  # type: ignore[arg-type]
        year=year,
        course=entry.course,
        institution=entry.institution,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        cap=entry.cap,
        min_size=max(1, entry.cap // 3),
        kind=entry.kind,
        labels=sorted(random.sample(LABELS, count)),
        place_zh=zh,
        place_en=en,
    )


def _entries(random: Random, year: int, scale: float) -> list[Entry]:
    entries = []
    for course, (classes, seats, days, _, _) in OFFER.items():
        count = max(1, round(classes * scale))
        cap = max(SMALLEST, min(seats, round(classes * seats * scale / count)))
        for n, code in enumerate(_spread(random, course, count)):
            starts = _start(random, year, n, count, days)
            kind = "self_funded" if course == "BST" and n == count - 1 and count > 3 else "funded"
            ends = starts + timedelta(days=days - 1 + (2 if days > 5 else 0))
            entries.append(Entry(course, code, starts, ends, cap, kind))
    return sorted(entries, key=lambda e: (e.starts_on, e.course))


def _spread(random: Random, course: str, count: int) -> list[str]:
    """Share the classes of a course among the institutions that give it year after year."""
    codes = list(SHARES)
    fixed = Random(f"who gives {course}")  # noqa: S311
    ranked = sorted(codes, key=lambda code: -(fixed.random() ** (1 / SHARES[code])))
    weights = [SHARES[code] * fixed.uniform(0.5, 1.5) for code in codes]
    chosen = ranked[: max(1, min(len(codes), (count + 2) // 3))]
    total = sum(weights[codes.index(code)] for code in chosen)
    shares = {code: count * weights[codes.index(code)] / total for code in chosen}
    picks = [code for code in chosen for _ in range(int(shares[code]))]
    rest = sorted(chosen, key=lambda code: int(shares[code]) - shares[code])
    picks += rest[: count - len(picks)]
    random.shuffle(picks)
    return picks


def _start(random: Random, year: int, n: int, count: int, days: int) -> date:
    """Spread the classes of a course over the year, on working days, long ones on Mondays.

    The last ones end before the year does, so that in every season somebody is being asked.
    """
    share = (n + random.random()) / count
    day = date(year, 1, 4) + timedelta(days=int(share * (354 - days)))
    while day.weekday() > max(0, 5 - days) or not is_working_day(day):
        day += timedelta(days=1)
    return day


def _grouped(entries: Sequence[Entry]) -> dict[tuple[str, str], list[Entry]]:
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        grouped.setdefault((entry.course, entry.institution), []).append(entry)
    return grouped
