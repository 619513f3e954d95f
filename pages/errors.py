"""Pages for what goes wrong: each says what did not happen and what to do next."""

from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.journey import aria
from services.words import Words


def _page(title: str, text: str, *links: Component) -> Component:
    return html.Div(
        [
            html.Div(className="empty-mark", **aria(hidden="true")),
            html.H1(title, tabIndex=-1),
            html.P(text),
            html.Div(list(links), className="line line-centre"),
        ],
        className="empty",
    )


def _home(words: Words, solid: bool = False) -> Component:
    look = "btn btn-primary" if solid else "btn btn-outline-primary"
    return dcc.Link(words("Back to the start page"), href="/", className=look)


def not_found(words: Words) -> Component:
    """There is no such page, or it is not yours to see."""
    return _page(
        words("We could not find this page"),
        words("The address may be mistyped, or the item may be gone or belong to somebody else."),
        dcc.Link(words("Find a class"), href="/classes", className="btn btn-primary"),
        _home(words),
    )


def not_permitted(words: Words) -> Component:
    """The account may not enter."""
    return _page(
        words("This page is not open to your account"),
        words("Nothing was changed. If you need it for your work, ask your administrator."),
        _home(words, solid=True),
    )


def log_in_first(words: Words, target: str) -> Component:
    """A visitor is asked to log in and comes back."""
    return _page(
        words("Please log in first"),
        words("After logging in you come straight back to this page."),
        dcc.Link(
            words("Log in"),
            href=f"/login?next={quote(target, safe='/')}",
            className="btn btn-primary",
        ),
        _home(words),
    )


def failed(words: Words, case: str) -> Component:
    """Something broke; the case number helps whoever looks for it."""
    return _page(
        words("Something went wrong on our side"),
        words(
            "Nothing was sent and your registration is unchanged. Try again, or call "
            "02-0000-0000 and quote {case}.",
            case=case,
        ),
        _home(words, solid=True),
    )
