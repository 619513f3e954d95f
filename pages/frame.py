"""What stands around every page: strip, masthead with the menu of the role, neatline, footer."""

from collections.abc import Sequence
from typing import Any, Protocol

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import ico
from pages.components.journey import aria, data
from pages.components.told import told_note
from services.kernel.actor import Actor, Role
from services.words import ENGLISH, ZH_HANT, Words, mark

GO = "where"  # the dcc.Location every hand navigates by
CONTENT = "page"  # where the present room is put

MPB = mark("Maritime and Port Bureau, MOTC")
PORTAL = mark("Seafarer Training Portal")


class Door(Protocol):
    """What the menu needs of a room."""

    @property
    def path(self) -> str: ...

    @property
    def title(self) -> str: ...


def frame(
    words: Words,
    actor: Actor,
    theme: str,
    rooms: Sequence[Door],
    unread: int,
    content: Component,
) -> Component:
    """Put the frame around a page.

    `spoken` is where assets/app.js says what just happened, `failed` that an answer did not come.
    """
    return html.Div(
        [
            html.A(words("Skip to main content"), href="#main", className="skip"),
            html.Header(
                [
                    _strip(words, theme),
                    _masthead(words, actor, rooms, unread),
                    html.Div(className="neatline", **aria(hidden="true")),
                ]
            ),
            content,
            _footer(words),
            html.Div(id="spoken", className="visually-hidden", **aria(live="polite")),
            html.Div(id="failed", role="alert"),
        ],
        className="frame",
        **_sayings(words),
    )


def _sayings(words: Words) -> dict[str, Any]:
    """Give assets/app.js what it says while a click is answered, and when no answer came."""
    return data(
        sending=words("Sending"),
        out=words("You were logged out because nothing was done for a while. Nothing was changed."),
        kept=words(
            "You were logged out because nothing was done for a while. What you typed is kept in "
            "this window and comes back after you log in."
        ),
        login=words("Log in"),
        old=words("The page is too old; load it again. Nothing was changed."),
        broken=words("Something went wrong on our side. Try again in a moment."),
        silent=words("No answer came; the connection may be down. Try again in a moment."),
        again=words("Load the page again and see what has arrived"),
    )


def page(
    words: Words,
    title: str,
    content: Any,
    told: str | None = None,
    *,
    wide: bool = False,
    under: str = "",
) -> Component:
    """Give a page its landmark, its title for the browser, and the note of what was just done."""
    note = told_note(words, told) if told else None
    inner = [part for part in (note, content) if part is not None]
    full = wide or getattr(content, "className", None) == "full"
    title = getattr(content, "data-title", None) or title  # a page about one thing names it
    return html.Main(
        inner,
        id="main",
        tabIndex=-1,
        className="" if full else "wrap",
        **data(title=f"{title} – {words(PORTAL)}", under=under),
    )


def _strip(words: Words, theme: str) -> Component:
    other, label = (ENGLISH, "English") if words.zh else (ZH_HANT, "中文")
    dark = theme == "dark"
    return html.Div(
        html.Div(
            [
                html.Span(words(MPB)),
                html.Nav(
                    [
                        dcc.Link(words("Accessibility"), href="/accessibility", className="hide-s"),
                        html.A([ico("globe"), label], href=f"/lang/{other}", lang=other,
                               **data(here="1")),
                        html.A(
                            [ico("sun" if dark else "moon"), words("Light" if dark else "Dark")],
                            href=f"/theme/{'light' if dark else 'dark'}",
                            **data(here="1"),
                        ),
                    ],
                    **aria(label=words("Settings")),
                ),
            ],
            className="wrap",
        ),
        className="strip",
    )  # fmt: skip


def _masthead(words: Words, actor: Actor, rooms: Sequence[Door], unread: int) -> Component:
    links = [dcc.Link(words(room.title), href=room.path) for room in rooms]
    menu = html.Nav(links, className="mainnav", **aria(label=words("Main menu")))
    small = html.Details(
        [
            html.Summary(
                [ico("menu"), html.Span(words("Menu"), className="visually-hidden")],
                className="btn btn-outline-primary btn-sm navbtn",
            ),
            html.Div(
                [
                    html.Nav(
                        [dcc.Link(words(room.title), href=room.path) for room in rooms],
                        **aria(label=words("Menu")),
                    ),
                    _own(words) if actor.role is not Role.VISITOR else None,
                    _leave(words) if actor.role is not Role.VISITOR else None,
                ],
                className="smallnav",
            ),
        ],
        className="smallmenu",
    )
    brand = dcc.Link(
        [
            html.Span(className="brand-mark", **aria(hidden="true")),
            html.Span(
                [
                    html.Span(words(PORTAL), className="brand-zh"),
                    html.Span("Seafarer Training Portal", className="brand-en", lang="en")
                    if words.zh
                    else html.Span("船員訓練報名平臺", className="brand-en", lang=ZH_HANT),
                ]
            ),
        ],
        href="/",
        className="brand",
    )
    return html.Div(
        html.Div(
            [brand, menu, html.Div([*_me(words, actor, unread), small], className="me")],
            className="wrap",
        ),
        className="masthead",
    )


def _me(words: Words, actor: Actor, unread: int) -> list[Component]:
    if actor.role is Role.VISITOR:
        return [
            dcc.Link(
                [ico("user"), html.Span(words("Log in"))],
                href="/login",
                className="btn btn-primary btn-sm",
            )
        ]
    parts: list[Component] = []
    if actor.role is Role.SEAFARER:
        count = html.B(_most(unread), **aria(hidden="true")) if unread else None
        parts.append(
            dcc.Link(
                [
                    ico("bell"),
                    html.Span(_unread(words, unread), className="visually-hidden"),
                    count,
                ],
                href="/inbox",
                className="inbox",
            )
        )
    own = words("Change the password")
    name = dcc.Link(
        [ico("user"), html.Span(actor.name), html.Span(f" {own}", className="visually-hidden")],
        href="/account",
        title=own,
        className="who",
    )
    return [*parts, name, html.Div(_leave(words), className="leave")]


def _unread(words: Words, n: int) -> str:
    return words.many("{n} unread notice", "{n} unread notices", n)


def _most(unread: int) -> str:
    return str(min(unread, 99))


def bell(words: Words, unread: int) -> Component:
    """What a page says when it has changed how many are unread; assets/app.js writes it above."""
    return html.Span(hidden=True, **data(bell=_most(unread), label=_unread(words, unread)))


def _own(words: Words) -> Component:
    return dcc.Link(words("Change the password"), href="/account")


def _leave(words: Words) -> Component:
    return html.Form(
        dbc.Button(words("Log out"), type="submit", color="link", size="sm"),
        method="post",
        action="/logout",
    )


def _footer(words: Words) -> Component:
    def links(title: str, *pairs: tuple[str, str]) -> Component:
        items = [html.Li(dcc.Link(words(text), href=href)) for text, href in pairs]
        return html.Div([html.H2(words(title)), html.Ul(items)])

    contact = html.Div(
        [
            html.H2(words(MPB)),
            html.P(
                words(
                    "Questions about a course: ask the institution. About this portal: "
                    "02-0000-0000, Monday to Friday 08:30 to 17:30."
                )
            ),
        ]
    )
    return html.Footer(
        html.Div(
            [
                contact,
                links(
                    mark("Open and fair"),
                    (mark("How numbers, waiting and promotion work"), "/how"),
                    (mark("All classes and their public queues"), "/classes"),
                    (mark("Draws, and how to recompute them"), "/draws"),
                    (mark("Queue checkpoints, and how to compare them"), "/checkpoints"),
                    (mark("Public statistics"), "/statistics"),
                ),
                links(
                    mark("This portal"),
                    (mark("Accessibility"), "/accessibility"),
                    (mark("Privacy and use of data"), "/privacy"),
                ),
            ],
            className="wrap",
        ),
        className="foot",
    )
