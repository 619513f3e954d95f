"""The four steps after taking a number, each with its small picture of a queue."""

from dash import html
from dash.development.base_component import Component

from pages.components.entry import attrs
from services.words import Words, mark

# what each picture shows: (its number, its look); "load" is the load line, the cap of the class
Tile = tuple[str, str]
STEPS: tuple[tuple[str, str, str, tuple[Tile, ...]], ...] = (
    (
        mark("Take a number"),
        mark("You get it the moment you send. It is never used again; editing moves nobody back."),
        mark("Six numbers in a row"),
        (("1", ""), ("2", ""), ("3", ""), ("4", ""), ("5", ""), ("6", "")),
    ),
    (
        mark("Checking the rules"),
        mark("The system checks your MTNet record; only doubts go to people. Your place is kept."),
        mark("Number 3 is under review and keeps its place; right of the line people wait"),
        (("1", "in"), ("2", "in"), ("3", "rev"), ("4", "in"), ("", "load"), ("5", "wait"),
         ("6", "wait")),
    ),
    (
        mark("Promotion"),
        mark("When someone cancels, the first person waiting gets the seat at once and is told."),
        mark("Number 2 cancels and number 5 moves up"),
        (("1", "in"), ("2", "gone"), ("3", "in"), ("4", "in"), ("5", "in upd"), ("", "load"),
         ("6", "wait")),
    ),
    (
        mark("Confirmation"),
        mark("Some weeks before the class we ask whether you come. No answer: the seat moves on."),
        mark("Four people have confirmed and the class is full"),
        (("1", "yes"), ("3", "yes"), ("4", "yes"), ("5", "yes"), ("", "load"), ("6", "wait")),
    ),
)  # fmt: skip


def how_steps(words: Words) -> Component:
    """Show the four steps."""
    return html.Ol(
        [
            html.Li(
                [
                    html.Div(
                        [html.I(number or None, className=look or None) for number, look in tiles],
                        className="pic",
                        role="img",
                        **attrs(aria_label=words(picture)),
                    ),
                    html.H3(words(title)),
                    html.P(words(text)),
                ]
            )
            for title, text, picture, tiles in STEPS
        ],
        className="how",
    )
