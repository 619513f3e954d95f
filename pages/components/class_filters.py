"""The filters of search and calendar: read from the address and written back into it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from services.registration.listing import Choices, Named
from services.registration.wanted import Possible, Wanted
from services.words import Words, mark

REGIONS = {
    "north": mark("North"),
    "central": mark("Central"),
    "south": mark("South"),
    "east": mark("East"),
}
LABELS = {
    "text": mark("Course or certificate"),
    "course": mark("Course"),
    "institution": mark("Institution"),
    "region": mark("Region"),
    "month": mark("Month"),
    "possible": mark("Still possible"),
    "label": mark("Recognised by"),
    "page": mark("Page"),
}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and which of its parts could not be read."""

    wanted: Wanted
    page: int = 1
    ignored: tuple[str, ...] = ()

    @property
    def month(self) -> date | None:
        return self.wanted.since

    def address(self, path: str, page: int = 1) -> str:
        """Write the wish as an address; what is empty is left out."""
        wanted = self.wanted
        facts = {
            "text": wanted.text,
            "course": wanted.course,
            "institution": wanted.institution,
            "region": wanted.region,
            "month": f"{wanted.since:%Y-%m}" if wanted.since else "",
            "possible": wanted.possible.value,
            "label": wanted.label,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in facts.items() if value})
        return f"{path}?{query}" if query else path

    def but(self, **changes: Any) -> "Asked":
        """Ask for something else in part; the first page of it."""
        return replace(self, wanted=replace(self.wanted, **changes), page=1)


def read(query: Mapping[str, str], known: Choices) -> Asked:
    """Read what an address asks for; what cannot be read is left out and named."""
    ignored: list[str] = []

    def one_of(name: str, allowed: Sequence[str]) -> str:
        value = query.get(name, "").strip()
        if value and value not in allowed:
            ignored.append(name)
            return ""
        return value

    wanted = Wanted(
        text=_printable(query.get("text", ""))[:LONGEST],
        course=one_of("course", [c.code for c in known.courses]),
        institution=one_of("institution", [i.code for i in known.institutions]),
        region=one_of("region", list(REGIONS)),
        label=one_of("label", known.labels),
        possible=Possible(one_of("possible", [p.value for p in Possible])),
    )
    month = read_month(query.get("month", ""))
    if month:
        wanted = wanted.in_month(month)
    elif query.get("month"):
        ignored.append("month")
    page = query.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", page):
        ignored.append("page")
        page = "1"
    return Asked(wanted, int(page), tuple(ignored))


def _printable(text: str) -> str:
    """Leave out what no keyboard types: databases refuse some of it."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def read_month(text: str) -> date | None:
    """Read YYYY-MM; None for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text.strip())
    return date(int(found[1]), int(found[2]), 1) if found else None


def unread_note(words: Words, asked: Asked) -> Component | None:
    """Say which parts of the address could not be read."""
    if not asked.ignored:
        return None
    comma = "、" if words.zh else ", "
    names = comma.join(words(LABELS[name]) for name in asked.ignored)
    text = words("We could not read these filters and left them out: {names}.", names=names)
    return html.Div([ico("info"), html.Div(text)], className="note note-plain", role="status")


def picker(
    words: Words,
    prefix: str,
    name: str,
    options: Sequence[tuple[str, str]],
    value: str,
    every: str,
) -> Component:
    """A labelled list of choices that begins with "all of them"."""
    ident = f"{prefix}-{name}"
    choices = [
        html.Option(text, value=key, selected=key == value) for key, text in (("", every), *options)
    ]
    return html.Div(
        [
            html.Label(words(LABELS[name]), htmlFor=ident, className="form-label"),
            html.Select(choices, id=ident, name=name, className="form-select"),
        ]
    )


def text_field(words: Words, prefix: str, value: str) -> Component:
    """The field for a course, a code or a certificate."""
    ident = f"{prefix}-text"
    return html.Div(
        [
            html.Label(words(LABELS["text"]), htmlFor=ident, className="form-label"),
            dbc.Input(
                id=ident,
                name="text",
                type="search",
                value=value,
                maxLength=LONGEST,
                placeholder=words("e.g. fire fighting, GMDSS, VI/3"),
            ),
        ]
    )


def named(words: Words, found: Sequence[Named]) -> list[tuple[str, str]]:
    """Write codes and names as choices."""
    return [(one.code, words.name(one)) for one in found]


def month_options(words: Words, known: Choices, chosen: date | None) -> list[tuple[str, str]]:
    """Write the months as choices; the one chosen is always among them."""
    months = sorted({*known.months, *([chosen] if chosen else [])})
    return [(f"{m:%Y-%m}", words.month(m.year, m.month)) for m in months]


def region_options(words: Words, known: Choices) -> list[tuple[str, str]]:
    """Write the regions in which there are classes as choices."""
    return [(region, words(REGIONS[region])) for region in known.regions]
