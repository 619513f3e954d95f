"""The weekly report (每週報告): begin it, change its address, end it."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import attrs, head, staff_page
from pages.visit import Visit
from services.subscribe import subscription

PATH = "/reports"


def layout(visit: Visit) -> Component:
    """Show whether the report comes, and where to."""
    words, found = visit.words, subscription(visit.look)
    field = html.Div(
        [
            html.Label(words("E-mail address"), htmlFor="report-email", className="form-label"),
            html.Div(words("Numbers only; no name of a person is in it."), className="form-text",
                     id="report-hint"),
            dbc.Input(
                type="email", name="email", id="report-email",
                required=True, maxLength="254", autoComplete="email",
                value=found.email if found else None,
                **attrs(aria_describedby="report-hint"),
            ),
        ]
    )  # fmt: skip
    text = words("Change the address") if found else words("Send me the report")
    begin = html.Form(
        [field, html.Button(text, type="submit", className="btn btn-primary")],
        method="post", action="/reports/subscribe", className="stack report-form",
    )  # fmt: skip
    end = html.Form(
        html.Button(words("Stop the report"), type="submit", className="btn btn-outline-primary"),
        method="post", action="/reports/end",
    )  # fmt: skip
    state = (
        words(
            "It goes to {email} since {day}.", email=found.email, day=words.date(found.since.date())
        )
        if found
        else words("You do not get it yet.")
    )
    return staff_page(
        head(
            words("Weekly report"),
            words(
                "Every Monday at 07:00 by e-mail: the numbers of fill rate, demand, qualification "
                "and queues with their change, and the classes that need somebody."
            ),
        ),
        html.Section([html.P(state), begin, end if found else None], className="panel stack"),
    )
