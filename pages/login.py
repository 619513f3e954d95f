"""Log in: national ID and password; the citizen certificate's place is kept."""

import re
from collections.abc import Mapping
from datetime import timedelta

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, ico, refusal, summary
from pages.components.journey import aria
from pages.components.login_fields import number_field, secret_field
from pages.visit import Visit
from services.words import Words, mark

# What /auth/login tells: the field it is about, and the sentence.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "wrong_login": (
        "",
        mark("ID number and password do not match. Please check both. Nothing was changed."),
    ),
    "too_many_attempts": ("", mark("Too many wrong attempts. Please wait 15 minutes.")),
    "bad_id_number": ("id_number", mark("The ID number is not right. Please check it.")),
    "wrong_length": (
        "id_number",
        mark("The ID number needs 10 characters: 1 letter and 9 digits."),
    ),
    "wrong_shape": (
        "id_number",
        mark("An ID number is 1 letter and 9 digits (old resident certificates: 2 letters)."),
    ),
    "wrong_checksum": (
        "id_number",
        mark("The ID number has a typing error: its last digit does not fit."),
    ),
}


def layout(visit: Visit) -> Component:
    """Show both ways to log in; a plain form posts to /auth/login."""
    words = visit.words
    sub = words(
        "Looking for courses and seats needs no log-in. Registering, following "
        "your registration and confirming do."
    )
    return html.Div(
        [
            html.Div(
                [html.H1(words("Log in"), tabIndex=-1), html.P(sub, className="sub")],
                className="pagehead centre",
            ),
            html.Div([_by_password(words, visit), _by_card(words)], className="ways"),
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


def _by_password(words: Words, visit: Visit) -> Component:
    about, sentence = REFUSALS.get(visit.query.get("told", ""), ("", ""))
    again = _again(visit)
    problems: Problems = {about: (sentence, {})} if about else {}
    return html.Section(
        [
            html.H2([ico("user"), words("ID number and password")], id="by-password"),
            summary(words, problems, ""),
            refusal(words(sentence)) if sentence and not about else None,
            html.P(again, className="sub") if again else None,
            html.Form(
                [
                    number_field(visit, problems, words("10 characters; the first is a letter")),
                    secret_field(visit, "password", words("Password"), problems),
                    dbc.Input(
                        type="hidden", name="next", value=visit.query.get("next", "/"), id="next"
                    ),
                    html.Button(words("Log in"), type="submit", className="btn btn-primary btn-lg"),
                    html.P(
                        words(
                            "No password yet, or forgotten? Call 02-0000-0000. An institution can "
                            "also register you at its counter, without one."
                        ),
                        className="sub",
                    ),
                ],
                method="post",
                action="/auth/login",
                className="stack",
            ),
        ],
        className="panel stack",
        **aria(labelledby="by-password"),
    )


def _again(visit: Visit) -> str | None:
    """Say from when on one may try again, where the limiter told the minutes."""
    wait = visit.query.get("wait", "")
    if visit.query.get("told") != "too_many_attempts" or not re.fullmatch("[0-9]{1,2}", wait):
        return None
    moment = visit.look.now + timedelta(minutes=int(wait))
    return visit.words("You may try again from {again} on.", again=visit.words.moment(moment))


def _by_card(words: Words) -> Component:
    steps = (
        words("Connect the card reader and insert the card"),
        words("Go to the certificate's verification page"),
        words("Enter the PIN; then you are brought back here"),
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
        className="panel stack",
        **aria(labelledby="by-card"),
    )
