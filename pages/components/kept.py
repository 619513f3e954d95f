"""A form whose typed text stays in the tab until it is saved: nothing is lost by a log-out."""

from dash import html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from pages.visit import Visit


def kept(visit: Visit, *parts: Component, of: str = "") -> Component:
    """Mark a form as kept by assets/kept.js, with the note it shows when something is back.

    The key is the address without its query, never a person; `of` tells apart what an address
    shows by turns. Not for forms that ask for anything personal.
    """
    words = visit.words
    note = html.Div(
        [
            ico("info"),
            html.Div(
                [
                    html.P(
                        [
                            html.Strong(words("What you had typed is in the form again.")),
                            words("It has not been sent yet; please check it first."),
                            " ",
                            html.Button(
                                words("Throw it away"),
                                type="button",
                                className="btn btn-outline-primary btn-sm",
                                **attrs(data_kept_discard="1"),
                            ),
                        ],
                        **attrs(data_kept_back="1"),
                    ),
                    html.P(
                        words("What somebody else changed meanwhile stays as it is now."),
                        **attrs(data_kept_passed="1"),
                    ),
                ]
            ),
        ],
        className="note tone-reviewing kept",
        role="status",
        hidden=True,
        **attrs(data_kept="1"),
    )
    return html.Div([note, *parts], **attrs(data_keeps=f"{visit.path}#{of}"))
