"""Hands of the public statistics: everybody is answered, through the small-number rule."""

from typing import Any

from dash import Input, Output
from dash.development.base_component import Component

from analytics.definitions import definition
from analytics.filters import Filters
from analytics.licence import ATTRIBUTION, NAME
from analytics.published import PUBLIC, Public, years
from callbacks.dashboards import narrow
from callbacks.definitions import facts
from callbacks.desk import Desk
from callbacks.guard import EVERYBODY, Registrar
from pages import statistics
from pages.components import figures
from pages.components.entry import nothing
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.words import Words

API = "/api/open/v1/metrics"


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hand of this page."""

    @reg.callback(
        [Output(statistics.Ids.BOARD, "children")],
        [Input(statistics.Ids.ASKED, "data")],
        allow=EVERYBODY,
        at_load=True,
    )
    def _show(asked: Any) -> list[Any]:
        return [show(desk, asked, narrow())]


def chosen(known: list[int], wish: object, default: int) -> int:
    """Take the year that was asked for where it is published, else this year or the newest."""
    if isinstance(wish, str) and wish in {str(year) for year in known}:
        return int(wish)
    return default if default in known else known[0]


def show(desk: Desk, asked: Any, on_phone: bool) -> list[Component]:
    """Show every public table of a year."""
    words, wish = desk.words(), asked if isinstance(asked, dict) else {}
    theme = "dark" if wish.get("theme") == "dark" else "light"
    with desk.office.look() as look:
        known = years(look)
        if not known:
            return [nothing(words("No year is published yet"), words("Come back later."))]
        year = chosen(known, wish.get("year"), look.today.year)
        drawn = [_figure(table, look, year, words, theme, on_phone) for table in PUBLIC.values()]
        form = statistics.year_form(words, known, year)
    means = dict.fromkeys(table.measure for table in PUBLIC.values())
    terms = words(ATTRIBUTION), words(NAME)
    paper = figures.paper(words, facts(words, means), terms, f"{statistics.PATH}?year={year}")
    return [form, figures.grid(drawn), statistics.open_data(words, API), paper]


def _figure(
    table: Public, look: Look, year: int, words: Words, theme: str, on_phone: bool
) -> Component:
    filters = Filters(year)
    asked = table.ask(look, filters)
    found, as_of = asked.value, asked.as_of
    title, sheet = table.finding(found, words), table.sheet(found, look, words)
    drawn = table.figure(found, look, words, theme, on_phone)
    marks = any(trace["y"] for trace in drawn["data"])
    query = f"?year={year}"
    return figures.figure(
        words,
        code=table.code,
        title=title,
        subtitle=words(table.measured, period=filters.period(words)),
        place="half" if len(sheet.rows) <= 8 else "full",
        drawn=figures.graph(words, drawn, title) if marks else None,
        parts=[(words(part.name), part.tone) for part in table.parts if len(table.parts) > 1],
        table=figures.data_table([(c.title, c.right) for c in sheet.columns], sheet.texts(words)),
        rows=len(sheet.rows),
        unfolded=not marks,
        foot=figures.foot(
            words,
            as_of=words.deadline(as_of),
            definition=(words(definition(table.measure).name), table.measure),
            link=f"{statistics.PATH}{query}#{table.code}",
            files=[
                ("CSV", f"{API}/{table.code}.csv{query}"),
                ("JSON", f"{API}/{table.code}{query}"),
            ],
            image=f"{table.code}_{year}_{as_of.astimezone(TAIPEI):%Y%m%dT%H%M}" if marks else "",
        ),
    )
