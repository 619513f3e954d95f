"""Hands of the definitions: every measure in words, on its page and below a printed dashboard."""

from collections.abc import Iterable
from typing import Any

from dash import Input, Output
from dash.development.base_component import Component

from analytics.boards import BOARDS
from analytics.definitions import MEASURES, definition
from analytics.measure import NONE, Measure
from analytics.unmeasured import UNMEASURED
from callbacks.desk import Desk
from callbacks.guard import EVERYBODY, Registrar
from pages import definitions
from pages.dashboards import TITLES
from services.words import Words

Facts = list[tuple[str, str]]  # term and text


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hand of this page."""

    @reg.callback(
        [Output(definitions.Ids.LIST, "children")],
        [Input(definitions.Ids.ASKED, "data")],
        allow=EVERYBODY,
        at_load=True,
    )
    def _define(_asked: Any) -> list[Any]:
        return [define(desk.words())]


def define(words: Words) -> list[Component]:
    """Write what each dashboard is for, every measure in words, and what is not measured."""
    uses = [
        (words(TITLES[code]), words(board.planner), words(board.institution))
        for code, board in BOARDS.items()
    ]
    return [
        definitions.uses(words, uses),
        *(
            definitions.entry(
                words,
                code=m.code,
                name=words(m.name),
                unit=words(m.unit),
                facts=_facts(words, m),
                caveat=words(m.caveat),
            )
            for m in MEASURES
        ),
        definitions.missing(words, [(words(m.name), words(m.why)) for m in UNMEASURED]),
    ]


def facts(words: Words, codes: Iterable[str]) -> list[tuple[str, Facts]]:
    """Give measures with everything a number must be read with, as a paper carries them."""
    found = [definition(code) for code in codes]
    return [(words(m.name), [*_facts(words, m), (words("Beware"), words(m.caveat))]) for m in found]


def _facts(words: Words, m: Measure) -> Facts:
    return [
        (term, words(text))
        for term, text in (
            (words("What it is"), m.formula),
            (words("Counted"), m.numerator),
            (words("Divided by"), m.denominator),
            (words("As of"), m.as_of),
        )
        if text != NONE
    ]
