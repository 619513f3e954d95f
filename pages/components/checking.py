"""Check it yourself: what follows from what, the files, the script, what to do with them."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from pages.components.journey import aria
from services.words import Words

Step = list[str | Component]


def check_panel(
    words: Words,
    rule: str,
    steps: Sequence[Step],
    source: str,
    *,
    title: str = "",
    ident: str = "check",
) -> Component:
    """The rule in words, the steps in order, the script folded away."""
    script = html.Pre(html.Code(source), tabIndex=0, lang="en", **aria(label=words("The script")))
    return html.Section(
        [
            html.H2(title or words("Check it yourself"), id=ident),
            html.P(rule),
            html.Ol([html.Li(html.Span(step)) for step in steps], className="points"),
            html.Details(
                [html.Summary(words("Show the script")), script], className="fold draw-script"
            ),
        ],
        className="panel draw-check",
        **aria(labelledby=ident),
    )


def file_link(address: str, name: str) -> Component:
    """A file to save, by its name."""
    return html.A(name, href=address, download=name)
