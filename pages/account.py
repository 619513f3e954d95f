"""The own account: who is logged in, and the change of the password (改密碼)."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, field, line, refusal, say
from pages.components.journey import aria, data, note
from pages.login import REFUSALS
from pages.visit import Visit
from services.identity.password_rules import EASY, FACTS, LENGTH, MIXED
from services.kernel.actor import Role
from services.own_password import REUSED
from services.words import Words, mark

PATH = "/account"
PASSWORD_REFUSALS = {LENGTH: "length", EASY: "easy", MIXED: "mixed", REUSED: "reused"}
TOLD: Mapping[str, tuple[str, str]] = {  # what /auth/password tells: the field, and the sentence
    **{code: ("new", sentence) for sentence, code in PASSWORD_REFUSALS.items()},
    "not_the_same": ("again", mark("The two new passwords are not the same.")),
    **{code: told for code, told in REFUSALS.items() if code != "wrong_login"},
}
WRONG = mark("The password you have now is not right. Nothing was changed.")


def layout(visit: Visit) -> Component:
    """Show the form; whoever has only a one-time password names the account by its ID number."""
    words, told = visit.words, visit.query.get("told", "")
    inside = visit.actor.role is not Role.VISITOR
    about, sentence = TOLD.get(told, ("", ""))
    if told == "wrong_login":
        about, sentence = ("password", WRONG) if inside else REFUSALS[told]
    problems: Problems = {about: (sentence, FACTS)} if about else {}
    return html.Div(
        [
            html.Div(
                [
                    html.H1(words("Change the password"), tabIndex=-1),
                    html.P(visit.actor.name, className="sub") if inside else None,
                ],
                className="pagehead",
            ),
            _temporary(words) if told == "temporary" else None,
            refusal(say(words, sentence, FACTS)) if sentence and not about else None,
            html.Section(
                [_to_correct(words, about, sentence) if about else None, _form(visit, problems)],
                className="panel stack form-narrow",
            ),
        ],
        className="narrow stack-m",
    )


def _temporary(words: Words) -> Component:
    return note(
        words("Choose a password of your own first"),
        words("The one you were given opens nothing else, and counts for three days."),
        "reviewing",
        "lock",
    )


def _to_correct(words: Words, about: str, sentence: str) -> Component:
    title = words.many("{n} place to correct", "{n} places to correct", 1)
    link = html.A(say(words, sentence, FACTS), href=f"#{about}")
    return html.Div(
        [html.H2(title), html.Ul(html.Li(link), className="plain")],
        className="errors",
        role="alert",
        tabIndex=-1,
    )


def _form(visit: Visit, problems: Problems) -> Component:
    words = visit.words
    number = line(
        "id_number",
        visit.typed,
        problems=problems,
        name="id_number",
        autocomplete="username",
        maxlength=14,
    )
    rules = words(
        "{least} characters or more; three of small letters, capital letters, digits, other "
        "signs; no name, no ID number; not one of your last three.",
        **FACTS,
    )
    inside = visit.actor.role is not Role.VISITOR
    return html.Form(
        [
            None
            if inside
            else field(
                words, number, words("National ID or resident certificate (ARC) number"), problems
            ),
            _secret(words, "password", words("The password you have now"), problems),
            _secret(words, "new", words("New password"), problems, rules),
            _secret(words, "again", words("New password once more"), problems),
            html.P(
                words("All other places where you are logged in are logged out."), className="sub"
            ),
            html.Button(words("Change it"), type="submit", className="btn btn-primary btn-lg"),
        ],
        method="post",
        action="/auth/password",
        className="stack",
    )


def _secret(words: Words, ident: str, label: str, problems: Problems, hint: str = "") -> Component:
    fill = "current-password" if ident == "password" else "new-password"
    control = dbc.Input(
        id=ident,
        name=ident,
        type="password",
        autocomplete=fill,
        maxlength=200,
        invalid=ident in problems or None,
    )
    found = field(words, control, label, problems, hint=hint)
    show: Any = html.Button(
        words("Show"),
        type="button",
        className="btn btn-outline-primary",
        **aria(pressed="false", label=words("Show: {field}", field=label)),
        **data(reveals=ident, hide=words("Hide"), show=words("Show")),
    )
    at = found.children.index(control)
    found.children[at] = html.Div([control, show], className="pw")
    return found
