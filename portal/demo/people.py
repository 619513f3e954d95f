"""Invent seafarers: names, valid IDs, ranks, residence, and what MTNet would hold about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.demo.careers import Career, career_of
from services.identity.national_id import make_id

SURNAMES = (
    ("陳", "CHEN"), ("林", "LIN"), ("黃", "HUANG"), ("張", "CHANG"), ("李", "LEE"),
    ("王", "WANG"), ("吳", "WU"), ("劉", "LIU"), ("蔡", "TSAI"), ("楊", "YANG"),
    ("許", "HSU"), ("鄭", "CHENG"), ("謝", "HSIEH"), ("郭", "KUO"), ("洪", "HUNG"),
    ("邱", "CHIU"), ("曾", "TSENG"), ("廖", "LIAO"), ("賴", "LAI"), ("徐", "HSU"),
    ("周", "CHOU"), ("葉", "YEH"), ("蘇", "SU"), ("莊", "CHUANG"), ("呂", "LU"),
)  # fmt: skip
FIRST = (
    ("家", "CHIA"), ("志", "CHIH"), ("俊", "CHUN"), ("建", "CHIEN"), ("文", "WEN"),
    ("明", "MING"), ("冠", "KUAN"), ("承", "CHENG"), ("宗", "TSUNG"), ("柏", "PO"),
    ("信", "HSIN"), ("育", "YU"), ("國", "KUO"), ("世", "SHIH"), ("海", "HAI"),
)  # fmt: skip
LAST = (
    ("豪", "HAO"), ("宏", "HUNG"), ("傑", "CHIEH"), ("偉", "WEI"), ("銘", "MING"),
    ("翰", "HAN"), ("達", "TA"), ("成", "CHENG"), ("源", "YUAN"), ("賢", "HSIEN"),
    ("龍", "LUNG"), ("安", "AN"), ("洋", "YANG"), ("航", "HANG"), ("霖", "LIN"),
)  # fmt: skip
FIRST_F = (("雅", "YA"), ("怡", "YI"), ("淑", "SHU"), ("佳", "CHIA"), ("欣", "HSIN"))
LAST_F = (("婷", "TING"), ("君", "CHUN"), ("惠", "HUI"), ("玲", "LING"), ("萱", "HSUAN"))
REGIONS = (("north", 40), ("south", 41), ("central", 12), ("east", 7))
MTNET_NATIONALITY = {"national": "TW", "foreigner": "other", "open": "unknown"}
LETTERS = {"north": "ACFHG", "south": "DERSTX", "central": "BLMNP", "east": "UVK"}


@dataclass(frozen=True, slots=True)
class Seafarer:
    """One invented person; `career` drives which courses the person wants."""

    id_number: str
    name_zh: str
    name_latin: str
    birth_date: date
    sex: str
    nationality: str  # national | foreigner | open, as the ID tells
    region: str
    email: str | None
    mobile: str
    career: Career

    def record_on(self, random: Random, day: date) -> dict[str, Any]:
        """Give what MTNet would hold about the person on a day."""
        return {
            "person": {
                "id_number": "sealed",
                "name_zh": self.name_zh,
                "name_latin": self.name_latin,
                "birth_date": self.birth_date.isoformat(),
                "sex": self.sex,
                "nationality": MTNET_NATIONALITY[self.nationality],
                "contact": {
                    "email": self.email or "",
                    "mobile": self.mobile,
                    "address_region": self.region,
                },
            },
            **self.career.papers(random, self.birth_date, day),
        }


def invent(random: Random, count: int, today: date) -> Iterator[Seafarer]:
    """Invent people one by one; the same seed invents the same people."""
    for serial in range(count):
        yield _person(random, serial, today)


def _person(random: Random, serial: int, today: date) -> Seafarer:
    sex = "F" if random.random() < 0.04 else "M"
    region = random.choices([r for r, _ in REGIONS], [w for _, w in REGIONS])[0]
    nationality, id_number = _identity(random, serial, sex, region)
    family, given = _name(random, sex)
    birth = today - timedelta(days=int(365.25 * random.triangular(19, 67, 44)))
    career = career_of(random, birth, today)
    email = f"seafarer{serial + 1:05d}@mail.example" if random.random() < 0.94 else None
    mobile = f"+8869{10_000_000 + serial:08d}"
    latin = f"{family[1]}, {'-'.join(part[1] for part in given)}"
    name = family[0] + "".join(part[0] for part in given)
    return Seafarer(id_number, name, latin, birth, sex, nationality, region, email, mobile, career)


def _identity(random: Random, serial: int, sex: str, region: str) -> tuple[str, str]:
    letter = random.choice(LETTERS[region])
    draw = random.random()
    if draw < 0.978:
        first = "2" if sex == "F" else "1"
        return "national", make_id(letter, first, f"{9_000_000 - serial * 7:07d}"[-7:])
    first = "9" if sex == "F" else "8"
    if draw < 0.995:
        return "foreigner", make_id(letter, first, f"{serial % 7}{serial * 11:06d}"[:7])
    return "open", make_id(letter, first, f"7{serial * 11:06d}"[:7])


def _name(random: Random, sex: str) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    first, last = (FIRST_F, LAST_F) if sex == "F" else (FIRST, LAST)
    return random.choice(SURNAMES), [random.choice(first), random.choice(last)]
