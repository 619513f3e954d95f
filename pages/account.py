"""The own account: who is logged in, and the change of the password (改密碼)."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, refusal, say, summary
from pages.components.journey import note
from pages.components.login_fields import number_field, secret_field
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
                [summary(words, problems, ""), _form(visit, problems)],
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


def _form(visit: Visit, problems: Problems) -> Component:
    words = visit.words
    rules = words(
        "{least} characters or more; three of small letters, capital letters, digits, other "
        "signs; no name, no ID number; not one of your last three.",
        **FACTS,
    )
    inside = visit.actor.role is not Role.VISITOR
    return html.Form(
        [
            None if inside else number_field(visit, problems),
            secret_field(visit, "password", words("The password you have now"), problems),
            secret_field(visit, "new", words("New password"), problems, rules),
            secret_field(visit, "again", words("New password once more"), problems),
            html.P(
                words("All other places where you are logged in are logged out."), className="sub"
            ),
            html.Button(words("Change it"), type="submit", className="btn btn-primary btn-lg"),
        ],
        method="post",
        action="/auth/password",
        className="stack",
    )
