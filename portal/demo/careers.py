"""Invent careers: rank, certificates with the 2016, 2021 and 2026 echo, sea service, papers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

RANKS = (
    ("MASTER_1", "deck", "management", 7, 33), ("CHIEF_MATE_1", "deck", "management", 7, 28),
    ("DECK_OFFICER_1", "deck", "operational", 11, 23), ("MASTER_3", "deck", "management", 3, 30),
    ("CHIEF_ENGINEER_1", "engine", "management", 6, 33),
    ("SECOND_ENGINEER_1", "engine", "management", 6, 28),
    ("ENGINEER_OFFICER_1", "engine", "operational", 10, 23),
    ("ETO", "engine", "operational", 2, 24),
    ("BOSUN", "deck", "support", 5, 35), ("AB", "deck", "support", 13, 21),
    ("OS", "deck", "support", 8, 18), ("NO1_OILER", "engine", "support", 4, 35),
    ("MOTORMAN", "engine", "support", 9, 20), ("COOK", "catering", "support", 4, 24),
    ("CADET_DECK", "deck", "trainee", 3, 18), ("CADET_ENGINE", "engine", "trainee", 2, 18),
)  # fmt: skip
SHIPS = (
    ("container", 45, 60_000, 40_000), ("bulk", 25, 45_000, 12_000),
    ("oil_tanker", 9, 50_000, 13_000), ("chemical_tanker", 5, 20_000, 8_000),
    ("liquefied_gas_tanker", 5, 100_000, 25_000), ("passenger", 6, 2_000, 4_000),
    ("workboat", 5, 900, 2_500),
)  # fmt: skip
RUNS_OUT = {
    "BST",
    "PSCRB",
    "FRB",
    "AFF",
    "GOC",
    "BOCT",
    "AOT",
    "ACT",
    "BLGT",
    "ALGT",
    "IGFB",
    "PSS",
}
REFRESHED = {"BST": "BST-R", "PSCRB": "PSCRB-R", "FRB": "FRB-R", "AFF": "AFF-R", "PSS": "PSS-R"}
FLAGS = ("Taiwan", "Panama", "Liberia", "Marshall Islands")


@dataclass(frozen=True, slots=True)
class Career:
    """Rank, department, level, the ship type served on, and the courses held."""

    rank: str
    department: str
    level: str
    ship: int  # index into SHIPS
    held: dict[str, date]  # course -> last issued
    aboard: bool  # on board now: MTNet has no sign-off yet
    government: bool

    def papers(self, random: Random, birth: date, today: date) -> dict[str, Any]:
        """Give every section of the MTNet record but the person."""
        return {
            "seamans_book": _book(random, today),
            **_medical(random, today),
            "cocs": self._cocs(random, today),
            "certificates": [
                _certificate(code, day if day < today else _years(day, -5))
                for code, day in self.held.items()
            ],
            "sea_service": list(self._service(random, birth, today)),
        }

    def _cocs(self, random: Random, today: date) -> list[dict[str, Any]]:
        if self.level not in ("management", "operational"):
            return []
        issued = today - timedelta(days=random.randint(60, 1600))
        return [
            {
                "rank": self.rank,
                "issued_on": issued.isoformat(),
                "expires_on": _years(issued, 5).isoformat(),
                "limits": None,
                "status": "withdrawn" if random.random() < 0.004 else "active",
                "withdrawn_until": None,
            }
        ]

    def _service(self, random: Random, birth: date, today: date) -> list[dict[str, Any]]:
        """Contracts of four to nine months with leave between, newest last."""
        kind, _, gt, kw = SHIPS[self.ship]
        rows: list[dict[str, Any]] = []
        contracts = 0 if self.level == "trainee" else random.randint(2, 7)
        end = today - timedelta(days=random.randint(5, 400))
        for n in range(contracts):
            start = end - timedelta(days=random.randint(110, 270))
            if start < _years(birth, 17):
                break
            last = n == 0
            rows.append(
                {
                    "ship_name": f"M.V. FORMOSA {random.randint(1, 99)}",
                    "ship_type": "government" if self.government else kind,
                    "gt": gt,
                    "kw": kw,
                    "flag": random.choice(FLAGS),
                    "service": "government" if self.government else "merchant",
                    "rank": self.rank,
                    "department": self.department,
                    "voyage": "domestic" if kind in ("passenger", "workboat") else "international",
                    "area": "ocean",
                    "signed_on": start.isoformat(),
                    "signed_off": None if last and self.aboard else end.isoformat(),
                    "reported_on": end.isoformat(),
                    "source": "mtnet",
                }
            )
            end = start - timedelta(days=random.randint(40, 150))
        return rows[::-1]


def career_of(random: Random, birth: date, today: date) -> Career:
    """Invent a career that fits the age."""
    age = (today - birth).days / 365.25
    fit = [r for r in RANKS if age >= r[4]] or [RANKS[10]]
    if age > 30:
        fit = [r for r in fit if r[2] != "trainee"]
    rank, department, level, _, _ = random.choices(fit, [r[3] for r in fit])[0]
    ship = random.choices(range(len(SHIPS)), [s[1] for s in SHIPS])[0]
    held = {
        code: _issued(random, code, today) for code in _courses(random, department, level, ship)
    }
    aboard = level != "trainee" and random.random() < 0.3
    return Career(rank, department, level, ship, held, aboard, random.random() < 0.03)


def _courses(random: Random, department: str, level: str, ship: int) -> list[str]:
    officer = level in ("management", "operational")
    chances = {"BST": 0.97, "SAT": 0.9, "PSCRB": 0.9 if officer else 0.72}
    chances |= {"AFF": 0.93 if officer else 0.45, "MFA": 0.85 if officer else 0.2}
    chances |= {"DSD": 0.7, "SSO": 0.5 if officer else 0, "MCARE": 0.45 if officer else 0}
    chances |= {"FRB": 0.18, "BOCT": 0.3, "BLGT": 0.15, "IGFB": 0.12, "PSS": 0.12, "PAX": 0.1}
    if level == "trainee":
        chances = {"BST": 0.8, "SAT": 0.5, "PSCRB": 0.3}
    elif department == "deck" and officer:
        chances |= {"RADAR-O": 0.92, "ECDIS": 0.85, "GOC": 0.88, "BRM": 0.8, "POLB": 0.05}
        chances |= {"RADAR-M": 0.75 if level == "management" else 0.15}
    elif department == "engine" and officer:
        chances |= {"ERM": 0.75}
    elif department in ("deck", "engine"):
        chances |= {"RFPNW" if department == "deck" else "RFPEW": 0.75}
    if SHIPS[ship][0] in ("oil_tanker", "chemical_tanker"):
        chances |= {"BOCT": 0.97, "AOT": 0.5 if officer else 0.1, "ACT": 0.25 if officer else 0}
    if SHIPS[ship][0] == "liquefied_gas_tanker":
        chances |= {"BLGT": 0.97, "ALGT": 0.45, "IGFB": 0.4, "IGFA": 0.15}
    if SHIPS[ship][0] == "passenger":
        chances |= {"PSS": 0.9, "PAX": 0.8}
    return [code for code, chance in chances.items() if random.random() < chance]


def _issued(random: Random, code: str, today: date) -> date:
    """Draw the last issue: the 2012 wording ended papers in 2016, so five-year waves follow."""
    if code not in RUNS_OUT:
        return today - timedelta(days=random.randint(200, 5500))
    if random.random() < 0.55:  # the echo: 2016, 2021, 2026
        wave = random.choice([2021, 2021, 2026]) if today.year >= 2026 else 2021
        day = date(wave, 1, 1) + timedelta(days=int(random.triangular(0, 364, 240)))
        if day < today:
            return day
    return today - timedelta(days=random.randint(30, 2300))


def _certificate(code: str, issued: date) -> dict[str, Any]:
    return {
        "course": code,
        "number": f"{code}-{issued:%y%m%d}",
        "issued_on": issued.isoformat(),
        "expires_on": _years(issued, 5).isoformat() if code in RUNS_OUT else None,
        "issuer": "MPB",
        "status": "active",
        "withdrawn_until": None,
    }


def certificate_after(code: str, issued: date) -> dict[str, Any]:
    """Give the certificate MTNet would hold after a completed course (a refresher renews)."""
    base = next((b for b, r in REFRESHED.items() if r == code), code)
    return _certificate(base, issued) | {"course": code}


def _book(random: Random, today: date) -> dict[str, Any] | None:
    if random.random() < 0.02:
        return None
    issued = today - timedelta(days=random.randint(100, 3700))
    return {
        "number": f"{random.randint(100_000, 999_999)}",
        "issued_on": issued.isoformat(),
        "expires_on": _years(issued, 10).isoformat(),
        "status": "withdrawn" if random.random() < 0.004 else "active",
        "withdrawn_until": None,
    }


def _medical(random: Random, today: date) -> dict[str, Any]:
    """Give the section of the medical: of a few MTNet does not tell, some doctors limit to a year.

    The law gives two years, so a limit of one is looked at by a person.
    """
    if random.random() < 0.01:
        return {}
    if random.random() < 0.015:
        return {"medical": None}
    issued = today - timedelta(days=random.randint(0, 560))
    expires = _years(issued, 1 if random.random() < 0.09 else 2)
    return {"medical": {"issued_on": issued.isoformat(), "expires_on": expires.isoformat()}}


def _years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
