"""Names of ranks, departments, ship types and voyages as rules write them."""

from collections.abc import Mapping

from sqlalchemy import select

from services.catalogue.records import course
from services.kernel.work import Look
from services.words import mark

RANKS: Mapping[str, str] = {
    "MASTER_1": mark("Master, first class"),
    "MASTER_2": mark("Master, second class"),
    "MASTER_3": mark("Master, third class"),
    "CHIEF_MATE_1": mark("Chief mate, first class"),
    "CHIEF_MATE_2": mark("Chief mate, second class"),
    "DECK_OFFICER_1": mark("Deck officer, first class"),
    "DECK_OFFICER_2": mark("Deck officer, second class"),
    "DECK_OFFICER_3": mark("Deck officer, third class"),
    "CHIEF_ENGINEER_1": mark("Chief engineer, first class"),
    "CHIEF_ENGINEER_2": mark("Chief engineer, second class"),
    "CHIEF_ENGINEER_3": mark("Chief engineer, third class"),
    "SECOND_ENGINEER_1": mark("Second engineer (first assistant), first class"),
    "SECOND_ENGINEER_2": mark("Second engineer, second class"),
    "ENGINEER_OFFICER_1": mark("Engineer officer, first class"),
    "ENGINEER_OFFICER_2": mark("Engineer officer, second class"),
    "ENGINEER_OFFICER_3": mark("Engineer officer, third class"),
    "ETO": mark("Electro-technical officer"),
    "AB_DECK": mark("Able seafarer deck"),
    "WATCH_RATING_DECK": mark("Rating, navigational watch"),
    "BOSUN": mark("Bosun"),
    "AB": mark("Able seaman"),
    "QM": mark("Quartermaster"),
    "OS": mark("Ordinary seaman"),
    "AB_ENGINE": mark("Able seafarer engine"),
    "WATCH_RATING_ENGINE": mark("Rating, engine-room watch"),
    "ETR": mark("Electro-technical rating"),
    "NO1_OILER": mark("Chief motorman (no.1 oiler)"),
    "MOTORMAN": mark("Motorman"),
    "COOK": mark("Chief cook"),
    "STEWARD": mark("Steward"),
    "CADET_DECK": mark("Deck cadet"),
    "CADET_ENGINE": mark("Engine cadet"),
    "CADET_ETO": mark("ETO cadet"),
    "TRAINEE_RATING": mark("Trainee rating"),
}
SHIPS: Mapping[str, str] = {
    "oil_tanker": mark("Oil tanker"),
    "chemical_tanker": mark("Chemical tanker"),
    "liquefied_gas_tanker": mark("Liquefied gas tanker"),
    "passenger": mark("Passenger ship"),
    "ropax": mark("Ro-ro passenger ship"),
    "igf": mark("Ship using gas or low-flashpoint fuel"),
    "hsc": mark("High-speed craft"),
    "container": mark("Container ship"),
    "bulk": mark("Bulk carrier"),
    "government": mark("Government vessel"),
    "workboat": mark("Workboat"),
    "other": mark("Other ship"),
}
DEPARTMENTS: Mapping[str, str] = {
    "deck": mark("Deck department"),
    "engine": mark("Engine department"),
    "radio": mark("Radio department"),
    "catering": mark("Catering department"),
}
VOYAGES: Mapping[str, str] = {
    "international": mark("International voyages"),
    "domestic": mark("Domestic voyages"),
}
AREAS: Mapping[str, str] = {"polar": mark("Polar waters")}
FAMILIES: Mapping[str, tuple[str, ...]] = {
    mark("Master (all classes)"): ("MASTER_1", "MASTER_2", "MASTER_3"),
    mark("Chief mate (all classes)"): ("CHIEF_MATE_1", "CHIEF_MATE_2"),
    mark("Deck officer (all classes)"): ("DECK_OFFICER_1", "DECK_OFFICER_2", "DECK_OFFICER_3"),
    mark("Chief engineer (all classes)"): (
        "CHIEF_ENGINEER_1",
        "CHIEF_ENGINEER_2",
        "CHIEF_ENGINEER_3",
    ),
    mark("Second engineer (all classes)"): ("SECOND_ENGINEER_1", "SECOND_ENGINEER_2"),
    mark("Engineer officer (all classes)"): (
        "ENGINEER_OFFICER_1",
        "ENGINEER_OFFICER_2",
        "ENGINEER_OFFICER_3",
    ),
}
CATEGORIES: Mapping[str, str] = {
    "safety": mark("Safety"),
    "safety_refresher": mark("Safety, refreshers"),
    "medical": mark("Medical"),
    "security": mark("Security"),
    "navigation": mark("Navigation"),
    "engine": mark("Engine room"),
    "ratings": mark("Watchkeeping ratings"),
    "radio": mark("Radio"),
    "tanker": mark("Tankers"),
    "igf": mark("Gas-fuelled ships"),
    "polar": mark("Polar waters"),
    "passenger": mark("Passenger ships"),
    "passenger_refresher": mark("Passenger ships, refreshers"),
}
AUDIENCES: Mapping[str, str] = {
    "all": mark("All seafarers"),
    "officers": mark("Officers"),
    "deck": mark("Deck department"),
    "engine": mark("Engine department"),
    "deck ratings": mark("Deck ratings"),
    "engine ratings": mark("Engine ratings"),
}
LABELS: Mapping[str, str] = {
    "Panama": mark("Panama"),
    "Liberia": mark("Liberia"),
    "Marshall Islands": mark("Marshall Islands"),
    "Singapore": mark("Singapore"),
    "Tuvalu": mark("Tuvalu"),
}


_NAMES = select(course.c.code, course.c.name_zh, course.c.name_en)


def names_in_use(look: Look) -> dict[str, tuple[str, str]]:
    """Give the Chinese and English name of every course code."""
    rows = look.all(_NAMES, {})
    return {row.code: (row.name_zh, row.name_en) for row in rows}
