"""What whoever is not logged in yet types: the ID number and passwords."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, field, line
from pages.components.journey import aria, data
from pages.visit import Visit


def number_field(visit: Visit, problems: Problems, hint: str = "") -> Component:
    """Ask for the ID number; what was typed stays."""
    number = line(
        "id_number",
        visit.typed,
        problems=problems,
        name="id_number",
        autocomplete="username",
        maxlength=14,
    )
    label = visit.words("National ID or resident certificate (ARC) number")
    return field(visit.words, number, label, problems, hint=hint)


def secret_field(
    visit: Visit, ident: str, label: str, problems: Problems, hint: str = ""
) -> Component:
    """Ask for a password, with a button that shows what is typed."""
    words = visit.words
    control = dbc.Input(
        id=ident,
        name=ident,
        type="password",
        autocomplete="current-password" if ident == "password" else "new-password",
        maxlength=200,
        invalid=ident in problems or None,
    )
    show = html.Button(
        words("Show"),
        type="button",
        className="btn btn-outline-primary",
        **aria(pressed="false", label=words("Show: {field}", field=label)),
        **data(reveals=ident, hide=words("Hide"), show=words("Show")),
    )
    found = field(words, control, label, problems, hint=hint)
    found.children[found.children.index(control)] = html.Div([control, show], className="pw")
    return found
