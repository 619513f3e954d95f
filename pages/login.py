"""Log in: national ID and password; the citizen certificate's place is kept."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from pages.components.journey import aria
from pages.visit import Visit
from services.words import Words

FAILED = ("wrong_login", "wrong_length", "wrong_shape", "wrong_checksum", "bad_id_number")


def layout(visit: Visit) -> Component:
    """Show both ways to log in; a plain form posts to /auth/login."""
    words = visit.words
    bad = visit.query.get("told") in FAILED
    return html.Div(
        [
            html.Div(
                [
                    html.H1(words("Log in")),
                    html.P(
                        words(
                            "Looking for courses and seats needs no log-in. Registering, following "
                            "your registration and confirming do."
                        ),
                        className="sub",
                    ),
                ],
                className="pagehead centre",
            ),
            html.Div([_by_password(words, visit, bad), _by_card(words)], className="ways"),
            html.Div(
                [
                    ico("lock"),
                    html.Div(
                        words(
                            "Repeated mistakes stop log-in for 15 minutes. We never ask for your "
                            "password or PIN by phone or text message. Officers of institutions "
                            "and of MPB log in here too."
                        )
                    ),
                ],
                className="note note-plain",
            ),
        ],
        className="narrow stack-m",
    )


def _by_password(words: Words, visit: Visit, bad: bool) -> Component:
    return html.Section(
        [
            html.H2([ico("user"), words("ID number and password")], id="by-password"),
            html.Form(
                [
                    html.Div(
                        [
                            html.Label(
                                words("National ID or resident certificate (ARC) number"),
                                htmlFor="id_number",
                                className="form-label",
                            ),
                            html.Div(
                                words("10 characters; the first is a letter"),
                                className="form-text",
                                id="id-hint",
                            ),
                            dbc.Input(
                                id="id_number",
                                name="id_number",
                                autocomplete="username",
                                value=visit.typed,
                                invalid=bad or None,
                                maxlength=14,
                            ),
                        ],
                        className="field-bad" if bad else "",
                    ),
                    html.Div(
                        [
                            html.Label(
                                words("Password"), htmlFor="password", className="form-label"
                            ),
                            dbc.Input(
                                id="password",
                                name="password",
                                type="password",
                                autocomplete="current-password",
                                maxlength=200,
                            ),
                        ],
                        className="field-bad" if bad else "",
                    ),
                    dbc.Input(
                        type="hidden", name="next", value=visit.query.get("next", "/"), id="next"
                    ),
                    html.Button(words("Log in"), type="submit", className="btn btn-primary btn-lg"),
                ],
                method="post",
                action="/auth/login",
                className="stack",
            ),
        ],
        className="panel",
        **aria(labelledby="by-password"),
    )


def _by_card(words: Words) -> Component:
    steps = (
        words("Connect the card reader and insert the card"),
        words("Go to the certificate's verification page"),
        words("Enter the PIN; you come back here by yourself"),
    )
    return html.Section(
        [
            html.H2([ico("card"), words("Citizen Digital Certificate")], id="by-card"),
            html.P(words("No password to remember."), className="sub"),
            html.Ol([html.Li(step) for step in steps], className="card-steps"),
            html.Div(
                [
                    ico("clock"),
                    html.Div(
                        words(
                            "Not open yet in this release: it waits for the interior ministry's "
                            "acceptance test. Please use ID number and password."
                        )
                    ),
                ],
                className="note note-plain",
            ),
        ],
        className="panel",
        **aria(labelledby="by-card"),
    )
