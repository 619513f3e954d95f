"""Short names for charts and sentences: categories, courses, regions; and lists in prose."""

from collections.abc import Mapping, Sequence

from analytics.sheet import Name
from services.words import Words, mark

SPOKEN = 3  # names in a sentence; of more the first two

CATEGORIES: Mapping[str, str] = {
    "safety": mark("Basic safety"),
    "safety_refresher": mark("Safety, refresher"),
    "medical": mark("Medical"),
    "security": mark("Security"),
    "navigation": mark("Navigation"),
    "ratings": mark("Ratings"),
    "engine": mark("Engine"),
    "radio": mark("Radio (GMDSS)"),
    "tanker": mark("Tankers"),
    "igf": mark("Gas fuel (IGF)"),
    "polar": mark("Polar waters"),
    "passenger": mark("Passenger ships"),
    "passenger_refresher": mark("Passenger, refresher"),
}
COURSES: Mapping[str, str] = {
    "BST": mark("Basic safety"),
    "BST-R": mark("Basic safety (R)"),
    "PSCRB": mark("Survival craft"),
    "PSCRB-R": mark("Survival craft (R)"),
    "FRB": mark("Fast rescue boats"),
    "FRB-R": mark("Fast rescue boats (R)"),
    "AFF": mark("Fire fighting"),
    "AFF-R": mark("Fire fighting (R)"),
    "MFA": mark("First aid"),
    "MCARE": mark("Medical care"),
    "SAT": mark("Security awareness"),
    "DSD": mark("Security duties"),
    "SSO": mark("Security officer"),
    "RADAR-O": mark("Radar, operational"),
    "RADAR-M": mark("Radar, management"),
    "ECDIS": mark("ECDIS"),
    "BRM": mark("Bridge resources"),
    "RFPNW": mark("Rating, deck watch"),
    "ERM": mark("Engine resources"),
    "RFPEW": mark("Rating, engine watch"),
    "GOC": mark("GMDSS general"),
    "ROC": mark("GMDSS restricted"),
    "BOCT": mark("Oil, chemical: basic"),
    "AOT": mark("Oil: advanced"),
    "ACT": mark("Chemical: advanced"),
    "BLGT": mark("Gas tanker: basic"),
    "ALGT": mark("Gas tanker: advanced"),
    "IGFB": mark("Gas fuel: basic"),
    "IGFA": mark("Gas fuel: advanced"),
    "POLB": mark("Polar: basic"),
    "POLA": mark("Polar: advanced"),
    "PAX": mark("Passenger ship"),
    "ROPAX": mark("Ro-ro passenger"),
    "PSS": mark("Passenger safety"),
    "PSS-R": mark("Passenger safety (R)"),
}
REGIONS: Mapping[str, str] = {
    "north": mark("North"),
    "central": mark("Central"),
    "south": mark("South"),
    "east": mark("East"),
}
KINDS: Mapping[str, str] = {
    "funded": mark("Funded class"),
    "self_funded": mark("Self-funded class"),
}


def category(words: Words, code: str) -> Name:
    """Name a course category."""
    return Name(words(CATEGORIES[code]) if code in CATEGORIES else code, code)


def course(words: Words, code: str) -> Name:
    """Name a course in few letters; a course nobody has shortened keeps its code."""
    return Name(words(COURSES[code]) if code in COURSES else code, code)


def region(words: Words, code: str) -> str:
    """Name a region."""
    return words(REGIONS[code]) if code in REGIONS else code


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(words: Words, month: int) -> str:
    """Name a month in few letters: 4月 / Apr."""
    return f"{month}月" if words.zh else _MONTHS[month - 1]


def listed(words: Words, names: Sequence[str]) -> str:
    """Join names as prose does: a, b and c; of many the first two, and how many more."""
    comma = "、" if words.zh else ", "
    if len(names) > SPOKEN:
        two = comma.join(names[:2])
        return words("{names} and {n} more", names=two, n=len(names) - 2)
    if len(names) < 2:
        return "".join(names)
    return words("{first} and {last}", first=comma.join(names[:-1]), last=names[-1])
