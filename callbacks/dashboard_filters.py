"""The filters of a dashboard as lists to choose from; an institution is not asked which it is."""

from collections.abc import Mapping
from datetime import date

from dash.development.base_component import Component

from analytics import labels
from analytics.filters import KINDS, Choices, Filters
from pages.components.filter_form import day, filter_form, select
from services.kernel.actor import Role
from services.words import Words


def controls(
    words: Words,
    path: str,
    known: Choices,
    filters: Filters,
    role: Role,
    today: date,
    *,
    names: Mapping[str, str],
    typed: str,
    unfolded: bool,
) -> Component:
    """Give the form with the present selection in it.

    names: what is chosen beside the year, as the reader reads it; typed: a day that was refused.
    """
    chosen = filters.query()
    zh = words.zh
    months = [(str(m), labels.month_name(words, m)) for m in range(1, 13)]
    whole = [
        (c, words("All of {category}", category=labels.category(words, c)))
        for c in known.categories
    ]
    single = [
        (code, f"{code} {name_zh if zh else name_en}")
        for code, (_, name_zh, name_en) in known.courses.items()
    ]
    courses = [
        ("", [("", words("All courses"))]),
        (words("Categories"), whole),
        (words("Single courses"), single),
    ]
    years = [(str(y), words.year(y)) for y in known.years]
    parts = [
        select("year", words("Year"), [("", years)], str(filters.year)),
        select("from", words("Months from"), [("", months)], str(filters.first_month)),
        select("to", words("Months to"), [("", months)], str(filters.last_month)),
        select("course", words("Course or category"), courses, chosen.get("course", "")),
    ]
    if role is Role.PLANNER:
        regions = [("", words("All regions"))]
        regions += [(code, labels.region(words, code)) for code in known.regions]
        places = [("", words("All institutions"))]
        places += [
            (code, name_zh if zh else name_en)
            for code, (_, name_zh, name_en) in known.institutions.items()
        ]
        parts += [
            select("region", words("Region"), [("", regions)], chosen.get("region", "")),
            select(
                "institution", words("Institution"), [("", places)], chosen.get("institution", "")
            ),
        ]
    kinds = [("", words("Both kinds"))]
    kinds += [(kind, words(labels.KINDS[kind])) for kind in KINDS]
    parts.append(select("kind", words("Kind of class"), [("", kinds)], chosen.get("kind", "")))
    parts.append(
        day("asof", words("As things stood on"), chosen.get("asof", typed), today.isoformat())
    )
    told = {"course": words("All courses"), "kind": words("Both kinds"), **names}
    says = " · ".join([words.year(filters.year), *told.values()])
    return filter_form(words, path, parts, says, unfolded=unfolded)


def in_words(words: Words, filters: Filters, known: Choices) -> list[tuple[str, str]]:
    """Give every filter with what it is set to, as the reader reads them; also what is left open.

    The moment is told apart.
    """
    months = (filters.first_month, filters.last_month)
    place = filters.institution
    course = words("All courses")
    if filters.course:
        _, *names = known.courses[filters.course]
        course = f"{filters.course} {names[0 if words.zh else 1]}"
    elif filters.category:
        course = words("All of {category}", category=labels.category(words, filters.category))
    _, zh, en = known.institutions.get(place or "", ("", place, place))
    where = f"{place} {zh if words.zh else en}" if place else words("All institutions")
    region = labels.region(words, filters.region) if filters.region else words("All regions")
    kind = labels.KINDS[filters.kind] if filters.kind else "Both kinds"
    return [
        (words("Year"), words.year(filters.year)),
        (words("Months"), "–".join(labels.month_name(words, m) for m in dict.fromkeys(months))),
        (words("Course or category"), course),
        (words("Region"), region),
        (words("Institution"), where),
        (words("Kind of class"), words(kind)),
    ]


def names_of(words: Words, filters: Filters, known: Choices, role: Role) -> dict[str, str]:
    """Name what is chosen beside the year, by filter; an institution is not told its own name."""
    found: dict[str, str] = {}
    if filters.course:
        found["course"] = labels.course(words, filters.course)
    elif filters.category:
        found["course"] = labels.category(words, filters.category)
    if filters.region:
        found["region"] = labels.region(words, filters.region)
    if filters.institution and role is Role.PLANNER:
        _, zh, en = known.institutions[filters.institution]
        found["institution"] = zh if words.zh else en
    if filters.kind:
        found["kind"] = words(labels.KINDS[filters.kind])
    if filters.first_month > 1:
        month = labels.month_name(words, filters.first_month)
        found["from"] = words("from {month}", month=month)
    if filters.last_month < 12:
        found["to"] = words("to {month}", month=labels.month_name(words, filters.last_month))
    if filters.as_of:
        found["asof"] = words("as of {day}", day=words.date(filters.as_of))
    return found
